import type { OrderCard } from '../shared/contract.ts';
import type { Notice } from './state.ts';
import type { Strings } from './strings/strings.ts';

/** What is happening to this order now, in plain sentences. */
export function explain(order: OrderCard, strings: Strings): string {
  const { sentences, reasons } = strings.order;
  const sentence = sentences[order.state];
  return order.reason === null ? sentence : `${sentence} ${reasons[order.reason]}`;
}

/** Why a call was refused, in the language of the screen, with the part that no table can hold. */
export function noticeText({ code, message, detail }: Notice, strings: Strings): string {
  if (code === 'no_reply') return strings.shell.noReply;
  const words = strings.errors[code];
  if (words === undefined) return message;
  return detail === undefined ? words : `${words} (${detail})`;
}

/** The raw words, for whoever has to ask the acquirer about them; where all went well they are noise. */
export function acquirerWords({ state, refusal, lastAnswer }: OrderCard): string | null {
  if (refusal !== null) return [refusal.code, refusal.message].filter(Boolean).join(' · ');
  if (state !== 'declined' && state !== 'attention') return null;
  return lastAnswer === null ? null : [lastAnswer.code, lastAnswer.message].filter(Boolean).join(' · ');
}
