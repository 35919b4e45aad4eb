import { assertNever } from '../../shared/assert.ts';

/** A key as Electron reports it before the page hears of it; names as in `KeyboardEvent`. */
export interface KeyInput {
  /** `keyDown` or `keyUp`. */
  readonly type: string;
  readonly key: string;
  readonly code: string;
  readonly isAutoRepeat: boolean;
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

/** What the rule needs of a window's contents; Electron's `WebContents` fits. */
export interface TypingContents {
  on(
    event: 'before-input-event',
    listener: (event: { preventDefault(): void }, input: KeyInput) => void,
  ): unknown;
  reload(): void;
  toggleDevTools(): void;
}

export type KeyMeaning = 'page' | 'refused' | 'reload' | 'devtools';

/** Those that the page gives a meaning; see `renderer/input/shortcuts.ts`. */
const PAGE_FUNCTION_KEYS = ['F1', 'F2', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9'];

/** Keys of office and multimedia keyboards that act on a browser or start a program. */
const COMMAND_KEY = /^(?:Browser|Launch|Zoom|App)[A-Z]/;
const COMMAND_KEYS = [
  'Close',
  'ContextMenu',
  'Exit',
  'Find',
  'Help',
  'New',
  'Open',
  'Print',
  'Save',
  'ViewSource',
];

const MODIFIER_KEYS = ['Alt', 'AltGraph', 'Control', 'Meta', 'Shift'];

/** Editing, with Ctrl or Cmd. */
const EDITING_LETTERS = ['a', 'c', 'v', 'x', 'y', 'z'];
/** Pasting as text, and doing again; with the other letters Shift inspects. */
const EDITING_LETTERS_WITH_SHIFT = ['v', 'z'];
/** Editing too, and the space that changes the input method. */
const EDITING_KEYS = [
  ' ',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'Backspace',
  'Delete',
  'End',
  'Enter',
  'Home',
  'Insert',
];
/** Scanners end a code with LF or CR, which are Ctrl+J and Ctrl+M to a keyboard. */
const SCAN_ENDING_CODES = ['KeyJ', 'KeyM'];

/**
 * What one key does. With Ctrl, Cmd or Alt only what is known to be editing, typing or scanning gets through,
 * so that a shortcut nobody thought of is refused as well. A developer may also reload and inspect.
 */
export function meaningOfKey(input: KeyInput, isProduction: boolean): KeyMeaning {
  if (!isProduction && isReload(input)) return 'reload';
  if (!isProduction && isDevtools(input)) return 'devtools';
  if (MODIFIER_KEYS.includes(input.key)) return 'page';
  return isForPage(input) ? 'page' : 'refused';
}

/** Applies `meaningOfKey` to every key that a window gets. */
export function restrictKeyboard(contents: TypingContents, isProduction: boolean): void {
  contents.on('before-input-event', (event, input) => {
    const meaning = meaningOfKey(input, isProduction);
    if (meaning === 'page') return;
    event.preventDefault();
    if (input.type !== 'keyDown' || input.isAutoRepeat) return;
    obey(contents, meaning);
  });
}

function obey(contents: TypingContents, meaning: Exclude<KeyMeaning, 'page'>): void {
  switch (meaning) {
    case 'refused':
      return;
    case 'reload':
      contents.reload();
      return;
    case 'devtools':
      contents.toggleDevTools();
      return;
    default:
      assertNever(meaning);
  }
}

function isForPage({ key, code, control, meta, alt, shift }: KeyInput): boolean {
  if (alt && control) return !meta && isTypedWithAltGr(key);
  if (alt) return !meta && isTypedWithAlt(key, code);
  if (control && meta) return false;
  if (control && !shift && SCAN_ENDING_CODES.includes(code)) return true;
  if (control || meta) return isEditing(key, code, shift);
  if (/^F\d+$/.test(key)) return PAGE_FUNCTION_KEYS.includes(key);
  return !COMMAND_KEY.test(key) && !COMMAND_KEYS.includes(key);
}

/** Characters of a Mac, and the numbers by which some scanners type characters; never the window's menu. */
function isTypedWithAlt(key: string, code: string): boolean {
  return /^Numpad\d$/.test(code) || key === 'Dead' || (/^.$/u.test(key) && key !== ' ');
}

/**
 * Windows tells of AltGr as Ctrl and Alt together. Letters and digits are not let through with it: they are what
 * shortcuts are made of.
 */
function isTypedWithAltGr(key: string): boolean {
  return /^[\p{P}\p{S}]$/u.test(key);
}

function isEditing(key: string, code: string, shift: boolean): boolean {
  if (EDITING_KEYS.includes(key)) return true;
  // Where the keyboard types others than Latin letters, its places count.
  const letter = /^[\x20-\x7e]+$/.test(key) ? key : code.replace(/^Key/, '');
  return (shift ? EDITING_LETTERS_WITH_SHIFT : EDITING_LETTERS).includes(letter.toLowerCase());
}

function isReload({ key, control, meta, alt }: KeyInput): boolean {
  return key === 'F5' || ((control || meta) && !alt && key.toLowerCase() === 'r');
}

function isDevtools({ key, code, control, meta, alt, shift }: KeyInput): boolean {
  return key === 'F12' || (code === 'KeyI' && ((control && shift) || (meta && alt)));
}
