import { createHash, timingSafeEqual } from 'node:crypto';

/** Addresses that were printed and never opened must not pile up; the oldest is forgotten. */
const MAX_OUTSTANDING = 16;

/** Tokens that each open one session, once. */
export interface OneTimeTokens {
  /** Makes a token that `redeem` accepts exactly once. */
  issue(): string;
  /** True for an outstanding token, which is spent by it; false for a wrong or used one. */
  redeem(token: string): boolean;
}

/** Keeps only digests, so that memory holds nothing that opens a session. */
export function createOneTimeTokens(newToken: () => string): OneTimeTokens {
  const outstanding: Buffer[] = [];
  return {
    issue() {
      const token = newToken();
      outstanding.push(digest(token));
      if (outstanding.length > MAX_OUTSTANDING) outstanding.shift();
      return token;
    },
    redeem(token) {
      const offered = digest(token);
      // Every entry is compared, so that the time taken says nothing about which one was close.
      const found = outstanding.reduce(
        (match, known, index) => (timingSafeEqual(known, offered) ? index : match),
        -1,
      );
      if (found === -1) return false;
      outstanding.splice(found, 1);
      return true;
    },
  };
}

/** Equal lengths are what `timingSafeEqual` needs. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
