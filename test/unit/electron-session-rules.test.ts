import { describe, expect, test } from 'vitest';
import { cancelDownloads } from '../../main/electron/downloads.ts';
import { denyPermissions } from '../../main/electron/permissions.ts';
import { disableSpellChecker } from '../../main/electron/spell-checker.ts';
import { denyForeignRequests } from '../../main/electron/web-requests.ts';
import { RecordedLog, SessionStandIn } from '../support/electron-stand-in.ts';

const PERMISSIONS = [
  'media',
  'display-capture',
  'geolocation',
  'notifications',
  'midiSysex',
  'pointerLock',
  'fullscreen',
  'openExternal',
  'clipboard-read',
  'clipboard-sanitized-write',
  'fileSystem',
  'serial',
  'hid',
  'usb',
  'idle-detection',
  'storage-access',
  'window-management',
  'unknown',
  'a-permission-made-tomorrow',
];

describe('permissions', () => {
  const session = new SessionStandIn();
  const log = new RecordedLog();
  denyPermissions(session, log);

  test.each(PERMISSIONS)('%s is denied, asked for or checked', (permission) => {
    expect(session.grants(permission)).toBe(false);
    expect(session.takesForGranted(permission)).toBe(false);
    expect(log.lines.at(-1)).toContain(permission);
  });

  test('no device is opened, and nobody gets the screen', () => {
    expect(session.opensDevice()).toBe(false);
    expect(session.sharedScreen()).toBeNull();
  });
});

describe('downloads', () => {
  test('are cancelled and logged', () => {
    const session = new SessionStandIn();
    const log = new RecordedLog();
    cancelDownloads(session, log);
    expect(session.downloads()).toBe(false);
    expect(log.lines).toHaveLength(1);
  });
});

const FOREIGN = [
  'https://example.com/',
  'http://example.com/',
  'http://127.0.0.1:9229/json',
  'http://[::1]/',
  'ws://127.0.0.1:9229/',
  'wss://example.com/',
  'file:///etc/passwd',
  'ftp://example.com/',
  'data:text/html,page',
  'blob:https://example.com/7f6d',
  'chrome://gpu/',
  'chrome-extension://abc/page.html',
  'app://kiosk.example/',
  'app://other/',
  'app://kiosk@example.com/',
  'not an address',
];

describe.each([{ isProduction: true }, { isProduction: false }])(
  'requests with production $isProduction',
  ({ isProduction }) => {
    const session = new SessionStandIn();
    const log = new RecordedLog();
    denyForeignRequests(session, { isProduction, log });

    test.each(FOREIGN)('%s is not loaded', (url) => {
      expect(session.loads(url)).toBe(false);
    });

    test('the own files are loaded', () => {
      expect(session.loads('app://kiosk/')).toBe(true);
      expect(session.loads('app://kiosk/assets/index-BwjouNuw.js')).toBe(true);
    });

    test('devtools load only for a developer', () => {
      expect(session.loads('devtools://devtools/bundled/inspector.html')).toBe(!isProduction);
    });

    test('a denied address is not logged, only its scheme', () => {
      session.loads('https://example.com/285039123456789012');
      expect(log.lines.at(-1)).toContain('https:');
      expect(log.lines.at(-1)).not.toMatch(/example|285039123456789012/);
    });
  },
);

describe('the spell checker', () => {
  test('is off, has no language, and could fetch its dictionaries nowhere', () => {
    const session = new SessionStandIn();
    disableSpellChecker(session);
    const { isEnabled, languages, source } = session.spellChecker;
    expect({ isEnabled, languages }).toEqual({ isEnabled: false, languages: [] });
    // The reserved name that never resolves.
    expect(new URL(source).hostname).toMatch(/\.invalid$/);
  });
});
