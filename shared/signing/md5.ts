import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Signs a Upay request: lower-case hex MD5 over the exact body bytes followed by the key bytes
 * (upay.md 1.2). The bytes signed must be the bytes sent.
 */
export function signUpay(body: Uint8Array, key: string): string {
  return bytesToHex(md5(concatBytes(body, utf8ToBytes(key))));
}

/** The `Authorization` header value: `<sn><one space><sign>`. */
export function upayAuthorization(sn: string, body: Uint8Array, key: string): string {
  return `${sn} ${signUpay(body, key)}`;
}
