import type { Order } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';

/**
 * What the resolver needs of an acquirer, whatever protocol it speaks. Calls never reject for what a
 * network or a peer can do: that is an outcome. The signal cuts a call short; what had left by then is
 * `unknown`.
 */
export interface Acquirer {
  pay(order: Order, code: string, signal: AbortSignal): Promise<PayOutcome>;
  query(order: Order, signal: AbortSignal): Promise<QueryOutcome>;
  cancel(order: Order, signal: AbortSignal): Promise<ReversalOutcome>;
  revoke(order: Order, signal: AbortSignal): Promise<ReversalOutcome>;
  /** Gives the whole amount back under the order's own refund id, which every try repeats. */
  refund(order: Order, signal: AbortSignal): Promise<ReversalOutcome>;
  /** Whether a connection can be had at all; moves no money. A reply also tells the acquirer's time. */
  probe(signal: AbortSignal): Promise<boolean>;
}

/** The reason with which the terminal itself cuts a call short. */
export const INTERRUPTED = 'local/interrupted';
export const TIMED_OUT = 'local/timed_out';
