import type { Currency } from '../money.ts';
import type { Charged } from './order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from './outcome.ts';

/** Version of the event shapes below; the journal stores it beside each event. */
export const EVENT_VERSION = 1;

/** Who caused an event: the terminal itself or a named person through a host. */
export interface Actor {
  readonly kind: 'terminal' | 'operator';
  readonly name: string;
}

export const TERMINAL_ACTOR: Actor = { kind: 'terminal', name: 'terminal' };

/** What the shell adds to every event, so that the core reads no clock and draws no randomness. */
export interface Stamp {
  /** The terminal's clock, epoch milliseconds. */
  readonly atMs: number;
  /**
   * Acquirer's clock minus ours, as learnt from its replies; null while nothing is known. Day windows go
   * by the acquirer's clock, so none is ever closed on our clock alone.
   */
  readonly serverOffsetMs: number | null;
  /** Uniform in [0, 1), for jitter. */
  readonly random: number;
  readonly actor: Actor;
}

/** Everything that can happen to an order. Only these reach the journal. */
export type OrderEvent = Stamp & OrderHappening;

export type OrderHappening =
  | CollectRequested
  /** The resolver is about to send the owed call; deadlines that have passed are noticed here. */
  | { readonly type: 'call_due' }
  | { readonly type: 'pay_answered'; readonly outcome: PayOutcome }
  | { readonly type: 'query_answered'; readonly outcome: QueryOutcome }
  | { readonly type: 'cancel_answered'; readonly outcome: ReversalOutcome }
  | { readonly type: 'revoke_answered'; readonly outcome: ReversalOutcome }
  | { readonly type: 'refund_answered'; readonly outcome: ReversalOutcome }
  /** The process started again: whatever was in flight is lost. */
  | { readonly type: 'restarted' }
  /** What a call was waiting for is back: the network, or a key or setting. */
  | { readonly type: 'obstacle_cleared'; readonly obstacle: 'network' | 'configuration' }
  /** The machine's clock was set, or the machine slept: local instants move by this much. */
  | { readonly type: 'clock_changed'; readonly deltaMs: number }
  | { readonly type: 'gave_up' }
  | { readonly type: 'revoke_requested'; readonly businessDay: string; readonly revokeReason: string }
  /** A person gives the money back by refund; the id is used only where the order has none yet. */
  | {
      readonly type: 'refund_requested';
      readonly businessDay: string;
      readonly requestId: string;
      readonly refundReason: string;
    }
  /** A person wants the owed call tried, or the evidence of an attention case checked, now. */
  | { readonly type: 'retry_requested' }
  /** A person sends an attention case back into reversal. */
  | { readonly type: 'reversal_requested' }
  | { readonly type: 'settled'; readonly charged: Exclude<Charged, 'unknown'>; readonly settleReason: string }
  /** Another order of the same sale is charged as well, and it came first. */
  | { readonly type: 'duplicate_charge_found'; readonly otherClientSn: string };

export interface CollectRequested {
  readonly type: 'collect_requested';
  readonly clientSn: string;
  readonly saleId: string;
  readonly terminalSn: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly subject: string;
  readonly operator: string;
  readonly businessDay: string;
  readonly cancelUntilMs: number | null;
  /** Keyed hash of the payment code, by which a second scan is known; the code itself is never kept. */
  readonly codeFingerprint: string;
  /** Undecided orders of the sale that the cashier deliberately went past; journalled. */
  readonly overrides: readonly string[];
}
