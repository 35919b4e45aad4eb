import type { PracticeOrder, PracticeRefund } from './practice-order.ts';

/** What a trade came to. The orders are as they stand afterwards; a front finds the protocol's words. */

export type PayRuling =
  | { readonly kind: 'paid' | 'in_progress' | 'declined' | 'in_flight'; readonly order: PracticeOrder }
  /** The name is taken; `sameContent` says whether this is the same request once more. */
  | { readonly kind: 'known'; readonly order: PracticeOrder; readonly sameContent: boolean }
  | { readonly kind: 'code_invalid' | 'code_used' };

export type ReversalKind =
  | 'cancelled'
  | 'aborted'
  | 'cancel_begun'
  | 'abort_begun'
  | 'running'
  | 'already'
  | 'invalid_state'
  | 'window_closed'
  | 'refused'
  | 'unclear';

export interface ReversalRuling {
  readonly kind: ReversalKind;
  readonly order: PracticeOrder;
}

export type RefundRuling =
  /** `repeated`: the same refund was done before; `inconsistent`: its name belongs to another one. */
  | {
      readonly kind: 'refunded' | 'repeated' | 'inconsistent';
      readonly order: PracticeOrder;
      readonly refund: PracticeRefund;
    }
  | { readonly kind: 'invalid_state' | 'not_enough' | 'wrong_currency'; readonly order: PracticeOrder };
