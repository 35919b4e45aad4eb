import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../shared/signing/base64.ts';

test('bytes are written as Node writes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});

test('bytes are read from both alphabets, with and without padding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const standard = Buffer.from(bytes).toString('base64');
      const url = Buffer.from(bytes).toString('base64url');
      for (const text of [standard, standard.replace(/=+$/, ''), url])
        expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

test.each([
  ['a letter too many', 'AAAAA'],
  ['a letter alone', 'A'],
  ['padding alone', '=='],
  ['too much padding', 'AAA=='],
  ['padding that is not needed', 'AAAA='],
  ['too little padding', 'AA='],
  ['three signs of padding', 'A==='],
  ['padding in the middle', 'AA==AAAA'],
  ['a bit that no encoder sets', 'AB=='],
  ['another bit that no encoder sets', 'AAB='],
  ['a blank', 'AA AA'],
  ['a line end', 'AAAA\n'],
  ['a percent sign', 'AAA%'],
  ['a letter that is not ASCII', 'AAAÄ'],
  ['a character of two units', 'AA😀'],
])('a text is refused with %s', (_name, text) => {
  expect(decodeBase64(text)).toBeNull();
});

test('a text that is read is the only one of its bytes, but for alphabet and padding', () => {
  const text = fc.string({ unit: fc.constantFrom('A', 'B', 'g', 'w', '-', '_', '='), maxLength: 8 });
  fc.assert(
    fc.property(text, (any) => {
      const bytes = decodeBase64(any);
      if (bytes === null) return;
      expect(Buffer.from(bytes).toString('base64url')).toBe(any.replace(/=+$/, ''));
    }),
    { numRuns: 1000 },
  );
});
