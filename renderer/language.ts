import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from './strings/languages.ts';
import { type Strings, STRINGS } from './strings/strings.ts';

/** The language of everything below. */
export const LanguageContext = createContext<Language>('en');

export function useLanguage(): { readonly language: Language; readonly strings: Strings } {
  const language = useContext(LanguageContext);
  return { language, strings: STRINGS[language] };
}
