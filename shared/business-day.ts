/**
 * The business day an instant belongs to, as `YYYY-MM-DD` in an IANA time zone.
 * Intl takes epoch milliseconds directly, so no wall clock is read here.
 */
export function businessDayOf(epochMs: number, timeZone: string): string {
  return readDay(dayFormat(timeZone), epochMs);
}

/**
 * The first instant of the next business day in epoch milliseconds.
 * Found by bisection over the calendar, so zones with daylight saving need no special case.
 */
export function businessDayEndMs(epochMs: number, timeZone: string): number {
  const format = dayFormat(timeZone);
  const day = readDay(format, epochMs);
  let inside = epochMs;
  let outside = epochMs + 26 * 3_600_000;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (readDay(format, middle) === day) inside = middle;
    else outside = middle;
  }
  return outside;
}

function readDay(format: Intl.DateTimeFormat, epochMs: number): string {
  const parts = format.formatToParts(epochMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Whether the platform knows this IANA zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    dayFormat(timeZone);
    return true;
  } catch {
    return false;
  }
}

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
}
