import { assertNever } from '../assert.ts';
import type { Step } from './effect.ts';
import type { CollectRequested, Stamp } from './event.ts';
import { alert, attention, decide, isAmountMismatch, owe, step } from './moves.ts';
import type { Order } from './order.ts';
import type { Evidence, PayOutcome, QueryOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';

/**
 * Rules from "collecting" to a first decision: pay is sent once; silence is asked about until the
 * confirm window closes; then the reversal begins (DESIGN section 3, upay.md 4.1).
 */

/** The longest the last query may run before the window closes, so that the cancel is never late. */
const LAST_QUERY_LEAD_MS = 1000;
/** An acquirer that asks for less traffic is asked this many intervals later. */
const THROTTLED_INTERVALS = 2;

export function begin(event: CollectRequested & Stamp, policy: Policy): Step {
  const { clientSn, saleId, terminalSn, amountMinor, currency, subject, operator, businessDay } = event;
  return step({
    clientSn,
    sn: null,
    saleId,
    terminalSn,
    amountMinor,
    currency,
    subject,
    operator,
    businessDay,
    revision: 1,
    state: 'collecting',
    charged: 'unknown',
    reason: null,
    createdAtMs: event.atMs,
    updatedAtMs: event.atMs,
    paySentAtMs: event.atMs,
    confirmUntilMs: event.atMs + policy.confirmWindowMs,
    inFlightUntilMs: event.atMs + policy.inFlightHorizonMs,
    attendedUntilMs: event.atMs + policy.inFlightHorizonMs,
    cancelUntilMs: event.cancelUntilMs,
    paidAtMs: null,
    attempts: 0,
    waits: 0,
    lastAnswer: null,
    refusal: null,
    refund: null,
    owed: { call: 'pay', dueAtMs: event.atMs, waitingFor: 'time' },
  });
}

export function onPayAnswer(order: Order, outcome: PayOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'approved':
      return charge(order, outcome.evidence, stamp);
    case 'declined':
      return step(decide(order, 'declined', 'declined_by_acquirer'));
    case 'not_sent':
      return step(decide(order, 'declined', 'not_sent'));
    case 'config':
      return step(decide(order, 'declined', 'configuration'), alert('configuration'));
    case 'config_unverified': {
      // Whoever wrote this may not be the acquirer: people are told, and the payment stays a question.
      const asked = askAtOnce(order, stamp);
      return { ...asked, effects: [...asked.effects, alert('configuration')] };
    }
    case 'throttled':
      return askAgain(order, stamp, policy, policy.queryIntervalMs);
    case 'pending':
    case 'unknown':
      return askAtOnce(order, stamp);
    default:
      return assertNever(outcome);
  }
}

export function onConfirmAnswer(order: Order, outcome: QueryOutcome, stamp: Stamp, policy: Policy): Step {
  switch (outcome.kind) {
    case 'charged':
      return charge(order, outcome.evidence, stamp);
    case 'not_charged':
      return step(decide(order, 'declined', 'payment_ended'));
    // Absence is no proof here: the pay request may still be travelling.
    case 'not_found':
    case 'pending':
    case 'unknown':
    case 'not_sent':
    case 'config':
      return askAgain(order, stamp, policy, policy.queryIntervalMs);
    case 'throttled':
      return askAgain(order, stamp, policy, THROTTLED_INTERVALS * policy.queryIntervalMs);
    default:
      return assertNever(outcome);
  }
}

/** Whatever was in flight is lost, so pay becomes a question and never a second pay. */
export function askAtOnce(order: Order, stamp: Stamp): Step {
  if (stamp.atMs >= order.confirmUntilMs) return startReversal(order, stamp);
  return step(owe(order, 'confirming', 'query', stamp.atMs));
}

function askAgain(order: Order, stamp: Stamp, policy: Policy, intervalMs: number): Step {
  if (stamp.atMs >= order.confirmUntilMs) return startReversal(order, stamp);
  const leadMs = Math.min(policy.queryIntervalMs, LAST_QUERY_LEAD_MS);
  return step(owe(order, 'confirming', 'query', nextQueryAtMs(order, stamp.atMs, { intervalMs, leadMs })));
}

/**
 * Queries keep their interval; the last one goes out shortly before the window closes, and after it
 * the owed row falls due at the close itself, where `call_due` turns it into the reversal.
 */
function nextQueryAtMs(
  order: Order,
  atMs: number,
  { intervalMs, leadMs }: { readonly intervalMs: number; readonly leadMs: number },
): number {
  const lastQueryAtMs = order.confirmUntilMs - leadMs;
  const regularMs = atMs + intervalMs;
  if (regularMs <= lastQueryAtMs) return regularMs;
  return atMs < lastQueryAtMs ? lastQueryAtMs : order.confirmUntilMs;
}

/** The window has closed without "charged": the cancel is owed from this instant. */
export function startReversal(order: Order, stamp: Stamp): Step {
  const reason = order.reason === 'given_up' ? 'given_up' : 'no_answer';
  return step(owe({ ...order, reason, attempts: 0, waits: 0 }, 'reversing', 'cancel', stamp.atMs));
}

/** The cashier will not wait: the window closes now, or as soon as a cancel is no longer harmful. */
export function giveUp(order: Order, stamp: Stamp, policy: Policy): Step {
  const earliestMs = order.paySentAtMs + policy.minReverseAgeMs;
  const confirmUntilMs = Math.min(order.confirmUntilMs, Math.max(stamp.atMs, earliestMs));
  const hurried: Order = { ...order, reason: 'given_up', confirmUntilMs, updatedAtMs: stamp.atMs };
  if (stamp.atMs >= confirmUntilMs) return startReversal(hurried, stamp);
  const { owed } = hurried;
  if (owed === null || owed.dueAtMs <= confirmUntilMs) return step(hurried);
  return step({ ...hurried, owed: { ...owed, dueAtMs: confirmUntilMs } });
}

function charge(order: Order, evidence: Evidence, stamp: Stamp): Step {
  if (isAmountMismatch(order, evidence)) {
    return step(attention(order, 'amount_mismatch', 'yes'), alert('amount_mismatch'));
  }
  return step({ ...decide(order, 'paid', null), paidAtMs: stamp.atMs }, { type: 'check_sale' });
}
