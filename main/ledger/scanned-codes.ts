import { hash } from 'node:crypto';
import { invariant } from '../../shared/assert.ts';
import type { DatabaseHandle } from '../database/open.ts';

/** How long a wallet code counts as just scanned; wallets replace theirs after about a minute. */
export const REMEMBERED_MS = 120_000;

/**
 * Remembers which payment codes were just used without keeping one: the journal holds a keyed hash,
 * under a key that never leaves the file, and this holds the last two minutes of them.
 */
export class ScannedCodes {
  readonly #key: string;
  readonly #uses = new Map<string, { readonly clientSn: string; readonly atMs: number }>();

  constructor(database: DatabaseHandle) {
    const identity = database
      .prepare<[], { key: Buffer }>('SELECT fingerprint_key AS key FROM identity WHERE id = 1')
      .get();
    invariant(identity !== undefined, 'the first migration writes the identity row');
    this.#key = identity.key.toString('hex');
  }

  /** Keyed by a prefix of fixed length, so the key and the code cannot run into each other. */
  fingerprint(code: string): string {
    return hash('sha256', `${this.#key}${code}`, 'base64url');
  }

  /** The order that used this code a moment ago, or null. */
  lastUse(fingerprint: string, atMs: number): string | null {
    const use = this.#uses.get(fingerprint);
    return use !== undefined && use.atMs > atMs - REMEMBERED_MS ? use.clientSn : null;
  }

  remember(fingerprint: string, clientSn: string, atMs: number): void {
    for (const [old, use] of this.#uses) {
      if (use.atMs > atMs - REMEMBERED_MS) break;
      this.#uses.delete(old);
    }
    this.#uses.set(fingerprint, { clientSn, atMs });
  }
}
