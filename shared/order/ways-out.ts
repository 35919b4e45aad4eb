import type { Order } from './order.ts';
import { isWindowClosed, type DayClock } from './revoke-refusal.ts';

/** What a person may do about an order that a machine cannot settle. */
export const WAYS_OUT = ['check_again', 'reverse', 'settle'] as const;
export type WayOut = (typeof WAYS_OUT)[number];

/**
 * The ways out of `attention`, gentlest first: ask the acquirer again, send the cancel again while its day
 * lasts, or close the order by a named person's word. Other states have none, because they settle themselves.
 */
export function waysOut(order: Order, clock: DayClock): readonly WayOut[] {
  if (order.state !== 'attention') return [];
  return isWindowClosed(order, clock) || order.reason === 'window_closed'
    ? ['check_again', 'settle']
    : ['check_again', 'reverse', 'settle'];
}
