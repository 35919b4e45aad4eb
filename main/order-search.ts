import { dayAfter, minutes, type Span } from '../shared/business-day.ts';
import { parseAmount, type Currency } from '../shared/money.ts';
import type { Order } from '../shared/order/order.ts';
import type { Ledger } from './ledger/ledger.ts';

/** What a person looks for, as typed, and the page of it that is wanted. */
export interface OrderSearch {
  readonly text: string;
  readonly businessDay: string;
  readonly limit: number;
  /** Only orders begun at or before this instant. */
  readonly beforeMs?: number | undefined;
}

export interface FoundOrders {
  /** Newest first. */
  readonly orders: readonly Order[];
  /** False where older ones match as well. */
  readonly isComplete: boolean;
}

/**
 * Finds orders by what a customer has in hand: a number on a receipt, an amount, a time. A whole number
 * is found on any day; anything else on one, so that no search reads the whole ledger.
 */
export function searchOrders(
  ledger: Ledger,
  search: OrderSearch,
  { currency, timeZone }: { readonly currency: Currency; readonly timeZone: string },
): FoundOrders {
  const { businessDay, limit, beforeMs: untilMs = Number.MAX_SAFE_INTEGER } = search;
  const text = search.text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim();
  // One more than asked for shows whether there is more.
  if (text === '') return page(ledger.ofDay(businessDay, limit + 1, untilMs), limit);
  const named = byWholeNumber(ledger, text);
  if (named.length > 0)
    return page(
      named.filter(({ createdAtMs }) => createdAtMs <= untilMs),
      limit,
    );
  const found = ledger.matching({
    businessDay,
    untilMs,
    limit: limit + 1,
    amountMinor: amountIn(text, currency),
    minutes: minutesIn(text, businessDay, timeZone),
    part: text,
  });
  return page(found, limit);
}

function page(orders: readonly Order[], limit: number): FoundOrders {
  return { orders: orders.slice(0, limit), isComplete: orders.length <= limit };
}

/** The order of either number, else every order of the sale; newest first. */
function byWholeNumber(ledger: Ledger, text: string): readonly Order[] {
  const order = ledger.find(text);
  if (order !== null) return [order];
  return ledger.ofSale(text).toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}

const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** Reads an amount more generously than a till may: nothing is charged by it. */
function amountIn(text: string, currency: Currency): number | null {
  const plain = withoutSymbol(text.normalize('NFKC'), currency);
  const amount = parseAmount(GROUPED.test(plain) ? plain.replaceAll(',', '') : plain, currency);
  return amount.ok ? amount.value : null;
}

function withoutSymbol(text: string, currency: Currency): string {
  const lower = text.toLowerCase();
  for (const symbol of symbolsOf(currency)) {
    if (lower.startsWith(symbol)) return text.slice(symbol.length).trim();
    if (lower.endsWith(symbol)) return text.slice(0, -symbol.length).trim();
  }
  return text;
}

/** As people write them in English and in Chinese, longest first: `hk$` ends in `$`. */
function symbolsOf(currency: Currency): readonly string[] {
  const written = ['en', 'zh-CN'].flatMap((locale) =>
    (['code', 'symbol', 'narrowSymbol'] as const).map((currencyDisplay) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay })
        .formatToParts(1)
        .find(({ type }) => type === 'currency')
        ?.value.normalize('NFKC')
        .toLowerCase(),
    ),
  );
  const symbols = written.filter((symbol) => symbol !== undefined);
  return [...new Set(symbols)].toSorted((a, b) => b.length - a.length);
}

/**
 * The minute a time of day means. An order's day goes by the acquirer's clock and its time by ours, so
 * the same minute of the days beside it belongs to it too.
 */
function minutesIn(text: string, businessDay: string, timeZone: string): readonly Span[] {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.normalize('NFKC'));
  if (match === null) return [];
  const time = { hour: Number(match[1]), minute: Number(match[2]) };
  if (time.hour > 23 || time.minute > 59) return [];
  return [-1, 0, 1].flatMap((days) => minutes(dayAfter(businessDay, days), time, timeZone));
}
