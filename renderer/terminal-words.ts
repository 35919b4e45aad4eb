import { useLanguage } from './language.ts';
import { inLanguage } from './strings/languages.ts';
import { TERMINAL_STRINGS } from './strings/terminal.ts';

const WORDS = { zh: inLanguage(TERMINAL_STRINGS, 'zh'), en: inLanguage(TERMINAL_STRINGS, 'en') };

/** The words of the Terminal screen, which come with its script and not with the first one. */
export function useTerminalWords(): (typeof WORDS)['en'] {
  return WORDS[useLanguage().language];
}
