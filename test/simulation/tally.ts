/** What a run, or many, has been through. Plain data, so that it crosses threads. */
export interface Counts {
  runs: number;
  virtualMs: number;
  sales: number;
  orders: number;
  calls: number;
  deaths: number;
  entries: number;
  faults: Record<string, number>;
  /** `state × event`, with what an answer came to. */
  pairs: Record<string, number>;
  ends: Record<string, number>;
}

export function noCounts(): Counts {
  return {
    runs: 0,
    virtualMs: 0,
    sales: 0,
    orders: 0,
    calls: 0,
    deaths: 0,
    entries: 0,
    faults: {},
    pairs: {},
    ends: {},
  };
}

/** Adds one run's counts to those of many. */
export function addCounts(sum: Counts, { faults, pairs, ends, ...numbers }: Counts): void {
  for (const [name, count] of Object.entries(numbers)) sum[name as keyof typeof numbers] += count;
  for (const part of ['faults', 'pairs', 'ends'] as const)
    for (const [name, count] of Object.entries({ faults, pairs, ends }[part]))
      sum[part][name] = (sum[part][name] ?? 0) + count;
}

/** Counts while a run goes on. */
export class Tally {
  readonly counts = noCounts();

  fault(kind: string): void {
    this.counts.faults[kind] = (this.counts.faults[kind] ?? 0) + 1;
  }

  pair(state: string, event: string): void {
    const name = `${state} × ${event}`;
    this.counts.pairs[name] = (this.counts.pairs[name] ?? 0) + 1;
  }

  end(state: string): void {
    this.counts.ends[state] = (this.counts.ends[state] ?? 0) + 1;
  }
}
