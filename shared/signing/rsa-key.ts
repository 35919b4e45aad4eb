import { bytesToHex } from '@noble/hashes/utils.js';
import { assertNever } from '../assert.ts';
import { err, ok, type Result } from '../result.ts';
import { decodeBase64 } from './base64.ts';
import { derElements } from './der.ts';
import { type CryptoKey, type KeyFormat, webCrypto } from './web-crypto.ts';

declare const half: unique symbol;

/** A key that signs, 2048 to 4096 bits; its numbers cannot be taken out of it again. */
export type RsaPrivateKey = CryptoKey & { readonly [half]: 'private' };

/** A key that verifies, 2048 to 4096 bits. */
export type RsaPublicKey = CryptoKey & { readonly [half]: 'public' };

/** Why a text is not the key that was asked for. */
export type KeyFault = 'not_a_key' | 'wrong_half' | 'not_rsa' | 'pkcs1' | 'encrypted' | 'wrong_size';

/** What a person does about each fault, in one sentence. */
export const KEY_ADVICE: Readonly<Record<KeyFault, string>> = {
  not_a_key:
    'This is not one whole key: give the PEM text with its BEGIN and END lines, or the bare base64 of the key, and no certificate.',
  wrong_half:
    'This is the other half of a key pair: a private key is needed where the terminal signs, and the public key of the acquirer where it verifies.',
  not_rsa: 'This key is of another kind than RSA: make an RSA key of 2048 bits.',
  pkcs1:
    'This key is in the older PKCS#1 form: convert a private key with `openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem`, a public one with `openssl rsa -RSAPublicKey_in -in old.pem -pubout -out new.pem`.',
  encrypted:
    'This key is protected by a passphrase that the terminal does not have: take it off with `openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem`.',
  wrong_size: 'This key is not 2048 to 4096 bits long: make an RSA key of 2048 bits.',
};

/** What signs and verifies in every call of these protocols. */
export const RSA_SHA256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

const BITS = { least: 2048, most: 4096 };
/** Four times the PEM text of the largest key. */
const LONGEST_TEXT = 16_384;

/**
 * Reads a private key: PKCS#8, as PEM with any line ends and any label, or as the bare base64 of its
 * DER. The bytes decide and not the label, as an official SDK writes PKCS#8 under "RSA PRIVATE KEY".
 */
export async function readPrivateKey(text: string): Promise<Result<RsaPrivateKey, KeyFault>> {
  const read = (await readKey(text, 'private')) as Result<RsaPrivateKey, KeyFault>;
  return read.ok && !(await signs(read.value)) ? err('not_a_key') : read;
}

/** Reads a public key: SubjectPublicKeyInfo, in the same forms of text as a private one. */
export async function readPublicKey(text: string): Promise<Result<RsaPublicKey, KeyFault>> {
  return (await readKey(text, 'public')) as Result<RsaPublicKey, KeyFault>;
}

/** Web Crypto takes in numbers that are no pair at all and fails at the first signature, before a customer. */
async function signs(key: RsaPrivateKey): Promise<boolean> {
  try {
    await webCrypto().sign(RSA_SHA256.name, key, new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

type Half = 'private' | 'public';

async function readKey(text: string, wanted: Half): Promise<Result<CryptoKey, KeyFault>> {
  if (text.length > LONGEST_TEXT) return err('not_a_key');
  const der = derOf(text);
  const form = /^Proc-Type:\s*4,\s*ENCRYPTED\s*$/m.test(text) ? 'encrypted' : formOf(der);
  const fault = faultOf(form, wanted);
  if (fault !== null || der === null) return err(fault ?? 'not_a_key');
  const key = await imported(der, wanted);
  if (key === null) return err('not_a_key');
  const bits = key.algorithm.modulusLength ?? 0;
  return bits < BITS.least || bits > BITS.most ? err('wrong_size') : ok(key);
}

/** The bytes of PEM or of bare base64; null where the text is neither. */
function derOf(text: string): Uint8Array | null {
  const [, , armoured] = /^-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----$/.exec(text.trim()) ?? [];
  return decodeBase64((armoured ?? text).replace(/\s/g, ''));
}

/** What a text holds, as told by the outermost elements of its DER. */
type KeyForm = 'pkcs8' | 'spki' | 'pkcs1_private' | 'pkcs1_public' | 'encrypted' | 'not_rsa' | 'not_a_key';

const TAG = { object: 0x06, sequence: 0x30 };
/** The object identifier 1.2.840.113549.1.1.1, rsaEncryption. */
const RSA_ENCRYPTION = '2a864886f70d010101';

function formOf(der: Uint8Array | null): KeyForm {
  const outer = der === null ? null : derElements(der);
  const [whole] = outer ?? [];
  if (outer?.length !== 1 || whole?.tag !== TAG.sequence) return 'not_a_key';
  const parts = derElements(whole.content) ?? [];
  const tags = parts.map(({ tag }) => tag.toString(16).padStart(2, '0')).join(' ');
  if (/^02 30 04( a0)?( 81)?$/.test(tags)) return isRsa(parts[1]?.content) ? 'pkcs8' : 'not_rsa';
  if (tags === '30 03') return isRsa(parts[0]?.content) ? 'spki' : 'not_rsa';
  if (tags === '30 04') return 'encrypted';
  if (tags === '02 02') return 'pkcs1_public';
  if (/^(02 ?){9}(30)?$/.test(tags)) return 'pkcs1_private';
  // A private key on an elliptic curve in its own older form (SEC 1).
  if (/^02 04( a0)?( a1)?$/.test(tags)) return 'not_rsa';
  return 'not_a_key';
}

function isRsa(algorithm: Uint8Array | undefined): boolean {
  const [name] = algorithm === undefined ? [] : (derElements(algorithm) ?? []);
  return name?.tag === TAG.object && bytesToHex(name.content) === RSA_ENCRYPTION;
}

/** The wrong half comes before the wrong form: converting it would not help. */
function faultOf(form: KeyForm, wanted: Half): KeyFault | null {
  switch (form) {
    case 'pkcs8':
      return wanted === 'private' ? null : 'wrong_half';
    case 'spki':
      return wanted === 'public' ? null : 'wrong_half';
    case 'pkcs1_private':
      return wanted === 'private' ? 'pkcs1' : 'wrong_half';
    case 'pkcs1_public':
      return wanted === 'public' ? 'pkcs1' : 'wrong_half';
    case 'encrypted':
      return wanted === 'private' ? 'encrypted' : 'wrong_half';
    case 'not_rsa':
    case 'not_a_key':
      return form;
    default:
      return assertNever(form);
  }
}

/** Null where the numbers in the right form are not a key; the reason could repeat them and is dropped. */
async function imported(der: Uint8Array, wanted: Half): Promise<CryptoKey | null> {
  const [format, usage]: readonly [KeyFormat, 'sign' | 'verify'] =
    wanted === 'private' ? ['pkcs8', 'sign'] : ['spki', 'verify'];
  try {
    return await webCrypto().importKey(format, der, RSA_SHA256, false, [usage]);
  } catch {
    return null;
  }
}
