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
    ['everything', SECRET],
  ])('never echo a key that was pasted into %s', (_place, json) => {
    expect(detailOf(json)).not.toContain(SECRET);
  });
});
