import type { OrderCard } from '../shared/contract.ts';
import { useIsOver } from './use-is-over.ts';

/** What may be pressed for an order, by the card that the terminal made of it; fingers, keys and cards go by the same. */

/** The terminal takes a "try now": something is owed, or a person wants the evidence checked again. */
export function canTryNow({ state, next }: OrderCard): boolean {
  return state === 'attention' || (next !== null && state !== 'collecting');
}

/** Where waiting alone may not help: a person has repaired something, or is needed. */
export function isWorthTrying(order: OrderCard): boolean {
  return canTryNow(order) && (order.state === 'attention' || order.next?.waitingFor !== 'time');
}

/** Giving up takes effect at once; sooner it would cancel what may still land (peers.md 0.4). */
export function canGiveUp({ giveUpFromMs }: OrderCard, nowMs: number): boolean {
  return giveUpFromMs !== null && nowMs >= giveUpFromMs;
}

/** Whether giving up is allowed by now; draws once more at the instant it becomes so. */
export function useCanGiveUp({ giveUpFromMs }: OrderCard, clockOffsetMs: number): boolean {
  return useIsOver(giveUpFromMs === null ? null : giveUpFromMs - clockOffsetMs);
}
