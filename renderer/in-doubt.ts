import type { OrderCard } from '../shared/contract.ts';
import { isUndecided } from '../shared/order/order.ts';

/** How an order stays on the In doubt screen, most urgent first. */
export const DOUBT_GROUPS = ['attention', 'settling', 'tail'] as const;
export type DoubtGroup = (typeof DOUBT_GROUPS)[number];

/** How near the end of the day is in which the money can still come back; `unknown` where only the acquirer can say. */
export type WindowLevel = 'open' | 'soon' | 'now' | 'closed' | 'unknown';

const MINUTE_MS = 60_000;
const SOON_MS = 30 * MINUTE_MS;
const NOW_MS = 5 * MINUTE_MS;

/** `tail`: nothing is at risk, yet the terminal still owes a question. Null for what is over. */
export function doubtGroupOf({ state, next }: OrderCard): DoubtGroup | null {
  if (state === 'attention') return 'attention';
  if (isUndecided(state)) return 'settling';
  return next === null ? null : 'tail';
}

export function windowLevel({ windowClosesAtMs }: OrderCard, nowMs: number): WindowLevel {
  if (windowClosesAtMs === null) return 'unknown';
  const leftMs = windowClosesAtMs - nowMs;
  if (leftMs <= 0) return 'closed';
  if (leftMs <= NOW_MS) return 'now';
  return leftMs <= SOON_MS ? 'soon' : 'open';
}

/** What can still be saved first: the nearest window, then whoever waits longest. */
export function byUrgency(nowMs: number): (a: OrderCard, b: OrderCard) => number {
  const closing = ({ windowClosesAtMs }: OrderCard) =>
    windowClosesAtMs === null || windowClosesAtMs <= nowMs ? Number.MAX_SAFE_INTEGER : windowClosesAtMs;
  return (a, b) => closing(a) - closing(b) || a.createdAtMs - b.createdAtMs;
}

/**
 * The instant a card is drawn for: seconds while one of its numbers counts seconds, else minutes, so that
 * hundreds of cards are not drawn again for nothing. Never later than now.
 */
export function drawnAtMs(order: OrderCard, nowMs: number): number {
  const { next, confirmUntilMs, windowClosesAtMs, createdAtMs } = order;
  const countsSeconds =
    next?.waitingFor === 'time' ||
    confirmUntilMs !== null ||
    nowMs - createdAtMs < 2 * MINUTE_MS ||
    (windowClosesAtMs !== null && windowClosesAtMs > nowMs && windowClosesAtMs - nowMs < SOON_MS + MINUTE_MS);
  const unitMs = countsSeconds ? 1000 : MINUTE_MS;
  return nowMs - (nowMs % unitMs);
}
