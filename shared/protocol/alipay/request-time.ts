import { assertNever } from '../../assert.ts';
import { wallClockOf, type Calendar, type WallClock } from '../../business-day.ts';

/** The forms of `Request-Time` that gateways of the family ask for (alipayplus.md 1). */
export const REQUEST_TIME_FORMATS = ['iso-offset', 'iso-z', 'epoch-ms'] as const;
export type RequestTimeFormat = (typeof REQUEST_TIME_FORMATS)[number];

/**
 * An instant as header text: `2026-01-02T03:04:05+08:00` in the given zone, `2026-01-01T19:04:05.006Z`,
 * or `1767294245006`. The zone counts only where the form shows one.
 */
export function requestTime(atMs: number, format: RequestTimeFormat, calendar: Calendar): string {
  switch (format) {
    case 'iso-offset':
      return `${clockText(calendar.wallClockOf(atMs))}${offsetText(calendar.utcOffsetMs(atMs))}`;
    case 'iso-z':
      return `${clockText(wallClockOf(atMs, 'UTC'))}.${padded(atMs - Math.floor(atMs / 1000) * 1000, 3)}Z`;
    case 'epoch-ms':
      return String(atMs);
    default:
      return assertNever(format);
  }
}

function clockText({ day, time }: WallClock): string {
  return `${day}T${time}`;
}

/** ISO 8601 has no seconds in an offset; only zones of another century have any. */
function offsetText(offsetMs: number): string {
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? '-' : '+'}${padded(Math.trunc(minutes / 60))}:${padded(minutes % 60)}`;
}

function padded(count: number, digits = 2): string {
  return String(count).padStart(digits, '0');
}
