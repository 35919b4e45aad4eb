import type { Order } from './order.ts';
import { refundRefusal } from './refund.ts';
import { isWindowClosed, type DayClock } from './revoke-refusal.ts';

/** What a person may do about an order that a machine cannot settle. */
export const WAYS_OUT = ['check_again', 'reverse', 'refund', 'settle'] as const;
export type WayOut = (typeof WAYS_OUT)[number];

/**
 * The ways out of `attention`, gentlest first: ask the acquirer again, send the cancel again while its day
 * lasts, refund where no cancel helps, or close the order by a named person's word. Other states have none,
 * because they settle themselves.
 */
export function waysOut(order: Order, businessDay: string, clock: DayClock): readonly WayOut[] {
  if (order.state !== 'attention') return [];
  const isReversible =
    order.refund === null && order.reason !== 'window_closed' && !isWindowClosed(order, clock);
  const isRefundable = refundRefusal(order, businessDay, clock) === null;
  return WAYS_OUT.filter((way) => (way !== 'reverse' || isReversible) && (way !== 'refund' || isRefundable));
}
