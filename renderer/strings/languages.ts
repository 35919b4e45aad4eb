/** The languages of the screen, in the order in which the tables give their words. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in every language, in the order of LANGUAGES. */
type InEach<Entry> = readonly [zh: Entry, en: Entry];

/** What a table holds for one text: the words, a list of them, or words around a value. */
type Text = string | readonly unknown[] | ((...values: never) => string);

/** A table with each text in every language side by side. One that lacks a language does not compile. */
export type Bilingual<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Text ? InEach<Table[Key]> : Bilingual<Table[Key]>;
};

/** What is left of a table when one language is taken. */
type Words<Table> =
  Table extends InEach<infer Entry> ? Entry : { readonly [Key in keyof Table]: Words<Table[Key]> };

/** The table in one language. */
export function inLanguage<Table>(table: Table, language: Language): Words<Table> {
  const place = LANGUAGES.indexOf(language);
  const words = (entry: unknown): unknown => {
    if (Array.isArray(entry)) return entry[place];
    return Object.fromEntries(Object.entries(entry as object).map(([key, value]) => [key, words(value)]));
  };
  return words(table) as Words<Table>;
}

/** What each language calls itself, whichever one is shown. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' };

/** The tag for `lang` and `Intl`. */
export const LOCALES: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

/** Chinese for Chinese systems, English for all others. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
