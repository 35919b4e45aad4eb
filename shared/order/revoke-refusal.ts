import { assertNever } from '../assert.ts';
import type { RefusalCode } from './effect.ts';
import type { Stamp } from './event.ts';
import type { Order } from './order.ts';

/** Our clock, and how far the acquirer's is from it as far as a reply has told. */
export type DayClock = Pick<Stamp, 'atMs' | 'serverOffsetMs'>;

/** Whether the acquirer's own clock says that cancels of this order are no longer accepted. */
export function isWindowClosed(order: Order, { atMs, serverOffsetMs }: DayClock): boolean {
  if (order.cancelUntilMs === null || serverOffsetMs === null) return false;
  return atMs + serverOffsetMs >= order.cancelUntilMs;
}

/**
 * Why an order may not be revoked now, or null where it may: only a paid order, only on its business
 * day (upay.md 4.3). The rule and the button go by this same function.
 */
export function revokeRefusal(order: Order, businessDay: string, clock: DayClock): RefusalCode | null {
  switch (order.state) {
    case 'paid':
      // A day that nobody has confirmed is no reason: the acquirer says whether it is too late.
      if (order.cancelUntilMs === null || clock.serverOffsetMs === null) return null;
      return order.businessDay === businessDay && !isWindowClosed(order, clock)
        ? null
        : 'revoke_window_closed';
    case 'revoking':
      return 'being_revoked';
    case 'revoked':
      return 'already_revoked';
    case 'collecting':
    case 'confirming':
    case 'reversing':
    case 'verifying':
      return 'undecided';
    case 'attention':
      return 'needs_person';
    case 'declined':
    case 'reversed':
    case 'resolved':
      return 'not_paid';
    default:
      return assertNever(order.state);
  }
}
