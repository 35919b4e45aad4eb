import { describe, expect, test } from 'vitest';
import { orderCard } from '../../main/order-view.ts';
import { Calendar } from '../../shared/business-day.ts';
import { alipayplusWindow } from '../../shared/protocol/alipayplus/window.ts';
import { collect, happen, NOON_MS, pay, reversing } from '../fixtures/orders.ts';

const MINUTE_MS = 60_000;
const viewer = {
  atMs: NOON_MS + MINUTE_MS,
  serverOffsetMs: 0,
  businessDay: '2026-11-20',
  calendar: new Calendar('Asia/Shanghai'),
  minReverseAgeMs: 15_000,
};
const UNTIL_MS = alipayplusWindow.cancelUntilMs(NOON_MS);
const paid = () => happen(collect({ cancelUntilMs: UNTIL_MS }), 1000, pay('approved')).order;

describe('until when money can come back', () => {
  test('is the acquirer’s window for what is undecided', () => {
    const order = { ...reversing(), cancelUntilMs: UNTIL_MS };
    expect(orderCard(order, viewer).windowClosesAtMs).toBe(Date.parse('2026-11-21T00:15:00+08:00'));
  });

  test.each([
    ['the shop’s day', 'Asia/Shanghai', '2026-11-21T00:00:00+08:00'],
    ['the shop’s day in a zone ahead', 'Asia/Tokyo', '2026-11-21T00:00:00+09:00'],
    ['the acquirer’s window in a zone behind', 'Europe/Berlin', '2026-11-21T00:15:00+08:00'],
  ])('ends for a paid order with %s', (_name, timeZone, until) => {
    expect(orderCard(paid(), { ...viewer, calendar: new Calendar(timeZone) }).windowClosesAtMs).toBe(
      Date.parse(until),
    );
  });

  test('is told by our own clock where the acquirer’s is ahead', () => {
    const ahead = { ...viewer, serverOffsetMs: 5 * MINUTE_MS };
    expect(orderCard(paid(), ahead).windowClosesAtMs).toBe(Date.parse('2026-11-20T23:55:00+08:00'));
  });

  test('is not told where only the acquirer can say, or its clock is not known', () => {
    const order = happen(collect({ cancelUntilMs: null }), 1000, pay('approved')).order;
    expect(orderCard(order, viewer).windowClosesAtMs).toBeNull();
    expect(orderCard(paid(), { ...viewer, serverOffsetMs: null }).windowClosesAtMs).toBeNull();
  });
});
