import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { parseSettings } from '../../shared/settings.ts';

const MINIMAL = {
  protocol: 'upay',
  apiDomain: 'https://vsi-api.example.test',
  terminal: { deviceId: 'CNHM0001POS01' },
};
const FULL = {
  protocol: 'upay',
  apiDomain: 'https://vsi-api.example.test:8443',
  terminal: { terminalSn: '10298371039', deviceId: 'CNHM0001POS01' },
  vendor: { vendorSn: '91800129', appId: '2018080800000001' },
  timeZone: 'Asia/Hong_Kong',
  currency: 'HKD',
  subject: 'Tea house',
  updateUrl: 'https://releases.example.test/till',
  updateElevated: true,
  policy: { queryIntervalMs: 4000 },
};
const SECRET = '68d499beda5f72116592f5c527465656';

function detailOf(json: unknown): string {
  const parsed = parseSettings(json);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return '';
  expect(parsed.error.code).toBe('settings_invalid');
  return parsed.error.detail ?? '';
}

describe('settings', () => {
  test('need only the protocol, the domain and the device', () => {
    expect(parseSettings(MINIMAL)).toEqual({
      ok: true,
      value: {
        ...MINIMAL,
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        subject: 'Counter sale',
        policy: DEFAULT_POLICY,
      },
    });
  });

  test('take every documented member', () => {
    expect(parseSettings(FULL)).toEqual({
      ok: true,
      value: { ...FULL, policy: { ...DEFAULT_POLICY, queryIntervalMs: 4000 } },
    });
  });

  test.each([
    ['https://api.example.test', 'https://api.example.test'],
    ['https://api.example.test/', 'https://api.example.test'],
    ['HTTPS://api.example.test', 'HTTPS://api.example.test'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.8.9.1', 'http://127.8.9.1'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://api.exa\nmple.test\t', 'https://api.example.test'],
  ])('accept the domain %s', (apiDomain, kept) => {
    const parsed = parseSettings({ ...MINIMAL, apiDomain });
    expect(parsed.ok && parsed.value.apiDomain).toBe(kept);
  });

  test.each([
    'http://api.example.test',
    'http://192.168.0.10',
    'http://10.0.0.1:8080',
    'http://0.0.0.0:8080',
    'http://localhost.example.test',
    'http://127.0.0.1.example.test',
    'http://127.0.0.1@example.test',
    'http://127.0.0.1:80@example.test',
    'http://[::2]:80',
    'https://user:pass@api.example.test',
    'https://user@api.example.test',
    'https://api.example.test/upay',
    'https://api.example.test/upay/v2/',
    'https://api.example.test//',
    'https://api.example.test\\upay',
    'https://api.example.test?x=1',
    'https://api.example.test#x',
    'https://api.example.test:99999',
    'https://',
    'https:api.example.test',
    'ftp://api.example.test',
    'ws://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'api.example.test',
    '127.0.0.1:8080',
    '',
  ])('refuse the domain %o', (apiDomain) => {
    expect(detailOf({ ...MINIMAL, apiDomain })).toMatch(/^apiDomain: /);
  });

  test.each<[name: string, json: unknown, member: string]>([
    ['no protocol', { ...MINIMAL, protocol: undefined }, 'protocol'],
    ['another protocol', { ...MINIMAL, protocol: 'iso8583' }, 'protocol'],
    ['no domain', { ...MINIMAL, apiDomain: undefined }, 'apiDomain'],
    ['a number as domain', { ...MINIMAL, apiDomain: 1 }, 'apiDomain'],
    ['no terminal', { ...MINIMAL, terminal: undefined }, 'terminal'],
    ['a list as terminal', { ...MINIMAL, terminal: [] }, 'terminal'],
    ['no device', { ...MINIMAL, terminal: {} }, 'terminal.deviceId'],
    ['an empty device', { ...MINIMAL, terminal: { deviceId: '' } }, 'terminal.deviceId'],
    ['a long device', { ...MINIMAL, terminal: { deviceId: 'x'.repeat(33) } }, 'terminal.deviceId'],
    ['a line break in the device', { ...MINIMAL, terminal: { deviceId: 'a\nb' } }, 'terminal.deviceId'],
    ['an invisible character', { ...MINIMAL, terminal: { deviceId: 'a\u200bb' } }, 'terminal.deviceId'],
    [
      'a long terminal',
      { ...MINIMAL, terminal: { deviceId: 'x', terminalSn: '1'.repeat(33) } },
      'terminal.terminalSn',
    ],
    [
      'a number as terminal',
      { ...MINIMAL, terminal: { deviceId: 'x', terminalSn: 1 } },
      'terminal.terminalSn',
    ],
    ['half a vendor', { ...MINIMAL, vendor: { vendorSn: '1' } }, 'vendor.appId'],
    ['a zone that is none', { ...MINIMAL, timeZone: 'Asia/Shanghia' }, 'timeZone'],
    ['an empty zone', { ...MINIMAL, timeZone: '' }, 'timeZone'],
    ['a number as zone', { ...MINIMAL, timeZone: 8 }, 'timeZone'],
    ['an unknown currency', { ...MINIMAL, currency: 'XYZ' }, 'currency'],
    ['a prototype name as currency', { ...MINIMAL, currency: 'toString' }, 'currency'],
    ['an empty subject', { ...MINIMAL, subject: '' }, 'subject'],
    ['a long subject', { ...MINIMAL, subject: 'x'.repeat(65) }, 'subject'],
    ['consent in words', { ...MINIMAL, updateElevated: 'yes' }, 'updateElevated'],
    ['a policy that is no object', { ...MINIMAL, policy: 5 }, 'policy'],
    ['text as a wait', { ...MINIMAL, policy: { payTimeoutMs: '1' } }, 'policy.payTimeoutMs'],
    [
      'a window beyond the horizon',
      { ...MINIMAL, policy: { inFlightHorizonMs: 1000 } },
      'policy.confirmWindowMs',
    ],
  ])('refuse %s and name the member', (_name, json, member) => {
    expect(detailOf(json)).toContain(`${member}: `);
  });

  test.each<[json: unknown, key: string]>([
    [{ ...MINIMAL, extra: 1 }, 'extra'],
    [{ ...MINIMAL, terminal: { deviceId: 'x', deviceID: 'x' } }, 'deviceID'],
    [{ ...MINIMAL, vendor: { vendorSn: '1', appId: '2', vendorKey: SECRET } }, 'vendorKey'],
    [{ ...MINIMAL, policy: { payTimeout: 1 } }, 'payTimeout'],
    [{ ...MINIMAL, client: { clientId: 'x' } }, 'client'],
    [
      JSON.parse(
        '{"protocol":"upay","apiDomain":"https://a.test","terminal":{"deviceId":"x"},"__proto__":{}}',
      ),
      '__proto__',
    ],
  ])('refuse the unknown member in %j', (json, key) => {
    expect(detailOf(json)).toContain(key);
  });

  test.each<[json: unknown]>([[null], [undefined], ['text'], [1], [[]], [true]])(
    'refuse %j altogether',
    (json) => {
      expect(detailOf(json)).not.toBe('');
    },
  );

  test.each([null, 'text', 1, [[]], true])('are an object and not %j', (json) => {
    expect(detailOf(json)).toBe('must be an object');
  });

  test.each(['iso8583', '', 1, undefined, 'toString'])(
    'name the protocols there are instead of %j',
    (protocol) => {
      expect(detailOf({ ...MINIMAL, protocol })).toBe(
        'protocol: must be "upay", "alipayplus" or "miniprogram"',
      );
    },
  );

  test.each<[place: string, json: unknown]>([
    ['protocol', { ...MINIMAL, protocol: SECRET }],
    ['apiDomain', { ...MINIMAL, apiDomain: SECRET }],
    ['apiDomain with a password', { ...MINIMAL, apiDomain: `https://user:${SECRET}@api.example.test` }],
    ['terminal', { ...MINIMAL, terminal: SECRET }],
    ['deviceId', { ...MINIMAL, terminal: { deviceId: `${SECRET}${SECRET}` } }],
    ['vendor', { ...MINIMAL, vendor: SECRET }],
    ['timeZone', { ...MINIMAL, timeZone: SECRET }],
    ['currency', { ...MINIMAL, currency: SECRET }],
    ['policy', { ...MINIMAL, policy: { payTimeoutMs: SECRET } }],
    ['an unknown member', { ...MINIMAL, terminalKey: SECRET }],
    ['the place of a name', { ...MINIMAL, [SECRET]: 1 }],
    ['the place of a name inside', { ...MINIMAL, terminal: { deviceId: 'x', note: '', [SECRET]: 1 } }],
    ['everything', SECRET],
  ])('never echo a key that was pasted into %s', (_place, json) => {
    expect(detailOf(json)).not.toContain(SECRET);
  });
});

const ALIPAYPLUS = {
  protocol: 'alipayplus',
  apiDomain: 'https://open-sea.example.test',
  client: { clientId: 'SANDBOX_5X00000000000001' },
};
const MINIPROGRAM = { ...ALIPAYPLUS, protocol: 'miniprogram' };
const COMMON = {
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  subject: 'Counter sale',
  policy: DEFAULT_POLICY,
};
const SHOP = {
  merchant: { referenceMerchantId: 'M1', merchantName: 'Tea & co', merchantMCC: '5814' },
  store: { referenceStoreId: 'S1', storeName: '茶馆', storeMCC: '5814', storeTerminalId: 'T1' },
};
const PEM_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const PEM = `-----BEGIN PRIVATE KEY-----\n${`${PEM_LINE}\n`.repeat(26)}-----END PRIVATE KEY-----\n`;

const withClient = (settings: typeof ALIPAYPLUS, client: unknown) => ({
  ...settings,
  client: typeof client === 'object' && client !== null ? { ...settings.client, ...client } : client,
});

describe('the client block', () => {
  test('of Alipay+ needs only the client id', () => {
    const client = {
      ...ALIPAYPLUS.client,
      keyVersion: '1',
      requestTime: 'iso-offset',
      pathPrefix: '/aps/api',
    };
    expect(parseSettings(ALIPAYPLUS)).toEqual({ ok: true, value: { ...ALIPAYPLUS, ...COMMON, client } });
  });

  test('of a mini-program needs only the client id', () => {
    const client = {
      ...MINIPROGRAM.client,
      keyVersion: '1',
      requestTime: 'iso-offset',
      pathPrefix: '',
      payForm: 'retail',
      paths: {
        inquiryPayment: '/v2/payments/inquiryPayment',
        cancel: '/v2/payments/cancel',
        refund: '/v2/payments/refund',
      },
    };
    expect(parseSettings(MINIPROGRAM)).toEqual({ ok: true, value: { ...MINIPROGRAM, ...COMMON, client } });
  });

  test.each([
    [
      'Alipay+',
      withClient(ALIPAYPLUS, {
        keyVersion: '2',
        requestTime: 'iso-z',
        pathPrefix: '/aps/api/intl/wallet',
        acquirerId: '1022188000000000001',
        pspId: '1022172000000000001',
        ...SHOP,
      }),
    ],
    [
      'a mini-program',
      withClient(MINIPROGRAM, {
        keyVersion: '0',
        requestTime: 'epoch-ms',
        pathPrefix: '/api/open',
        payForm: 'paymentCode',
        paths: {
          pay: '/v1/pay',
          inquiryPayment: '/v1/ask',
          cancel: '/v1/undo',
          refund: '/v2/payments/refundApply',
        },
        ...SHOP,
      }),
    ],
  ])('of %s takes every documented member', (_name, settings) => {
    expect(parseSettings(settings)).toEqual({ ok: true, value: { ...COMMON, ...settings } });
  });

  test('may have an empty path in front, or one of any depth', () => {
    for (const pathPrefix of [
      '',
      '/api',
      '/a/b/c/d',
      '/ams/sandbox/api',
      '/v1.2/x_y~z-1',
      `/${'x'.repeat(127)}`,
    ])
      expect(parseSettings(withClient(ALIPAYPLUS, { pathPrefix }))).toMatchObject({
        ok: true,
        value: { client: { pathPrefix } },
      });
  });

  const bad: readonly (readonly [name: string, client: unknown, member: string])[] = [
    ['no block at all', undefined, 'client'],
    ['a text', 'SANDBOX', 'client'],
    ['a number', 7, 'client'],
    ['no client id', { clientId: undefined }, 'client.clientId'],
    ['an empty client id', { clientId: '' }, 'client.clientId'],
    ['a client id with a blank', { clientId: 'a b' }, 'client.clientId'],
    ['a client id with a line break', { clientId: 'a\r\nSignature: x' }, 'client.clientId'],
    ['a client id that no header can carry', { clientId: '客户' }, 'client.clientId'],
    ['a client id of 65 characters', { clientId: 'x'.repeat(65) }, 'client.clientId'],
    ['a number as client id', { clientId: 5 }, 'client.clientId'],
    ['a number as key version', { keyVersion: 1 }, 'client.keyVersion'],
    ['a key version of nine digits', { keyVersion: '123456789' }, 'client.keyVersion'],
    ['a key version with a comma', { keyVersion: '1,signature=x' }, 'client.keyVersion'],
    ['a form of time nobody knows', { requestTime: 'rfc1123' }, 'client.requestTime'],
    ['a prefix without its slash', { pathPrefix: 'aps/api' }, 'client.pathPrefix'],
    ['a prefix with a closing slash', { pathPrefix: '/aps/api/' }, 'client.pathPrefix'],
    ['a prefix with a slash twice', { pathPrefix: '/aps//api' }, 'client.pathPrefix'],
    ['a prefix that goes up', { pathPrefix: '/aps/../api' }, 'client.pathPrefix'],
    ['a prefix that stays', { pathPrefix: '/aps/./api' }, 'client.pathPrefix'],
    ['a prefix with an escape', { pathPrefix: '/aps%2fapi' }, 'client.pathPrefix'],
    ['a prefix with a query', { pathPrefix: '/aps?x=1' }, 'client.pathPrefix'],
    ['a prefix with a host', { pathPrefix: '//evil.example' }, 'client.pathPrefix'],
    ['a prefix with a line break', { pathPrefix: '/aps\n' }, 'client.pathPrefix'],
    ['a long prefix', { pathPrefix: `/${'x'.repeat(128)}` }, 'client.pathPrefix'],
    ['a merchant that is a text', { merchant: 'Tea' }, 'client.merchant'],
    [
      'a merchant without a name in its name',
      { merchant: { merchantName: '' } },
      'client.merchant.merchantName',
    ],
    ['a member of a merchant that is none', { merchant: { name: 'Tea' } }, 'client.merchant'],
    ['a store of 257 letters', { store: { storeName: 'x'.repeat(257) } }, 'client.store.storeName'],
    ['a number as terminal', { store: { storeTerminalId: 1 } }, 'client.store.storeTerminalId'],
    ['an unknown member', { clientID: 'x' }, 'client'],
    ['a key', { privateKey: PEM }, 'client'],
  ];
  test.each(bad)('is refused with %s, by the name of the member', (_name, client, member) => {
    for (const settings of [ALIPAYPLUS, MINIPROGRAM])
      expect(detailOf(withClient(settings, client))).toMatch(
        new RegExp(`^${member.replaceAll('.', '\\.')}: `),
      );
  });

  test.each<[string, object, string]>([
    [
      'half of the two parties',
      { acquirerId: '1022' },
      'client: must have both acquirerId and pspId, or neither',
    ],
    ['the other half', { pspId: '1022' }, 'client: must have both acquirerId and pspId, or neither'],
    ['a way to pay of the other protocol', { payForm: 'retail' }, 'client: Unrecognized key: "payForm"'],
    ['paths of the other protocol', { paths: {} }, 'client: Unrecognized key: "paths"'],
  ])('of Alipay+ is refused with %s', (_name, client, detail) => {
    expect(detailOf(withClient(ALIPAYPLUS, client))).toBe(detail);
  });

  test.each<[string, object, string]>([
    ['the parties of the other protocol', { acquirerId: '1', pspId: '2' }, 'client'],
    ['a way to pay nobody knows', { payForm: 'cashier' }, 'client.payForm'],
    ['an empty path', { paths: { pay: '' } }, 'client.paths.pay'],
    ['a path without its slash', { paths: { cancel: 'v2/cancel' } }, 'client.paths.cancel'],
    ['a path that goes up', { paths: { refund: '/v2/../refund' } }, 'client.paths.refund'],
    ['a path nobody asks for', { paths: { inquiry: '/v2/ask' } }, 'client.paths'],
  ])('of a mini-program is refused with %s', (_name, client, member) => {
    expect(detailOf(withClient(MINIPROGRAM, client))).toContain(`${member}: `);
  });

  test.each(['terminal', 'vendor'])('does not stand beside the %s of the other protocol', (member) => {
    for (const settings of [ALIPAYPLUS, MINIPROGRAM])
      expect(detailOf({ ...settings, [member]: { deviceId: 'x' } })).toBe(`Unrecognized key: "${member}"`);
  });

  const keys = [
    ['a PEM key', PEM],
    ['the bare base64 of a key', PEM_LINE.repeat(26)],
    ['a line of a key', PEM_LINE],
  ] as const;
  const places = [
    'clientId',
    'keyVersion',
    'requestTime',
    'pathPrefix',
    'acquirerId',
    'paths',
    'merchant',
    'privateKey',
  ];
  test.each(keys)('never echoes %s that was pasted anywhere', (name, key) => {
    const pasted: unknown[] = [
      { ...ALIPAYPLUS, client: key },
      { ...ALIPAYPLUS, protocol: key },
      { ...ALIPAYPLUS, apiDomain: key },
      { ...ALIPAYPLUS, [key]: 1 },
      withClient(ALIPAYPLUS, { [key]: 1 }),
      withClient(MINIPROGRAM, { paths: { pay: key } }),
      ...places.flatMap((place) => [
        withClient(ALIPAYPLUS, { [place]: key, unknown: 1 }),
        withClient(MINIPROGRAM, { [place]: [key], unknown: 1 }),
      ]),
    ];
    for (const settings of pasted) expect(detailOf(settings), name).not.toContain(PEM_LINE.slice(0, 12));
  });
});
