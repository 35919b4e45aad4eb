import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signUpay, upayAuthorization } from '../../shared/signing/md5.ts';
import vectors from '../fixtures/signatures.json' with { type: 'json' };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the Upay signature', () => {
  test('has vectors to be held against', () => {
    expect(vectors.upay.length).toBeGreaterThanOrEqual(8);
  });

  test.each(vectors.upay)('signs the vector "$name"', ({ key, body, sign, authorization }) => {
    const [sn = ''] = authorization.split(' ');
    expect(signUpay(bytes(body), key)).toBe(sign);
    expect(upayAuthorization(sn, bytes(body), key)).toBe(authorization);
  });

  test('is the MD5 of the body followed by the key, in lower-case hexadecimal', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 64 }),
        (body, key) => {
          const expected = createHash('md5')
            .update(body)
            .update(Buffer.from(bytes(key)))
            .digest('hex');
          expect(signUpay(body, key)).toBe(expected);
        },
      ),
    );
  });

  test('signs bytes and not characters', () => {
    expect(signUpay(bytes('{"a":"\\u6536"}'), 'k')).not.toBe(signUpay(bytes('{"a":"收"}'), 'k'));
  });

  test('leaves the bytes that are to be sent as they are', () => {
    const body = bytes('{"terminal_sn":"1"}');
    signUpay(body, 'key');
    expect(body).toEqual(bytes('{"terminal_sn":"1"}'));
  });
});
