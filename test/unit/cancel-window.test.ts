import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alipayplusWindow } from '../../shared/protocol/alipayplus/window.ts';
import { miniprogramWindow } from '../../shared/protocol/miniprogram/window.ts';
import { upayWindow } from '../../shared/protocol/upay/window.ts';
import type { CancelWindow } from '../../shared/protocol/window.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
const until = (window: CancelWindow, at: string): string | null => iso(window.cancelUntilMs(Date.parse(at)));
const nextClose = (window: CancelWindow, at: string): string | null =>
  iso(window.nextCloseMs(Date.parse(at)));
const utc = (atChina: string): string => new Date(`${atChina}+08:00`).toISOString();

describe('a payment by Alipay+', () => {
  test.each([
    ['in the morning', '2026-11-20T09:00:00+08:00', '2026-11-21T00:15:00'],
    ['in the last millisecond of a day', '2026-11-20T23:59:59.999+08:00', '2026-11-21T00:15:00'],
    ['at midnight', '2026-11-21T00:00:00+08:00', '2026-11-22T00:15:00'],
    ['while yesterday is still open', '2026-11-21T00:14:59.999+08:00', '2026-11-22T00:15:00'],
    ['as yesterday closes', '2026-11-21T00:15:00+08:00', '2026-11-22T00:15:00'],
    ['at the end of a month', '2026-11-30T12:00:00+08:00', '2026-12-01T00:15:00'],
    ['at the end of a year', '2026-12-31T23:59:59+08:00', '2027-01-01T00:15:00'],
    ['before a leap day', '2028-02-28T12:00:00+08:00', '2028-02-29T00:15:00'],
    ['on a leap day', '2028-02-29T12:00:00+08:00', '2028-03-01T00:15:00'],
    ['in a shop in London, on its own evening', '2026-11-20T19:00:00+00:00', '2026-11-22T00:15:00'],
    ['in a shop in London, in its own afternoon', '2026-11-20T15:59:59+00:00', '2026-11-21T00:15:00'],
    ['in a shop in New York under daylight saving', '2026-07-01T11:59:59-04:00', '2026-07-02T00:15:00'],
    ['in a shop in Tokyo, on its own next day', '2026-11-21T00:30:00+09:00', '2026-11-21T00:15:00'],
  ])('%s can be cancelled until 00:15 in China of the day after', (_name, at, china) => {
    expect(until(alipayplusWindow, at)).toBe(utc(china));
  });

  test.each([
    ['a minute before midnight', '2026-11-20T23:59:00+08:00', '2026-11-21T00:15:00'],
    ['at midnight', '2026-11-21T00:00:00+08:00', '2026-11-21T00:15:00'],
    ['a millisecond before', '2026-11-21T00:14:59.999+08:00', '2026-11-21T00:15:00'],
    ['at the very end', '2026-11-21T00:15:00+08:00', '2026-11-22T00:15:00'],
    ['on New Year’s Eve', '2026-12-31T18:00:00+08:00', '2027-01-01T00:15:00'],
    ['in the first minutes of a year', '2027-01-01T00:10:00+08:00', '2027-01-01T00:15:00'],
  ])('is watched by a clock that next looks at the first end after it: %s', (_name, at, china) => {
    expect(nextClose(alipayplusWindow, at)).toBe(utc(china));
  });
});

describe('windows that clocks close', () => {
  test.each([
    ['upay', upayWindow, 0],
    ['alipayplus', alipayplusWindow, 15 * MINUTE_MS],
  ] as const)(
    '%s: the next end is the end of some order’s window and nothing closes before it',
    (_name, window, graceMs) => {
      const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
      fc.assert(
        fc.property(instant, instant, (atMs, payAtMs) => {
          const nextMs = window.nextCloseMs(atMs) ?? NaN;
          expect(nextMs).toBeGreaterThan(atMs);
          expect(nextMs - atMs).toBeLessThanOrEqual(DAY_MS);
          expect(new Date(nextMs + 8 * 3_600_000 - graceMs).toISOString()).toMatch(/T00:00:00\.000Z$/);
          const endMs = window.cancelUntilMs(payAtMs) ?? NaN;
          expect(endMs > atMs && endMs < nextMs).toBe(false);
          expect(endMs - payAtMs).toBeGreaterThan(graceMs);
          expect(endMs - payAtMs).toBeLessThanOrEqual(DAY_MS + graceMs);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('Upay closes at midnight in China, wherever the till stands', () => {
    expect(until(upayWindow, '2026-11-20T15:59:50Z')).toBe('2026-11-20T16:00:00.000Z');
    expect(nextClose(upayWindow, '2026-11-20T16:00:00Z')).toBe('2026-11-21T16:00:00.000Z');
  });
});

describe('a window that only the wallet knows', () => {
  test('is never computed', () => {
    expect(until(miniprogramWindow, '2026-11-20T09:00:00Z')).toBeNull();
    expect(nextClose(miniprogramWindow, '2026-11-20T09:00:00Z')).toBeNull();
  });
});
