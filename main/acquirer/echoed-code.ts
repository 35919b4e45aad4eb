import type { Evidence } from '../../shared/order/outcome.ts';

/** So much of a code is enough to be worth striking out, and too much to stand in another text by chance. */
const TELLING_LENGTH = 8;

/**
 * An acquirer may echo the scanned code, in its message or even as the order's name; it must not reach the
 * journal or the screen. An order without the acquirer's name is asked for by ours.
 */
export function withoutCode({ message, sn, ...evidence }: Evidence, code: string): Evidence {
  return {
    ...evidence,
    code: struckOut(evidence.code, code),
    ...(message === undefined ? {} : { message: struckOut(message, code) }),
    ...(sn === undefined || struckOut(sn, code) !== sn ? {} : { sn }),
  };
}

/** Texts of an acquirer are cut to a bounded length, so what is left of a code may be its beginning. */
function struckOut(text: string, code: string): string {
  let clean = text;
  for (let length = code.length; length >= Math.min(TELLING_LENGTH, code.length); length -= 1) {
    clean = clean.replaceAll(code.slice(0, length), '[code]');
  }
  return clean;
}
