import { hash as digest } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Sixteen digits, a blank, the hash, a blank, the checksum and a line feed. */
const LINE_BYTES = 16 + 1 + 64 + 1 + 64 + 1;

/** The newest entry of a journal that somebody was told is on disk. */
export interface Acknowledged {
  readonly seq: number;
  /** The chain's hash at that entry, in hexadecimal. */
  readonly hash: string;
}

/**
 * A witness beside the ledger of how far its journal was. SQLite takes a write-ahead log that is missing or
 * damaged for one that was never written, and what was committed in it for never committed; the witness
 * knows better. It is written after each commit and never synced: it may fall behind, and never run ahead.
 */
export class AcknowledgedMark {
  readonly #file: string;
  #handle: number | null = null;
  readonly #line = Buffer.alloc(LINE_BYTES);
  /** What this process wrote last: an event that changed nothing needs no word. */
  #written = 0;

  constructor(ledgerFile: string) {
    this.#file = `${ledgerFile}-seq`;
  }

  /** Null where there is none, or none that can be read: then nothing is known. */
  read(): Acknowledged | null {
    try {
      const line = readFileSync(this.#file, 'latin1');
      const [seq = '', hash = ''] = line.split(' ');
      const mark = { seq: Number(seq), hash };
      // A power cut can leave half of one line and half of another.
      return line === lineOf(mark) ? mark : null;
    } catch {
      return null;
    }
  }

  /** A disk that refuses this one loses no payment, only the witness of the newest. */
  write(mark: Acknowledged): void {
    if (mark.seq === this.#written) return;
    try {
      this.#handle ??= openOwn(this.#file);
      this.#line.write(lineOf(mark), 'latin1');
      writeSync(this.#handle, this.#line, 0, LINE_BYTES, 0);
      this.#written = mark.seq;
    } catch {
      this.close();
    }
  }

  /** Never throws: what was committed would count as refused. */
  close(): void {
    const handle = this.#handle;
    this.#handle = null;
    try {
      if (handle !== null) closeSync(handle);
    } catch {
      // The next write opens it anew.
    }
  }
}

/** Always as long, so that it never needs more space than it has; with a checksum of itself. */
function lineOf({ seq, hash }: Acknowledged): string {
  const text = `${String(seq).padStart(16, '0')} ${hash}`;
  return `${text} ${digest('sha256', text)}\n`;
}

/** A link or a device in its place is left alone. */
function openOwn(file: string): number {
  const handle = openSync(file, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
  if (fstatSync(handle).isFile()) return handle;
  closeSync(handle);
  throw new Error('not a file');
}
