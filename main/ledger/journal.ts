import { hash } from 'node:crypto';
import type { Alert } from '../../shared/order/effect.ts';
import type { CollectRequested, OrderEvent, Stamp } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import type { DatabaseHandle, Statement } from '../database/open.ts';

/** One line of the journal. `body` is JSON text, hashed exactly as stored. */
export interface JournalEntry {
  readonly seq: number;
  readonly clientSn: string | null;
  /** The entry of the same order before this one; null for its first. */
  readonly previousSeq: number | null;
  readonly atMs: number;
  readonly event: string;
  readonly version: number;
  readonly body: string;
  readonly hash: Buffer;
}

type Draft = Omit<JournalEntry, 'seq' | 'hash'>;

/**
 * An event as the journal keeps it. The intent to collect is not kept twice: its particulars are the
 * first order's, and stand there.
 */
export type JournaledEvent =
  | Exclude<OrderEvent, { type: 'collect_requested' }>
  | (Pick<CollectRequested, 'type' | 'codeFingerprint' | 'overrides'> & Stamp);

/** What the entry of an order holds: the event, the order it led to, and what a person must hear. */
export interface JournalBody {
  readonly event: JournaledEvent;
  readonly order: Order;
  readonly alerts: readonly Alert[];
}

/** Reads the body of an order's entry; what older versions did not know yet is absent there and means none. */
export function parseBody(text: string): JournalBody {
  const body = JSON.parse(text) as JournalBody;
  return { ...body, order: { ...body.order, refund: body.order.refund ?? null } };
}

/** What the first entry is chained to, in hexadecimal as every hash of the chain. */
const GENESIS = '0'.repeat(64);

/** The end of the chain: how far it is, and the hash that covers all of it. */
interface ChainEnd {
  readonly seq: number;
  /** In hexadecimal, as the next entry's hash covers it. */
  readonly hash: string;
}

/**
 * The append-only, hash-chained record of everything that happened. Each hash covers the one before
 * it, so a changed, removed or reordered line breaks every line after it.
 */
export class Journal {
  readonly #insert: Statement<[number, string | null, number | null, number, string, number, string, Buffer]>;
  readonly #tail: Statement<[], { seq: number; hash: Buffer }>;
  readonly #bySeq: Statement<[number], JournalEntry>;
  readonly #after: Statement<[number, number], JournalEntry>;
  readonly #before: Statement<[number, number], JournalEntry>;
  #last: ChainEnd;

  constructor(database: DatabaseHandle) {
    const columns =
      'seq, client_sn AS clientSn, previous_seq AS previousSeq, at_ms AS atMs, event, version, body, hash';
    this.#insert = database.prepare(
      `INSERT INTO journal (seq, client_sn, previous_seq, at_ms, event, version, body, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#tail = database.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1');
    this.#bySeq = database.prepare(`SELECT ${columns} FROM journal WHERE seq = ?`);
    this.#after = database.prepare(`SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#before = database.prepare(`SELECT ${columns} FROM journal WHERE seq < ? ORDER BY seq DESC LIMIT ?`);
    this.#last = this.#readTail();
  }

  /** Appends inside the caller's transaction; returns the entry's number. Call `forgetUncommitted` if it fails. */
  append(draft: Draft): number {
    const seq = this.#last.seq + 1;
    const entryHash = chainHash(this.#last.hash, { ...draft, seq });
    const { clientSn, previousSeq, atMs, event, version, body } = draft;
    // Of Node's pool: a buffer of the hash's own would be memory outside the heap, collected at ten times the price.
    const hashBytes = Buffer.from(entryHash, 'hex');
    this.#insert.run(seq, clientSn, previousSeq, atMs, event, version, body, hashBytes);
    this.#last = { seq, hash: entryHash };
    return seq;
  }

  /** A rolled-back append must not stay the end of the chain in memory. */
  forgetUncommitted(): void {
    this.#last = this.#readTail();
  }

  /** The newest entry's number; 0 in an empty journal. */
  get lastSeq(): number {
    return this.#last.seq;
  }

  /** The end of the chain: how far it is, and the hash that covers all of it. */
  get end(): ChainEnd {
    return this.#last;
  }

  /** Everything that happened to one order, oldest first, found from its last entry. */
  backFrom(lastSeq: number): JournalEntry[] {
    const found: JournalEntry[] = [];
    for (let seq: number | null = lastSeq; seq !== null;) {
      const entry = this.#bySeq.get(seq);
      if (entry === undefined) break;
      found.push(entry);
      seq = entry.previousSeq;
    }
    return found.toReversed();
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

  /** The newest entries first, down to `sinceMs`. */
  *newestSince(sinceMs: number): Generator<JournalEntry> {
    let seq = this.#last.seq + 1;
    for (;;) {
      const page = this.#before.all(seq, 100);
      for (const entry of page) {
        if (entry.atMs < sinceMs) return;
        yield entry;
      }
      const last = page.at(-1);
      if (last === undefined) return;
      seq = last.seq;
    }
  }

  #readTail(): ChainEnd {
    const tail = this.#tail.get();
    return tail === undefined
      ? { seq: 0, hash: GENESIS }
      : { seq: tail.seq, hash: tail.hash.toString('hex') };
  }
}

/** An entry's hash in hexadecimal, also in a file that may lack the table; null where there is no such entry. */
export function hashAt(database: DatabaseHandle, seq: number): string | null {
  const tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'").pluck();
  if (tables.get() === 0) return null;
  const entry = database
    .prepare<[number], { hash: Buffer }>('SELECT hash FROM journal WHERE seq = ?')
    .get(seq);
  return entry?.hash.toString('hex') ?? null;
}

/** The first entry that does not follow from the one before it, or null when the chain holds. */
export function firstBrokenSeq(entries: Iterable<JournalEntry>): number | null {
  const check = new ChainCheck();
  for (const entry of entries) {
    check.follow(entry);
    if (check.brokenSeq !== null) break;
  }
  return check.brokenSeq;
}

/** Follows a chain entry by entry, so that a journal is read once for all that is asked of it. */
export class ChainCheck {
  #previous: ChainEnd = { seq: 0, hash: GENESIS };
  #brokenSeq: number | null = null;

  /** The first entry that did not follow from the one before it, or null. */
  get brokenSeq(): number | null {
    return this.#brokenSeq;
  }

  follow(entry: JournalEntry): void {
    if (this.#brokenSeq !== null) return;
    const entryHash = entry.hash.toString('hex');
    const follows = entry.seq === this.#previous.seq + 1;
    if (!follows || chainHash(this.#previous.hash, entry) !== entryHash) this.#brokenSeq = entry.seq;
    this.#previous = { seq: entry.seq, hash: entryHash };
  }
}

/** Fields are separated by a byte that none of them can contain before the body, so no two entries hash the same text. */
function chainHash(previous: string, entry: Omit<JournalEntry, 'hash'>): string {
  const { seq, clientSn, previousSeq, atMs, event, version, body } = entry;
  const text = `${previous}\n${seq}\n${clientSn ?? ''}\n${previousSeq ?? ''}\n${atMs}\n${event}\n${version}\n${body}`;
  return hash('sha256', text);
}
