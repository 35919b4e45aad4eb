import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type RsaPrivateKey,
  type RsaPublicKey,
  readPrivateKey,
  readPublicKey,
} from '../../shared/signing/rsa-key.ts';
import { type SignedMessage, signedContent, signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { formatSignatureHeader, parseSignatureHeader } from '../../shared/signing/signature-header.ts';
import vectors from '../fixtures/signatures.json' with { type: 'json' };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

interface Pair {
  readonly privateKey: RsaPrivateKey;
  readonly publicKey: RsaPublicKey;
}

async function pair(): Promise<Pair> {
  const made = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKey: await privateKeyOf(made.privateKey), publicKey: await publicKeyOf(made.publicKey) };
}

async function privateKeyOf(pem: string): Promise<RsaPrivateKey> {
  const read = await readPrivateKey(pem);
  if (!read.ok) throw new Error(`the key is refused: ${read.error}`);
  return read.value;
}

async function publicKeyOf(pem: string): Promise<RsaPublicKey> {
  const read = await readPublicKey(pem);
  if (!read.ok) throw new Error(`the key is refused: ${read.error}`);
  return read.value;
}

/** The text with its last letter or digit replaced by another one. */
function altered(original: string): string {
  const last = original.slice(-1);
  return original.slice(0, -1) + (last === '1' ? '2' : '1');
}

/** The same bytes in base64 with a bit set behind the last of them. */
function withStrayBit(base64: string): string {
  return base64.replace(/[AQgw](?===$)/, (digit) => String.fromCharCode(digit.charCodeAt(0) + 1));
}

const MESSAGE: SignedMessage = {
  method: 'POST',
  path: '/aps/api/v1/payments/pay',
  clientId: 'SANDBOX_5X00000000000000',
  time: '2026-11-20T10:00:00+08:00',
  body: bytes('{"paymentRequestId":"R1"}'),
};

let key: Pair;
let stranger: Pair;
let vectorKey: RsaPublicKey;

beforeAll(async () => {
  [key, stranger] = await Promise.all([pair(), pair()]);
  vectorKey = await publicKeyOf(vectors.rsa.publicKeyPem);
});

describe('the vectors of an independent signer', () => {
  const cases = vectors.rsa.cases.map((vector) => ({
    name: vector.name,
    vector,
    message: {
      method: 'POST',
      path: vector.uri,
      clientId: vector.clientId,
      time: vector.time,
      body: bytes(vector.body),
    } satisfies SignedMessage,
  }));

  test('are there, and all of them are POST', () => {
    expect(cases.length).toBeGreaterThanOrEqual(4);
    expect(new Set(vectors.rsa.cases.map(({ method }) => method))).toEqual(new Set(['POST']));
  });

  test.each(cases)('"$name" is signed over the same bytes and verifies', async ({ vector, message }) => {
    expect(text(signedContent(message))).toBe(vector.content);
    expect(await verifyRsa(vectorKey, signedContent(message), vector.signatureUrlEncoded)).toBe(true);
  });

  test.each(cases)('"$name" no longer verifies when any part differs', async ({ vector, message }) => {
    const signature = vector.signatureUrlEncoded;
    const lastByte = message.body.map((byte, index) => (index === message.body.length - 1 ? byte ^ 1 : byte));
    const others: Readonly<Record<string, SignedMessage>> = {
      path: { ...message, path: altered(message.path) },
      clientId: { ...message, clientId: altered(message.clientId) },
      time: { ...message, time: altered(message.time) },
      body: { ...message, body: lastByte },
      longerBody: { ...message, body: bytes(`${vector.body}\n`) },
      // What reading the body and writing it again would make of it.
      otherBlanks: { ...message, body: bytes(vector.body.replace(/^\{\s*/, '{ ')) },
    };
    for (const [part, other] of Object.entries(others))
      expect([part, await verifyRsa(vectorKey, signedContent(other), signature)]).toEqual([part, false]);
    const get = bytes(vector.content.replace(/^POST/, 'PUT'));
    expect(await verifyRsa(vectorKey, get, signature)).toBe(false);
    expect(
      await verifyRsa(vectorKey, signedContent(message), altered(signature.slice(0, 1)) + signature.slice(1)),
    ).toBe(false);
    expect(await verifyRsa(key.publicKey, signedContent(message), signature)).toBe(false);
  });

  test.each(cases)('"$name" verifies in each form a signature may have', async ({ vector, message }) => {
    for (const signature of forms(decodeURIComponent(vector.signatureUrlEncoded)))
      expect([signature, await verifyRsa(vectorKey, signedContent(message), signature)]).toEqual([
        signature,
        true,
      ]);
  });
});

/** Every way in which the same base64 is met on the wire. */
function forms(base64: string): readonly string[] {
  const url = base64.replaceAll('+', '-').replaceAll('/', '_');
  return [
    base64,
    encodeURIComponent(base64),
    encodeURIComponent(base64).replace(/%../g, (escape) => escape.toLowerCase()),
    url,
    url.replace(/=+$/, ''),
    // Only what is unsafe in a form is escaped; the plus stays.
    base64.replaceAll('=', '%3D'),
  ];
}

describe('what is signed', () => {
  test('is the request line and the client, the time and the body, with one line feed and no other', () => {
    expect(text(signedContent(MESSAGE))).toBe(
      'POST /aps/api/v1/payments/pay\nSANDBOX_5X00000000000000.2026-11-20T10:00:00+08:00.{"paymentRequestId":"R1"}',
    );
  });

  test('keeps the body byte for byte, also where it is no text at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        const content = signedContent({ ...MESSAGE, body });
        expect(content.slice(content.length - body.length)).toEqual(body);
        expect(content.length).toBe(
          signedContent({ ...MESSAGE, body: new Uint8Array() }).length + body.length,
        );
      }),
    );
  });

  test('leaves the bytes that are to be sent as they are', () => {
    const body = bytes('{"memo":"取消 ☕"}');
    signedContent({ ...MESSAGE, body }).fill(0);
    expect(body).toEqual(bytes('{"memo":"取消 ☕"}'));
  });
});

describe('a signature', () => {
  test('is standard base64 of 256 bytes, percent-encoded with upper-case digits', async () => {
    const signature = await signRsa(key.privateKey, signedContent(MESSAGE));
    expect(signature).toMatch(/^(?:[A-Za-z0-9]|%2B|%2F)+%3D%3D$/);
    expect(Buffer.from(decodeURIComponent(signature), 'base64').length).toBe(256);
  });

  test('verifies with the other half of the pair, and with no other key', async () => {
    const content = signedContent(MESSAGE);
    const signature = await signRsa(key.privateKey, content);
    expect(await verifyRsa(key.publicKey, content, signature)).toBe(true);
    expect(await verifyRsa(stranger.publicKey, content, signature)).toBe(false);
  });

  test('verifies in all its forms, whatever was signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
        const content = signedContent({ ...MESSAGE, body });
        const signature = decodeURIComponent(await signRsa(key.privateKey, content));
        for (const form of forms(signature)) expect(await verifyRsa(key.publicKey, content, form)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('is decoded once: an escape that hides another one is no signature', async () => {
    const content = signedContent(MESSAGE);
    const signature = await signRsa(key.privateKey, content);
    expect(await verifyRsa(key.publicKey, content, encodeURIComponent(signature))).toBe(false);
  });

  test.each<[name: string, spoil: (signature: string) => string]>([
    ['nothing', () => ''],
    ['a lone percent sign at the end', (signature) => `${signature}%`],
    ['an escape with one digit', (signature) => `${signature}%3`],
    ['an escape that is not hexadecimal', (signature) => `%G0${signature}`],
    ['an escape of a byte that is no letter', (signature) => `%C3%A9${signature}`],
    ['a blank in front', (signature) => ` ${signature}`],
    ['a line end behind', (signature) => `${signature}%0A`],
    ['a blank where a plus was', (signature) => decodeURIComponent(signature).replace(/[+/]/, ' ')],
    ['one byte less', (signature) => decodeURIComponent(signature).slice(0, -4)],
    ['one byte more', (signature) => `${decodeURIComponent(signature).slice(0, -1)}A`],
    ['one padding sign too few', (signature) => decodeURIComponent(signature).slice(0, -1)],
    ['one padding sign too many', (signature) => `${signature}%3D`],
    ['padding in the middle', (signature) => `AA==${decodeURIComponent(signature)}`],
    ['the same twice', (signature) => signature + signature],
    ['more than any signature has', (signature) => signature.padStart(4097, 'A')],
    ['a character of no alphabet', (signature) => `!${signature.slice(1)}`],
    ['bits that no encoder sets', (signature) => withStrayBit(decodeURIComponent(signature))],
    ['zeroes of the right length', () => Buffer.alloc(256).toString('base64')],
  ])('is refused and no bug with %s', async (_name, spoil) => {
    const content = signedContent(MESSAGE);
    const signature = await signRsa(key.privateKey, content);
    expect(await verifyRsa(key.publicKey, content, spoil(signature))).toBe(false);
  });

  test('is refused and no bug as any text', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: fc.constantFrom('%', '=', '+', '-', '_', '/', 'A', '2', 'b'), maxLength: 400 }),
      fc.uint8Array({ minLength: 255, maxLength: 257 }).map((any) => Buffer.from(any).toString('base64')),
    );
    await fc.assert(
      fc.asyncProperty(anyText, async (signature) => {
        expect(await verifyRsa(key.publicKey, signedContent(MESSAGE), signature)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the Signature header', () => {
  const read = { algorithm: 'RSA256', keyVersion: '1', signature: 'abc%3D' } as const;

  test('is written without blanks, in the order of the documents', () => {
    expect(formatSignatureHeader({ keyVersion: '1', signature: 'abc%3D' })).toBe(
      'algorithm=RSA256,keyVersion=1,signature=abc%3D',
    );
  });

  test('is read back as it was written, whatever the version and the signature', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '%', '=', '+', '/', '-'), minLength: 1 });
    fc.assert(
      fc.property(value, value, (keyVersion, signature) => {
        const header = formatSignatureHeader({ keyVersion, signature });
        expect(parseSignatureHeader(header)).toEqual({ algorithm: 'RSA256', keyVersion, signature });
      }),
    );
  });

  test.each([
    ['blanks after commas', 'algorithm=RSA256, keyVersion=1, signature=abc%3D'],
    ['blanks everywhere', '\talgorithm = RSA256 ,  keyVersion = 1 , signature = abc%3D '],
    ['another order', 'signature=abc%3D,keyVersion=1,algorithm=RSA256'],
    ['names in another case', 'ALGORITHM=RSA256,keyversion=1,Signature=abc%3D'],
    ['an algorithm in another case', 'algorithm=rsa256,keyVersion=1,signature=abc%3D'],
    ['the name that one wallet shows', 'algorithm=SHA256withRSA,keyVersion=1,signature=abc%3D'],
    ['the same name in lower case', 'algorithm=sha256withrsa,keyVersion=1,signature=abc%3D'],
    ['no algorithm, which means RSA256', 'keyVersion=1,signature=abc%3D'],
    ['members of tomorrow', 'algorithm=RSA256,scope=body,keyVersion=1,signature=abc%3D,padding='],
  ])('is understood with %s', (_name, header) => {
    expect(parseSignatureHeader(header)).toEqual(read);
  });

  test('keeps the padding and the alphabet of a signature that is not escaped', () => {
    expect(parseSignatureHeader('algorithm=RSA256,keyVersion=1,signature=a+b/c-_==')?.signature).toBe(
      'a+b/c-_==',
    );
  });

  test.each([
    ['is missing', 'algorithm=RSA256,signature=abc'],
    ['is empty', 'algorithm=RSA256,keyVersion=,signature=abc'],
  ])('has no key version where it %s', (_name, header) => {
    expect(parseSignatureHeader(header)).toEqual({ algorithm: 'RSA256', keyVersion: null, signature: 'abc' });
  });

  test.each([
    ['nothing', ''],
    ['no signature', 'algorithm=RSA256,keyVersion=1'],
    ['an empty signature', 'algorithm=RSA256,keyVersion=1,signature='],
    ['another algorithm', 'algorithm=ECC224,keyVersion=1,signature=abc'],
    ['a weaker algorithm', 'algorithm=SHA1withRSA,keyVersion=1,signature=abc'],
    ['an empty algorithm', 'algorithm=,keyVersion=1,signature=abc'],
    ['two signatures', 'algorithm=RSA256,signature=abc,signature=abc'],
    ['two signatures in two cases', 'algorithm=RSA256,signature=abc,SIGNATURE=def'],
    ['two algorithms', 'algorithm=RSA256,algorithm=RSA256,signature=abc'],
    ['two headers joined into one', 'algorithm=RSA256,signature=abc, algorithm=RSA256,signature=abc'],
    ['a part that is no member', 'algorithm=RSA256,keyVersion,signature=abc'],
    ['a part without a name', 'algorithm=RSA256,=1,signature=abc'],
    ['a comma too many', 'algorithm=RSA256,signature=abc,'],
    ['only a signature without its name', 'abc'],
    ['more than any header has', `algorithm=RSA256,signature=${'a'.repeat(8192)}`],
  ])('is nothing with %s', (_name, header) => {
    expect(parseSignatureHeader(header)).toBeNull();
  });

  test('never throws, whatever text there is', () => {
    const anyText = fc.string({
      unit: fc.constantFrom('a', '=', ',', ' ', '%', 'signature=', '取'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(anyText, (header) => {
        const found = parseSignatureHeader(header);
        expect(found === null || found.signature !== '').toBe(true);
      }),
    );
  });
});
