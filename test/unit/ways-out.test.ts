import { describe, expect, test } from 'vitest';
import type { DayClock } from '../../shared/order/revoke-refusal.ts';
import { waysOut } from '../../shared/order/ways-out.ts';
import { attention, DAY_END_MS, IN_STATE, NOON_MS } from '../fixtures/orders.ts';

const at = (afterMs: number, serverOffsetMs: number | null = 0): DayClock => ({
  atMs: NOON_MS + afterMs,
  serverOffsetMs,
});
const MINUTE_MS = 60_000;

describe('the ways out of attention', () => {
  test('are to ask, to send the cancel again and to take somebody’s word, gentlest first', () => {
    expect(waysOut(attention(), at(MINUTE_MS))).toEqual(['check_again', 'reverse', 'settle']);
  });

  test.each([
    ['ends by our clock', DAY_END_MS, 0, ['check_again', 'settle']],
    ['has a millisecond left', DAY_END_MS - 1, 0, ['check_again', 'reverse', 'settle']],
    [
      'ends by the acquirer’s clock, which is ahead',
      DAY_END_MS - MINUTE_MS,
      MINUTE_MS,
      ['check_again', 'settle'],
    ],
    [
      'may be over, but no reply has confirmed our clock',
      2 * DAY_END_MS,
      null,
      ['check_again', 'reverse', 'settle'],
    ],
  ])('leave the cancel out once the day of the acquirer %s', (_name, afterMs, offsetMs, ways) => {
    expect(waysOut(attention(), at(afterMs, offsetMs))).toEqual(ways);
  });

  test('leave the cancel out where the acquirer itself has said that it is too late', () => {
    const order = { ...attention(), reason: 'window_closed' as const };
    expect(waysOut(order, at(MINUTE_MS))).toEqual(['check_again', 'settle']);
  });

  const others = Object.entries(IN_STATE).filter(([state]) => state !== 'attention');
  test.each(others)('are none for an order that is %s: it settles itself', (_state, order) => {
    expect(waysOut(order(), at(MINUTE_MS))).toEqual([]);
  });
});
