import { describe, expect, test } from 'vitest';
import { formatMoment, formatUntil } from '../../renderer/format.ts';

/** How the end of a window is told: by the shop's own clock, to the minute that the acquirer means. */

const ZONE = 'Asia/Shanghai';
const at = (time: string): number => Date.parse(`${time}+08:00`);
const NOON = at('2026-11-20T12:00:00');

describe('until when money can come back', () => {
  test.each([
    ['the end of the day is its last minute', '2026-11-21T00:00:00', '23:59', '23:59'],
    ['an end within the day is told as it is', '2026-11-20T18:30:00', '18:30', '18:30'],
    [
      'an end after midnight names its day',
      '2026-11-21T00:15:00',
      'Nov 21, 2026 00:15',
      '2026年11月21日 00:15',
    ],
  ])('%s', (_, closes, en, zh) => {
    // The offset of the two clocks is known to half a second.
    for (const offMs of [-500, 0, 499]) {
      expect(formatUntil(at(closes) + offMs, NOON, ZONE, 'en')).toBe(en);
      expect(formatUntil(at(closes) + offMs, NOON, ZONE, 'zh')).toBe(zh);
    }
  });

  test('after midnight the day of a window that ends at 00:15 is today', () => {
    expect(formatUntil(at('2026-11-21T00:15:00'), at('2026-11-21T00:05:00'), ZONE, 'en')).toBe('00:15');
  });

  test('goes by the zone of the shop, not of the machine', () => {
    const closes = Date.parse('2026-11-21T00:00:00+01:00');
    expect(formatUntil(closes, closes - 3_600_000, 'Europe/Berlin', 'en')).toBe('23:59');
  });
});

test('a moment of another day names that day', () => {
  expect(formatMoment(at('2026-11-20T09:05:00'), NOON, ZONE, 'en')).toBe('09:05');
  expect(formatMoment(at('2026-11-19T09:05:00'), NOON, ZONE, 'zh')).toBe('2026年11月19日 09:05');
});
