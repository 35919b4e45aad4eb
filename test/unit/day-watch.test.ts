import { describe, expect, test } from 'vitest';
import { DayWatch } from '../../main/day-watch.ts';
import { alipayplusWindow } from '../../shared/protocol/alipayplus/window.ts';
import { miniprogramWindow } from '../../shared/protocol/miniprogram/window.ts';
import { upayWindow } from '../../shared/protocol/upay/window.ts';
import type { CancelWindow } from '../../shared/protocol/window.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { NOON } from '../support/fake-ledger.ts';

const HOUR_MS = 3_600_000;
/** Noon to midnight in Shanghai. */
const TO_MIDNIGHT_MS = 12 * HOUR_MS;

function watching({
  timeZone = 'Asia/Shanghai',
  failures = 0,
  window = upayWindow,
}: { readonly timeZone?: string; readonly failures?: number; readonly window?: CancelWindow } = {}) {
  const time = new FakeTime(NOON);
  const told: number[] = [];
  const errors: unknown[] = [];
  let offsetMs: number | null = 0;
  let left = failures;
  const watch = new DayWatch({
    clock: time,
    timers: time,
    timeZone,
    window,
    serverOffsetMs: () => offsetMs,
    onChange: () => {
      left -= 1;
      if (left >= 0) throw new Error('the disk cannot be read');
      told.push(time.nowMs() - NOON);
    },
    onError: (error) => errors.push(error),
  });
  watch.start();
  return {
    time,
    told,
    errors,
    watch,
    learn: (ms: number | null) => {
      offsetMs = ms;
      watch.lookSoon();
    },
  };
}

describe('the day watch', () => {
  test('tells of a new day at its first millisecond, and once', async () => {
    const { time, told } = watching();
    await time.advance(TO_MIDNIGHT_MS - 1);
    expect(told).toEqual([]);
    await time.advance(HOUR_MS);
    expect(told).toEqual([TO_MIDNIGHT_MS]);
  });

  test('tells of every day of a terminal that is never switched off', async () => {
    const { time, told } = watching();
    await time.advance(3 * 24 * HOUR_MS);
    expect(told).toHaveLength(3);
  });

  test('tells of the end of the acquirer’s day too, where the shop is in another zone', async () => {
    const { time, told } = watching({ timeZone: 'Europe/Berlin' });
    await time.advance(24 * HOUR_MS);
    expect(told).toEqual([TO_MIDNIGHT_MS, 19 * HOUR_MS]);
  });

  test('tells at 00:15 that yesterday’s Alipay+ payments can be cancelled no more, and at midnight of the new day', async () => {
    const { time, told } = watching({ window: alipayplusWindow });
    await time.advance(24 * HOUR_MS);
    expect(told).toEqual([TO_MIDNIGHT_MS, TO_MIDNIGHT_MS + HOUR_MS / 4]);
  });

  test('goes by the shop’s day alone where only the acquirer knows its window', async () => {
    const { time, told } = watching({ window: miniprogramWindow, timeZone: 'Europe/Berlin' });
    await time.advance(24 * HOUR_MS);
    expect(told).toEqual([19 * HOUR_MS]);
  });

  test.each([
    ['becomes known', null, 0],
    ['says that it is tomorrow already', 0, TO_MIDNIGHT_MS],
    ['moves the end of the day by an hour', 0, HOUR_MS],
  ])('tells at once when the acquirer’s clock %s', async (_name, before, after) => {
    const { time, told, learn } = watching();
    learn(before);
    await time.advance(1000);
    told.length = 0;
    learn(after);
    await time.advance(0);
    expect(told).toEqual([1000]);
  });

  test('does not tell of a reply that was a few seconds on its way', async () => {
    const { time, told, learn } = watching();
    learn(5000);
    await time.advance(60_000);
    expect(told).toEqual([]);
  });

  test('notices within seconds that the machine’s clock was set to another day', async () => {
    const { time, told } = watching();
    time.stepWallClock(24 * HOUR_MS);
    await time.advance(10_000);
    expect(told).toHaveLength(1);
  });

  test('tells again where telling failed', async () => {
    const { time, told, errors } = watching({ failures: 2 });
    await time.advance(TO_MIDNIGHT_MS + 60_000);
    expect(errors).toHaveLength(2);
    expect(told).toEqual([TO_MIDNIGHT_MS + 20_000]);
  });

  test('has one timer while it runs and none when it was stopped', async () => {
    const { time, watch, learn } = watching();
    learn(0);
    expect(time.pending()).toHaveLength(1);
    watch.stop();
    expect(time.pending()).toEqual([]);
    learn(HOUR_MS);
    expect(time.pending()).toEqual([]);
  });
});
