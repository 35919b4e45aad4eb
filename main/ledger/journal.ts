import { createHash } from 'node:crypto';
import type { DatabaseHandle, Statement } from '../database/open.ts';

/** One line of the journal. `body` is JSON text, hashed exactly as stored. */
export interface JournalEntry {
  readonly seq: number;
  readonly clientSn: string | null;
  readonly atMs: number;
  readonly event: string;
  readonly version: number;
  readonly body: string;
  readonly hash: Buffer;
}

type Draft = Omit<JournalEntry, 'seq' | 'hash'>;

/** What the first entry is chained to. */
const GENESIS = Buffer.alloc(32);

/**
 * The append-only, hash-chained record of everything that happened. Each hash covers the one before
 * it, so a changed, removed or reordered line breaks every line after it.
 */
export class Journal {
  readonly #insert: Statement<[number, string | null, number, string, number, string, Buffer]>;
  readonly #tail: Statement<[], { seq: number; hash: Buffer }>;
  readonly #byOrder: Statement<[string], JournalEntry>;
  readonly #after: Statement<[number, number], JournalEntry>;
  #last: { readonly seq: number; readonly hash: Buffer };

  constructor(database: DatabaseHandle) {
    const columns = 'seq, client_sn AS clientSn, at_ms AS atMs, event, version, body, hash';
    this.#insert = database.prepare(
      'INSERT INTO journal (seq, client_sn, at_ms, event, version, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#tail = database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1');
    this.#byOrder = database.prepare(`SELECT ${columns} FROM journal WHERE client_sn = ? ORDER BY seq`);
    this.#after = database.prepare(`SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#last = this.#readTail();
  }

  /** Appends inside the caller's transaction. Call `forgetUncommitted` if that transaction fails. */
  append(draft: Draft): void {
    const seq = this.#last.seq + 1;
    const hash = chainHash(this.#last.hash, { ...draft, seq });
    this.#insert.run(seq, draft.clientSn, draft.atMs, draft.event, draft.version, draft.body, hash);
    this.#last = { seq, hash };
  }

  /** A rolled-back append must not stay the end of the chain in memory. */
  forgetUncommitted(): void {
    this.#last = this.#readTail();
  }

  ofOrder(clientSn: string): JournalEntry[] {
    return this.#byOrder.all(clientSn);
  }

  /** All entries in order, read in pages so that a long history does not fill the memory. */
  *entries(): Generator<JournalEntry> {
    let seq = 0;
    for (;;) {
      const page = this.#after.all(seq, 1000);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      seq = last.seq;
    }
  }

  #readTail(): { readonly seq: number; readonly hash: Buffer } {
    return this.#tail.get() ?? { seq: 0, hash: GENESIS };
  }
}

/** The first entry that does not follow from the one before it, or null when the chain holds. */
export function firstBrokenSeq(entries: Iterable<JournalEntry>): number | null {
  let previous: { readonly seq: number; readonly hash: Buffer } = { seq: 0, hash: GENESIS };
  for (const entry of entries) {
    const follows = entry.seq === previous.seq + 1;
    if (!follows || !chainHash(previous.hash, entry).equals(entry.hash)) return entry.seq;
    previous = entry;
  }
  return null;
}

/** Fields are length-free but separated by a byte that none of them can contain before the body. */
function chainHash(previous: Buffer, entry: Omit<JournalEntry, 'hash'>): Buffer {
  const head = [entry.seq, entry.clientSn ?? '', entry.atMs, entry.event, entry.version].join('\n');
  return createHash('sha256').update(previous).update(`${head}\n`).update(entry.body).digest();
}
