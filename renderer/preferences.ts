import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { LANGUAGES, type Language, languageOf, LOCALES } from './strings/languages.ts';
import { useWindowEvent } from './use-window-event.ts';

/**
 * How this window looks and sounds; kept in the browser, because it says nothing about money. All windows
 * of one terminal follow each other, so the customer display changes its language with the cashier's screen.
 */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly textSize: TextSize;
  readonly sound: 'on' | 'off';
}

const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** Percent of the usual size. */
const TEXT_SIZES = ['100', '125', '150', '200'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const KEY = 'redress.preferences';

export interface PreferencesControl {
  readonly preferences: Preferences;
  readonly change: (change: Partial<Preferences>) => void;
}

export function usePreferences(): PreferencesControl {
  const [preferences, setPreferences] = useState(readPreferences);
  useWindowEvent('storage', ({ key }) => {
    if (key === KEY) setPreferences(readPreferences());
  });
  // Before the painting: a dark window never flashes light, and words never stand in the look of another language.
  useLayoutEffect(() => applyToPage(preferences), [preferences]);
  return useMemo(() => {
    const change = (changed: Partial<Preferences>) => {
      const next = { ...preferences, ...changed };
      writePreferences(next);
      setPreferences(next);
    };
    return { preferences, change };
  }, [preferences]);
}

/** The style sheet goes by these attributes. */
function applyToPage({ language, theme, textSize }: Preferences): void {
  const { documentElement: root } = document;
  root.lang = LOCALES[language];
  root.dataset['theme'] = theme;
  root.dataset['text'] = textSize;
}

function readPreferences(): Preferences {
  const stored = storedValues();
  return {
    language: oneOf(LANGUAGES, stored['language']) ?? languageOf(navigator.language),
    theme: oneOf(THEMES, stored['theme']) ?? 'system',
    textSize: oneOf(TEXT_SIZES, stored['textSize']) ?? '100',
    sound: oneOf(['on', 'off'], stored['sound']) ?? 'on',
  };
}

/** Another version may have written it, and a browser may refuse to keep anything. */
function storedValues(): Readonly<Record<string, unknown>> {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...stored } : {};
  } catch {
    return {};
  }
}

function writePreferences(preferences: Preferences): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Then they last until the next reload.
  }
}

function oneOf<Value extends string>(values: readonly Value[], found: unknown): Value | undefined {
  return values.find((value) => value === found);
}
