import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/settings.ts';
import { cli, prepareData, type CliResult, type PreparedData } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode } from '../support/terminal.ts';

let gateway: GatewayProcess;
let own: PreparedData;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  own = await prepareData(gateway);
});

afterAll(async () => {
  own.remove();
  await gateway.stop();
});

const json = (...args: readonly string[]) => cli(['--json', ...args], { data: own.data });

/** A refusal: one JSON document with a code and a sentence, the right exit code, nothing in between. */
function expectRefused(result: CliResult, exit: number, code: string): void {
  const { error } = result.json() as { readonly error: { readonly code: string; readonly message: string } };
  expect(error).toMatchObject({ code });
  expect(error.message).toMatch(/^[A-Z].*[.)]$/);
  expect(result.code).toBe(exit);
}

const AMOUNTS: readonly (readonly [string, string])[] = [
  ['0', 'amount_not_positive'],
  ['0.00', 'amount_not_positive'],
  ['-1', 'amount_not_positive'],
  ['1.234', 'amount_malformed'],
  ['1e3', 'amount_malformed'],
  ['10000000000', 'amount_too_large'],
  ['100000000.00', 'amount_too_large'],
  ['１２', 'amount_malformed'],
  ['1,000.00', 'amount_malformed'],
  ['0x10', 'amount_malformed'],
  ['+5', 'amount_malformed'],
  ['.5', 'amount_malformed'],
  ['NaN', 'amount_malformed'],
  ['', 'amount_missing'],
  ['  ', 'amount_missing'],
];

const CODES: readonly (readonly [string, string, string])[] = [
  ['a control character inside', '28123456\u000789012345', 'code_malformed'],
  ['a line break inside', '28123456\n789012345', 'code_malformed'],
  ['33 characters', '2'.repeat(33), 'code_malformed'],
  ['500 characters', '2'.repeat(500), 'code_malformed'],
  ['full-width digits', '２８１２３４５６７８９０１２３４５６', 'code_malformed'],
  ['an address', 'https://qr.example/2812345', 'code_malformed'],
  ['nothing', '', 'code_missing'],
  ['only a line end', '\r\n', 'code_missing'],
];

/** One after another against one directory, so that "nothing was sent or recorded" covers them all. */
describe('a payment that cannot be', () => {
  test.each(AMOUNTS)('is refused for the amount "%s" with %s', async (amount, code) => {
    expectRefused(await json('pay', `--amount=${amount}`, '--code', freshCode()), 64, code);
  });

  test.each(CODES)('is refused for a payment code that is %s', async (_what, code, error) => {
    expectRefused(await json('pay', '--amount', '1.00', `--code=${code}`), 64, error);
  });

  test.each([
    ['sale reference with a control character', ['--sale', 'a\u0001b'], 'sale_id_malformed'],
    ['sale reference of 65 characters', ['--sale', 's'.repeat(65)], 'sale_id_malformed'],
    ['subject of 65 characters', ['--subject', 's'.repeat(65)], 'arguments_invalid'],
    ['operator of 33 characters', ['--operator', 'o'.repeat(33)], 'arguments_invalid'],
    ['wait that is no number', ['--wait', 'soon'], 'usage'],
    ['negative wait', ['--wait=-1'], 'usage'],
    ['unknown option', ['--ammount', '1'], 'usage'],
    ['word too many', ['please'], 'usage'],
  ] as const)('is refused for a %s', async (_what, args, code) => {
    expectRefused(await json('pay', '--amount', '1.00', '--code', freshCode(), ...args), 64, code);
  });

  test('is refused without amount or code, and so is a command that is none', async () => {
    expectRefused(await json('pay', '--code', freshCode()), 64, 'usage');
    expectRefused(await json('pay', '--amount', '1.00'), 64, 'usage');
    expectRefused(await json('collect'), 64, 'usage');
    expectRefused(await json(), 64, 'usage');
    expectRefused(await json('journal'), 64, 'usage');
    expectRefused(await json('work', '--for', 'ever'), 64, 'usage');
    expectRefused(await json('show', 'no-such-order'), 64, 'order_unknown');
  });

  test('none of these sent anything or is in the journal', async () => {
    expect(await own.trades()).toEqual([]);
    expect((await json('orders')).json()).toEqual([]);
    expect((await json('journal', 'verify')).json()).toMatchObject({ ok: true, orders: 0 });
  });

  test('a code scanned twice is refused by the second process, and charged once', async () => {
    const code = freshCode();
    const first = await json('pay', '--amount', '12.34', '--code', code);
    expect(first.code).toBe(0);
    expectRefused(await json('pay', '--amount', '12.34', '--code', code), 64, 'code_scanned_twice');
    expectRefused(
      await json('pay', '--amount', '12.34', '--code', `${code}\r\n`, '--override'),
      64,
      'code_scanned_twice',
    );
    expect((await own.trades()).map(({ path }) => path)).toEqual(['/upay/v2/pay']);
  });

  test('a sale that is paid is not collected again without --override', async () => {
    expect((await json('pay', '--amount', '12.34', '--code', freshCode(), '--sale', 'once')).code).toBe(0);
    expectRefused(
      await json('pay', '--amount', '1', '--code', freshCode(), '--sale', 'once'),
      64,
      'sale_already_paid',
    );
  });
});

describe('settings that cannot be', () => {
  const good = (): Settings => ({ ...own.settings });

  const settings: readonly (readonly [string, () => unknown, string])[] = [
    ['an unknown member', () => ({ ...good(), apidomain: 'https://a.example' }), 'settings_invalid'],
    [
      'an unknown member inside',
      () => ({ ...good(), terminal: { deviceId: 'd', sn: '1' } }),
      'settings_invalid',
    ],
    ['an unknown policy', () => ({ ...good(), policy: { payTimeout: 1 } }), 'settings_invalid'],
    [
      'a policy of another type',
      () => ({ ...good(), policy: { payTimeoutMs: '40000' } }),
      'settings_invalid',
    ],
    [
      'a policy that contradicts itself',
      () => ({ ...good(), policy: { confirmWindowMs: 1000 } }),
      'settings_invalid',
    ],
    ['a number for a name', () => ({ ...good(), terminal: { deviceId: 7 } }), 'settings_invalid'],
    ['a list', () => [good()], 'settings_invalid'],
    ['null', () => null, 'settings_unreadable'],
    ['no protocol', () => ({ ...good(), protocol: undefined }), 'settings_invalid'],
    [
      'the members of one protocol under the name of another',
      () => ({ ...good(), protocol: 'alipayplus' }),
      'settings_invalid',
    ],
    ['a protocol nobody knows', () => ({ ...good(), protocol: 'iso8583' }), 'settings_invalid'],
    ['a time zone nobody knows', () => ({ ...good(), timeZone: 'Moon/Base' }), 'settings_invalid'],
    ['a currency nobody knows', () => ({ ...good(), currency: 'XXX' }), 'settings_invalid'],
    [
      'plain http to a host that is not this machine',
      () => ({ ...good(), apiDomain: 'http://api.example.com' }),
      'settings_invalid',
    ],
    [
      'plain http to a name that begins like this machine',
      () => ({ ...good(), apiDomain: 'http://localhost.example.com' }),
      'settings_invalid',
    ],
    [
      'plain http with this machine as the user name',
      () => ({ ...good(), apiDomain: 'http://127.0.0.1@example.com' }),
      'settings_invalid',
    ],
    ['another scheme', () => ({ ...good(), apiDomain: 'ftp://127.0.0.1' }), 'settings_invalid'],
    [
      'an address with a path',
      () => ({ ...good(), apiDomain: 'https://api.example.com/upay' }),
      'settings_invalid',
    ],
  ];

  test.concurrent.each(settings)('are refused for %s', async (what, content, code) => {
    const data = join(own.folder, 'never');
    const config = own.write(`bad-${what}.json`, content());
    expectRefused(await cli(['--json', 'init', '--config', config], { data }), 64, code);
    expect(existsSync(data)).toBe(false);
  });

  test('are refused where the file is missing, is no JSON, or is a folder', async () => {
    const data = join(own.folder, 'never');
    const init = (config: string) => cli(['--json', 'init', '--config', config], { data });
    expectRefused(await init(join(own.folder, 'nowhere.json')), 64, 'settings_unreadable');
    expectRefused(await init(own.write('half.json', '{"protocol":')), 64, 'settings_unreadable');
    expectRefused(await init(own.write('empty.json', '')), 64, 'settings_unreadable');
    const folder = await init(own.folder);
    expect([64, 69]).toContain(folder.code);
    expect(folder.json()).toHaveProperty('error.code');
    expectRefused(await cli(['--json', 'init'], { data }), 64, 'usage');
    expect(existsSync(data)).toBe(false);
  });

  test('a key file that is missing, junk, of another shape or without the key is refused, and nothing is stored', async () => {
    const data = join(own.folder, 'never');
    const config = own.write('good.json', own.settings);
    const init = (keyFile: string) =>
      cli(['--json', 'init', '--config', config, '--key-file', keyFile], { data });
    const junk = [
      'not json at all',
      '[]',
      '{}',
      '{"terminalKey":1}',
      '{"terminalKey":""}',
      '{"terminalKey":"a b"}',
    ];
    for (const content of [...junk, '{"terminalKey":"k","extra":1}', '{"vendorKey":"only-the-vendors"}']) {
      expectRefused(await init(own.write('key.json', content)), 64, 'key_file_invalid');
    }
    expectRefused(await init(join(own.folder, 'no-key.json')), 64, 'key_file_invalid');
    expect(existsSync(data)).toBe(false);
  });

  test('that somebody broke in the data directory stop every command with a code, and sending too', async () => {
    const broken = await prepareData(gateway);
    try {
      const paying = () =>
        cli(['--json', 'pay', '--amount', '1.00', '--code', freshCode()], { data: broken.data });
      writeFileSync(join(broken.data, 'settings.json'), '{"protocol":"upay"');
      expectRefused(await paying(), 64, 'settings_unreadable');
      writeFileSync(
        join(broken.data, 'settings.json'),
        JSON.stringify({ ...broken.settings, protocol: 'miniprogram' }),
      );
      expectRefused(await paying(), 64, 'settings_invalid');
      writeFileSync(join(broken.data, 'settings.json'), JSON.stringify(broken.settings));
      writeFileSync(join(broken.data, 'secrets.json'), '{"terminalKey":"half');
      const keyless = await paying();
      expect(keyless.code).not.toBe(0);
      expect(keyless.json()).toHaveProperty('error.code');
      expect(keyless.stdout).not.toContain('half');
      expect(await broken.trades()).toEqual([]);
    } finally {
      broken.remove();
    }
  });

  test('plain http to this machine is fine by any of its names', async () => {
    for (const host of ['127.0.0.1:9', 'localhost:9', '[::1]:9', '127.8.8.8:9']) {
      const data = join(own.folder, `loopback-${host.length}-${host.charCodeAt(0)}`);
      const config = own.write('loopback.json', { ...own.settings, apiDomain: `http://${host}` });
      expect((await cli(['--json', 'init', '--config', config], { data })).code).toBe(0);
    }
  });
});
