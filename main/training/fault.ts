import type { Call, Protocol } from './call.ts';

/**
 * What can go wrong, as data. A fault changes what the gateway does with one call (`work`), how the
 * answer comes back (`delivery`), or what later calls about the same order meet (`afterPay`).
 */

/** What becomes of the request itself; `normal` is the faithful behaviour of the call. */
export type Work =
  | 'normal'
  | 'none'
  | 'pending_then_paid'
  | 'pending_for_ever'
  | 'declined'
  | 'land_later'
  | 'cancel_refused'
  | 'in_progress'
  | 'abort_error';

/** How the answer comes back; `send` is a complete reply at once. */
export type Delivery =
  | 'send'
  | 'drop'
  | 'hang'
  | 'http_500'
  | 'envelope_500'
  | 'garble'
  | 'bloat'
  | 'delay'
  | 'redirect'
  | 'reset_mid_body'
  | 'empty'
  | 'html_200';

/** In what way the words of an answer, or its signature, are not what they should be. */
export type Wording =
  | 'faithful'
  /** Far longer than anybody should read. */
  | 'padded'
  | 'unsigned'
  | 'mis_signed'
  | 'other_client'
  | 'plain_base64'
  | 'base64url'
  | 'amount_as_number'
  | 'duplicate_member'
  | 'unknown_members'
  | 'without_status';

/** What one call meets. */
export interface Action {
  readonly work: Work;
  readonly delivery: Delivery;
  /** Whether the sender's key changes before the signature is checked, or after the work is done. */
  readonly rotatesKey?: 'before' | 'after';
  /** Added to the amount in the reply, in minor units; the order itself keeps the true one. */
  readonly echoExtraMinor?: number;
  /** How the answer is worded; faithfully unless given. */
  readonly wording?: Wording;
  /** The answer is a code that whoever scripted the fault chose. */
  readonly answersCode?: true;
}

/** A fault that stays with the order from its pay on. */
export interface OrderTrouble {
  readonly pay: Action;
  /** Queries about the order hang until a cancel or revoke for it has arrived. */
  readonly lineDead: boolean;
  readonly query?: Action;
  readonly firstReversal?: Action;
  readonly everyReversal?: Action;
}

export interface Fault {
  /** What happens, in few words: the practice panel lists them in the language of its screen. */
  readonly words: { readonly en: string; readonly zh: string };
  /** The calls it can be scripted for. */
  readonly calls: readonly Call[];
  /** The protocols it can happen in; all of them unless given. */
  readonly protocols?: readonly Protocol[];
  /** What the call meets that it was scripted for. */
  readonly action: Action;
  /** What the order meets when the call is a pay; absent where the pay simply meets `action`. */
  readonly afterPay?: OrderTrouble;
}

export const NORMAL: Action = { work: 'normal', delivery: 'send' };
