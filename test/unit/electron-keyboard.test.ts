import { describe, expect, test } from 'vitest';
import { type KeyInput, meaningOfKey, restrictKeyboard } from '../../main/electron/keyboard.ts';
import { SHORTCUTS } from '../../renderer/input/shortcuts.ts';
import { ContentsStandIn } from '../support/electron-stand-in.ts';

/** A key as a person would say it: `Ctrl+Shift+i`, `Alt+ArrowLeft`, `F5`. The last part is the key's name. */
function key(spoken: string, code?: string): KeyInput {
  const parts = spoken === '+' ? ['+'] : spoken.split(/\+(?!$)/);
  const name = parts.at(-1) ?? '';
  return {
    type: 'keyDown',
    key: name,
    code: code ?? codeOf(name),
    isAutoRepeat: false,
    shift: parts.includes('Shift'),
    control: parts.includes('Ctrl'),
    alt: parts.includes('Alt'),
    meta: parts.includes('Cmd'),
  };
}

/** Where a key lies on an American keyboard. */
function codeOf(name: string): string {
  if (/^[a-z]$/i.test(name)) return `Key${name.toUpperCase()}`;
  return /^\d$/.test(name) ? `Digit${name}` : name;
}

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  reload: ['F5', 'Ctrl+F5', 'Shift+F5', 'Ctrl+r', 'Ctrl+Shift+R', 'Cmd+r', 'Cmd+Shift+r', 'BrowserRefresh'],
  zoom: [
    'Ctrl++',
    'Ctrl+=',
    'Ctrl+Shift++',
    'Ctrl+-',
    'Ctrl+_',
    'Ctrl+0',
    'Cmd++',
    'Cmd+=',
    'Cmd+-',
    'Cmd+0',
  ],
  'zoom keys': ['ZoomIn', 'ZoomOut', 'ZoomToggle'],
  devtools: ['F12', 'Ctrl+Shift+i', 'Ctrl+Shift+J', 'Ctrl+Shift+C', 'Cmd+Alt+i', 'Cmd+Alt+j', 'Cmd+Alt+c'],
  print: ['Ctrl+p', 'Ctrl+Shift+p', 'Cmd+p', 'Print'],
  save: ['Ctrl+s', 'Cmd+s', 'Ctrl+Shift+S', 'Save'],
  'the source': ['Ctrl+u', 'Cmd+u', 'Cmd+Alt+u', 'ViewSource'],
  find: ['Ctrl+f', 'Cmd+f', 'Ctrl+g', 'Cmd+g', 'Ctrl+Shift+g', 'Find', 'BrowserSearch'],
  'open and new': ['Ctrl+o', 'Cmd+o', 'Ctrl+n', 'Cmd+n', 'Ctrl+t', 'Cmd+t', 'Ctrl+Shift+n', 'Open', 'New'],
  close: ['Ctrl+w', 'Cmd+w', 'Ctrl+F4', 'Alt+F4', 'Ctrl+Shift+W', 'Close'],
  quit: ['Ctrl+q', 'Cmd+q', 'Ctrl+Shift+Q', 'Exit'],
  'hide and minimise': ['Cmd+h', 'Cmd+m', 'Cmd+Alt+h', 'Cmd+`'],
  'back and forward': ['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home', 'BrowserBack', 'BrowserForward'],
  'back and forward on a Mac': ['Cmd+[', 'Cmd+]'],
  'full screen': ['F11', 'Ctrl+Cmd+f', 'Alt+Enter'],
  'the menu of a window': ['Alt+ ', 'F10', 'Shift+F10', 'ContextMenu'],
  'pages of a browser': ['Ctrl+h', 'Ctrl+l', 'Ctrl+d', 'Ctrl+k', 'Ctrl+e', 'Ctrl+b', 'Ctrl+Tab', 'Ctrl+1'],
  'clearing and tasks': ['Ctrl+Alt+Delete', 'Ctrl+Alt+t', 'Ctrl+Alt+1', 'Ctrl+Alt+ ', 'Ctrl+Alt+Tab'],
  'preferences on a Mac': ['Cmd+,', 'Cmd+Alt+,', 'Ctrl+Cmd+Alt+,'],
  'starting programs': ['LaunchMail', 'LaunchApplication1', 'BrowserHome', 'BrowserFavorites', 'AppSwitch'],
  'function keys without a meaning': ['F5', 'F10', 'F11', 'F12', 'F13', 'F24', 'Ctrl+F1', 'Alt+F1'],
};

const FOR_THE_PAGE: Readonly<Record<string, readonly string[]>> = {
  'the keys of the page': [...SHORTCUTS.keys()],
  'letters and digits': ['a', 'Z', '0', '9', '.', ' ', '-', '+', '%', '中', 'é'],
  'moving and erasing': [
    'Tab',
    'Shift+Tab',
    'ArrowLeft',
    'Shift+ArrowRight',
    'Home',
    'End',
    'PageUp',
    'PageDown',
  ],
  'erasing and ending': ['Backspace', 'Delete', 'Enter', 'Escape', 'Insert', 'Shift+Insert', 'Shift+Delete'],
  'editing with Ctrl': [
    'Ctrl+a',
    'Ctrl+c',
    'Ctrl+v',
    'Ctrl+x',
    'Ctrl+z',
    'Ctrl+y',
    'Ctrl+Shift+Z',
    'Ctrl+Shift+V',
  ],
  'editing on a Mac': ['Cmd+a', 'Cmd+c', 'Cmd+v', 'Cmd+x', 'Cmd+z', 'Cmd+Shift+z', 'Cmd+ArrowLeft'],
  'editing by words': [
    'Ctrl+ArrowLeft',
    'Ctrl+Shift+ArrowRight',
    'Ctrl+Backspace',
    'Ctrl+Delete',
    'Ctrl+Home',
  ],
  'the endings of scanners': ['Ctrl+j', 'Ctrl+m', 'Ctrl+Enter'],
  'input methods': ['Process', 'Ctrl+ ', 'Dead', 'Unidentified'],
  'modifiers alone': ['Shift', 'Ctrl+Control', 'Alt+Alt', 'Cmd+Meta', 'AltGraph', 'CapsLock'],
  'characters of AltGr on Windows': ['@', '\\', '{', '}', '€', '|', '~'].map((one) => `Ctrl+Alt+${one}`),
  'characters of a Mac': ['Alt+å', 'Alt+Shift+Ø', 'Alt+Dead'],
};

const table = (keys: Readonly<Record<string, readonly string[]>>): readonly (readonly [string, string])[] =>
  Object.entries(keys).flatMap(([what, spoken]) => spoken.map((one) => [what, one] as const));

describe('keys in production', () => {
  test.each(table(REFUSED))('%s: %s is refused', (_what, spoken) => {
    expect(meaningOfKey(key(spoken), true)).toBe('refused');
  });

  test.each(table(FOR_THE_PAGE))('%s: %s is for the page', (_what, spoken) => {
    expect(meaningOfKey(key(spoken), true)).toBe('page');
  });

  test('a scanner may type characters by their numbers, and end a code by the place of the key', () => {
    for (const code of ['Numpad0', 'Numpad9'])
      expect(meaningOfKey(key('Alt+Unidentified', code), true)).toBe('page');
    expect(meaningOfKey(key('Ctrl+ㅓ', 'KeyJ'), true)).toBe('page');
    expect(meaningOfKey(key('Ctrl+Process', 'KeyJ'), true)).toBe('page');
  });

  test('editing works on keyboards of other letters, and shortcuts do not', () => {
    expect(meaningOfKey(key('Ctrl+с', 'KeyC'), true)).toBe('page');
    expect(meaningOfKey(key('Ctrl+Shift+С', 'KeyC'), true)).toBe('refused');
    expect(meaningOfKey(key('Ctrl+к', 'KeyR'), true)).toBe('refused');
    // On a French keyboard, Q lies where A is on an American one.
    expect(meaningOfKey(key('Ctrl+q', 'KeyA'), true)).toBe('refused');
    expect(meaningOfKey(key('Ctrl+a', 'KeyQ'), true)).toBe('page');
  });

  test('what is refused never reaches the page, pressed, held or released', () => {
    const contents = new ContentsStandIn();
    restrictKeyboard(contents, true);
    expect(contents.types(key('F5'))).toBe(false);
    expect(contents.types({ ...key('F5'), isAutoRepeat: true })).toBe(false);
    expect(contents.types({ ...key('F5'), type: 'keyUp' })).toBe(false);
    expect(contents.types(key('F12'))).toBe(false);
    expect(contents.types(key('F1'))).toBe(true);
    expect(contents.done).toEqual([]);
  });
});

describe('keys of a developer', () => {
  const RELOAD = ['F5', 'Ctrl+F5', 'Ctrl+r', 'Ctrl+Shift+R', 'Cmd+r'];
  const DEVTOOLS = ['F12', 'Ctrl+Shift+I', 'Cmd+Alt+i'];

  test.each(RELOAD)('%s reloads', (spoken) => {
    expect(meaningOfKey(key(spoken), false)).toBe('reload');
  });

  test.each(DEVTOOLS)('%s opens the devtools', (spoken) => {
    expect(meaningOfKey(key(spoken), false)).toBe('devtools');
  });

  test.each(table(REFUSED).filter(([, spoken]) => ![...RELOAD, ...DEVTOOLS].includes(spoken)))(
    '%s: %s is refused as in production, or reloads, or opens devtools',
    (what, spoken) => {
      const meaning = meaningOfKey(key(spoken), false);
      if (what === 'reload') expect(['refused', 'reload']).toContain(meaning);
      else if (what === 'devtools') expect(['refused', 'devtools']).toContain(meaning);
      else expect(meaning).toBe('refused');
    },
  );

  test('act once, when the key goes down', () => {
    const contents = new ContentsStandIn();
    restrictKeyboard(contents, false);
    expect(contents.types(key('F5'))).toBe(false);
    contents.types({ ...key('F5'), isAutoRepeat: true });
    contents.types({ ...key('F5'), type: 'keyUp' });
    expect(contents.types(key('F12'))).toBe(false);
    contents.types({ ...key('F12'), type: 'keyUp' });
    expect(contents.done).toEqual(['reload', 'toggle devtools']);
  });
});
