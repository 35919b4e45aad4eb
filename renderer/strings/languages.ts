/** The languages of the screen. A table that lacks one of them does not compile. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text table for each language. */
export type Translated<Table> = Readonly<Record<Language, Table>>;

/** The tag for `lang` and `Intl`. */
export const LOCALES: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** Chinese for Chinese systems, English for all others. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
