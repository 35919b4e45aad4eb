import type { Order } from './order.ts';

/** Something a person must hear about; kept in the journal beside the event that raised it. */
export const ALERTS = [
  'late_approval',
  'late_success',
  'duplicate_charge',
  'configuration',
  'window_closed',
  'cancel_refused',
  'revoke_refused',
  'refund_refused',
  'refund_unproved',
  'amount_mismatch',
  'evidence_conflict',
  'bound_reached',
] as const;
export type Alert = (typeof ALERTS)[number];

/** Why a person's command changes nothing. */
export const REFUSALS = [
  'already_revoked',
  'being_revoked',
  'not_paid',
  'undecided',
  'needs_person',
  'revoke_window_closed',
  'cancel_possible',
  'nothing_owed',
  'not_in_doubt',
  'not_in_attention',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

export type Effect =
  | { readonly type: 'alert'; readonly alert: Alert }
  /** The command is refused: the order stays as it was and nothing is journalled. */
  | { readonly type: 'refused'; readonly code: RefusalCode }
  /** The order has just become charged: its sale may now be charged twice. */
  | { readonly type: 'check_sale' };

/** The answer of `transition`: the order after the event, and what the shell must do about it. */
export interface Step {
  readonly order: Order;
  readonly effects: readonly Effect[];
}
