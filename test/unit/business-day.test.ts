import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  businessDayEndMs,
  businessDayOf,
  Calendar,
  dayAfter,
  fixedDayEndMs,
  isTimeZone,
  minutes,
  utcOffsetMs,
  wallClockOf,
} from '../../shared/business-day.ts';
import { cancelUntilMs } from '../../shared/protocol/upay/window.ts';

const HOUR_MS = 3_600_000;

describe('businessDayOf', () => {
  test.each([
    ['2026-11-20T15:59:59.999Z', 'Asia/Shanghai', '2026-11-20'],
    ['2026-11-20T16:00:00.000Z', 'Asia/Shanghai', '2026-11-21'],
    ['2026-11-20T23:59:59.999Z', 'UTC', '2026-11-20'],
    ['2026-11-21T00:00:00.000Z', 'UTC', '2026-11-21'],
    ['2026-11-20T04:59:59.999Z', 'America/New_York', '2026-11-19'],
    ['2026-11-20T05:00:00.000Z', 'America/New_York', '2026-11-20'],
    ['2026-11-20T10:00:00.000Z', 'Pacific/Kiritimati', '2026-11-21'],
    ['2026-11-20T10:00:00.000Z', 'Pacific/Pago_Pago', '2026-11-19'],
    ['2026-11-20T18:15:00.000Z', 'Asia/Kathmandu', '2026-11-21'],
    ['2026-12-31T16:00:00.000Z', 'Asia/Shanghai', '2027-01-01'],
    ['2028-02-29T00:00:00.000Z', 'UTC', '2028-02-29'],
  ])('%s in %s belongs to %s', (instant, zone, day) => {
    expect(businessDayOf(Date.parse(instant), zone)).toBe(day);
  });
});

describe('businessDayEndMs', () => {
  test.each([
    ['an ordinary day', '2026-11-20T03:00:00Z', 'Asia/Shanghai', '2026-11-20T16:00:00.000Z'],
    ['the last millisecond', '2026-11-20T15:59:59.999Z', 'Asia/Shanghai', '2026-11-20T16:00:00.000Z'],
    ['midnight itself', '2026-11-20T16:00:00.000Z', 'Asia/Shanghai', '2026-11-21T16:00:00.000Z'],
    ['a day of 23 hours', '2026-03-29T00:00:00+01:00', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['a day of 25 hours', '2026-10-25T00:00:00+02:00', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['a day of 25 hours in America', '2026-11-01T04:00:00Z', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['the hour that comes twice', '2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['a half-hour shift', '2026-04-04T13:00:00Z', 'Australia/Lord_Howe', '2026-04-05T13:30:00.000Z'],
    ['a day of 26 hours', '2026-10-24T22:00:00Z', 'Antarctica/Troll', '2026-10-26T00:00:00.000Z'],
  ])('ends %s at the next local midnight', (_name, instant, zone, end) => {
    expect(new Date(businessDayEndMs(Date.parse(instant), zone)).toISOString()).toBe(end);
  });

  test('is the first instant of another day, wherever and whenever', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'America/Havana',
      'Antarctica/Troll',
    );
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instant, zone, (atMs, timeZone) => {
        const day = businessDayOf(atMs, timeZone);
        const endMs = businessDayEndMs(atMs, timeZone);
        expect(businessDayOf(endMs - 1, timeZone)).toBe(day);
        expect(businessDayOf(endMs, timeZone)).not.toBe(day);
        expect(endMs - atMs).toBeGreaterThan(0);
        expect(endMs - atMs).toBeLessThanOrEqual(26 * HOUR_MS);
      }),
      { numRuns: 300 },
    );
  });

  test('gives Upay a day that ends at midnight in China, wherever the till stands', () => {
    expect(new Date(cancelUntilMs(Date.parse('2026-11-20T15:59:50Z'))).toISOString()).toBe(
      '2026-11-20T16:00:00.000Z',
    );
  });
});

describe('a calendar that remembers', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/Havana', 'Antarctica/Troll');
  /** Within a few days, so that days repeat, and each may be asked for before or after its end is known. */
  const questions = fc.array(fc.tuple(fc.integer({ min: 0, max: 96 * HOUR_MS }), fc.boolean()), {
    minLength: 1,
    maxLength: 30,
  });

  test('says what one that forgets says, in whatever order it is asked', () => {
    const start = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(start, zones, questions, (startMs, timeZone, asked) => {
        const calendar = new Calendar(timeZone);
        for (const [afterMs, isEnd] of asked) {
          const atMs = startMs + afterMs;
          if (isEnd) expect(calendar.dayEndMs(atMs)).toBe(businessDayEndMs(atMs, timeZone));
          else expect(calendar.dayOf(atMs)).toBe(businessDayOf(atMs, timeZone));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('shows the clocks of its zone', () => {
    const atMs = Date.parse('2026-10-25T00:30:00Z');
    const calendar = new Calendar('Europe/Berlin');
    expect(calendar.wallClockOf(atMs)).toEqual(wallClockOf(atMs, 'Europe/Berlin'));
    expect(calendar.utcOffsetMs(atMs)).toBe(utcOffsetMs(atMs, 'Europe/Berlin'));
  });

  test('is not needed where a zone is always as far ahead', () => {
    const instant = fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(instant, (atMs) => {
        expect(fixedDayEndMs(atMs, 8 * HOUR_MS)).toBe(businessDayEndMs(atMs, 'Asia/Shanghai'));
      }),
    );
  });
});

describe('minutes', () => {
  const read = (day: string, time: string, zone: string): readonly string[] => {
    const [hour = NaN, minute = NaN] = time.split(':').map(Number);
    return minutes(day, { hour, minute }, zone).map(({ fromMs, untilMs }) => {
      expect(untilMs - fromMs).toBe(60_000);
      return new Date(fromMs).toISOString();
    });
  };

  test.each([
    ['an ordinary minute', '2026-11-20', '14:05', 'Asia/Shanghai', ['2026-11-20T06:05:00.000Z']],
    ['the first of a day', '2026-11-20', '00:00', 'Asia/Shanghai', ['2026-11-19T16:00:00.000Z']],
    ['the last of a day', '2026-12-31', '23:59', 'America/New_York', ['2027-01-01T04:59:00.000Z']],
    ['a leap day', '2028-02-29', '12:00', 'UTC', ['2028-02-29T12:00:00.000Z']],
    ['a day no calendar has', '2026-02-29', '12:00', 'UTC', []],
    ['a month no calendar has', '2026-13-01', '12:00', 'UTC', []],
    ['no day at all', 'today', '12:00', 'UTC', []],
    ['a quarter-hour zone', '2026-11-20', '12:00', 'Asia/Kathmandu', ['2026-11-20T06:15:00.000Z']],
    ['the far east', '2026-11-20', '00:30', 'Pacific/Kiritimati', ['2026-11-19T10:30:00.000Z']],
    ['left out in spring', '2026-03-29', '02:30', 'Europe/Berlin', []],
    [
      'twice in autumn',
      '2026-10-25',
      '02:30',
      'Europe/Berlin',
      ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ],
    [
      'twice within half an hour',
      '2026-04-05',
      '01:45',
      'Australia/Lord_Howe',
      ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
    ],
    ['a day that an island left out', '2011-12-30', '12:00', 'Pacific/Apia', []],
  ])('%s', (_name, day, time, zone, instants) => {
    expect(read(day, time, zone)).toEqual(instants);
  });

  test('contain every instant that clocks show them at', () => {
    const zone = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/Havana', 'Antarctica/Troll');
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instant, zone, (atMs, timeZone) => {
        const shown = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          hour: '2-digit',
          minute: '2-digit',
        }).format(atMs);
        const [hour = NaN, minute = NaN] = shown.split(':').map(Number);
        const spans = minutes(businessDayOf(atMs, timeZone), { hour, minute }, timeZone);
        expect(spans.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('dayAfter', () => {
  test.each([
    ['2026-11-20', 1, '2026-11-21'],
    ['2026-11-20', -1, '2026-11-19'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-03-01', -1, '2028-02-29'],
    ['2026-11-20', 0, '2026-11-20'],
  ])('of %s, %d later, is %s', (day, days, other) => {
    expect(dayAfter(day, days)).toBe(other);
  });
});

describe('isTimeZone', () => {
  test.each(['Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])(
    'knows %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true);
    },
  );

  test.each(['', 'Asia/Shanghia', 'CST6', 'Mars/Olympus', 'Asia/Shanghai ', '../etc/passwd', '__proto__'])(
    'does not know %o',
    (zone) => {
      expect(isTimeZone(zone)).toBe(false);
    },
  );
});
