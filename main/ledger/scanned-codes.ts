import { createHmac } from 'node:crypto';
import { invariant } from '../../shared/assert.ts';
import type { DatabaseHandle, Statement } from '../database/open.ts';

/** How long a wallet code counts as just scanned; wallets replace theirs after about a minute. */
const REMEMBERED_MS = 120_000;

/**
 * Remembers which payment codes were just used, across restarts, without keeping one: only a keyed
 * hash is stored, under a key that never leaves this file.
 */
export class ScannedCodes {
  readonly #key: Buffer;
  readonly #find: Statement<[Buffer, number], { clientSn: string }>;
  readonly #put: Statement<[Buffer, string, number]>;
  readonly #forget: Statement<[number]>;

  constructor(database: DatabaseHandle) {
    const identity = database
      .prepare<[], { key: Buffer }>('SELECT fingerprint_key AS key FROM identity WHERE id = 1')
      .get();
    invariant(identity !== undefined, 'the first migration writes the identity row');
    this.#key = identity.key;
    this.#find = database.prepare(
      'SELECT client_sn AS clientSn FROM scanned_codes WHERE fingerprint = ? AND at_ms > ?',
    );
    this.#put = database.prepare(
      `INSERT INTO scanned_codes (fingerprint, client_sn, at_ms) VALUES (?, ?, ?)
       ON CONFLICT (fingerprint) DO UPDATE SET client_sn = excluded.client_sn, at_ms = excluded.at_ms`,
    );
    this.#forget = database.prepare('DELETE FROM scanned_codes WHERE at_ms <= ?');
  }

  /** The order that used this code a moment ago, or null. */
  lastUse(code: string, atMs: number): string | null {
    return this.#find.get(this.#fingerprint(code), atMs - REMEMBERED_MS)?.clientSn ?? null;
  }

  remember(code: string, clientSn: string, atMs: number): void {
    this.#forget.run(atMs - REMEMBERED_MS);
    this.#put.run(this.#fingerprint(code), clientSn, atMs);
  }

  #fingerprint(code: string): Buffer {
    return createHmac('sha256', this.#key).update(code).digest();
  }
}
