import { describe, expect, test } from 'vitest';
import { isCustomerDisplay, isOwnPage, ownAddress, schemeOf } from '../../main/electron/app-address.ts';

const OWN_PAGES = [
  'app://kiosk/',
  'app://kiosk/#/orders/7895265298741',
  'app://kiosk/index.html',
  'app://kiosk/index.html#/terminal',
  'app://kiosk/command-cards-zh.html',
  'app://kiosk/command-cards-en.html#practice',
];

const NOT_OWN = [
  ['another scheme', 'https://kiosk/'],
  ['an insecure page', 'http://example.com/'],
  ['the machine itself', 'http://127.0.0.1:8080/'],
  ['a file', 'file:///etc/passwd'],
  ['a script', 'javascript:alert(1)'],
  ['a page in the address', 'data:text/html,<script>alert(1)</script>'],
  ['a page from memory', 'blob:app://kiosk/7f6d'],
  ['the source of a page', 'view-source:app://kiosk/'],
  ['a page of the browser', 'chrome://settings/'],
  ['devtools', 'devtools://devtools/bundled/inspector.html'],
  ['another host', 'app://kiosk.example/'],
  ['another host with a port', 'app://kiosk:8080/'],
  ['a name before another host', 'app://kiosk@example.com/'],
  ['a name and a word before another host', 'app://kiosk:kiosk@example.com/'],
  ['a name before our host', 'app://somebody@kiosk/'],
  ['a word before our host', 'app://:word@kiosk/'],
  ['a host in other letters', 'app://KIOSK/'],
  ['a host with a dot', 'app://kiosk./'],
  ['no host', 'app:///kiosk/'],
  ['no slashes', 'app:kiosk/'],
  ['a scheme that begins alike', 'app2://kiosk/'],
  ['nothing', ''],
  ['something that is no address', '//kiosk/'],
] as const;

describe('an address of the kiosk', () => {
  test.each(OWN_PAGES)('%s is a page of its own', (address) => {
    expect(isOwnPage(address)).toBe(true);
  });

  test.each(NOT_OWN)('%s is none: %s', (_what, address) => {
    expect(ownAddress(address)).toBeNull();
    expect(isOwnPage(address)).toBe(false);
  });

  test.each([
    'app://kiosk/assets/index-BwjouNuw.js',
    'app://kiosk/assets/page.html',
    'app://kiosk/icon.svg',
    'app://kiosk/?next=https://example.com/',
    'app://kiosk/index.html?a',
    'app://kiosk/index.html/',
    'app://kiosk/%69ndex.html',
    'app://kiosk/.html',
    'app://kiosk//index.html',
  ])('%s lies in its origin and is no page', (address) => {
    expect(ownAddress(address)).not.toBeNull();
    expect(isOwnPage(address)).toBe(false);
  });

  test('opens the display of the customer in exactly two spellings', () => {
    expect(isCustomerDisplay('app://kiosk/#/customer')).toBe(true);
    expect(isCustomerDisplay('app://kiosk/index.html#/customer')).toBe(true);
    for (const near of [
      'app://kiosk/',
      'app://kiosk/#/customer/',
      'app://kiosk/#/customers',
      'app://kiosk/?a#/customer',
      'app://kiosk/#customer',
      'app://kiosk/#/terminal',
      'app://KIOSK/#/customer',
      'https://kiosk/#/customer',
      ' app://kiosk/#/customer',
    ])
      expect([near, isCustomerDisplay(near)]).toEqual([near, false]);
  });

  test('is named in a log by its scheme alone', () => {
    expect(schemeOf('https://example.com/285039123456789012')).toBe('https:');
    expect(schemeOf('285039123456789012')).toBe('malformed');
    expect(schemeOf(`${'a'.repeat(5000)}:x`).length).toBeLessThanOrEqual(32);
  });
});
