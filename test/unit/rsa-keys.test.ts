import fc from 'fast-check';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { KEY_ADVICE, type KeyFault, readPrivateKey, readPublicKey } from '../../shared/signing/rsa-key.ts';
import { signRsa, verifyRsa } from '../../shared/signing/rsa.ts';

let pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
let privatePem: string;
let publicPem: string;
let privateDer: Buffer;
let publicDer: Buffer;

beforeAll(() => {
  pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  privateDer = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  publicDer = pair.publicKey.export({ type: 'spki', format: 'der' });
});

const FAULTS = Object.keys(KEY_ADVICE);
const CONTENT = new TextEncoder().encode('POST /v2/payments/cancel\nclient.time.{}');

/** Whether two texts are the two halves of one pair. */
async function match(privateText: string, publicText: string): Promise<boolean | readonly unknown[]> {
  const [ours, theirs] = [await readPrivateKey(privateText), await readPublicKey(publicText)];
  if (!ours.ok || !theirs.ok) return [ours, theirs];
  return verifyRsa(theirs.value, CONTENT, await signRsa(ours.value, CONTENT));
}

const bare = (pem: string): string => pem.replace(/-----[^-]+-----|\n/g, '');

describe('a key is read', () => {
  test.each<[name: string, write: (pem: string) => string]>([
    ['as PEM', (pem) => pem],
    ['without a line end behind', (pem) => pem.trimEnd()],
    ['with the line ends of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
    ['with the line ends of an old Mac', (pem) => pem.replaceAll('\n', '\r')],
    ['with blanks around', (pem) => `\n \t${pem}\n\n  `],
    ['with its lines indented', (pem) => pem.replaceAll('\n', '\n    ')],
    ['with blanks for line ends, as a form field makes it', (pem) => pem.replaceAll('\n', ' ')],
    ['as bare base64, as consoles hand it out', bare],
    ['as bare base64 in lines', (pem) => pem.replace(/-----[^-]+-----/g, '')],
    [
      'under the label of PKCS#1, as an official SDK writes it',
      (pem) => pem.replaceAll('N P', 'N RSA P').replaceAll('D P', 'D RSA P'),
    ],
  ])('%s', async (_name, write) => {
    expect(write(privatePem)).not.toBe('');
    expect(await match(write(privatePem), write(publicPem))).toBe(true);
  });

  test('and cannot be taken out again, printed or written', async () => {
    const read = await readPrivateKey(privatePem);
    if (!read.ok) throw new Error(read.error);
    const { value } = read;
    expect(JSON.stringify(value).length).toBeLessThan(200);
    await expect(crypto.subtle.exportKey('pkcs8', value as unknown as CryptoKey)).rejects.toThrow(
      'extractable',
    );
  });
});

describe('a key is refused', () => {
  test('when it is the other half', async () => {
    for (const write of [(pem: string) => pem, bare]) {
      expect(await readPrivateKey(write(publicPem))).toEqual({ ok: false, error: 'wrong_half' });
      expect(await readPublicKey(write(privatePem))).toEqual({ ok: false, error: 'wrong_half' });
    }
  });

  test.each<[name: string, write: (pem: string) => string]>([
    ['it is empty', () => ''],
    ['it is blank', () => ' \n '],
    ['it is prose', () => 'the key is in the safe'],
    ['its line ends are written out', (pem) => pem.replaceAll('\n', '\\n')],
    ['it is cut off', (pem) => pem.slice(0, -40)],
    ['it is cut off in the base64', (pem) => bare(pem).slice(0, -8)],
    ['it begins too late', (pem) => pem.slice(1)],
    ['its labels differ', (pem) => pem.replace('END', 'END NEW')],
    ['there are two', (pem) => pem + pem],
    ['there are two in bare base64', (pem) => bare(pem) + bare(pem)],
    ['something stands in front', (pem) => `my key: ${pem}`],
    ['a letter is of no alphabet', (pem) => pem.replace('MII', 'MI!')],
    ['it holds nothing', (pem) => pem.replace(/-----\n[^-]+/, '-----\n')],
    ['it is longer than any key', (pem) => pem + ' '.repeat(16_384)],
  ])('when %s', async (_name, write) => {
    expect(await readPrivateKey(write(privatePem))).toEqual({ ok: false, error: 'not_a_key' });
    expect(await readPublicKey(write(publicPem))).toEqual({ ok: false, error: 'not_a_key' });
  });

  test.each(['n', 'p', 'q'] as const)(
    'when its number %s is damaged, and not at the first sale',
    async (name) => {
      const number = Buffer.from(pair.privateKey.export({ format: 'jwk' })[name] ?? '', 'base64url');
      const damaged = Buffer.from(privateDer);
      const last = damaged.indexOf(number) + number.length - 1;
      damaged[last] = (damaged[last] ?? 0) ^ 1;
      expect(await readPrivateKey(damaged.toString('base64'))).toEqual({ ok: false, error: 'not_a_key' });
    },
  );

  test.each([
    [1024, 'wrong_size'],
    [2047, 'wrong_size'],
    [2048, null],
    [3072, null],
    [4096, null],
    [4097, 'wrong_size'],
    [8192, 'wrong_size'],
  ] as const)('or taken by its size: %i bits', async (bits, fault) => {
    const read = await readPublicKey(publicKeyOf(bits));
    expect(read.ok ? null : read.error).toBe(fault);
  });

  test('with nothing of it in the answer, and never as a bug, whatever byte differs', async () => {
    const changed = (der: () => Buffer) =>
      fc
        .tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat({ max: 40 }))
        .map(([position, difference, cut]) => {
          const bytes = Buffer.from(der());
          const index = position % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ difference;
          return bytes.subarray(0, cut < 5 ? bytes.length - cut : bytes.length).toString('base64');
        });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          changed(() => privateDer),
          changed(() => publicDer),
        ),
        expectPlainAnswers,
      ),
      { numRuns: 200 },
    );
  });

  test('and never as a bug, whatever text or bytes there are', async () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((any) => Buffer.from(any).toString('base64'));
    // Beginnings of DER sequences, so that the lengths inside are looked at.
    const sequence = fc
      .uint8Array({ maxLength: 80 })
      .map((any) => Buffer.from([0x30, any.length, 0x30, ...any]).toString('base64'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), bytes, sequence), async (text) => {
        await expectPlainAnswers(text);
        expect((await readPrivateKey(text)).ok || (await readPublicKey(text)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

async function expectPlainAnswers(text: string): Promise<void> {
  for (const read of [await readPrivateKey(text), await readPublicKey(text)])
    if (!read.ok) expect(FAULTS).toContain(read.error);
}

/** A public key of so many bits; that its modulus has no known factors does not matter here. */
function publicKeyOf(bits: number): string {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xa5);
  modulus[0] = 0xff >> ((8 - (bits % 8)) % 8);
  const key = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

describe('the advice', () => {
  test.each(Object.entries(KEY_ADVICE) as [KeyFault, string][])(
    'for %s is one sentence',
    (_fault, advice) => {
      expect(advice).toMatch(/^[A-Z][^.]*(?:\.pem[^.]*)*\.$/);
    },
  );
});
