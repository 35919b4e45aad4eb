import { assertNever } from '../assert.ts';
import { revokeRefusal } from './revoke-refusal.ts';
import type { Step } from './effect.ts';
import type { Stamp } from './event.ts';
import { alert, attention, decide, owe, oweLater, refusalOf, refused, step, waitingForOf } from './moves.ts';
import type { Order, Refusal } from './order.ts';
import type { QueryOutcome, ReversalOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';

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

export function onRevokeAnswer(order: Order, outcome: ReversalOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'accepted':
    case 'already':
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
        oweLater(order, 'revoking', 'revoke', stamp, policy, 'configuration'),
        alert('configuration'),
      );
    case 'not_sent':
      return step(oweLater(order, 'revoking', 'revoke', stamp, policy, 'network'));
    default:
      return assertNever(outcome);
  }
}

export function onRevokingQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return step({ ...decide(order, 'revoked', order.reason), refusal: null });
    case 'charged':
      if (order.refusal !== null) return returnToPaid(order, order.refusal);
      return step(oweLater(order, 'revoking', 'revoke', stamp, policy));
    case 'not_found':
      return step(attention(order, 'evidence_conflict', 'unknown'), alert('evidence_conflict'));
    case 'pending':
      return step(oweLater({ ...order, refusal: null }, 'revoking', 'revoke', stamp, policy));
    case 'unknown':
    case 'not_sent':
    case 'config': {
      const next = order.refusal === null ? 'revoke' : 'query';
      return step(oweLater(order, 'revoking', next, stamp, policy, waitingForOf(outcome.kind)));
    }
    default:
      return assertNever(outcome);
  }
}

function returnToPaid(order: Order, refusal: Refusal): Step {
  const reason = refusal.kind === 'window_closed' ? 'revoke_window_closed' : 'revoke_refused';
  return step(decide(order, 'paid', reason), alert('revoke_refused'), { type: 'check_sale' });
}
