import { err, ok, type Result } from './result.ts';

/**
 * Money is an integer count of minor units (fen, cents) everywhere. No amount is ever a float:
 * text is cut at the decimal point, never parsed as a fraction.
 */
export const CURRENCIES = { CNY: 2, USD: 2, EUR: 2, HKD: 2, SGD: 2, MYR: 2, THB: 2, JPY: 0, KRW: 0 } as const;

/** ISO 4217 code of a currency whose minor-unit exponent this terminal knows. */
export type Currency = keyof typeof CURRENCIES;

/** Upay refuses more than 100 million yuan and carries `total_amount` in ten digits (upay.md 2.3). */
export const MAX_AMOUNT_MINOR = 9_999_999_999;

export type MoneyErrorCode =
  'amount_missing' | 'amount_malformed' | 'amount_not_positive' | 'amount_too_large';

/**
 * Reads an amount a person typed: ASCII digits with at most the currency's decimals.
 * Signs, exponents, separators, blanks inside and non-ASCII digits are refused, because a till that
 * guesses charges the wrong amount.
 */
export function parseAmount(text: string, currency: Currency): Result<number, MoneyErrorCode> {
  const trimmed = text.trim();
  if (trimmed === '') return err('amount_missing');
  const decimals = CURRENCIES[currency];
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(trimmed);
  if (match === null) return err('amount_malformed');
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > decimals) return err('amount_malformed');
  if (sign === '-') return err('amount_not_positive');
  const digits = (whole + fraction.padEnd(decimals, '0')).replace(/^0+/, '');
  if (digits === '') return err('amount_not_positive');
  if (digits.length > String(MAX_AMOUNT_MINOR).length) return err('amount_too_large');
  return ok(Number(digits));
}

/** Prints minor units with the currency's decimals and no separators: `1234` in CNY is `12.34`. */
export function printAmount(amountMinor: number, currency: Currency): string {
  const decimals = CURRENCIES[currency];
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
