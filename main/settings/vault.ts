import { createCipheriv, createDecipheriv } from 'node:crypto';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/** Keeps the file of keys from whoever can read the disk. Sealing is quick and never waits for the system. */
export interface Vault {
  /** Whether what is stored is sealed, or only kept to its owner by the file's mode. */
  readonly isSealing: boolean;
  seal(text: string): string;
  /** Fails with `secrets_sealed` for what another vault has sealed. */
  open(sealed: string): Result<string, Failure>;
}

/** A host's way to the vault of a data directory; the system may ask a person first, and may refuse. */
export type OpenVault = (directory: string) => Promise<Result<Vault, Failure>>;

/** For hosts without a key store of the system: the file's mode is the protection. */
export const PLAIN_VAULT: Vault = {
  isSealing: false,
  seal: (text) => text,
  open: () => err(failure('secrets_sealed')),
};

export const openPlainVault: OpenVault = () => Promise.resolve(ok(PLAIN_VAULT));

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with a key of 32 bytes, which the system's own key store keeps (`main/electron/system-vault.ts`).
 *
 * @param newNonce unguessable bytes in hex, at least 12 of them, never the same twice
 */
export function sealingVault(key: Uint8Array, newNonce: () => string): Vault {
  return {
    isSealing: true,
    seal(text) {
      const nonce = Buffer.from(newNonce(), 'hex').subarray(0, NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAuthTag(tag);
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return ok(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
      } catch {
        // A wrong key and a changed file look the same, and neither may say anything of the content.
        return err(failure('secrets_sealed', 'it cannot be opened on this machine by this user'));
      }
    },
  };
}
