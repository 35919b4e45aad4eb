import { assertNever, invariant } from '../assert.ts';
import { askAtOnce, begin, giveUp, onConfirmAnswer, onPayAnswer, startReversal } from './collection.ts';
import type { Step } from './effect.ts';
import type { OrderEvent, Stamp } from './event.ts';
import { alert, askAfterTheDay, attention, recordAnswer, refused, step } from './moves.ts';
import { isUndecided, type Call, type Order, type OwedCall } from './order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { requestRefund } from './refund.ts';
import {
  onAttentionQuery,
  onCancelAnswer,
  onReversingQuery,
  onTailQuery,
  onVerifyingQuery,
  reverseAgain,
  reverseDuplicate,
} from './reversal.ts';
import { onRevokeAnswer, onRevokingQuery, requestRevoke } from './revocation.ts';
import { isWindowClosed } from './revoke-refusal.ts';

/**
 * What falls due together at one terminal is spread over this long. A fleet is spread by when each of its terminals
 * looks for the network (ADR 0039).
 */
const SPREAD_MS = 1000;

/**
 * Decides what happens to money. Pure: the same order, event and policy always give the same step,
 * and nothing else in the program changes an order.
 *
 * An event that means nothing in the order's state returns the very same order object, so that the
 * ledger can tell "nothing happened" from "recorded".
 */
export function transition(order: Order | null, event: OrderEvent, policy: Policy): Step {
  if (event.type === 'collect_requested') {
    invariant(order === null, 'a clientSn is collected only once');
    return begin(event, policy);
  }
  invariant(order !== null, `${event.type} needs an order`);
  const next = withinBounds(react(order, event, policy), policy);
  if (next.order === order) return next;
  return { ...next, order: { ...next.order, revision: order.revision + 1 } };
}

function react(
  order: Order,
  event: Exclude<OrderEvent, { type: 'collect_requested' }>,
  policy: Policy,
): Step {
  switch (event.type) {
    case 'call_due':
      return onCallDue(order, event);
    case 'pay_answered':
      return onAnswer(order, 'pay', event, (seen) => onPayAnswer(seen, event.outcome, event, policy));
    case 'query_answered':
      return onAnswer(order, 'query', event, (seen) =>
        onQueryAnswer(seen, event.outcome, event, policy, order.sn === null && seen.sn !== null),
      );
    case 'cancel_answered':
      return onAnswer(order, 'cancel', event, (seen) => onCancelAnswer(seen, event.outcome, event, policy));
    case 'revoke_answered':
      return onAnswer(order, 'revoke', event, (seen) => onRevokeAnswer(seen, event.outcome, event, policy));
    case 'refund_answered':
      return onAnswer(order, 'refund', event, (seen) => onRefundAnswer(seen, event.outcome, event, policy));
    case 'restarted':
      return onRestart(order, event, policy);
    case 'obstacle_cleared':
      if (order.owed?.waitingFor !== event.obstacle) return step(order);
      return step({
        ...dueBy(order, event.atMs + Math.round(SPREAD_MS * event.random)),
        // Tries that reached nobody say nothing of how long an acquirer that answers should be left alone.
        waits: event.obstacle === 'network' ? 0 : order.waits,
        updatedAtMs: event.atMs,
      });
    case 'clock_changed':
      return order.owed === null ? step(order) : step(shiftInstants(order, order.owed, event.deltaMs));
    case 'gave_up':
      if (order.state === 'collecting' || order.state === 'confirming') return giveUp(order, event, policy);
      return refused(order, 'not_in_doubt');
    case 'revoke_requested':
      return attended(requestRevoke(order, event.businessDay, event), event, policy);
    case 'refund_requested':
      return attended(requestRefund(order, event), event, policy);
    case 'retry_requested':
      return attended(onRetry(order, event), event, policy);
    case 'reversal_requested':
      if (order.state !== 'attention') return refused(order, 'not_in_attention');
      return attended(reverseAgain(order, event), event, policy);
    case 'settled':
      if (order.state !== 'attention') return refused(order, 'not_in_attention');
      return settle(order, event.charged, event);
    case 'duplicate_charge_found':
      return order.state === 'paid' ? reverseDuplicate(order, event) : step(order);
    default:
      return assertNever(event);
  }
}

/**
 * An answer decides only while its call is the one owed. A reply that was overtaken by a deadline or
 * a person is kept as evidence, and what has begun meanwhile goes on.
 */
function onAnswer(
  order: Order,
  call: Call,
  event: Stamp & { readonly outcome: PayOutcome | QueryOutcome | ReversalOutcome },
  decideFrom: (seen: Order) => Step,
): Step {
  const seen = recordAnswer(order, call, event.outcome, event);
  if (order.owed?.call === call) return decideFrom(seen);
  // Bounds count answers to what is owed; a stray one must not use them up.
  const late: Order = { ...seen, attempts: order.attempts };
  const { kind } = event.outcome;
  return kind === 'approved' || kind === 'charged' ? step(late, alert('late_success')) : step(late);
}

function onQueryAnswer(
  seen: Order,
  outcome: QueryOutcome,
  stamp: Stamp,
  policy: Policy,
  isFirstSight: boolean,
): Step {
  switch (seen.state) {
    case 'confirming':
      return onConfirmAnswer(seen, outcome, stamp, policy);
    case 'reversing':
      return onReversingQuery(seen, outcome, stamp, policy);
    case 'verifying':
      return onVerifyingQuery(seen, outcome, stamp, policy, isFirstSight);
    case 'reversed':
      return onTailQuery(seen, outcome, stamp, policy);
    case 'revoking':
      return onRevokingQuery(seen, outcome, stamp, policy);
    case 'attention':
      return onAttentionQuery(seen, outcome, stamp, policy);
    case 'collecting':
    case 'paid':
    case 'declined':
    case 'revoked':
    case 'resolved':
      throw new Error(`Invariant broken: an order in ${seen.state} owes no query`);
    default:
      return assertNever(seen.state);
  }
}

/** A refund takes the place of the cancel or of the revoke. */
function onRefundAnswer(seen: Order, outcome: ReversalOutcome, stamp: Stamp, policy: Policy): Step {
  return seen.state === 'revoking'
    ? onRevokeAnswer(seen, outcome, stamp, policy)
    : onCancelAnswer(seen, outcome, stamp, policy);
}

function onCallDue(order: Order, stamp: Stamp): Step {
  const asking = order.state === 'collecting' || order.state === 'confirming';
  if (asking && stamp.atMs >= order.confirmUntilMs) {
    return startReversal({ ...order, updatedAtMs: stamp.atMs }, stamp);
  }
  if (!isWindowClosed(order, stamp)) return step(order);
  if (order.state === 'reversing' && order.owed?.call === 'cancel')
    return askAfterTheDay(order, 'reversing', stamp);
  if (order.state === 'revoking' && order.owed?.call === 'revoke')
    return askAfterTheDay(order, 'revoking', stamp);
  return step(order);
}

/**
 * Nothing in memory survived, and nobody knows how long it took: the clock may have been set while the process
 * was down. So a pay that may be travelling has its whole horizon again, and deadlines that lie further ahead
 * than the policy could have put them are pulled in (ADR 0029).
 */
function onRestart(order: Order, stamp: Stamp, policy: Policy): Step {
  if (order.owed === null) return step(order);
  const horizonMs = stamp.atMs + policy.inFlightHorizonMs;
  const here: Order = {
    ...order,
    confirmUntilMs: Math.min(order.confirmUntilMs, stamp.atMs + policy.confirmWindowMs),
    inFlightUntilMs: horizonMs,
    attendedUntilMs: Math.min(order.attendedUntilMs, horizonMs),
    updatedAtMs: stamp.atMs,
  };
  switch (order.state) {
    case 'collecting':
    case 'confirming':
      return askAtOnce(here, stamp);
    case 'reversing':
    case 'verifying':
    case 'revoking':
    case 'attention':
      return step(dueBy(here, stamp.atMs + Math.round(SPREAD_MS * stamp.random)));
    case 'reversed':
      return step({ ...here, owed: { call: 'query', dueAtMs: horizonMs, waitingFor: 'time' } });
    case 'paid':
    case 'declined':
    case 'revoked':
    case 'resolved':
      return step(order);
    default:
      return assertNever(order.state);
  }
}

function onRetry(order: Order, stamp: Stamp): Step {
  if (order.owed !== null) {
    return order.state === 'collecting'
      ? refused(order, 'undecided')
      : step({ ...dueBy(order, stamp.atMs), updatedAtMs: stamp.atMs });
  }
  if (order.state !== 'attention') return refused(order, 'nothing_owed');
  return step({
    ...order,
    updatedAtMs: stamp.atMs,
    attempts: 0,
    waits: 0,
    owed: { call: 'query', dueAtMs: stamp.atMs, waitingFor: 'time' },
  });
}

function dueBy(order: Order, latestMs: number): Order {
  if (order.owed === null) return order;
  return {
    ...order,
    owed: { ...order.owed, dueAtMs: Math.min(order.owed.dueAtMs, latestMs), waitingFor: 'time' },
  };
}

/** A person's word ends the case; a charge they state counts for the sale like any other. */
function settle(order: Order, charged: 'yes' | 'no', stamp: Stamp): Step {
  const settled: Order = {
    ...attention(order, 'settled_by_person', charged),
    state: 'resolved',
    updatedAtMs: stamp.atMs,
  };
  return charged === 'yes' ? step(settled, { type: 'check_sale' }) : step(settled);
}

/** A person has just asked for this and may be standing there. */
function attended(next: Step, stamp: Stamp, policy: Policy): Step {
  if (next.effects.some((effect) => effect.type === 'refused')) return next;
  return { ...next, order: { ...next.order, attendedUntilMs: stamp.atMs + policy.inFlightHorizonMs } };
}

/** Waits keep their length when the clock they were written by is set. */
function shiftInstants(order: Order, owed: OwedCall, deltaMs: number): Order {
  return {
    ...order,
    paySentAtMs: order.paySentAtMs + deltaMs,
    confirmUntilMs: order.confirmUntilMs + deltaMs,
    inFlightUntilMs: order.inFlightUntilMs + deltaMs,
    attendedUntilMs: order.attendedUntilMs + deltaMs,
    owed: { ...owed, dueAtMs: owed.dueAtMs + deltaMs },
  };
}

/** Asked often enough: only the close of the confirm window, which is a bound of its own, may end it. */
function waitForTheClose({ order, effects }: Step): Step {
  const owed: OwedCall = { call: 'query', dueAtMs: order.confirmUntilMs, waitingFor: 'time' };
  return { order: { ...order, attempts: 0, owed }, effects: [...effects, alert('bound_reached')] };
}

/** No order is tried for ever: at the bound it goes to a person, and the journal says so. */
function withinBounds(next: Step, policy: Policy): Step {
  const { order } = next;
  if (order.attempts < policy.maxAttemptsPerState || order.owed === null) return next;
  if (order.state === 'confirming') return waitForTheClose(next);
  if (!isUndecided(order.state) || order.state === 'attention') {
    return {
      order: { ...order, owed: null, attempts: 0 },
      effects: [...next.effects, alert('bound_reached')],
    };
  }
  return {
    order: attention(order, 'bound_reached', order.state === 'revoking' ? 'yes' : 'unknown'),
    effects: [...next.effects, alert('bound_reached')],
  };
}
