import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { RSA_SHA256, type RsaPrivateKey, type RsaPublicKey } from './rsa-key.ts';
import { webCrypto } from './web-crypto.ts';

/** What a signature is about: a request, or a reply together with the request it answers. */
export interface SignedMessage {
  readonly method: 'POST';
  /** The whole path of the request with its prefix, without scheme and host; of a reply too. */
  readonly path: string;
  readonly clientId: string;
  /** The text of `Request-Time` or `Response-Time`, letter by letter. */
  readonly time: string;
  /** The bytes on the wire; read again and written again they would be others. */
  readonly body: Uint8Array;
}

/** Twice as long as a signature of 4096 bits with every letter escaped; nothing longer is looked through. */
const LONGEST_SIGNATURE = 4096;

/** The bytes that are signed: `POST <path>`, one line feed, `<clientId>.<time>.<body>`. */
export function signedContent({ method, path, clientId, time, body }: SignedMessage): Uint8Array {
  return concatBytes(utf8ToBytes(`${method} ${path}\n${clientId}.${time}.`), body);
}

/** RSA PKCS#1 v1.5 over SHA-256, as standard base64, percent-encoded: what every official SDK sends. */
export async function signRsa(key: RsaPrivateKey, content: Uint8Array): Promise<string> {
  const signature = await webCrypto().sign(RSA_SHA256.name, key, content);
  return encodeURIComponent(encodeBase64(new Uint8Array(signature)));
}

/**
 * Whether the text after `signature=` is the signature of these bytes. It may be standard base64,
 * percent-encoded or not, or base64url: all three are met on the wire. Any other text is false.
 */
export async function verifyRsa(key: RsaPublicKey, content: Uint8Array, signature: string): Promise<boolean> {
  const bytes = signatureBytes(signature);
  if (bytes === null) return false;
  return webCrypto().verify(RSA_SHA256.name, key, bytes, content);
}

/**
 * Escapes are taken off once, and one that is left over is no base64. A plus is a plus: form-decoding
 * would make a blank of it.
 */
function signatureBytes(text: string): Uint8Array | null {
  if (text.length > LONGEST_SIGNATURE) return null;
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return decodeBase64(plain);
}
