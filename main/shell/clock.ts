import { randomInt } from 'node:crypto';

/** Wall and monotonic time. Everything below the composition root receives this instead of reading it. */
export interface Clock {
  /** Epoch milliseconds by the machine's clock, which people and daemons may set. */
  nowMs(): number;
  /** Milliseconds that only ever grow; the origin means nothing, and is one for all processes of a machine. */
  monotonicMs(): number;
}

export interface Timers {
  /** Runs once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs once at the end of this turn of the event loop, when what has come in by now was heard. */
  soon(run: () => void): void;
}

/** Uniform in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Not `performance.now()`, whose origin is the process: notes of two processes could not be compared.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
};

/** Node fires a longer timer at once, so long waits are cut; callers re-arm from the clock anyway. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

const RANDOM_STEPS = 2 ** 47;

/** Names of orders are drawn from this, so it is the operating system's generator. */
export const systemRandom: Random = () => randomInt(RANDOM_STEPS) / RANDOM_STEPS;

/** The instant of an HTTP `Date` header in epoch milliseconds, or null for anything else. */
export function httpDateMs(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
