import { describe, expect, test } from 'vitest';
import { hardenContents, hardenSession } from '../../main/electron/hardening.ts';
import type { KeyInput } from '../../main/electron/keyboard.ts';
import { ContentsStandIn, RecordedLog, SessionStandIn } from '../support/electron-stand-in.ts';

const F5: KeyInput = {
  type: 'keyDown',
  key: 'F5',
  code: 'F5',
  isAutoRepeat: false,
  shift: false,
  control: false,
  alt: false,
  meta: false,
};

function hardened(isProduction: boolean): { contents: ContentsStandIn; opened: () => number } {
  const contents = new ContentsStandIn();
  let opened = 0;
  hardenContents(contents, {
    isProduction,
    log: new RecordedLog(),
    openCustomerDisplay: () => (opened += 1),
  });
  return { contents, opened: () => opened };
}

describe('a hardened session', () => {
  test.each([true, false])('has every rule, in production %s', (isProduction) => {
    const session = new SessionStandIn();
    hardenSession(session, { isProduction, log: new RecordedLog() });
    expect({
      grants: session.grants('media'),
      takesForGranted: session.takesForGranted('serial'),
      opensDevice: session.opensDevice(),
      sharedScreen: session.sharedScreen(),
      downloads: session.downloads(),
      loadsForeign: session.loads('https://example.com/'),
      loadsOwn: session.loads('app://kiosk/'),
      loadsDevtools: session.loads('devtools://devtools/'),
      checksSpelling: session.spellChecker.isEnabled,
    }).toEqual({
      grants: false,
      takesForGranted: false,
      opensDevice: false,
      sharedScreen: null,
      downloads: false,
      loadsForeign: false,
      loadsOwn: true,
      loadsDevtools: !isProduction,
      checksSpelling: false,
    });
  });
});

describe('hardened contents', () => {
  const RULES = [
    'before-input-event',
    'context-menu',
    'did-finish-load',
    'will-attach-webview',
    'will-frame-navigate',
    'will-navigate',
    'will-redirect',
    'zoom-changed',
  ];

  test('have every rule in production', () => {
    const { contents } = hardened(true);
    expect(contents.events.names).toEqual([...RULES, 'devtools-opened'].toSorted());
    expect(contents.types(F5)).toBe(false);
    expect(contents.done).toEqual([]);
  });

  test('have every rule but the closed devtools for a developer', () => {
    const { contents } = hardened(false);
    expect(contents.events.names).toEqual(RULES);
    contents.types(F5);
    expect(contents.done).toEqual(['reload']);
  });

  test('open the display of the customer through the main process', () => {
    const { contents, opened } = hardened(true);
    expect(contents.opens('app://kiosk/#/customer')).toBe('deny');
    expect(contents.opens('https://example.com/')).toBe('deny');
    expect(opened()).toBe(1);
  });

  test('stay where they are', () => {
    const { contents } = hardened(true);
    expect(contents.navigates('will-navigate', 'https://example.com/')).toBe(false);
    expect(contents.goesOn('will-attach-webview')).toBe(false);
  });
});
