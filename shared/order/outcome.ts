/**
 * What a call told us, in the vocabulary every protocol maps onto. `unknown` is never failure: it
 * means the money may have moved.
 */

/** Raw trace of an answer for the timeline: codes only, never keys and never the payment code. */
export interface Evidence {
  /** Raw codes as the acquirer gave them, outermost first, for example `200/CANCEL_SUCCESS/CANCELED`. */
  readonly code: string;
  /** The acquirer's own words, cut to a bounded length. */
  readonly message?: string;
  /** The acquirer's name for the order, once it says one. */
  readonly sn?: string;
  /** Amount the acquirer holds for the order, in minor units, when it echoes one; null when it cannot be read. */
  readonly amountMinor?: number | null;
}

/** Nothing was written to the wire: connect refused, DNS, TLS or connect time-out. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly evidence: Evidence;
}

interface Answer<Kind extends string> {
  readonly kind: Kind;
  readonly evidence: Evidence;
}

/**
 * `config` is a fault of key, terminal or access: the acquirer did not execute the call. `config_unverified`
 * says the same without a signature that proves it, so it decides nothing. `throttled` is `unknown` from an
 * acquirer that wants to be asked less often.
 */
export type PayOutcome =
  | Answer<'approved' | 'declined' | 'pending' | 'config' | 'config_unverified' | 'throttled' | 'unknown'>
  | NotSent;

/**
 * `not_charged` is remote evidence of a final state in which the customer keeps the money;
 * `not_found` is only the absence of an order, which a pay still in flight can end.
 */
export type QueryOutcome =
  Answer<'charged' | 'not_charged' | 'pending' | 'not_found' | 'config' | 'throttled' | 'unknown'> | NotSent;

/** The answer to a cancel, a revoke or a refund. `accepted` and `already` are promises, not proof. */
export type ReversalOutcome =
  | Answer<
      | 'accepted'
      | 'already'
      | 'pending'
      | 'not_found'
      | 'refused'
      | 'window_closed'
      | 'config'
      | 'throttled'
      | 'unknown'
    >
  | NotSent;
