import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KEY_ADVICE } from '../../shared/signing/rsa-key.ts';
import { cli, type CliResult } from '../support/cli.ts';
import { rsaPair, type RsaPair } from '../support/fake-alipay.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode, HASTY, PATIENT } from '../support/terminal.ts';

const PROTOCOLS = ['alipayplus', 'miniprogram'] as const;
type Protocol = (typeof PROTOCOLS)[number];

let gateway: GatewayProcess;
let stranger: RsaPair;
let folder: string;
let data: string;

beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
  stranger = rsaPair();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redress-clients-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

const settingsOf = (protocol: Protocol, more: object = {}, client: object = {}) => ({
  ...gateway.protocolConfig(protocol).settings,
  policy: PATIENT,
  client: { ...gateway.protocolConfig(protocol).settings.client, ...client },
  ...more,
});
const keysOf = (protocol: Protocol) => gateway.protocolConfig(protocol).keyFile;

const run = (...args: readonly string[]): Promise<CliResult> => cli(['--json', ...args], { data });
const init = (settings: object, keys?: object): Promise<CliResult> =>
  run(
    'init',
    '--config',
    fileOf('settings.json', settings),
    ...(keys === undefined ? [] : ['--key-file', fileOf('key.json', keys)]),
  );
const pay = (amount: string, ...more: readonly string[]): Promise<CliResult> =>
  run('pay', '--amount', amount, '--code', freshCode(), ...more);

/** One JSON document with a code and a sentence, and the right exit code. Returns the sentence. */
function refusal(result: CliResult, code: string, exit = 64): string {
  const { error } = result.json() as { readonly error: { readonly code: string; readonly message: string } };
  expect([error.code, result.code]).toEqual([code, exit]);
  return error.message;
}

describe.each(PROTOCOLS)('a terminal of %s', (protocol) => {
  test('is ready once it has settings and both keys, and takes a payment and gives it back', async () => {
    const ready = await init(settingsOf(protocol), keysOf(protocol));
    expect([ready.code, ready.json()]).toEqual([0, { initialised: true, directory: data, ready: true }]);
    expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600);
    const paid = await pay('12.34');
    expect(paid.code).toBe(0);
    expect(paid.json()).toMatchObject({ state: 'paid', charged: 'yes', amount: 1234 });
    const { clientSn } = paid.json() as { readonly clientSn: string };
    const revoked = await run('revoke', clientSn);
    expect([revoked.code, revoked.json()]).toEqual([0, expect.objectContaining({ state: 'revoked' })]);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
    const trades = await gateway.wireLog(clientSn);
    expect(new Set(trades.map(({ signature }) => signature))).toEqual(new Set(['ok']));
  });

  test('says what is missing where it has settings and no keys', async () => {
    const early = await init(settingsOf(protocol));
    expect([early.code, early.json()]).toEqual([0, { initialised: true, directory: data, ready: false }]);
    refusal(await pay('12.34'), 'not_activated', 69);
    const said = await cli(['init', '--config', join(folder, 'settings.json')], { data });
    expect(said.stdout).toContain('Next: redress init with --key-file FILE.');
  });

  test('keeps its keys when a path that was wrong is corrected', async () => {
    await init(settingsOf(protocol, {}, { pathPrefix: '/wrong' }), keysOf(protocol));
    const corrected = await init(settingsOf(protocol));
    expect(corrected.json()).toMatchObject({ ready: true });
    expect((await pay('12.34')).json()).toMatchObject({ state: 'paid' });
  });

  test('has neither an activation nor a check-in, whatever key file there is', async () => {
    await init(settingsOf(protocol), keysOf(protocol));
    for (const keys of [keysOf(protocol), gateway.activation.vendorKeyFile]) {
      const activated = await run('activate', '--code', '1', '--key-file', fileOf('key.json', keys));
      expect(refusal(activated, 'activation_unknown')).toContain('redress init');
    }
    expect(refusal(await run('checkin'), 'checkin_unknown')).toContain('redress init');
    expect((await pay('12.34')).code).toBe(0);
  });

  test('charges nobody where nobody listens, and owes nothing', async () => {
    await init(settingsOf(protocol, { apiDomain: 'http://127.0.0.1:9' }), keysOf(protocol));
    const refused = await pay('12.34');
    expect(refused.code).toBe(10);
    expect(refused.json()).toMatchObject({ state: 'declined', charged: 'no', reason: 'not_sent' });
    expect((await run('work', '--until-idle')).code).toBe(0);
  });

  test('is set up and ready by one file, which is gone then', async () => {
    const file = fileOf('provisioning.json', { settings: settingsOf(protocol), key: keysOf(protocol) });
    const provisioned = await run('provision', '--file', file);
    const { clientId } = gateway.protocolConfig(protocol).settings.client;
    expect(provisioned.code).toBe(0);
    expect(provisioned.json()).toEqual({ provisioned: true, terminalSn: clientId, isFileRemoved: true });
    expect(existsSync(file)).toBe(false);
    expect((await pay('12.34')).json()).toMatchObject({ state: 'paid' });
  });

  test('with the key of somebody else sells nothing, and settles what it owes once it has its own', async () => {
    const settings = settingsOf(protocol, { policy: HASTY });
    await init(settings, { ...keysOf(protocol), privateKey: stranger.privatePem });
    const open = await pay('12.34', '--wait', '1');
    expect([open.code, open.json()]).toEqual([20, expect.objectContaining({ charged: 'unknown' })]);
    const { clientSn } = open.json() as { readonly clientSn: string };
    expect((await run('show', clientSn)).stdout).toContain('unverified/F/INVALID_SIGNATURE');
    expect((await init(settings, keysOf(protocol))).code).toBe(0);
    expect((await run('work', '--until-idle', '--for', '20')).code).toBe(0);
    expect((await run('show', clientSn)).json()).toMatchObject({ state: 'reversed', charged: 'no' });
    expect((await gateway.order(clientSn))?.charges ?? 0).toBe(0);
  });
});

describe('a key that cannot be used', () => {
  const pkcs1 = (): string =>
    createPrivateKey(stranger.privatePem).export({ type: 'pkcs1', format: 'pem' }).toString();
  const encrypted = (): string =>
    createPrivateKey(stranger.privatePem)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString();
  const ec = () =>
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
  const short = () => rsaPair(1024);
  const ownPublic = (): string =>
    createPublicKey(keysOf('alipayplus').privateKey).export({ type: 'spki', format: 'pem' }).toString();

  const rows: readonly (readonly [name: string, keys: () => object, advice: string])[] = [
    ['the private key cut', () => ({ privateKey: stranger.privatePem.slice(0, -99) }), KEY_ADVICE.not_a_key],
    ['the public key cut', () => ({ publicKey: stranger.publicPem.slice(0, -99) }), KEY_ADVICE.not_a_key],
    ['a public key as the private', () => ({ privateKey: stranger.publicPem }), KEY_ADVICE.wrong_half],
    ['a private key as the public', () => ({ publicKey: stranger.privatePem }), KEY_ADVICE.wrong_half],
    ['a private key of PKCS#1', () => ({ privateKey: pkcs1() }), KEY_ADVICE.pkcs1],
    ['a private key under a passphrase', () => ({ privateKey: encrypted() }), KEY_ADVICE.encrypted],
    ['a private key of a curve', () => ({ privateKey: ec().privateKey }), KEY_ADVICE.not_rsa],
    ['a public key of a curve', () => ({ publicKey: ec().publicKey }), KEY_ADVICE.not_rsa],
    ['a short private key', () => ({ privateKey: short().privatePem }), KEY_ADVICE.wrong_size],
    ['a short public key', () => ({ publicKey: short().publicPem }), KEY_ADVICE.wrong_size],
    ['our own public key', () => ({ publicKey: ownPublic() }), "this is the terminal's own"],
    [
      'a terminal’s key beside them',
      () => ({ terminalKey: 'k' }),
      'exactly privateKey and publicKey are needed, as texts',
    ],
    [
      'no private key',
      () => ({ privateKey: undefined }),
      'exactly privateKey and publicKey are needed, as texts',
    ],
  ];

  test.each(rows)('is refused with what to do about it: %s', async (_name, change, advice) => {
    const keys = { ...keysOf('alipayplus'), ...change() };
    const settings = settingsOf('alipayplus');
    const provisioning = fileOf('provisioning.json', { settings, key: keys });
    const [refused, left] = await Promise.all([
      init(settings, keys),
      cli(['--json', 'provision', '--file', provisioning], { data: join(folder, 'other') }),
    ]);
    expect(refusal(refused, 'key_file_invalid')).toContain(advice);
    expect(refusal(left, 'provisioning_invalid')).toContain(advice.includes('are needed') ? 'key' : advice);
    for (const file of ['data', 'other/settings.json', 'other/secrets.json'])
      expect([file, existsSync(join(folder, file))]).toEqual([file, false]);
    expect(existsSync(provisioning)).toBe(true);
    expectNothingOf(Object.values(keys), [
      ['init', Buffer.from(refused.stdout + refused.stderr)],
      ['provision', Buffer.from(left.stdout + left.stderr)],
    ]);
  });

  test('of one kind is refused for settings of the other', async () => {
    refusal(await init(settingsOf('miniprogram'), gateway.keyFile), 'key_file_invalid');
    refusal(await init(gateway.settings, keysOf('miniprogram')), 'key_file_invalid');
    const mixed = (settings: object, key: object) =>
      run('provision', '--file', fileOf('provisioning.json', { settings, key }));
    refusal(await mixed(settingsOf('alipayplus'), gateway.keyFile), 'key_file_invalid');
    refusal(await mixed(gateway.settings, keysOf('alipayplus')), 'key_file_invalid');
    const activation = { code: '1', vendorKey: 'k' };
    const activated = fileOf('provisioning.json', { settings: settingsOf('alipayplus'), activation });
    refusal(await run('provision', '--file', activated), 'activation_unknown');
    expect(existsSync(join(data, 'secrets.json'))).toBe(false);
    expect(existsSync(join(data, 'settings.json'))).toBe(false);
  });
});

describe('while money is owed', () => {
  test('a terminal keeps its acquirer: no other protocol, path, parties or client', async () => {
    const parties = { acquirerId: 'A1', pspId: 'P1' };
    const own = settingsOf('alipayplus', { policy: HASTY }, parties);
    await init(own, keysOf('alipayplus'));
    expect((await pay('10.12', '--wait', '0')).code).toBe(20);
    const others: readonly (readonly [string, object, object?])[] = [
      ['another protocol', settingsOf('miniprogram'), keysOf('miniprogram')],
      ['Upay', gateway.settings, gateway.keyFile],
      ['another path', settingsOf('alipayplus', {}, { ...parties, pathPrefix: '/aps/api/intl/wallet' })],
      ['another acquirer', settingsOf('alipayplus', {}, { ...parties, acquirerId: 'A2' })],
      ['another wallet', settingsOf('alipayplus', {}, { ...parties, pspId: 'P2' })],
      ['nobody named', settingsOf('alipayplus')],
      ['another client', settingsOf('alipayplus', {}, { ...parties, clientId: 'OTHER' })],
      ['another host', settingsOf('alipayplus', { apiDomain: 'https://other.example.test' }, parties)],
    ];
    const stored = readFileSync(join(data, 'settings.json'), 'utf8');
    const keys = readFileSync(join(data, 'secrets.json'), 'utf8');
    for (const [name, settings, keyFile] of others) {
      const refused = await init(settings, keyFile);
      expect([name, (refused.json() as { error: { code: string } }).error.code, refused.code]).toEqual([
        name,
        'identity_changed',
        64,
      ]);
    }
    expect(readFileSync(join(data, 'settings.json'), 'utf8')).toBe(stored);
    expect(readFileSync(join(data, 'secrets.json'), 'utf8')).toBe(keys);
    // A new key pair at the same acquirer is what such a terminal may need most.
    const same = settingsOf('alipayplus', { policy: HASTY }, { ...parties, requestTime: 'epoch-ms' });
    expect((await init(same, keysOf('alipayplus'))).code).toBe(0);
    expect((await run('work', '--until-idle', '--for', '20')).code).toBe(0);
    expect((await init(settingsOf('miniprogram'), keysOf('miniprogram'))).code).toBe(0);
    expect((await pay('12.34')).json()).toMatchObject({ state: 'paid' });
  });

  test('keys go with the acquirer they are for, once nothing is owed any more', async () => {
    await init(settingsOf('alipayplus'), keysOf('alipayplus'));
    const changed = await init(settingsOf('miniprogram'));
    expect(changed.json()).toMatchObject({ ready: false });
    expect(existsSync(join(data, 'secrets.json'))).toBe(false);
    refusal(await pay('1.00'), 'not_activated', 69);
  });
});

/** Every file below a folder but the one whose purpose is to hold the keys. */
function filesBelow(directory: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name))] as const);
}

/** Pieces of a key by which any part of it would be found: of its base64, its bytes and their hex. */
function piecesOf(key: unknown): readonly (string | Buffer)[] {
  if (typeof key !== 'string' || !key.includes('-----BEGIN')) return [];
  const base64 = key.replace(/-----[^-]+-----|\s/g, '');
  const bytes = Buffer.from(base64, 'base64');
  const pieces: (string | Buffer)[] = [];
  // The first bytes say that it is an RSA key and are the same in all; the last may be shorter than a piece.
  for (let at = 48; at + 12 <= base64.length; at += 12) pieces.push(base64.slice(at, at + 12));
  for (let at = 36; at + 8 <= bytes.length; at += 8) {
    const piece = bytes.subarray(at, at + 8);
    pieces.push(piece, piece.toString('hex'), piece.toString('hex').toUpperCase());
  }
  return pieces;
}

function expectNothingOf(keys: readonly unknown[], places: readonly (readonly [string, Buffer])[]): void {
  for (const piece of keys.flatMap(piecesOf))
    for (const [name, bytes] of places)
      if (bytes.includes(piece)) expect.fail(`${name} holds ${piece.toString()} of a key`);
}

describe('keys and payment codes', () => {
  test.each(PROTOCOLS)(
    'of %s are in no file but the key store, in nothing that is printed and in no bundle, with the log at trace',
    async (protocol) => {
      const printed: CliResult[] = [];
      const traced = async (...args: readonly string[]): Promise<CliResult> => {
        const result = await cli(args, { data, env: { REDRESS_LOG: 'trace' } });
        printed.push(result);
        return result;
      };
      const keys = keysOf(protocol);
      const settings = settingsOf(protocol, { policy: HASTY });
      const config = fileOf('settings.json', settings);
      const keyFile = fileOf('key.json', keys);
      // The gateway takes a code once, whatever protocol brings it.
      const last = protocol === 'alipayplus' ? '1' : '2';
      const codes = ['287766665555444', '28887777666655551', '13450000000000007', '621234567890123456'].map(
        (code) => code + last,
      );
      const [sold = '', lost = '', refused = '', typed = ''] = codes;
      await traced('init', '--config', config, '--key-file', keyFile);
      expect((await traced('pay', '--amount', '12.34', '--code', sold)).code).toBe(0);
      await traced('pay', '--amount', '10.12', '--code', lost, '--wait', '5');
      await traced('pay', '--amount', '10.16', '--code', refused);
      await traced('pay', '--amount', '1.00', `--kode=${typed}`);
      await traced('work', '--for', '4');
      // Keys where settings belong.
      const wrong = { ...settings, client: { ...settings.client, clientId: keys.privateKey, ...keys } };
      expect((await traced('init', '--config', fileOf('wrong.json', wrong))).code).toBe(64);
      expect((await traced('init', '--config', keyFile)).code).toBe(64);
      expect((await traced('init', '--config', config, '--key-file', config)).code).toBe(64);
      // And keys that their file is too damaged for.
      const bundle = join(folder, 'bundle.json');
      expect((await traced('diagnostics', bundle)).code).toBe(0);
      const stored = readFileSync(join(data, 'secrets.json'), 'utf8');
      writeFileSync(join(data, 'secrets.json'), stored.slice(0, -30));
      refusal(await run('pay', '--amount', '1.00', '--code', freshCode()), 'not_activated', 69);
      expect((await traced('orders')).code).not.toBe(70);
      const damaged = join(folder, 'damaged.json');
      expect((await traced('diagnostics', damaged)).code).toBe(0);
      writeFileSync(join(data, 'secrets.json'), stored);
      await traced('journal', 'export');

      const places = [
        ...filesBelow(data),
        ['the bundle', readFileSync(bundle)] as const,
        ['the bundle of a damaged store', readFileSync(damaged)] as const,
        [
          'what is printed',
          Buffer.from(printed.map(({ stdout, stderr }) => stdout + stderr).join('\n')),
        ] as const,
      ];
      expect(places.map(([name]) => name)).toEqual(expect.arrayContaining(['ledger.db', 'settings.json']));
      expect(printed.map(({ stderr }) => stderr).join('')).toContain('"level":30');
      expectNothingOf(Object.values(keys), places);
      for (const code of codes)
        for (const [name, bytes] of places)
          expect([name, bytes.includes(code) && code]).toEqual([name, false]);
      // The search finds what is there: the key store has it, and the bundle names the client.
      expect(() => expectNothingOf([keys.privateKey], [['the store', Buffer.from(stored)]])).toThrow(
        'of a key',
      );
      expect(readFileSync(bundle).includes(settings.client.clientId)).toBe(true);
    },
    90_000,
  );
});
