import { sign, verify, type KeyObject } from 'node:crypto';
import type { WireRequest } from '../front.ts';

/**
 * The signature of alipayplus.md 1, written a second time with Node's own cryptography: the terminal's
 * signer has a judge that shares none of its code.
 */

const DIGEST = 'sha256';
const LONGEST_SIGNATURE = 4096;

/** How the bytes of a signature become text; the documents ask for `percent`. */
export type SignatureText = 'percent' | 'plain' | 'base64url';

/** What a `Signature` header says; `keyVersion` is null where it names none. */
export interface SignatureHeader {
  readonly keyVersion: string | null;
  readonly signature: Uint8Array;
}

/** `algorithm=RSA256, keyVersion=1, signature=…` in any order and with any blanks; undefined for all else. */
export function readSignatureHeader(text: string): SignatureHeader | undefined {
  const members = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', ...value] = part.split('=');
    const key = name.trim().toLowerCase();
    if (members.has(key)) return undefined;
    members.set(key, value.join('=').trim());
  }
  if ((members.get('algorithm') ?? 'rsa256').toLowerCase() !== 'rsa256') return undefined;
  const signature = signatureBytes(members.get('signature') ?? '');
  return signature === undefined ? undefined : { keyVersion: members.get('keyversion') ?? null, signature };
}

/** Percent-encoded, plain or url-safe base64: all three are met in the field (alipayplus.md 8). */
function signatureBytes(text: string): Uint8Array | undefined {
  if (text === '' || text.length > LONGEST_SIGNATURE) return undefined;
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const base64 = plain.replaceAll('-', '+').replaceAll('_', '/');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}

/** The bytes that a request or its answer is signed over: the path is the request's for both. */
export function signedContent(
  { method, path }: Pick<WireRequest, 'method' | 'path'>,
  clientId: string,
  time: string,
  body: Uint8Array,
): Uint8Array {
  return Buffer.concat([Buffer.from(`${method} ${path}\n${clientId}.${time}.`), body]);
}

export function isSignatureOf(content: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  return verify(DIGEST, content, key, signature);
}

/** A whole `Signature` header, in the form that the documents show. */
export function signatureHeader(content: Uint8Array, key: KeyObject, form: SignatureText): string {
  const bytes = sign(DIGEST, content, key);
  return `algorithm=RSA256,keyVersion=1,signature=${signatureText(bytes, form)}`;
}

function signatureText(bytes: Buffer, form: SignatureText): string {
  if (form === 'base64url') return bytes.toString('base64url');
  const plain = bytes.toString('base64');
  return form === 'plain' ? plain : encodeURIComponent(plain);
}
