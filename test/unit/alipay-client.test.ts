import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Calendar } from '../../shared/business-day.ts';
import { requestTime, REQUEST_TIME_FORMATS } from '../../shared/protocol/alipay/request-time.ts';
import { alipayplusClientSchema } from '../../shared/protocol/alipayplus/client.ts';
import { miniprogramClientSchema } from '../../shared/protocol/miniprogram/client.ts';

const SCHEMAS = { alipayplus: alipayplusClientSchema, miniprogram: miniprogramClientSchema } as const;
const NAMES = ['alipayplus', 'miniprogram'] as const;
const LEAST = { clientId: 'SANDBOX_5X00000000000001' };

describe.each(NAMES)('the client block of %s', (name) => {
  const isValid = (change: object): boolean => SCHEMAS[name].safeParse({ ...LEAST, ...change }).success;

  test.each([
    ['a client id of 64 characters', { clientId: 'x'.repeat(64) }],
    ['a key version', { keyVersion: '0' }],
    ['a long key version', { keyVersion: '12345678' }],
    ...REQUEST_TIME_FORMATS.map(
      (requestTimeForm) => [requestTimeForm, { requestTime: requestTimeForm }] as const,
    ),
    ['no prefix', { pathPrefix: '' }],
    ['a prefix', { pathPrefix: '/api' }],
    ['a long prefix', { pathPrefix: '/miniprogram/api/open-v1.2_3~4' }],
    ['an empty shop', { merchant: {}, store: {} }],
    [
      'a whole shop',
      {
        merchant: {
          referenceMerchantId: 'x'.repeat(64),
          merchantName: '茶'.repeat(256),
          merchantMCC: 'x'.repeat(32),
        },
        store: { referenceStoreId: 'S', storeName: '茶馆', storeMCC: '5812', storeTerminalId: 'T' },
      },
    ],
  ] as const)('takes %s', (_name, change) => {
    expect(isValid(change)).toBe(true);
  });

  test.each([
    ['no client id', { clientId: undefined }],
    ['an empty client id', { clientId: '' }],
    ['a long client id', { clientId: 'x'.repeat(65) }],
    ['a client id with a blank', { clientId: 'a b' }],
    ['a client id with a line end', { clientId: 'a\r\nb' }],
    ['a client id that no header can carry', { clientId: '茶' }],
    ['a key version that is a number', { keyVersion: 1 }],
    ['a key version of words', { keyVersion: 'v1' }],
    ['an empty key version', { keyVersion: '' }],
    ['a long key version', { keyVersion: '123456789' }],
    ['another form of time', { requestTime: 'rfc2822' }],
    ['a prefix without its slash', { pathPrefix: 'api' }],
    ['a prefix with a closing slash', { pathPrefix: '/api/' }],
    ['a slash as prefix', { pathPrefix: '/' }],
    ['a prefix with an empty segment', { pathPrefix: '/api//open' }],
    ['a prefix that goes up', { pathPrefix: '/api/../admin' }],
    ['a prefix that stays', { pathPrefix: '/api/./open' }],
    ['a prefix that ends with a dot', { pathPrefix: '/api/.' }],
    ['a prefix with a query', { pathPrefix: '/api?x=1' }],
    ['a prefix with escapes', { pathPrefix: '/a%2fb' }],
    ['a prefix with a line end', { pathPrefix: '/api\n' }],
    ['an address as prefix', { pathPrefix: 'https://example.test/api' }],
    ['a long prefix', { pathPrefix: `/${'x'.repeat(128)}` }],
    ['a long merchant name', { merchant: { merchantName: 'x'.repeat(257) } }],
    ['a line end in a name', { store: { storeName: 'Tea\nhouse' } }],
    ['an empty name', { store: { storeName: '' } }],
    ['a number as category', { merchant: { merchantMCC: 5812 } }],
    ['a misspelt member of the shop', { merchant: { merchantMcc: '5812' } }],
    ['a misspelt member', { keyversion: '1' }],
    ['a key', { privateKey: 'x' }],
  ])('refuses %s', (_name, change) => {
    expect(isValid(change)).toBe(false);
  });
});

describe('the client block', () => {
  test('of Alipay+ has defaults for all but the client', () => {
    expect(alipayplusClientSchema.parse(LEAST)).toEqual({
      ...LEAST,
      keyVersion: '1',
      requestTime: 'iso-offset',
      pathPrefix: '/aps/api',
    });
  });

  test('of Alipay+ names both parties or neither', () => {
    const isValid = (parties: object): boolean =>
      alipayplusClientSchema.safeParse({ ...LEAST, ...parties }).success;
    expect(isValid({ acquirerId: 'x'.repeat(64), pspId: 'y'.repeat(64) })).toBe(true);
    expect(isValid({ acquirerId: 'x' })).toBe(false);
    expect(isValid({ pspId: 'y' })).toBe(false);
    expect(isValid({ acquirerId: 'x'.repeat(65), pspId: 'y' })).toBe(false);
    expect(isValid({ acquirerId: '', pspId: '' })).toBe(false);
  });

  test('of a mini-program wallet has defaults for all but the client', () => {
    expect(miniprogramClientSchema.parse(LEAST)).toEqual({
      ...LEAST,
      keyVersion: '1',
      requestTime: 'iso-offset',
      pathPrefix: '',
      payForm: 'retail',
      paths: {
        inquiryPayment: '/v2/payments/inquiryPayment',
        cancel: '/v2/payments/cancel',
        refund: '/v2/payments/refund',
      },
    });
  });

  test.each([
    ['parties', { acquirerId: 'x', pspId: 'y' }],
    ['another form of pay', { payForm: 'cashier' }],
    ['an empty path', { paths: { cancel: '' } }],
    ['a path without its slash', { paths: { cancel: 'v2/payments/cancel' } }],
    ['a path that goes up', { paths: { pay: '/v1/../v2' } }],
    ['a path of no call', { paths: { revoke: '/v1/revoke' } }],
  ])('of a mini-program wallet refuses %s', (_name, change) => {
    expect(miniprogramClientSchema.safeParse({ ...LEAST, ...change }).success).toBe(false);
  });
});

const AT_MS = Date.parse('2026-01-01T19:04:05.006Z');

describe('Request-Time', () => {
  test.each([
    ['Asia/Shanghai', '2026-01-02T03:04:05+08:00'],
    ['UTC', '2026-01-01T19:04:05+00:00'],
    ['America/New_York', '2026-01-01T14:04:05-05:00'],
    ['America/St_Johns', '2026-01-01T15:34:05-03:30'],
    ['Asia/Kathmandu', '2026-01-02T00:49:05+05:45'],
    ['Pacific/Kiritimati', '2026-01-02T09:04:05+14:00'],
  ])('with an offset says what clocks in %s show', (timeZone, text) => {
    expect(requestTime(AT_MS, 'iso-offset', new Calendar(timeZone))).toBe(text);
  });

  test('with an offset follows daylight saving', () => {
    const at = (iso: string): string =>
      requestTime(Date.parse(iso), 'iso-offset', new Calendar('Europe/Berlin'));
    expect(at('2026-10-25T00:30:00Z')).toBe('2026-10-25T02:30:00+02:00');
    expect(at('2026-10-25T01:30:00Z')).toBe('2026-10-25T02:30:00+01:00');
  });

  test('in UTC has milliseconds, and as a number is all of them', () => {
    expect(requestTime(AT_MS, 'iso-z', new Calendar('Asia/Shanghai'))).toBe('2026-01-01T19:04:05.006Z');
    expect(requestTime(AT_MS, 'epoch-ms', new Calendar('Asia/Shanghai'))).toBe('1767294245006');
  });

  test('is the instant it was made of, in every form and zone', () => {
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'America/New_York',
      'Australia/Lord_Howe',
      'UTC',
      'Asia/Tehran',
    );
    fc.assert(
      fc.property(instant, zone, (atMs, timeZone) => {
        const wholeMs = Math.floor(atMs / 1000) * 1000;
        expect(Date.parse(requestTime(atMs, 'iso-offset', new Calendar(timeZone)))).toBe(wholeMs);
        expect(requestTime(atMs, 'iso-z', new Calendar(timeZone))).toBe(new Date(atMs).toISOString());
        expect(Number(requestTime(atMs, 'epoch-ms', new Calendar(timeZone)))).toBe(atMs);
      }),
      { numRuns: 300 },
    );
  });
});
