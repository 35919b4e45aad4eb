import { describe, expect, test } from 'vitest';
import type { DayClock } from '../../shared/order/revoke-refusal.ts';
import { waysOut } from '../../shared/order/ways-out.ts';
import type { Order } from '../../shared/order/order.ts';
import { attention, DAY_END_MS, IN_STATE, NOON_MS } from '../fixtures/orders.ts';

const at = (afterMs: number, serverOffsetMs: number | null = 0): DayClock => ({
  atMs: NOON_MS + afterMs,
  serverOffsetMs,
});
const MINUTE_MS = 60_000;
const DAY = '2026-11-20';

/** An order whose acquirer has answered nothing to its cancels, so that none of them was refused. */
const unanswered = (): Order => ({ ...attention(), reason: 'bound_reached', charged: 'unknown' });

describe('the ways out of attention', () => {
  test('are to ask, to send the cancel again and to take somebody’s word, gentlest first', () => {
    expect(waysOut(unanswered(), DAY, at(MINUTE_MS))).toEqual(['check_again', 'reverse', 'settle']);
  });

  test.each([
    ['ends by our clock', DAY_END_MS, 0, ['check_again', 'refund', 'settle']],
    ['has a millisecond left', DAY_END_MS - 1, 0, ['check_again', 'reverse', 'settle']],
    [
      'ends by the acquirer’s clock, which is ahead',
      DAY_END_MS - MINUTE_MS,
      MINUTE_MS,
      ['check_again', 'refund', 'settle'],
    ],
    [
      'may be over, but no reply has confirmed our clock',
      2 * DAY_END_MS,
      null,
      ['check_again', 'reverse', 'settle'],
    ],
  ])(
    'have the refund in place of the cancel once the day of the acquirer %s',
    (_name, afterMs, offsetMs, ways) => {
      expect(waysOut(unanswered(), DAY, at(afterMs, offsetMs))).toEqual(ways);
    },
  );

  test('go by the window and not by our calendar, which another zone may have turned already', () => {
    expect(waysOut(unanswered(), '2026-11-21', at(MINUTE_MS))).toEqual(['check_again', 'reverse', 'settle']);
  });

  test('leave the cancel out where the acquirer itself has said that it is too late', () => {
    const order = { ...attention(), reason: 'window_closed' as const };
    expect(waysOut(order, DAY, at(MINUTE_MS))).toEqual(['check_again', 'refund', 'settle']);
  });

  test('are both the cancel and the refund while the window is open and a cancel was refused', () => {
    expect(waysOut(attention(), DAY, at(MINUTE_MS))).toEqual(['check_again', 'reverse', 'refund', 'settle']);
  });

  test('leave the refund out where the acquirer holds another amount than ours, however late it is', () => {
    const order = { ...attention(), reason: 'amount_mismatch' as const };
    expect(waysOut(order, DAY, at(MINUTE_MS))).toEqual(['check_again', 'reverse', 'settle']);
    expect(waysOut(order, DAY, at(DAY_END_MS))).toEqual(['check_again', 'settle']);
  });

  test.each(['bound_reached', 'refund_unproved', 'evidence_conflict'] as const)(
    'have no cancel beside a refund that has begun, which can be sent again (%s)',
    (reason) => {
      const order: Order = { ...attention(), reason, refund: { requestId: 'RF1', acceptedAtMs: null } };
      expect(waysOut(order, DAY, at(MINUTE_MS))).toEqual(['check_again', 'refund', 'settle']);
    },
  );

  test('have another refund after one that was refused', () => {
    const order: Order = { ...attention(), reason: 'refund_refused', refund: null };
    expect(waysOut(order, DAY, at(DAY_END_MS))).toEqual(['check_again', 'refund', 'settle']);
  });

  const others = Object.entries(IN_STATE).filter(([state]) => state !== 'attention');
  test.each(others)('are none for an order that is %s: it settles itself', (_state, order) => {
    expect(waysOut(order(), DAY, at(MINUTE_MS))).toEqual([]);
    expect(waysOut(order(), DAY, at(DAY_END_MS))).toEqual([]);
  });
});
