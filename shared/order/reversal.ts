import { assertNever } from '../assert.ts';
import { isWindowClosed } from './revoke-refusal.ts';
import type { Step } from './effect.ts';
import type { Stamp } from './event.ts';
import {
  accepted,
  alert,
  askAfterTheDay,
  attention,
  decide,
  isAmountMismatch,
  nextWaitMs,
  owe,
  oweLater,
  refusalOf,
  step,
  waitingForOf,
} from './moves.ts';
import type { Order, Refusal, WaitingFor } from './order.ts';
import type { Evidence, QueryOutcome, ReversalOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { doubtRefund, isPromised, oweRefund, unprovedRefund } from './refund.ts';

/**
 * Rules of the automatic cancel: it is owed until the money is proved back. Accepted is not proved;
 * uncertain is asked about and sent again; a definite no goes to a person only if the customer is
 * charged (DESIGN section 3, upay.md 3.6 and 4.2).
 */

/** The answer to a cancel, or to the refund that has taken its place. */
export function onCancelAnswer(order: Order, outcome: ReversalOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'accepted':
    case 'already':
      return step(owe(accepted(order, stamp), 'verifying', 'query', stamp.atMs));
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
        oweLater(order, 'reversing', wayBack(order), stamp, policy, 'configuration'),
        alert('configuration'),
      );
    case 'not_sent':
      return step(oweLater(order, 'reversing', wayBack(order), stamp, policy, 'network'));
    default:
      return assertNever(outcome);
  }
}

/** By what an order in reversal gives its money back. */
function wayBack(order: Order): 'cancel' | 'refund' {
  return order.refund === null ? 'cancel' : 'refund';
}

/** A query between two cancels. */
export function onReversingQuery(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return proveReversed(order, stamp, policy);
    case 'not_found':
      return awaitAbsence({ ...order, refusal: null }, stamp, policy);
    case 'charged':
      if (order.refusal !== null) {
        // No after yes does not undo the yes.
        if (isPromised(order)) return doubtRefund(order, stamp, policy);
        return handToPerson(noteAmount(order, outcome.evidence), order.refusal, 'yes');
      }
      return chargedStill(order, stamp, policy);
    case 'pending':
    case 'throttled':
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
  if (order.refusal === null)
    return step(oweLater(order, 'reversing', wayBack(order), stamp, policy, waitingFor));
  if (order.refusal.kind === 'window_closed' && order.refund === null) {
    // No cancel can be sent any more; a person takes over while the terminal goes on asking.
    const handed = handToPerson(order, order.refusal, 'unknown');
    return { ...handed, order: keepAsking(handed.order, stamp, policy, waitingFor) };
  }
  // The acquirer refused while the order is still moving: the refusal may not hold once it settles.
  const next = kind === 'pending' ? wayBack(order) : 'query';
  const refusal = kind === 'pending' ? null : order.refusal;
  return step(oweLater({ ...order, refusal }, 'reversing', next, stamp, policy, waitingFor));
}

/** Nothing has refused to give the money back, and it is not back. */
function chargedStill(order: Order, stamp: Stamp, policy: Policy): Step {
  return (
    unprovedRefund(order, stamp, policy) ?? step(oweLater(order, 'reversing', wayBack(order), stamp, policy))
  );
}

/** The proof that a cancel owes; `isFirstSight` where no answer before this one knew the order. */
export function onVerifyingQuery(
  order: Order,
  outcome: QueryOutcome,
  stamp: Stamp,
  policy: Policy,
  isFirstSight: boolean,
): Step {
  switch (outcome.kind) {
    case 'not_charged':
      return proveReversed(order, stamp, policy);
    case 'not_found':
      return awaitAbsence(order, stamp, policy);
    case 'charged':
      // A refund that was promised takes its time; whatever else was not there before has landed since.
      if (isPromised(order)) return chargedStill(order, stamp, policy);
      // No cancel has found it yet, so it need not wait out the backoff of those that came too early.
      if (isFirstSight)
        return reopen(order, owe({ ...order, waits: 0 }, 'reversing', wayBack(order), stamp.atMs));
      return reopen(order, oweLater(order, 'reversing', wayBack(order), stamp, policy));
    // The order exists and is still moving, so the accepted cancel has not ended it.
    case 'pending':
      return step(oweLater(order, 'reversing', wayBack(order), stamp, policy));
    case 'throttled':
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
      return reopen(order, owe({ ...order, attempts: 0, waits: 0 }, 'reversing', wayBack(order), stamp.atMs));
    case 'throttled':
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
      if (wasSeen(order) || order.charged === 'yes') return step({ ...order, owed: null });
      if (stamp.atMs >= order.inFlightUntilMs) return proveReversed(order, stamp, policy);
      return step(keepAsking(order, stamp, policy));
    case 'charged':
      // A refund that was accepted may take its time, so the terminal goes on asking.
      if (order.refund !== null) return step(keepAsking({ ...order, charged: 'yes' }, stamp, policy));
      return chargedInAttention(order, outcome.evidence);
    case 'pending':
    case 'throttled':
    case 'unknown':
    case 'not_sent':
    case 'config':
      return step(keepAsking(order, stamp, policy, waitingForOf(outcome.kind)));
    default:
      return assertNever(outcome);
  }
}

function chargedInAttention(order: Order, evidence: Evidence): Step {
  const noted: Order = { ...noteAmount(order, evidence), charged: 'yes', owed: null };
  return noted.reason === order.reason ? step(noted) : step(noted, alert('amount_mismatch'));
}

/** An amount that is not ours is what a person must know first: no refund of ours brings it back. */
function noteAmount(order: Order, evidence: Evidence): Order {
  return isAmountMismatch(order, evidence) ? { ...order, reason: 'amount_mismatch' } : order;
}

/** A person sends an attention case back into reversal while the window is open, or its refund on its way. */
export function reverseAgain(order: Order, stamp: Stamp): Step {
  const reset: Order = { ...order, refusal: null, attempts: 0, waits: 0, updatedAtMs: stamp.atMs };
  if (order.refund !== null) return step(oweRefund(reset, stamp));
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
  const stands = order.reason === 'duplicate_charge' || order.reason === 'amount_mismatch';
  const reason = stands ? order.reason : 'late_approval';
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
    if (!wasSeen(order)) return proveReversed(order, stamp, policy);
    return step(attention(order, 'evidence_conflict', 'unknown'), alert('evidence_conflict'));
  }
  const asked = oweLater(order, 'verifying', 'query', stamp, policy);
  if (asked.owed === null || asked.owed.dueAtMs <= order.inFlightUntilMs) return step(asked);
  return step({ ...asked, owed: { ...asked.owed, dueAtMs: order.inFlightUntilMs } });
}

/** Whether the acquirer has known this order, or money may be on its way back by a refund of it. */
function wasSeen(order: Order): boolean {
  return order.sn !== null || order.paidAtMs !== null || order.refund !== null;
}

function handToPerson(order: Order, refusal: Refusal, charged: 'yes' | 'unknown'): Step {
  if (order.refund !== null) return refundRefused(order, charged);
  const given = refusal.kind === 'window_closed' ? 'window_closed' : 'cancel_refused';
  const reason = order.reason === 'amount_mismatch' ? order.reason : given;
  return step(attention(order, reason, charged), alert(reason));
}

/** The refund is over, so another one is another refund, with an id of its own. */
function refundRefused(order: Order, charged: 'yes' | 'unknown'): Step {
  return step({ ...attention(order, 'refund_refused', charged), refund: null }, alert('refund_refused'));
}

/** Asks again later without leaving a state that no longer depends on the answer. */
function keepAsking(order: Order, stamp: Stamp, policy: Policy, waitingFor: WaitingFor = 'time'): Order {
  const dueAtMs = stamp.atMs + nextWaitMs(order, stamp, policy);
  return { ...order, waits: order.waits + 1, owed: { call: 'query', dueAtMs, waitingFor } };
}
