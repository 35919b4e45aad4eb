import type { OrderCard } from '../shared/contract.ts';
import type { Reason } from '../shared/order/order.ts';
import type { Notice } from './state.ts';
import type { Strings } from './strings/strings.ts';

/** What is happening to this order now, in plain sentences. */
export function explain(order: OrderCard, strings: Strings): string {
  const { sentences, refundSentences, reasons } = strings.order;
  const { state, reason } = order;
  const sentence = (isRefund(order) ? { ...sentences, ...refundSentences } : sentences)[state];
  return reason === null || isToldAlready(order) ? sentence : `${sentence} ${reasons[reason]}`;
}

/** Asking for it is no news once the money is on its way, and no refusal once the money is back. */
function isToldAlready({ state, reason }: OrderCard): boolean {
  if (reason === 'revoke_requested' || reason === 'refund_requested') return true;
  const isBack = state === 'reversed' || state === 'revoked';
  return isBack && (reason === 'refund_refused' || reason === 'refund_unproved');
}

/** The money goes back, or went back, by refund and not by cancel or revoke. */
export function isRefund({ reason, next, lastAnswer }: RefundMarks): boolean {
  const isAskedFor = reason === 'refund_requested' || reason === 'refund_unproved';
  return isAskedFor || next?.call === 'refund' || lastAnswer?.call === 'refund';
}

type RefundMarks = Pick<OrderCard, 'reason' | 'next' | 'lastAnswer'>;

/** What the state is called, which for a refund is no cancellation. */
export function stateName(order: RefundMarks & Pick<OrderCard, 'state'>, strings: Strings): string {
  return stateNames(isRefund(order), strings)[order.state];
}

/** What the states are called, where the money goes back by refund or otherwise. */
export function stateNames(isByRefund: boolean, { order }: Strings): Strings['order']['states'] {
  return isByRefund ? { ...order.states, ...order.refundStates } : order.states;
}

/** What was asked for came to nothing: the goods went long ago, so nobody is told to hand them over again. */
export function isPaymentStanding({ state, reason }: OrderCard): boolean {
  return state === 'paid' && reason !== null && NOTHING_CAME_OF_IT.has(reason);
}

const NOTHING_CAME_OF_IT: ReadonlySet<Reason> = new Set([
  'revoke_refused',
  'revoke_window_closed',
  'refund_refused',
]);

/** The one thing to do, in the fewest words. */
export function headline(order: OrderCard, strings: Strings): string {
  return isPaymentStanding(order) ? strings.order.paymentStands : strings.order.headlines[order.instruction];
}

/** Why a call was refused, in the language of the screen, with the part that no table can hold. */
export function noticeText({ code, message, detail }: Notice, strings: Strings): string {
  if (code === 'no_reply') return strings.shell.noReply;
  const words = strings.errors[code];
  if (words === undefined) return message;
  return detail === undefined ? words : `${words} (${detail})`;
}

/** The raw words, for whoever has to ask the acquirer about them; where all went well they are noise. */
export function acquirerWords({ state, reason, refusal, lastAnswer }: OrderCard): string | null {
  const isNoise =
    reason === 'not_sent' || (refusal === null && state !== 'declined' && state !== 'attention');
  const said = refusal ?? lastAnswer;
  return isNoise || said === null ? null : rawWords(said.code, said.message);
}

/** A code and a message as they came; either may be missing. */
export function rawWords(...parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join(' · ');
}
