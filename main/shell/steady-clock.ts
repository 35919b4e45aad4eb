import type { Clock } from './clock.ts';

/** A smaller difference is drift, and is left until it has grown to a step. */
const STEP_MS = 2000;

/**
 * Epoch time that does not jump while the process runs: the wall clock once, then the monotonic one.
 * A clock set by a person or a daemon is noticed by `resync` and never by a decision about money.
 */
export interface SteadyClock {
  nowMs(): number;
  /** Follows the wall clock again. Returns by how much time stepped, or 0 when it did not. */
  resync(): number;
}

export function steadyClock(clock: Clock): SteadyClock {
  let originMs = clock.nowMs() - clock.monotonicMs();
  const nowMs = (): number => Math.round(originMs + clock.monotonicMs());
  return {
    nowMs,
    resync() {
      const steppedMs = Math.round(clock.nowMs() - (originMs + clock.monotonicMs()));
      if (Math.abs(steppedMs) < STEP_MS) return 0;
      originMs += steppedMs;
      return steppedMs;
    },
  };
}
