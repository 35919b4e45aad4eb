import { CALLS, type Call } from './call.ts';

/**
 * What can go wrong, as data. A fault changes what the gateway does with one call (`work`), how the
 * answer comes back (`delivery`), or what later calls about the same order meet (`afterPay`).
 */

/** What becomes of the request itself; `normal` is the faithful behaviour of the call. */
type Work =
  | 'normal'
  | 'none'
  | 'pending_then_paid'
  | 'pending_for_ever'
  | 'declined'
  | 'land_later'
  | 'refused_by_campaign'
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
  | 'empty';

/** What one call meets. */
export interface Action {
  readonly work: Work;
  readonly delivery: Delivery;
  /** Whether the terminal's key changes before the signature is checked, or after the work is done. */
  readonly rotatesKey?: 'before' | 'after';
  /** Added to the `total_amount` of the reply, in minor units; the order itself keeps the true one. */
  readonly echoExtraMinor?: number;
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

interface Fault {
  /** One plain sentence for the practice panel. */
  readonly description: string;
  /** The calls it can be scripted for. */
  readonly calls: readonly Call[];
  /** What the call meets that it was scripted for. */
  readonly action: Action;
  /** What the order meets when the call is a pay; absent where the pay simply meets `action`. */
  readonly afterPay?: OrderTrouble;
}

export const NORMAL: Action = { work: 'normal', delivery: 'send' };

const PAY = ['pay'] as const;
const TROUBLED_REVERSAL = ['pay', 'cancel', 'revoke'] as const;
const CHARGED_THEN_DEAD: Action = { work: 'normal', delivery: 'hang' };

export const FAULTS = {
  reply_lost_after_charging: {
    description: 'The call is carried out, then the connection breaks before the answer comes back.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'drop' },
  },
  line_dead_after_charging: {
    description:
      'The customer is charged and no answer ever comes; questions stay unanswered too, until a cancel arrives.',
    calls: CALLS,
    action: CHARGED_THEN_DEAD,
    afterPay: { pay: CHARGED_THEN_DEAD, lineDead: true },
  },
  request_lost: {
    description: 'The request is lost on its way: nothing is done and no answer comes.',
    calls: CALLS,
    action: { work: 'none', delivery: 'hang' },
  },
  pending_then_paid: {
    description: 'The customer has to confirm on the phone and does so a few seconds later.',
    calls: PAY,
    action: { work: 'pending_then_paid', delivery: 'send' },
  },
  pending_for_ever: {
    description: 'The customer has to confirm on the phone and never does.',
    calls: PAY,
    action: { work: 'pending_for_ever', delivery: 'send' },
  },
  declined: {
    description: 'The wallet declines the payment for lack of money.',
    calls: PAY,
    action: { work: 'declined', delivery: 'send' },
  },
  http_500: {
    description: 'A plain error page comes back and nothing is done.',
    calls: CALLS,
    action: { work: 'none', delivery: 'http_500' },
  },
  envelope_500: {
    description: 'The call is carried out, yet the answer says only that the system failed.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'envelope_500' },
  },
  garbled_body: {
    description: 'The call is carried out and the answer is cut in the middle, so that it cannot be read.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'garble' },
  },
  oversize_body: {
    description: 'The call is carried out and the answer is several megabytes long.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'bloat' },
  },
  slow: {
    description: 'The call is carried out and the answer takes several seconds.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'delay' },
  },
  cancel_refused: {
    description: 'The payment succeeds, but it took part in a campaign and cannot be cancelled or revoked.',
    calls: TROUBLED_REVERSAL,
    action: { work: 'refused_by_campaign', delivery: 'send' },
    afterPay: {
      pay: NORMAL,
      lineDead: false,
      everyReversal: { work: 'refused_by_campaign', delivery: 'send' },
    },
  },
  cancel_refused_after_lost_reply: {
    description: 'The customer is charged, no answer comes, and the cancel is refused because of a campaign.',
    calls: TROUBLED_REVERSAL,
    action: { work: 'refused_by_campaign', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      everyReversal: { work: 'refused_by_campaign', delivery: 'send' },
    },
  },
  cancel_reply_lost: {
    description:
      'The customer is charged, no answer comes, and the answer to the first cancel is lost as well.',
    calls: TROUBLED_REVERSAL,
    action: { work: 'normal', delivery: 'drop' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'normal', delivery: 'drop' },
    },
  },
  cancel_in_progress: {
    description: 'The customer is charged, no answer comes, and the cancel takes a few seconds to be done.',
    calls: TROUBLED_REVERSAL,
    action: { work: 'in_progress', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'in_progress', delivery: 'send' },
    },
  },
  late_approval: {
    description: 'Nothing is known of the payment, also not to a cancel, until it lands a minute later.',
    calls: PAY,
    action: { work: 'land_later', delivery: 'hang' },
  },
  key_rotated: {
    description: "The terminal's key is changed behind its back, so that the next calls are refused.",
    calls: ['pay', 'query', 'cancel', 'revoke', 'refund', 'checkin'],
    action: { ...NORMAL, rotatesKey: 'before' },
  },
  key_rotated_after_charging: {
    description:
      "The customer is charged, no answer comes, and the terminal's key is changed behind its back.",
    calls: PAY,
    action: { ...CHARGED_THEN_DEAD, rotatesKey: 'after' },
    afterPay: { pay: { ...CHARGED_THEN_DEAD, rotatesKey: 'after' }, lineDead: true },
  },
  cancel_unknown: {
    description:
      'The customer is charged, no answer comes, and the first cancel ends with an unknown result.',
    calls: TROUBLED_REVERSAL,
    action: { work: 'abort_error', delivery: 'send' },
    afterPay: {
      pay: CHARGED_THEN_DEAD,
      lineDead: true,
      firstReversal: { work: 'abort_error', delivery: 'send' },
    },
  },
  wrong_amount_echo: {
    description: 'The payment succeeds, but every answer names an amount that is larger by one cent.',
    calls: ['pay', 'query', 'cancel', 'revoke', 'refund'],
    action: { ...NORMAL, echoExtraMinor: 1 },
    afterPay: {
      pay: { ...NORMAL, echoExtraMinor: 1 },
      lineDead: false,
      query: { ...NORMAL, echoExtraMinor: 1 },
    },
  },
  redirect_302: {
    description:
      'The request is sent elsewhere by a redirect, as a hotel or shop network does; nothing is done.',
    calls: CALLS,
    action: { work: 'none', delivery: 'redirect' },
  },
  reset_mid_body: {
    description: 'The call is carried out and the connection breaks in the middle of the answer.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'reset_mid_body' },
  },
  empty_body: {
    description: 'The call is carried out and the answer has no content.',
    calls: CALLS,
    action: { work: 'normal', delivery: 'empty' },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

/** Widened to the interface, so that optional members can be read of any fault. */
export function faultOf(name: FaultName): Fault {
  return FAULTS[name];
}

export const FAULT_NAMES = Object.keys(FAULTS).filter(isFaultName);

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(FAULTS, text);
}

/** What a pay meets under a fault, and what stays with its order. */
export function troubleOf(name: FaultName): OrderTrouble {
  const fault = faultOf(name);
  return fault.afterPay ?? { pay: fault.action, lineDead: false };
}
