/** What the rule needs of a session; Electron's `Session` fits. */
export interface SpellCheckingSession {
  setSpellCheckerEnabled(isEnabled: boolean): void;
  setSpellCheckerLanguages(languages: string[]): void;
  setSpellCheckerDictionaryDownloadURL(url: string): void;
}

/** A name that never resolves, by the standard that reserves it. */
const NOWHERE = 'https://dictionaries.invalid/';

/**
 * Nobody writes prose at a counter, and the checker would fetch its dictionaries from the network past the
 * session's rules, even where a window has it switched off. So it is off, has no language, and no source.
 */
export function disableSpellChecker(session: SpellCheckingSession): void {
  // SECURITY: #1 no dictionary is fetched.
  session.setSpellCheckerDictionaryDownloadURL(NOWHERE);
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
}
