/**
 * The few members of Web Crypto that RSA needs, as `shared/` has neither the DOM's types nor Node's.
 * Node, Electron and every browser have them; a browser only on a secure page, which a loopback
 * address is.
 */
declare const crypto: { readonly subtle: SubtleCrypto };

interface SubtleCrypto {
  importKey(
    format: KeyFormat,
    der: Uint8Array,
    algorithm: RsaAlgorithm,
    extractable: boolean,
    usages: readonly ('sign' | 'verify')[],
  ): Promise<CryptoKey>;
  sign(algorithm: string, key: CryptoKey, content: Uint8Array): Promise<ArrayBuffer>;
  verify(algorithm: string, key: CryptoKey, signature: Uint8Array, content: Uint8Array): Promise<boolean>;
}

export interface RsaAlgorithm {
  readonly name: string;
  readonly hash: string;
}

/** How the bytes of a key are laid out: PKCS#8 for a private one, SubjectPublicKeyInfo for a public one. */
export type KeyFormat = 'pkcs8' | 'spki';

/** A key as Web Crypto holds it: printed or made JSON it shows its algorithm and never its numbers. */
export interface CryptoKey {
  readonly algorithm: { readonly name: string; readonly modulusLength?: number };
}

/** Asked for at each use, so that a module that is only loaded needs no secure page. */
export function webCrypto(): SubtleCrypto {
  return crypto.subtle;
}
