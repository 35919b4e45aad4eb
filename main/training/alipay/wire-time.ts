import { minutes, wallClockOf } from '../../../shared/business-day.ts';
import { WALLET_ZONE } from '../cancel-window.ts';

/** `2026-11-20T08:30:00+08:00`: whole seconds, at the acquirer's own offset. */
export function writeTime(epochMs: number): string {
  const { day, time } = wallClockOf(epochMs, WALLET_ZONE);
  return `${day}T${time}+08:00`;
}

const ISO =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:(Z)|([+-])([01]\d):([0-5]\d))$/;

/**
 * The instant a Request-Time names, in epoch milliseconds: epoch milliseconds as text, or ISO 8601 with
 * an offset or `Z` (alipayplus.md 1). Undefined for anything else.
 */
export function readTime(text: string): number | undefined {
  if (/^\d{13}$/.test(text)) return Number(text);
  const [, day, hour, minute, second, fraction = '', , sign, offsetHour, offsetMinute] = ISO.exec(text) ?? [];
  if (day === undefined) return undefined;
  const [span] = minutes(day, { hour: Number(hour), minute: Number(minute) }, 'UTC');
  if (span === undefined) return undefined;
  const offsetMinutes = sign === undefined ? 0 : Number(offsetHour) * 60 + Number(offsetMinute);
  const withinMs = Number(second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return span.fromMs + withinMs - (sign === '-' ? -1 : 1) * offsetMinutes * 60_000;
}
