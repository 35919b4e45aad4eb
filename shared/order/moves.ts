import { backoffMs } from './backoff.ts';
import type { Alert, Effect, RefusalCode, Step } from './effect.ts';
import type { Stamp } from './event.ts';
import type { Call, Charged, Order, OrderState, Reason, Refusal, WaitingFor } from './order.ts';
import type { Evidence } from './outcome.ts';
import type { Policy } from './policy.ts';
import { isWindowClosed } from './revoke-refusal.ts';

/**
 * The small vocabulary in which the transition rules are written. Internal to `shared/order`:
 * every rule ends in one of these, so that state, charged and owed call always change together.
 */

const CHARGED_IN: Readonly<Record<Exclude<OrderState, 'attention' | 'resolved'>, Charged>> = {
  collecting: 'unknown',
  confirming: 'unknown',
  paid: 'yes',
  declined: 'no',
  reversing: 'unknown',
  verifying: 'unknown',
  reversed: 'no',
  revoking: 'yes',
  revoked: 'no',
};

/** Puts the order into a decided state: counters restart, nothing is owed. */
export function decide(
  order: Order,
  state: 'paid' | 'declined' | 'reversed' | 'revoked',
  reason: Reason | null,
): Order {
  return { ...order, state, charged: CHARGED_IN[state], reason, attempts: 0, waits: 0, owed: null };
}

/** Puts the order into an undecided state that owes `call` at `dueAtMs`. */
export function owe(
  order: Order,
  state: 'confirming' | 'reversing' | 'verifying' | 'revoking',
  call: Call,
  dueAtMs: number,
  waitingFor: WaitingFor = 'time',
): Order {
  return { ...order, state, charged: CHARGED_IN[state], owed: { call, dueAtMs, waitingFor } };
}

/** Owes `call` after the next wait of the backoff table. */
export function oweLater(
  order: Order,
  state: 'reversing' | 'verifying' | 'revoking',
  call: Call,
  stamp: Stamp,
  policy: Policy,
  waitingFor: WaitingFor = 'time',
): Order {
  const waited = { ...order, waits: order.waits + 1 };
  return owe(waited, state, call, stamp.atMs + nextWaitMs(order, stamp, policy), waitingFor);
}

export function nextWaitMs(order: Order, stamp: Stamp, policy: Policy): number {
  return backoffMs(policy.reverseBackoffMs, order.waits, stamp.random);
}

/** Hands the order to a person. */
export function attention(order: Order, reason: Reason, charged: Charged): Order {
  return { ...order, state: 'attention', reason, charged, attempts: 0, owed: null };
}

/** Remembers what the acquirer said, without deciding anything from it. */
export function recordAnswer(
  order: Order,
  call: Call,
  outcome: { readonly kind: string; readonly evidence: Evidence },
  stamp: Stamp,
): Order {
  const { kind, evidence } = outcome;
  const isCounted = kind !== 'not_sent' && (kind !== 'config' || !isEndedByTheDay(order));
  return {
    ...order,
    sn: order.sn ?? evidence.sn ?? null,
    attempts: order.attempts + (isCounted ? 1 : 0),
    updatedAtMs: stamp.atMs,
    lastAnswer: { call, kind, code: evidence.code, message: evidence.message ?? null, atMs: stamp.atMs },
  };
}

/**
 * A configuration fault uses no attempt up, because the close of the acquirer's day brings such an order to a
 * person. A refund, and an order without a day, would wait with nobody to decide for as long as it lasts.
 */
function isEndedByTheDay(order: Order): boolean {
  return order.cancelUntilMs !== null && order.refund === null;
}

/** The acquirer has said yes; of a refund that is remembered, because it can stay without proof for long. */
export function accepted(order: Order, stamp: Stamp): Order {
  const { refund } = order;
  if (refund === null) return { ...order, refusal: null };
  const acceptedAtMs = refund.acceptedAtMs ?? stamp.atMs;
  return { ...order, refusal: null, refund: { ...refund, acceptedAtMs } };
}

/** What a failed try waits for: the network, the configuration, or only time. */
export function waitingForOf(kind: string): WaitingFor {
  if (kind === 'not_sent') return 'network';
  return kind === 'config' ? 'configuration' : 'time';
}

/**
 * A definite no. Where the acquirer has no code for a day that is over, its clock tells what its refusal of a
 * cancel means; a refund has a window of its own, which only the acquirer knows.
 */
export function refusalOf(
  order: Order,
  outcome: { readonly kind: Refusal['kind']; readonly evidence: Evidence },
  stamp: Stamp,
): Refusal {
  const { code, message = null } = outcome.evidence;
  const isLate = order.refund === null && isWindowClosed(order, stamp);
  return { kind: isLate ? 'window_closed' : outcome.kind, code, message };
}

/** What the terminal itself notes when a day ends before the acquirer has said so. */
const LOCAL_WINDOW_CLOSED: Refusal = { kind: 'window_closed', code: 'local/window_closed', message: null };

/** The day of the acquirer has ended: nothing more is sent but a question for evidence. */
export function askAfterTheDay(order: Order, state: 'reversing' | 'revoking', stamp: Stamp): Step {
  const refusal = LOCAL_WINDOW_CLOSED;
  return step(owe({ ...order, refusal, updatedAtMs: stamp.atMs }, state, 'query', stamp.atMs));
}

/** Whether the evidence names another amount than the one we asked for. */
export function isAmountMismatch(order: Order, evidence: Evidence): boolean {
  return evidence.amountMinor !== undefined && evidence.amountMinor !== order.amountMinor;
}

export function step(order: Order, ...effects: readonly Effect[]): Step {
  return { order, effects };
}

export function alert(code: Alert): Effect {
  return { type: 'alert', alert: code };
}

export function refused(order: Order, code: RefusalCode): Step {
  return { order, effects: [{ type: 'refused', code }] };
}
