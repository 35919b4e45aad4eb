import { assertNever } from '../assert.ts';
import { revokeRefusal } from './revoke-refusal.ts';
import type { Step } from './effect.ts';
import type { Stamp } from './event.ts';
import {
  accepted,
  alert,
  attention,
  decide,
  owe,
  oweLater,
  refusalOf,
  refused,
  step,
  waitingForOf,
} from './moves.ts';
import type { Order, Refusal } from './order.ts';
import type { QueryOutcome, ReversalOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { doubtRefund, isPromised, unprovedRefund } from './refund.ts';

/**
 * Rules of the cashier's revoke: only a paid order, only on its business day, with the same proof as
 * a cancel; a definite no returns the order to paid with the refusal shown (upay.md 2.7, 4.3).
 */

export function requestRevoke(order: Order, businessDay: string, stamp: Stamp): Step {
  const code = revokeRefusal(order, businessDay, stamp);
  if (code !== null) return refused(order, code);
  const requested: Order = {
    ...order,
    reason: 'revoke_requested',
    refusal: null,
    attempts: 0,
    waits: 0,
    updatedAtMs: stamp.atMs,
  };
  return step(owe(requested, 'revoking', 'revoke', stamp.atMs));
}

/** The answer to a revoke, or to the refund that has taken its place. */
export function onRevokeAnswer(order: Order, outcome: ReversalOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'accepted':
    case 'already':
      return step(owe(accepted(order, stamp), 'revoking', 'query', stamp.atMs));
    case 'pending':
    case 'unknown':
    case 'not_found':
      return step(owe({ ...order, refusal: null }, 'revoking', 'query', stamp.atMs));
    case 'throttled':
      return step(oweLater({ ...order, refusal: null }, 'revoking', 'query', stamp, policy));
    case 'refused':
    case 'window_closed': {
      const refusal = refusalOf(order, { ...outcome, kind: outcome.kind }, stamp);
      return step(owe({ ...order, refusal }, 'revoking', 'query', stamp.atMs));
    }
    case 'config':
      return step(
        oweLater(order, 'revoking', wayBack(order), stamp, policy, 'configuration'),
        alert('configuration'),
      );
    case 'not_sent':
      return step(oweLater(order, 'revoking', wayBack(order), stamp, policy, 'network'));
    default:
      return assertNever(outcome);
  }
}

export function onRevokingQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return step({ ...decide(order, 'revoked', order.reason), refusal: null });
    case 'charged':
      if (order.refusal !== null) {
        // No after yes does not undo the yes.
        return isPromised(order) ? doubtRefund(order, stamp, policy) : returnToPaid(order, order.refusal);
      }
      return (
        unprovedRefund(order, stamp, policy) ??
        step(oweLater(order, 'revoking', wayBack(order), stamp, policy))
      );
    case 'not_found':
      return step(attention(order, 'evidence_conflict', 'unknown'), alert('evidence_conflict'));
    case 'pending':
      return step(oweLater({ ...order, refusal: null }, 'revoking', wayBack(order), stamp, policy));
    case 'throttled':
    case 'unknown':
    case 'not_sent':
    case 'config': {
      const next = order.refusal === null ? wayBack(order) : 'query';
      return step(oweLater(order, 'revoking', next, stamp, policy, waitingForOf(outcome.kind)));
    }
    default:
      return assertNever(outcome);
  }
}

/** By what a paid order gives its money back. */
function wayBack(order: Order): 'revoke' | 'refund' {
  return order.refund === null ? 'revoke' : 'refund';
}

function returnToPaid(order: Order, refusal: Refusal): Step {
  if (order.refund !== null) {
    const returned: Order = { ...decide(order, 'paid', 'refund_refused'), refund: null };
    return step(returned, alert('refund_refused'), { type: 'check_sale' });
  }
  const reason = refusal.kind === 'window_closed' ? 'revoke_window_closed' : 'revoke_refused';
  return step(decide(order, 'paid', reason), alert('revoke_refused'), { type: 'check_sale' });
}
