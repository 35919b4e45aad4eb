import type { Order } from '../shared/order/order.ts';
import type { Ledger } from './ledger/ledger.ts';

/**
 * What a snapshot holds at most. A card is about a kilobyte and a stream is cut at a megabyte unread, so
 * a whole window and its successor must fit; the rest is found by `orders.search`.
 */
const UNFINISHED_ROWS = 200;
const RECENT_ROWS = 100;

/**
 * The newest orders that are in doubt or still owe a call, and the newest of all; newest first. Not only
 * today's: at midnight the order that a customer is waiting for must not vanish from the counter.
 */
export function screenWindow(ledger: Ledger): readonly Order[] {
  const orders = [...ledger.unfinished(UNFINISHED_ROWS), ...ledger.recent(RECENT_ROWS)];
  const shown = new Map(orders.map((order) => [order.clientSn, order]));
  return [...shown.values()].toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}
