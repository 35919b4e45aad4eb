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
  return dayEndMs(dayFormat(timeZone), epochMs);
}

function dayEndMs(format: Intl.DateTimeFormat, epochMs: number): number {
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

/**
 * The end of the day in a zone that is ahead of UTC by always the same, which takes no calendar at all.
 * China has kept no daylight saving since 1991.
 */
export function fixedDayEndMs(epochMs: number, aheadMs: number): number {
  return (Math.floor((epochMs + aheadMs) / DAY_MS) + 1) * DAY_MS - aheadMs;
}

/** What the clocks of a zone show. */
export interface WallClock {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM:SS`, midnight being hour 00. */
  readonly time: string;
}

/** What clocks in an IANA time zone show at an instant. */
export function wallClockOf(epochMs: number, timeZone: string): WallClock {
  return readWallClock(secondFormat(timeZone), epochMs);
}

/** What clocks in an IANA time zone are ahead of UTC by at an instant, in milliseconds. */
export function utcOffsetMs(epochMs: number, timeZone: string): number {
  return offsetAt(secondFormat(timeZone), epochMs);
}

/**
 * Days and clocks of one zone, for whoever asks often. A formatter takes longer to make than a commit takes,
 * so this makes two and keeps them, and with them the day that was asked for last: nearly every question is
 * about today.
 */
export class Calendar {
  readonly #days: Intl.DateTimeFormat;
  readonly #seconds: Intl.DateTimeFormat;
  /** Instants known to lie in one day; none at first. */
  #known: Span & { readonly day: string } = { day: '', fromMs: Infinity, untilMs: -Infinity };
  /** The end of that day, once it was asked for. */
  #endMs: number | null = null;

  constructor(timeZone: string) {
    this.#days = dayFormat(timeZone);
    this.#seconds = secondFormat(timeZone);
  }

  /** As `businessDayOf`. */
  dayOf(epochMs: number): string {
    const { day: last, fromMs, untilMs } = this.#known;
    if (epochMs >= fromMs && epochMs < untilMs) return last;
    const day = readDay(this.#days, epochMs);
    const isSame = day === last;
    this.#known = {
      day,
      fromMs: isSame ? Math.min(fromMs, epochMs) : epochMs,
      untilMs: isSame ? Math.max(untilMs, epochMs + 1) : epochMs + 1,
    };
    if (!isSame) this.#endMs = null;
    return day;
  }

  /** As `businessDayEndMs`. */
  dayEndMs(epochMs: number): number {
    this.dayOf(epochMs);
    if (this.#endMs === null) {
      this.#endMs = dayEndMs(this.#days, epochMs);
      this.#known = { ...this.#known, untilMs: this.#endMs };
    }
    return this.#endMs;
  }

  /** As `wallClockOf`. */
  wallClockOf(epochMs: number): WallClock {
    return readWallClock(this.#seconds, epochMs);
  }

  /** As `utcOffsetMs`. */
  utcOffsetMs(epochMs: number): number {
    return offsetAt(this.#seconds, epochMs);
  }
}

/** Instants from `fromMs` up to and not including `untilMs`. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Far inside what the platform can format. */
const LATEST_MS = 8e15;

/**
 * The minute that clocks in the zone show as `hour`:`minute` on a day: none where daylight saving leaves
 * it out, two where it comes twice. A day or time that no calendar has gives none as well.
 */
export function minutes(
  businessDay: string,
  { hour, minute }: { readonly hour: number; readonly minute: number },
  timeZone: string,
): readonly Span[] {
  const asIfUtcMs = daysSinceEpoch(businessDay) * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
  if (!Number.isSafeInteger(asIfUtcMs) || Math.abs(asIfUtcMs) > LATEST_MS) return [];
  if (dayAfter(businessDay, 0) !== businessDay) return [];
  const format = secondFormat(timeZone);
  // A zone shifts at most once in these three days, so its offset is one of those at their ends.
  const offsetsMs = new Set(
    [-1.5 * DAY_MS, 0, 1.5 * DAY_MS].map((aroundMs) => offsetAt(format, asIfUtcMs + aroundMs)),
  );
  return [...offsetsMs]
    .map((offsetMs) => asIfUtcMs - offsetMs)
    .filter((fromMs) => readAsIfUtc(format, fromMs) === asIfUtcMs)
    .toSorted((a, b) => a - b)
    .map((fromMs) => ({ fromMs, untilMs: fromMs + MINUTE_MS }));
}

/** The day so many days later, or earlier; the calendar alone decides. */
export function dayAfter(businessDay: string, days: number): string {
  return businessDayOf((daysSinceEpoch(businessDay) + days) * DAY_MS, 'UTC');
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March. */
function daysSinceEpoch(day: string): number {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number);
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** What clocks in the zone are ahead of UTC by. */
function offsetAt(format: Intl.DateTimeFormat, epochMs: number): number {
  const wholeSecondMs = Math.floor(epochMs / 1000) * 1000;
  return readAsIfUtc(format, wholeSecondMs) - wholeSecondMs;
}

/** What clocks in the zone show, read as if they showed UTC. */
function readAsIfUtc(format: Intl.DateTimeFormat, epochMs: number): number {
  const { day, time } = readWallClock(format, epochMs);
  const [hour = NaN, minute = NaN, second = NaN] = time.split(':').map(Number);
  return daysSinceEpoch(day) * DAY_MS + (hour * 3600 + minute * 60 + second) * 1000;
}

function readWallClock(format: Intl.DateTimeFormat, epochMs: number): WallClock {
  const part = partReader(format, epochMs);
  return { day: dayText(part), time: `${part('hour')}:${part('minute')}:${part('second')}` };
}

function readDay(format: Intl.DateTimeFormat, epochMs: number): string {
  return dayText(partReader(format, epochMs));
}

type PartReader = (type: Intl.DateTimeFormatPartTypes) => string;

function partReader(format: Intl.DateTimeFormat, epochMs: number): PartReader {
  const parts = format.formatToParts(epochMs);
  return (type) => parts.find((candidate) => candidate.type === type)?.value ?? '';
}

function dayText(part: PartReader): string {
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

function secondFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}
