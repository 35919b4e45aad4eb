import { assertNever } from '../assert.ts';
import { isWindowClosed } from './revoke-refusal.ts';
import type { Step } from './effect.ts';
import type { Stamp } from './event.ts';
import {
  alert,
  askAfterTheDay,
  attention,
  decide,
  nextWaitMs,
  owe,
  oweLater,
  refusalOf,
  step,
  waitingForOf,
} from './moves.ts';
import type { Order, Refusal, WaitingFor } from './order.ts';
import type { QueryOutcome, ReversalOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';

/**
 * Rules of the automatic cancel: it is owed until the money is proved back. Accepted is not proved;
 * uncertain is asked about and sent again; a definite no goes to a person only if the customer is
 * charged (DESIGN section 3, upay.md 3.6 and 4.2).
 */

export function onCancelAnswer(order: Order, outcome: ReversalOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'accepted':
    case 'already':
    case 'not_found':
      return step(owe({ ...order, refusal: null }, 'verifying', 'query', stamp.atMs));
    case 'pending':
    case 'unknown':
      return step(owe({ ...order, refusal: null }, 'reversing', 'query', stamp.atMs));
    case 'throttled':
      return step(oweLater({ ...order, refusal: null }, 'reversing', 'query', stamp, policy));
    case 'refused':
    case 'window_closed': {
      const refusal = refusalOf(order, { ...outcome, kind: outcome.kind }, stamp);
      return step(owe({ ...order, refusal }, 'reversing', 'query', stamp.atMs));
    }
    case 'config':
      return step(
        oweLater(order, 'reversing', 'cancel', stamp, policy, 'configuration'),
        alert('configuration'),
      );
    case 'not_sent':
      return step(oweLater(order, 'reversing', 'cancel', stamp, policy, 'network'));
    default:
      return assertNever(outcome);
  }
}

/** A query between two cancels. */
export function onReversingQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return proveReversed(order, stamp, policy);
    case 'not_found':
      return awaitAbsence({ ...order, refusal: null }, stamp, policy);
    case 'charged':
      if (order.refusal !== null) return handToPerson(order, order.refusal, 'yes');
      return step(oweLater(order, 'reversing', 'cancel', stamp, policy));
    case 'pending':
    case 'unknown':
    case 'not_sent':
    case 'config':
      return stillUncertain(order, outcome.kind, stamp, policy);
    default:
      return assertNever(outcome);
  }
}

function stillUncertain(order: Order, kind: QueryOutcome['kind'], stamp: Stamp, policy: Policy): Step {
  const waitingFor = waitingForOf(kind);
  if (order.refusal === null) return step(oweLater(order, 'reversing', 'cancel', stamp, policy, waitingFor));
  if (order.refusal.kind === 'window_closed') {
    // No cancel can be sent any more; a person takes over while the terminal goes on asking.
    const handed = handToPerson(order, order.refusal, 'unknown');
    return { ...handed, order: keepAsking(handed.order, stamp, policy, waitingFor) };
  }
  // The acquirer refused while the order is still moving: the refusal may not hold once it settles.
  const next = kind === 'pending' ? 'cancel' : 'query';
  const refusal = kind === 'pending' ? null : order.refusal;
  return step(oweLater({ ...order, refusal }, 'reversing', next, stamp, policy, waitingFor));
}

/** The proof that a cancel owes. */
export function onVerifyingQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return proveReversed(order, stamp, policy);
    case 'not_found':
      return awaitAbsence(order, stamp, policy);
    case 'charged':
      return reopen(order, oweLater(order, 'reversing', 'cancel', stamp, policy));
    // The order exists and is still moving, so the accepted cancel has not ended it.
    case 'pending':
      return step(oweLater(order, 'reversing', 'cancel', stamp, policy));
    case 'unknown':
    case 'not_sent':
    case 'config':
      return step(oweLater(order, 'verifying', 'query', stamp, policy, waitingForOf(outcome.kind)));
    default:
      return assertNever(outcome);
  }
}

/** The look back after the horizon: an approval that landed late is reversed again. */
export function onTailQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
    case 'not_found':
      // Tried early by a person, it is still owed at the horizon.
      return proveReversed(order, stamp, policy);
    case 'charged':
    case 'pending':
      return reopen(order, owe({ ...order, attempts: 0, waits: 0 }, 'reversing', 'cancel', stamp.atMs));
    case 'unknown':
    case 'not_sent':
    case 'config':
      return step(keepAsking(order, stamp, policy, waitingForOf(outcome.kind)));
    default:
      return assertNever(outcome);
  }
}

/** Evidence that reaches an order a person already holds. It can close the case, never reopen a charge. */
export function onAttentionQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      // The goods may have left with a paid order, so its money coming back is a revoke.
      if (order.paidAtMs !== null) return step({ ...decide(order, 'revoked', order.reason), refusal: null });
      return proveReversed(order, stamp, policy);
    case 'not_found':
      // Absence contradicts an order or a charge that was seen; only a person can settle that.
      if (order.sn !== null || order.charged === 'yes') return step({ ...order, owed: null });
      if (stamp.atMs >= order.inFlightUntilMs) return proveReversed(order, stamp, policy);
      return step(keepAsking(order, stamp, policy));
    case 'charged':
      return step({ ...order, charged: 'yes', owed: null });
    case 'pending':
    case 'unknown':
    case 'not_sent':
    case 'config':
      return step(keepAsking(order, stamp, policy, waitingForOf(outcome.kind)));
    default:
      return assertNever(outcome);
  }
}

/** A person sends an attention case back into reversal while the window is open. */
export function reverseAgain(order: Order, stamp: Stamp): Step {
  const reset: Order = { ...order, refusal: null, attempts: 0, waits: 0, updatedAtMs: stamp.atMs };
  if (isWindowClosed(order, stamp)) return askAfterTheDay(reset, 'reversing', stamp);
  return step(owe(reset, 'reversing', 'cancel', stamp.atMs));
}

/** Another order of the sale holds the money already, so this one gives it back. */
export function reverseDuplicate(order: Order, stamp: Stamp): Step {
  // The goods went with the other order, so nothing is to be taken back for this one.
  const duplicate: Order = {
    ...order,
    reason: 'duplicate_charge',
    paidAtMs: null,
    refusal: null,
    updatedAtMs: stamp.atMs,
  };
  return step(owe(duplicate, 'reversing', 'cancel', stamp.atMs), alert('duplicate_charge'));
}

function reopen(order: Order, reopened: Order): Step {
  const reason = order.reason === 'duplicate_charge' ? order.reason : 'late_approval';
  return step({ ...reopened, reason }, alert('late_approval'));
}

/** Remote evidence ends the doubt; a tail query is owed where a pay could still land. */
function proveReversed(order: Order, stamp: Stamp, policy: Policy): Step {
  // A clock that was set back while nothing was owed must not put the look back off until tomorrow.
  const inFlightUntilMs = Math.min(order.inFlightUntilMs, stamp.atMs + policy.inFlightHorizonMs);
  const reversed: Order = { ...decide(order, 'reversed', order.reason), refusal: null, inFlightUntilMs };
  if (stamp.atMs >= inFlightUntilMs) return step(reversed);
  return step({ ...reversed, owed: { call: 'query', dueAtMs: inFlightUntilMs, waitingFor: 'time' } });
}

/**
 * Absence becomes proof only once no pay request can still be travelling, and never against the
 * acquirer's own earlier word that the order exists.
 */
function awaitAbsence(order: Order, stamp: Stamp, policy: Policy): Step {
  if (stamp.atMs >= order.inFlightUntilMs) {
    if (order.sn === null && order.paidAtMs === null) return proveReversed(order, stamp, policy);
    return step(attention(order, 'evidence_conflict', 'unknown'), alert('evidence_conflict'));
  }
  const asked = oweLater(order, 'verifying', 'query', stamp, policy);
  if (asked.owed === null || asked.owed.dueAtMs <= order.inFlightUntilMs) return step(asked);
  return step({ ...asked, owed: { ...asked.owed, dueAtMs: order.inFlightUntilMs } });
}

function handToPerson(order: Order, refusal: Refusal, charged: 'yes' | 'unknown'): Step {
  const reason = refusal.kind === 'window_closed' ? 'window_closed' : 'cancel_refused';
  return step(attention(order, reason, charged), alert(reason));
}

/** Asks again later without leaving a state that no longer depends on the answer. */
function keepAsking(order: Order, stamp: Stamp, policy: Policy, waitingFor: WaitingFor = 'time'): Order {
  const dueAtMs = stamp.atMs + nextWaitMs(order, stamp, policy);
  return { ...order, waits: order.waits + 1, owed: { call: 'query', dueAtMs, waitingFor } };
}
