import { describe, expect, test } from 'vitest';
import { restrictNavigation } from '../../main/electron/navigation.ts';
import { refuseWebviews } from '../../main/electron/webviews.ts';
import { denyWindows } from '../../main/electron/window-opening.ts';
import { ContentsStandIn, type NavigationName, RecordedLog } from '../support/electron-stand-in.ts';

const WAYS: readonly NavigationName[] = ['will-navigate', 'will-redirect', 'will-frame-navigate'];
const ELSEWHERE = [
  'https://example.com/285039123456789012',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'file:///C:/Windows/win.ini',
  'data:text/html,page',
  'javascript:void 0',
  'about:blank',
  'blob:app://kiosk/7f6d',
  'view-source:app://kiosk/',
  'chrome://settings/',
  'app://other/',
  'app://kiosk@example.com/',
  'app://kiosk/assets/index-BwjouNuw.js',
  'app://kiosk/?token=1',
  'weixin://dl/business',
  '',
];

function restricted(isProduction: boolean): { contents: ContentsStandIn; log: RecordedLog } {
  const contents = new ContentsStandIn();
  const log = new RecordedLog();
  restrictNavigation(contents, { isProduction, log });
  return { contents, log };
}

describe.each(WAYS)('%s', (way) => {
  test.each(ELSEWHERE)('does not lead to %s, not even for a developer', (url) => {
    for (const isProduction of [true, false])
      expect(restricted(isProduction).contents.navigates(way, url)).toBe(false);
  });

  test('leads to the own pages', () => {
    const { contents, log } = restricted(true);
    for (const url of [
      'app://kiosk/',
      'app://kiosk/index.html#/terminal',
      'app://kiosk/command-cards-zh.html',
    ])
      expect(contents.navigates(way, url)).toBe(true);
    expect(log.lines).toEqual([]);
  });

  test('leads nowhere inside a frame, not even to the own pages', () => {
    expect(restricted(true).contents.navigates(way, 'app://kiosk/', false)).toBe(false);
  });

  test('leads to devtools only for a developer', () => {
    const address = 'devtools://devtools/bundled/inspector.html';
    expect(restricted(true).contents.navigates(way, address)).toBe(false);
    expect(restricted(false).contents.navigates(way, address)).toBe(true);
  });

  test('logs the scheme of what it refused and nothing else of it', () => {
    const { contents, log } = restricted(true);
    contents.navigates(way, 'https://example.com/285039123456789012');
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('https:');
    expect(log.lines[0]).not.toMatch(/example|285039123456789012/);
  });
});

describe('a window that the page asks for', () => {
  function opening(): { contents: ContentsStandIn; log: RecordedLog; opened: () => number } {
    const contents = new ContentsStandIn();
    const log = new RecordedLog();
    let opened = 0;
    denyWindows(contents, { openCustomerDisplay: () => (opened += 1), log });
    return { contents, log, opened: () => opened };
  }

  test.each(['app://kiosk/#/customer', 'app://kiosk/index.html#/customer'])(
    'is denied, and the display of the customer opened instead, for %s',
    (url) => {
      const { contents, opened } = opening();
      expect(contents.opens(url)).toBe('deny');
      expect(opened()).toBe(1);
    },
  );

  test.each([...ELSEWHERE, 'app://kiosk/', 'app://kiosk/#/terminal', 'app://kiosk/#/customer/x'])(
    'is denied and nothing opened for %s',
    (url) => {
      const { contents, opened, log } = opening();
      expect(contents.opens(url)).toBe('deny');
      expect(opened()).toBe(0);
      expect(log.lines).toHaveLength(1);
      expect(log.lines[0]).not.toContain('285039123456789012');
    },
  );
});

describe('a webview', () => {
  test('is never attached', () => {
    const contents = new ContentsStandIn();
    const log = new RecordedLog();
    refuseWebviews(contents, log);
    expect(contents.goesOn('will-attach-webview')).toBe(false);
    expect(log.lines).toHaveLength(1);
  });
});
