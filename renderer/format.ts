import { type Currency, printAmount } from '../shared/money.ts';
import { type Language, LOCALES } from './strings/languages.ts';

/** Formatters are slow to make and rows are many, so each is made once. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Minor units for people: the decimals come from the terminal's own rule, the separators from `Intl`. */
export function formatAmount(amountMinor: number, currency: Currency, language: Language): string {
  const exact = printAmount(amountMinor, currency) as `${number}`;
  // A decimal string is formatted digit by digit; a number would pass through a float.
  return numberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    exact,
  );
}

const MINUTES = { hour: '2-digit', minute: '2-digit' } as const;
const SECONDS = { ...MINUTES, second: '2-digit' } as const;

/** Hour and minute on the shop's wall. */
export function formatTime(atMs: number, timeZone: string, language: Language): string {
  return dateFormat(language, timeZone, MINUTES).format(atMs);
}

/** Hour, minute and second, for the steps of one order. */
export function formatSeconds(atMs: number, timeZone: string, language: Language): string {
  return dateFormat(language, timeZone, SECONDS).format(atMs);
}

/** Day, time and the zone they are told in. */
export function formatDateTime(atMs: number, timeZone: string, language: Language): string {
  return dateFormat(language, timeZone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...SECONDS,
    timeZoneName: 'short',
  }).format(atMs);
}

/** The day alone, for what did not happen on the day that is listed. */
export function formatDate(atMs: number, timeZone: string, language: Language): string {
  return dateFormat(language, timeZone, { year: 'numeric', month: 'short', day: 'numeric' }).format(atMs);
}

/** Hour and minute, after the day where it is not today. */
export function formatMoment(atMs: number, nowMs: number, timeZone: string, language: Language): string {
  const time = formatTime(atMs, timeZone, language);
  const day = formatDate(atMs, timeZone, language);
  return day === formatDate(nowMs, timeZone, language) ? time : `${day} ${time}`;
}

/** Until when something is open: the end of a day is its last minute, because nobody says “until 00:00”. */
export function formatUntil(closesAtMs: number, nowMs: number, timeZone: string, language: Language): string {
  const atMs = wholeMinute(closesAtMs);
  const isMidnight = formatTime(atMs, timeZone, language) === '00:00';
  return formatMoment(isMidnight ? atMs - MINUTE_MS : atMs, nowMs, timeZone, language);
}

/** The acquirer's clock is known to half a second, by which a minute must not be missed. */
export function wholeMinute(atMs: number): number {
  return Math.round(atMs / MINUTE_MS) * MINUTE_MS;
}

/** A business day, which is a date without a time zone. */
export function formatDay(businessDay: string, language: Language): string {
  return formatDate(Date.parse(businessDay), 'UTC', language);
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A wait or an age in its one or two largest units: `45 s`, `12 min`, `3 h 20 min`. Never negative. */
export function formatDuration(durationMs: number, language: Language): string {
  const ms = Math.max(0, durationMs);
  const unit = (count: number, name: 'second' | 'minute' | 'hour') =>
    numberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(count);
  if (ms < 100 * SECOND_MS) return unit(Math.ceil(ms / SECOND_MS), 'second');
  if (ms < HOUR_MS) return unit(Math.ceil(ms / MINUTE_MS), 'minute');
  const minutes = Math.round(ms / MINUTE_MS);
  const hours = unit(Math.floor(minutes / 60), 'hour');
  return minutes % 60 === 0 ? hours : `${hours} ${unit(minutes % 60, 'minute')}`;
}

/** The end of the number tells orders of one day apart; the whole is in the details. */
export function shortSn(clientSn: string): string {
  return clientSn.length <= 8 ? clientSn : `…${clientSn.slice(-6)}`;
}

/** A number as the language writes it. */
export function numberFormat(language: Language, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return remembered(
    numberFormats,
    [language, JSON.stringify(options)],
    () => new Intl.NumberFormat(LOCALES[language], options),
  );
}

function dateFormat(
  language: Language,
  timeZone: string,
  parts: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return remembered(
    dateFormats,
    [language, timeZone, ...Object.keys(parts)],
    () => new Intl.DateTimeFormat(LOCALES[language], { ...parts, timeZone, hourCycle: 'h23' }),
  );
}

function remembered<Value>(known: Map<string, Value>, marks: readonly unknown[], make: () => Value): Value {
  const key = marks.join(' ');
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
