import type { OwedRow } from './projections.ts';

/**
 * The outbox as it is on disk, in memory: what is due is asked after every commit, and a scan of the table for
 * it cost more than the commit's own code once a few hundred calls were owed. It follows every write, and is
 * read anew after a transaction that was rolled back.
 */
export class OwedCalls {
  readonly #read: () => readonly OwedRow[];
  #rows: Map<string, OwedRow> | null = null;

  constructor(read: () => readonly OwedRow[]) {
    this.#read = read;
  }

  get count(): number {
    return this.#known().size;
  }

  set(row: OwedRow): void {
    this.#rows?.set(row.clientSn, row);
  }

  drop(clientSn: string): void {
    this.#rows?.delete(clientSn);
  }

  /** What was written since may not be on disk. */
  forget(): void {
    this.#rows = null;
  }

  /** What is due, oldest debt first: of those somebody may be waiting for, or of those nobody waits for. */
  due(atMs: number, limit: number, lane: 'attended' | 'unattended'): OwedRow[] {
    const first: OwedRow[] = [];
    for (const row of this.#known().values()) {
      if (row.dueAtMs > atMs || row.attendedUntilMs > atMs !== (lane === 'attended')) continue;
      let place = first.length;
      for (
        let other = first[place - 1];
        other !== undefined && isBefore(row, other);
        other = first[place - 1]
      )
        place -= 1;
      if (place >= limit) continue;
      first.splice(place, 0, row);
      if (first.length > limit) first.pop();
    }
    return first;
  }

  /** The next instant after `atMs` at which something falls due, or null. */
  nextDueAtMs(atMs: number): number | null {
    let next = Infinity;
    for (const { dueAtMs } of this.#known().values()) {
      if (dueAtMs > atMs && dueAtMs < next) next = dueAtMs;
    }
    return next === Infinity ? null : next;
  }

  #known(): Map<string, OwedRow> {
    this.#rows ??= new Map(this.#read().map((row) => [row.clientSn, row]));
    return this.#rows;
  }
}

function isBefore(one: OwedRow, other: OwedRow): boolean {
  return one.dueAtMs < other.dueAtMs || (one.dueAtMs === other.dueAtMs && one.clientSn < other.clientSn);
}
