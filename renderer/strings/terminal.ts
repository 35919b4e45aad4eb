import type { Translated } from './languages.ts';

/** Words of the Terminal screen and the practice panel. */
interface TerminalStrings {
  readonly title: string;
}

export const TERMINAL_STRINGS: Translated<TerminalStrings> = {
  zh: { title: '' },
  en: { title: '' },
};
