import type { RefusalCode, Step } from './effect.ts';
import type { Stamp } from './event.ts';
import { alert, attention, nextWaitMs, owe, refused, step } from './moves.ts';
import type { Order } from './order.ts';
import type { Policy } from './policy.ts';
import { isWindowClosed, revokeRefusal, type DayClock } from './revoke-refusal.ts';

/**
 * Rules of the refund: the way out where the acquirer takes no cancel any more, or has refused it. Only a
 * person starts one; from then on it runs like a cancel or a revoke, with the same proof
 * (upay.md 2.5, alipayplus.md 2.3).
 */

/** Reasons of `attention` that say that no cancel brings this money back. */
const NO_CANCEL_HELPS: ReadonlySet<string> = new Set([
  'window_closed',
  'cancel_refused',
  'refund_refused',
  'refund_unproved',
]);
/** Reasons of `paid` that say that no revoke does. */
const NO_REVOKE_HELPS: ReadonlySet<string> = new Set([
  'revoke_window_closed',
  'revoke_refused',
  'refund_refused',
]);

/**
 * Why an order may not be refunded now, or null where it may. The rule and the button go by this same
 * function. While a cancel can still bring the money back without a fee, it comes first.
 */
export function refundRefusal(order: Order, businessDay: string, clock: DayClock): RefusalCode | null {
  if (order.state === 'attention') return refusalInAttention(order, clock);
  const noRevoke = revokeRefusal(order, businessDay, clock);
  // What was never paid, is not decided or is on its way back is no more refunded than revoked.
  if (order.state !== 'paid') return noRevoke;
  return noRevoke === null && !NO_REVOKE_HELPS.has(order.reason ?? '') ? 'cancel_possible' : null;
}

function refusalInAttention(order: Order, clock: DayClock): RefusalCode | null {
  // The whole of our amount is not the whole of what the acquirer holds.
  if (order.reason === 'amount_mismatch') return 'needs_person';
  if (order.refund !== null || isWindowClosed(order, clock)) return null;
  return NO_CANCEL_HELPS.has(order.reason ?? '') ? null : 'cancel_possible';
}

export function requestRefund(
  order: Order,
  { businessDay, requestId, ...stamp }: Stamp & { readonly businessDay: string; readonly requestId: string },
): Step {
  const code = refundRefusal(order, businessDay, stamp);
  if (code !== null) return refused(order, code);
  const requested: Order = {
    ...order,
    reason: 'refund_requested',
    refusal: null,
    refund: order.refund ?? { requestId, acceptedAtMs: null },
    attempts: 0,
    waits: 0,
    updatedAtMs: stamp.atMs,
  };
  return step(oweRefund(requested, stamp));
}

/** Goods may have left with an order that was paid, so its refund is a revoke by other means. */
export function oweRefund(order: Order, stamp: Stamp): Order {
  return owe(order, order.paidAtMs === null ? 'reversing' : 'revoking', 'refund', stamp.atMs);
}

/** Whether the acquirer has said yes to the order's refund. */
export function isPromised(order: Order): boolean {
  return order.refund !== null && order.refund.acceptedAtMs !== null;
}

/**
 * The acquirer said yes to the refund and goes on saying that the customer is charged: after as many waits
 * as the table has, a person hears of it. Null while it is too early.
 */
export function unprovedRefund(order: Order, stamp: Stamp, policy: Policy): Step | null {
  if (!isPromised(order) || order.waits < policy.reverseBackoffMs.length) return null;
  return doubtRefund(order, stamp, policy);
}

/**
 * A refund that is promised and not there. It keeps its id, because another id could give the money back
 * twice, and the terminal goes on asking.
 */
export function doubtRefund(order: Order, stamp: Stamp, policy: Policy): Step {
  const handed = attention(order, 'refund_unproved', 'yes');
  const dueAtMs = stamp.atMs + nextWaitMs(order, stamp, policy);
  const owed = { call: 'query', dueAtMs, waitingFor: 'time' } as const;
  return step({ ...handed, owed }, alert('refund_unproved'));
}
