import fc from 'fast-check';
import { generateKeyPairSync, randomBytes, type KeyPairKeyObjectResult } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  importClientKeys,
  openClientKeys,
  readClientKeyFile,
  storeClientKeys,
} from '../../main/settings/client-keys.ts';
import { describeKeys } from '../../main/settings/describe-keys.ts';
import { FileTerminalKeys, storeTerminalKey } from '../../main/settings/key-store.ts';
import { forgetKeys } from '../../main/settings/secrets-file.ts';
import { sealingVault } from '../../main/settings/vault.ts';
import { systemToken } from '../../main/shell/token.ts';
import type { Result } from '../../shared/result.ts';
import { KEY_ADVICE, type KeyFault } from '../../shared/signing/rsa-key.ts';
import { signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { rsaPair, type RsaPair } from '../support/fake-alipay.ts';
import { must, temporaryFolder } from '../support/fake-ledger.ts';

const CLIENT_ID = 'SANDBOX_5X00000000000001';
const TERMINAL = { terminalSn: '10298371039', deviceId: 'counter-1' };
const CONTENT = new TextEncoder().encode('POST /pay\nclient.time.{}');

let own: RsaPair;
let acquirers: RsaPair;

beforeAll(() => {
  [own, acquirers] = [rsaPair(), rsaPair()];
});

const texts = () => ({ privateKey: own.privatePem, publicKey: acquirers.publicPem });
const secrets = () => ({ clientId: CLIENT_ID, ...texts() });
const fileIn = (folder: string): string => join(folder, 'secrets.json');
const vaultOf = (key = randomBytes(32)) => sealingVault(key, systemToken);
const bare = (pem: string): string => pem.replace(/-----[^-]+-----|\n/g, '');

/** Every stretch of ten letters of a text's keys: none of them may stand in what is told. */
function stretches(...keys: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const key of keys.map(bare))
    for (let at = 0; at + 10 <= key.length; at += 1) all.add(key.slice(at, at + 10));
  return all;
}

/** A refusal that repeats nothing of these keys. */
function expectSilent(refused: Result<unknown, unknown>, keys: readonly string[]): void {
  expect(refused.ok).toBe(false);
  const told = JSON.stringify(refused);
  // The header of every RSA key is the same, and no secret.
  const common = stretches(bare(own.privatePem).slice(0, 36), bare(own.publicPem).slice(0, 44));
  for (const stretch of stretches(...keys)) if (!common.has(stretch)) expect(told).not.toContain(stretch);
}

function keyFile(content: unknown): string {
  const file = join(temporaryFolder(), 'key.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('the keys of a client', () => {
  test('are read back as they were stored, by their owner only', () => {
    const folder = temporaryFolder();
    must(storeClientKeys(folder, secrets()));
    expect(must(openClientKeys(folder, CLIENT_ID))).toEqual(secrets());
    expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
  });

  test('sign and verify once they are taken out of their texts', async () => {
    const ours = must(await importClientKeys(texts()));
    const theirs = must(
      await importClientKeys({ privateKey: acquirers.privatePem, publicKey: own.publicPem }),
    );
    const request = await signRsa(ours.privateKey, CONTENT);
    const reply = await signRsa(theirs.privateKey, CONTENT);
    expect(await verifyRsa(theirs.publicKey, CONTENT, request)).toBe(true);
    expect(await verifyRsa(ours.publicKey, CONTENT, reply)).toBe(true);
    expect(await verifyRsa(ours.publicKey, CONTENT, request)).toBe(false);
  });

  test('are missing before they are given, and after they are forgotten', () => {
    const folder = temporaryFolder();
    const missing = { ok: false, error: { code: 'not_activated' } };
    expect(openClientKeys(folder, CLIENT_ID)).toMatchObject(missing);
    must(storeClientKeys(folder, secrets()));
    must(forgetKeys(folder));
    expect(openClientKeys(folder, CLIENT_ID)).toMatchObject(missing);
    expect(must(forgetKeys(folder))).toBeUndefined();
  });

  test('of another client are not used, and are named by their client alone', () => {
    const folder = temporaryFolder();
    must(storeClientKeys(folder, { ...secrets(), clientId: 'ANOTHER' }));
    const refused = openClientKeys(folder, CLIENT_ID);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'not_activated', detail: 'the stored keys belong to client ANOTHER' },
    });
    expectSilent(refused, Object.values(texts()));
  });

  test('leave nothing behind of the keys before them', () => {
    const folder = temporaryFolder();
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'upay-key-0123456789'));
    must(storeClientKeys(folder, secrets()));
    expect(readFileSync(fileIn(folder), 'utf8')).not.toContain('upay-key');
    must(storeClientKeys(folder, { ...secrets(), publicKey: own.publicPem }));
    expect(readFileSync(fileIn(folder), 'utf8')).not.toContain(bare(acquirers.publicPem).slice(50, 90));
  });

  test('are not taken for a terminal’s, nor a terminal’s for a client’s', () => {
    const folder = temporaryFolder();
    must(storeClientKeys(folder, secrets()));
    const asTerminal = FileTerminalKeys.open(folder, TERMINAL);
    expect(asTerminal).toMatchObject({
      ok: false,
      error: { code: 'not_activated', detail: expect.stringContaining('another protocol') as string },
    });
    expectSilent(asTerminal, Object.values(texts()));
    must(storeTerminalKey(folder, CLIENT_ID, 'upay-key-0123456789'));
    const asClient = openClientKeys(folder, CLIENT_ID);
    expect(asClient).toMatchObject({ ok: false, error: { code: 'not_activated' } });
    expect(JSON.stringify(asClient)).not.toContain('upay-key');
  });

  test.each<[string, (text: string) => string]>([
    ['cut', (text) => text.slice(0, -40)],
    ['emptied', () => ''],
    ['a list', (text) => `[${text}]`],
    ['changed in a name', (text) => text.replace('privateKey', 'privatekey')],
    ['given a member too many', (text) => text.replace('{', '{"more":1,')],
  ])('are missing where their file is %s, and nothing of them is told', (_name, damage) => {
    const folder = temporaryFolder();
    must(storeClientKeys(folder, secrets()));
    const damaged = damage(readFileSync(fileIn(folder), 'utf8'));
    writeFileSync(fileIn(folder), damaged);
    for (const refused of [openClientKeys(folder, CLIENT_ID), describeKeys(folder)]) {
      expect(refused).toMatchObject({ ok: false, error: { code: 'not_activated' } });
      expectSilent(refused, Object.values(texts()));
    }
    // What could still be saved by hand is not thrown away.
    expect(readFileSync(fileIn(folder), 'utf8')).toBe(damaged);
  });

  test('whose file cannot be read are an expected failure', () => {
    const folder = temporaryFolder();
    mkdirSync(fileIn(folder));
    expect(openClientKeys(folder, CLIENT_ID)).toMatchObject({
      ok: false,
      error: { code: 'data_unavailable' },
    });
  });
});

describe('a vault', () => {
  test('seals the keys of a client, and opens them again', () => {
    const [folder, vault] = [temporaryFolder(), vaultOf()];
    must(storeClientKeys(folder, secrets(), vault));
    const stored = readFileSync(fileIn(folder), 'utf8');
    for (const stretch of stretches(...Object.values(texts()))) expect(stored).not.toContain(stretch);
    expect(must(openClientKeys(folder, CLIENT_ID, vault))).toEqual(secrets());
  });

  test('seals at first sight keys that lie there unsealed', () => {
    const [folder, vault] = [temporaryFolder(), vaultOf()];
    must(storeClientKeys(folder, secrets()));
    expect(must(openClientKeys(folder, CLIENT_ID, vault))).toEqual(secrets());
    expect(JSON.parse(readFileSync(fileIn(folder), 'utf8'))).toEqual({
      sealed: expect.any(String) as string,
      terminalSn: CLIENT_ID,
    });
    expect(must(openClientKeys(folder, CLIENT_ID, vault))).toEqual(secrets());
  });

  test('leaves keys of another client unsealed, because they may be needed elsewhere', () => {
    const [folder, vault] = [temporaryFolder(), vaultOf()];
    must(storeClientKeys(folder, { ...secrets(), clientId: 'ANOTHER' }));
    expect(openClientKeys(folder, CLIENT_ID, vault).ok).toBe(false);
    expect(must(describeKeys(folder))).toMatchObject({ form: 'plain', terminalSn: 'ANOTHER' });
  });

  test('keeps them from the plain command line and from every other vault', () => {
    const folder = temporaryFolder();
    must(storeClientKeys(folder, secrets(), vaultOf()));
    const sealed = { ok: false, error: { code: 'secrets_sealed' } };
    expect(openClientKeys(folder, CLIENT_ID)).toMatchObject(sealed);
    expect(openClientKeys(folder, CLIENT_ID, vaultOf())).toMatchObject(sealed);
  });
});

describe('what is told of keys', () => {
  test('is whose they are and how they are kept, for a client as for a terminal', () => {
    const [folder, vault] = [temporaryFolder(), vaultOf()];
    const ofClient = { terminalSn: CLIENT_ID, mode: '600', checkedInDay: null, hasPreviousKey: null };
    must(storeClientKeys(folder, secrets()));
    expect(must(describeKeys(folder))).toEqual({ ...ofClient, form: 'plain' });
    must(storeClientKeys(folder, secrets(), vault));
    expect(must(describeKeys(folder))).toEqual({ ...ofClient, form: 'sealed' });
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'key'));
    const ofTerminal = { ...ofClient, terminalSn: TERMINAL.terminalSn };
    expect(must(describeKeys(folder))).toEqual({ ...ofTerminal, form: 'plain', hasPreviousKey: false });
    must(storeTerminalKey(folder, TERMINAL.terminalSn, 'key', vault));
    expect(must(describeKeys(folder))).toEqual({ ...ofTerminal, form: 'sealed' });
  });
});

/** A text for each fault that a key can have, of either half. */
function faulty(fault: KeyFault, half: 'privateKey' | 'publicKey'): string {
  const isPrivate = half === 'privateKey';
  const written = (pair: KeyPairKeyObjectResult, form: 'older' | 'newer'): string =>
    (isPrivate
      ? pair.privateKey.export({ type: form === 'older' ? 'pkcs1' : 'pkcs8', format: 'pem' })
      : pair.publicKey.export({ type: form === 'older' ? 'pkcs1' : 'spki', format: 'pem' })
    ).toString();
  switch (fault) {
    case 'not_a_key':
      return (isPrivate ? own.privatePem : acquirers.publicPem).slice(0, -60);
    case 'wrong_half':
      return isPrivate ? own.publicPem : acquirers.privatePem;
    case 'not_rsa':
      return written(generateKeyPairSync('ed25519'), 'newer');
    case 'pkcs1':
      return written(isPrivate ? own : acquirers, 'older');
    case 'encrypted':
      return own.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString();
    case 'wrong_size':
      return written(rsaPair(1024), 'newer');
  }
}

describe('a key file', () => {
  test('is taken where it holds both keys and nothing else, in PEM or bare base64', async () => {
    expect(must(await readClientKeyFile(keyFile(texts())))).toEqual(texts());
    const bareTexts = { privateKey: bare(own.privatePem), publicKey: bare(acquirers.publicPem) };
    expect(must(await readClientKeyFile(keyFile(bareTexts)))).toEqual(bareTexts);
  });

  const faults = Object.keys(KEY_ADVICE) as KeyFault[];
  const cases = faults.flatMap((fault) =>
    (['privateKey', 'publicKey'] as const)
      // A public key is never protected by a passphrase; a private one in its place is the wrong half.
      .filter((half) => fault !== 'encrypted' || half === 'privateKey')
      .map((half) => [half, fault] as const),
  );
  test.each(cases)('whose %s is %s is refused with what to do, and nothing of it', async (half, fault) => {
    const wrong = faulty(fault, half);
    const refused = await readClientKeyFile(keyFile({ ...texts(), [half]: wrong }));
    expect(refused).toEqual({
      ok: false,
      error: { code: 'key_file_invalid', detail: `${half}: ${KEY_ADVICE[fault]}` },
    });
    expectSilent(refused, [wrong, ...Object.values(texts())]);
  });

  test('with our own public key instead of the acquirer’s is refused, also where one is bare', async () => {
    for (const publicKey of [own.publicPem, bare(own.publicPem)]) {
      const refused = await readClientKeyFile(keyFile({ privateKey: own.privatePem, publicKey }));
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'key_file_invalid', detail: expect.stringContaining("terminal's own") as string },
      });
      expectSilent(refused, [own.privatePem, own.publicPem]);
    }
  });

  test.each<[string, () => unknown]>([
    ['that is not JSON', () => JSON.stringify(texts()).slice(0, -1)],
    ['that is the PEM itself', () => own.privatePem],
    ['that is a list', () => [texts()]],
    ['without the public key', () => ({ privateKey: own.privatePem })],
    ['without the private key', () => ({ publicKey: acquirers.publicPem })],
    ['with an empty key', () => ({ ...texts(), privateKey: '' })],
    ['with a key in a list', () => ({ ...texts(), privateKey: [own.privatePem] })],
    ['with a member too many', () => ({ ...texts(), clientId: CLIENT_ID })],
    ['with a key for a name', () => ({ ...texts(), [bare(own.privatePem)]: 1 })],
    ['with a key longer than any', () => ({ ...texts(), publicKey: acquirers.publicPem.repeat(40) })],
    ['of a terminal', () => ({ terminalKey: '0123456789abcdef' })],
  ])('%s is refused, and nothing of it is told', async (_name, content) => {
    const refused = await readClientKeyFile(keyFile(content()));
    expect(refused).toMatchObject({ ok: false, error: { code: 'key_file_invalid' } });
    expectSilent(refused, [...Object.values(texts()), '0123456789abcdef']);
  });

  test('that does not exist is refused by that, and one that cannot be read by the disk', async () => {
    const folder = temporaryFolder();
    expect(await readClientKeyFile(join(folder, 'none.json'))).toMatchObject({
      error: { code: 'key_file_invalid', detail: 'the file does not exist' },
    });
    expect(await readClientKeyFile(folder)).toMatchObject({ error: { code: 'data_unavailable' } });
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });

  test('is repeated in no refusal, wherever and however a key was damaged', async () => {
    const half = fc.constantFrom('privateKey', 'publicKey');
    await fc.assert(
      fc.asyncProperty(
        half,
        fc.nat(),
        fc.integer({ min: 1, max: 80 }),
        fc.string(),
        async (name, at, cut, put) => {
          const good = texts();
          const key = name === 'privateKey' ? good.privateKey : good.publicKey;
          const start = at % key.length;
          const damaged = key.slice(0, start) + put + key.slice(start + cut);
          const read = await importClientKeys({ ...good, [name]: damaged });
          if (!read.ok) expectSilent(read, [damaged, ...Object.values(good)]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
