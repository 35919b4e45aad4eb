import { type Currency, printAmount } from '../shared/money.ts';
import { LOCALES, type Language } from './strings.ts';

/** Minor units for people: the decimals come from the terminal's own rule, the separators from `Intl`. */
export function formatAmount(amountMinor: number, currency: Currency, language: Language): string {
  const exact = printAmount(amountMinor, currency) as `${number}`;
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  // A decimal string is formatted digit by digit; a number would pass through a float.
  return new Intl.NumberFormat(LOCALES[language], style).format(exact);
}

/** Hour and minute on the shop's wall. */
export function formatTime(atMs: number, timeZone: string, language: Language): string {
  const parts = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], parts).format(atMs);
}

/** The end of the number tells orders of one day apart; the whole is in the details. */
export function shortSn(clientSn: string): string {
  return clientSn.length <= 8 ? clientSn : `…${clientSn.slice(-6)}`;
}
