import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  KEY_ADVICE,
  type KeyFault,
  type RsaPrivateKey,
  type RsaPublicKey,
  readPrivateKey,
  readPublicKey,
} from '../../shared/signing/rsa-key.ts';
import { signedContent, signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { openssl } from '../support/openssl.ts';

/** Our signatures and keys against the system's openssl, which shares no code with them. */

let folder: string;
/** Files of the folder by name: `pair.pem`, `public.pem` and what openssl makes of them. */
const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

let privateKey: RsaPrivateKey;
let publicKey: RsaPublicKey;

async function read(): Promise<void> {
  const [ours, theirs] = [
    await readPrivateKey(textOf('pair.pem')),
    await readPublicKey(textOf('public.pem')),
  ];
  if (!ours.ok || !theirs.ok) throw new Error('a key that openssl made is refused');
  privateKey = ours.value;
  publicKey = theirs.value;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redress-openssl-'));
  openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', at('pair.pem')]);
  openssl(['pkey', '-in', at('pair.pem'), '-pubout', '-out', at('public.pem')]);
  await read();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const BODIES: readonly (readonly [name: string, body: Uint8Array])[] = [
  ['compact', Buffer.from('{"paymentRequestId":"R1"}')],
  ['pretty-printed and not ASCII', Buffer.from('{\n  "memo": "取消 ☕"\n}\n')],
  ['empty', new Uint8Array()],
  ['no text at all', Uint8Array.from({ length: 256 }, (_byte, index) => index)],
];

const contentOf = (body: Uint8Array): Uint8Array =>
  signedContent({
    method: 'POST',
    path: '/api/open/v2/payments/cancel',
    clientId: 'TEST_5X00000000000000',
    time: '2026-11-20T10:00:00+08:00',
    body,
  });

describe('openssl and the terminal agree on a signature', () => {
  test.each(BODIES)('openssl verifies what we signed: %s', async (_name, body) => {
    const content = contentOf(body);
    const signature = decodeURIComponent(await signRsa(privateKey, content));
    writeFileSync(at('signature.bin'), Buffer.from(signature, 'base64'));
    const verify = ['dgst', '-sha256', '-verify', at('public.pem'), '-signature', at('signature.bin')];
    expect(openssl(verify, content).toString()).toBe('Verified OK\n');
    expect(() => openssl(verify, contentOf(Buffer.concat([body, Buffer.from(' ')])))).toThrow('openssl dgst');
  });

  test.each(BODIES)('we verify what openssl signed: %s', async (_name, body) => {
    const content = contentOf(body);
    const signature = openssl(['dgst', '-sha256', '-sign', at('pair.pem')], content).toString('base64');
    expect(await verifyRsa(publicKey, content, signature)).toBe(true);
    expect(await verifyRsa(publicKey, content, encodeURIComponent(signature))).toBe(true);
    expect(await verifyRsa(publicKey, contentOf(Buffer.concat([body, Buffer.from(' ')])), signature)).toBe(
      false,
    );
  });

  test('a signature over another digest or with another padding is none', async () => {
    const content = contentOf(new Uint8Array());
    const others = [
      ['dgst', '-sha1', '-sign', at('pair.pem')],
      ['dgst', '-sha512', '-sign', at('pair.pem')],
      ['dgst', '-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sign', at('pair.pem')],
    ];
    for (const other of others)
      expect(await verifyRsa(publicKey, content, openssl(other, content).toString('base64'))).toBe(false);
  });
});

/** Makes a file of the folder out of `pair.pem` or of nothing. */
type Recipe = readonly [name: string, make: () => string, asPrivate: KeyFault, asPublic: KeyFault];

const generate = (...args: readonly string[]): string => openssl(['genpkey', ...args]).toString();
const convert = (...args: readonly string[]): string => openssl([...args, '-in', at('pair.pem')]).toString();
const publicHalf = (pem: string): string => openssl(['pkey', '-pubout'], pem).toString();

const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const SMALL = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'];
const CERTIFICATE = ['req', '-new', '-subj', '/CN=acquirer', '-key'];
const PASSPHRASE = ['-passout', 'pass:secret'];

const RECIPES: readonly Recipe[] = [
  ['an RSA private key in PKCS#1', () => convert('rsa', '-traditional'), 'pkcs1', 'wrong_half'],
  ['an RSA public key in PKCS#1', () => convert('rsa', '-RSAPublicKey_out'), 'wrong_half', 'pkcs1'],
  ['a key on a curve', () => generate(...EC), 'not_rsa', 'not_rsa'],
  [
    'a key on a curve in its older form',
    () => openssl(['ec'], generate(...EC)).toString(),
    'not_rsa',
    'not_rsa',
  ],
  ['a public key on a curve', () => publicHalf(generate(...EC)), 'not_rsa', 'not_rsa'],
  ['an Ed25519 key', () => generate('-algorithm', 'ED25519'), 'not_rsa', 'not_rsa'],
  ['a key that may sign with PSS only', () => generate('-algorithm', 'RSA-PSS'), 'not_rsa', 'not_rsa'],
  ['1024 bits, the private half', () => generate(...SMALL), 'wrong_size', 'wrong_half'],
  ['1024 bits, the public half', () => publicHalf(generate(...SMALL)), 'wrong_half', 'wrong_size'],
  ['an encrypted key', () => convert('pkcs8', '-topk8', ...PASSPHRASE), 'encrypted', 'wrong_half'],
  [
    'an encrypted key in PKCS#1',
    () => convert('rsa', '-traditional', '-aes256', ...PASSPHRASE),
    'encrypted',
    'wrong_half',
  ],
  [
    'a certificate',
    () => openssl([...CERTIFICATE, at('pair.pem'), '-x509']).toString(),
    'not_a_key',
    'not_a_key',
  ],
  ['a request for one', () => openssl([...CERTIFICATE, at('pair.pem')]).toString(), 'not_a_key', 'not_a_key'],
];

describe('what openssl makes besides the keys that are needed', () => {
  test.each(RECIPES)('%s is told by its name', async (_name, make, asPrivate, asPublic) => {
    const pem = make();
    expect(await readPrivateKey(pem)).toEqual({ ok: false, error: asPrivate });
    expect(await readPublicKey(pem)).toEqual({ ok: false, error: asPublic });
  });

  test.each(RECIPES)(
    '%s is the same without its armour, as far as there is a key in it',
    async (name, make, ...faults) => {
      const base64 = make()
        .replace(/-----[^-]+-----/g, '')
        .replace(/^(Proc-Type|DEK-Info):.*$/gm, '');
      // What says that this one is encrypted is a line of its armour; the rest is noise.
      const [asPrivate, asPublic] =
        name === 'an encrypted key in PKCS#1' ? (['not_a_key', 'not_a_key'] as const) : faults;
      expect(await readPrivateKey(base64)).toEqual({ ok: false, error: asPrivate });
      expect(await readPublicKey(base64)).toEqual({ ok: false, error: asPublic });
    },
  );
});

test('a key in PKCS#1 that is cut off is no key, so that nobody converts it', async () => {
  const cut = convert('rsa', '-traditional')
    .replace(/-----[^-]+-----|\n/g, '')
    .slice(0, -8);
  expect(await readPrivateKey(cut)).toEqual({ ok: false, error: 'not_a_key' });
});

describe('the commands that the advice names', () => {
  /** Runs a command of an advice word by word, on its own file names. */
  function follow(advice: string, which: number, old: string, ...more: readonly string[]): string {
    const command = [...advice.matchAll(/`openssl ([^`]+)`/g)][which]?.[1] ?? '';
    expect(command).toContain('-in old.pem');
    writeFileSync(at('old.pem'), old);
    const args = command.split(' ').map((word) => (word.endsWith('.pem') ? at(word) : word));
    openssl([...args, ...more]);
    return textOf('new.pem');
  }

  test('make a private key that is taken out of one in PKCS#1', async () => {
    const made = follow(KEY_ADVICE.pkcs1, 0, convert('rsa', '-traditional'));
    expect(await readPrivateKey(made)).toMatchObject({ ok: true });
  });

  test('make a public key that is taken out of one in PKCS#1', async () => {
    const made = follow(KEY_ADVICE.pkcs1, 1, convert('rsa', '-RSAPublicKey_out'));
    expect(await readPublicKey(made)).toMatchObject({ ok: true });
  });

  test.each([
    ['PKCS#8', ['pkcs8', '-topk8']],
    ['PKCS#1', ['rsa', '-traditional', '-aes256']],
  ])('make a private key that is taken out of an encrypted one in %s', async (_form, encrypt) => {
    const old = convert(...encrypt, ...PASSPHRASE);
    // The one word more is what openssl would ask the person for.
    const made = follow(KEY_ADVICE.encrypted, 0, old, '-passin', 'pass:secret');
    expect(await readPrivateKey(made)).toMatchObject({ ok: true });
  });
});
