import type { OrderCard } from '../shared/contract.ts';
import type { Notice } from './state.ts';
import type { Strings } from './strings/strings.ts';

/** What is happening to this order now, in plain sentences. */
export function explain(order: OrderCard, strings: Strings): string {
  const { sentences, reasons } = strings.order;
  const sentence = sentences[order.state];
  // Asking for it is no news once the money is on its way.
  const reason = order.reason === 'revoke_requested' ? null : order.reason;
  return reason === null ? sentence : `${sentence} ${reasons[reason]}`;
}

/** A revoke came to nothing: the goods went long ago, so nobody is told to hand them over again. */
export function isPaymentStanding({ state, reason }: OrderCard): boolean {
  return state === 'paid' && (reason === 'revoke_refused' || reason === 'revoke_window_closed');
}

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
