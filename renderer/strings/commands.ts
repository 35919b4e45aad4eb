import type { Translated } from './languages.ts';

/** Words of the sheet of command cards. */
interface CommandStrings {
  readonly title: string;
}

export const COMMAND_STRINGS: Translated<CommandStrings> = {
  zh: { title: '' },
  en: { title: '' },
};
