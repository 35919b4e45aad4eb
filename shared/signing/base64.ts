const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with its padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(start, start + 3);
    const bits = (first << 16) | (second << 8) | third;
    const digits = Math.min(bytes.length - start, 3) + 1;
    for (let digit = 0; digit < 4; digit += 1) {
      text += digit < digits ? ALPHABET.charAt((bits >> (18 - 6 * digit)) & 63) : '=';
    }
  }
  return text;
}

/**
 * The bytes of standard base64 or of base64url. Padding may be left out, and where it is there it must
 * be right; null for any other character, blanks included, and for bits that no encoder would set.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const digits = text.replace(/={1,2}$/, '');
  if (digits.length !== text.length && text.length % 4 !== 0) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (const digit of digits) {
    const value = digitValue(digit);
    if (value === -1) return null;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[at] = (bits >> bitCount) & 0xff;
    at += 1;
  }
  const leftOver = bits & ((1 << bitCount) - 1);
  return bitCount === 6 || leftOver !== 0 ? null : bytes;
}

function digitValue(digit: string): number {
  if (digit === '-') return 62;
  if (digit === '_') return 63;
  return ALPHABET.indexOf(digit);
}
