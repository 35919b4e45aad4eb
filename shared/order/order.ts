import type { Currency } from '../money.ts';
import { assertNever } from '../assert.ts';

/** Life of one attempt to collect a sale; DESIGN section 3 gives each state its meaning. */
export const ORDER_STATES = [
  'collecting',
  'confirming',
  'paid',
  'declined',
  'reversing',
  'verifying',
  'reversed',
  'revoking',
  'revoked',
  'attention',
  'resolved',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Whether the customer's money is held for this order, as far as evidence says. */
export const CHARGED = ['yes', 'no', 'unknown'] as const;
export type Charged = (typeof CHARGED)[number];

/** What a wait is for; a returning network or a repaired key ends it early. */
export const WAITING_FOR = ['time', 'network', 'configuration'] as const;
export type WaitingFor = (typeof WAITING_FOR)[number];

export const CALLS = ['pay', 'query', 'cancel', 'revoke', 'refund'] as const;
export type Call = (typeof CALLS)[number];

/** Why the order is where it is; texts for people are looked up from this code. */
export const REASONS = [
  'not_sent',
  'declined_by_acquirer',
  'configuration',
  'payment_ended',
  'no_answer',
  'given_up',
  'late_approval',
  'duplicate_charge',
  'cancel_refused',
  'window_closed',
  'amount_mismatch',
  'evidence_conflict',
  'bound_reached',
  'revoke_requested',
  'revoke_refused',
  'revoke_window_closed',
  'refund_requested',
  'refund_refused',
  'refund_unproved',
  'settled_by_person',
] as const;
export type Reason = (typeof REASONS)[number];

/** The single call the terminal still owes for an order. A row of the outbox is exactly this. */
export interface OwedCall {
  readonly call: Call;
  readonly dueAtMs: number;
  readonly waitingFor: WaitingFor;
}

/** The last thing the acquirer said, for the screen; the journal keeps all of them. */
export interface LastAnswer {
  readonly call: Call;
  readonly kind: string;
  readonly code: string;
  readonly message: string | null;
  readonly atMs: number;
}

/** A definite no to a cancel, revoke or refund, kept until evidence decides what follows from it. */
export interface Refusal {
  readonly kind: 'refused' | 'window_closed';
  readonly code: string;
  readonly message: string | null;
}

/**
 * A refund of the whole amount that a person has asked for. It stays with the order until the acquirer has
 * refused it for good: every try carries the same id, by which the acquirer knows it as the same refund.
 */
export interface Refund {
  /** At most 20 characters of `A-Z0-9`, the narrowest limit of all protocols (upay.md 2.5). */
  readonly requestId: string;
  /** When the acquirer first said yes; a promise, not proof. */
  readonly acceptedAtMs: number | null;
}

export interface Order {
  /** Our name for the attempt; at most 32 characters of `A-Za-z0-9_-`, never reused. */
  readonly clientSn: string;
  /** The acquirer's name, once it has told us. */
  readonly sn: string | null;
  readonly saleId: string;
  readonly terminalSn: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly subject: string;
  readonly operator: string;
  /** `YYYY-MM-DD` in the terminal's zone, by the acquirer's clock. */
  readonly businessDay: string;
  /** Grows by one with every change, so that of two copies the newer can be told. */
  readonly revision: number;
  readonly state: OrderState;
  readonly charged: Charged;
  readonly reason: Reason | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The intent's commit: no byte of the pay call can be older. */
  readonly paySentAtMs: number;
  /** When confirming ends and the reversal begins. */
  readonly confirmUntilMs: number;
  /** From here on a pay request can no longer land; absence becomes proof. */
  readonly inFlightUntilMs: number;
  /**
   * Until when somebody at the counter may be waiting for this order: a young sale, or one a person has
   * just asked something of. Old debts must not make them wait.
   */
  readonly attendedUntilMs: number;
  /** When the acquirer stops accepting a cancel, on the acquirer's clock; null if only it can say. */
  readonly cancelUntilMs: number | null;
  /** When the charge was confirmed, so that goods may have left for this order; else null. */
  readonly paidAtMs: number | null;
  /** Calls answered since the order last became undecided; bounded by the policy. */
  readonly attempts: number;
  /** Waits taken since then; the index into the backoff table. */
  readonly waits: number;
  readonly lastAnswer: LastAnswer | null;
  readonly refusal: Refusal | null;
  /** Where it is not null, money goes back by refund and no longer by cancel or revoke. */
  readonly refund: Refund | null;
  readonly owed: OwedCall | null;
}

/** The one thing a cashier does next. */
export const INSTRUCTIONS = [
  'wait',
  'hand_over',
  'do_not_hand_over',
  'take_goods_back_when_confirmed',
  'goods_back',
  'call_shift_lead',
] as const;
export type Instruction = (typeof INSTRUCTIONS)[number];

export function instructionOf(order: Pick<Order, 'state' | 'charged'>): Instruction {
  switch (order.state) {
    case 'collecting':
    case 'confirming':
      return 'wait';
    case 'paid':
      return 'hand_over';
    case 'declined':
    case 'reversing':
    case 'verifying':
    case 'reversed':
      return 'do_not_hand_over';
    case 'revoking':
      return 'take_goods_back_when_confirmed';
    case 'revoked':
      return 'goods_back';
    case 'attention':
      return 'call_shift_lead';
    case 'resolved':
      return order.charged === 'yes' ? 'hand_over' : 'do_not_hand_over';
    default:
      return assertNever(order.state);
  }
}

/** Money is at stake and no final word is on disk: the sale guard and the in-doubt list go by this. */
export function isUndecided(state: OrderState): boolean {
  switch (state) {
    case 'collecting':
    case 'confirming':
    case 'reversing':
    case 'verifying':
    case 'revoking':
    case 'attention':
      return true;
    case 'paid':
    case 'declined':
    case 'reversed':
    case 'revoked':
    case 'resolved':
      return false;
    default:
      return assertNever(state);
  }
}
