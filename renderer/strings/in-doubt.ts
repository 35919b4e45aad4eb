import type { Translated } from './languages.ts';

/** Words of the In doubt screen. */
interface InDoubtStrings {
  readonly title: string;
}

export const IN_DOUBT_STRINGS: Translated<InDoubtStrings> = {
  zh: { title: '' },
  en: { title: '' },
};
