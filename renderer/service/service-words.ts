import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ErrorCode } from '../../shared/errors.ts';
import { ERROR_STRINGS } from '../strings/errors.ts';
import { inLanguage, type Language } from '../strings/languages.ts';
import { SERVICE_ERRORS_ZH } from '../strings/service-errors.ts';
import { SERVICE_STRINGS } from '../strings/service.ts';

/** The language of everything on the service page. */
export const ServiceLanguage = createContext<Language>('en');

export type ServiceWords = ReturnType<typeof wordsIn>;

const WORDS = { zh: wordsIn('zh'), en: wordsIn('en') };

const ERRORS_ZH: Readonly<Partial<Record<string, string>>> = { ...ERROR_STRINGS.zh, ...SERVICE_ERRORS_ZH };

function wordsIn(language: Language) {
  return inLanguage(SERVICE_STRINGS, language);
}

export function useServiceWords(): ServiceWords {
  return WORDS[useContext(ServiceLanguage)];
}

interface Said {
  readonly code: ErrorCode | 'no_reply';
  readonly message: string;
  readonly detail?: string | undefined;
}

/** A failure in the page's language; what the table lacks is said in the terminal's own words. */
export function useErrorText(): (said: Said) => string {
  const language = useContext(ServiceLanguage);
  return ({ code, message, detail }) => {
    if (code === 'no_reply') return WORDS[language].noReply;
    const own = ERRORS_ZH[code];
    if (language !== 'zh' || own === undefined) return message;
    return detail === undefined ? own : `${own}（${detail}）`;
  };
}
