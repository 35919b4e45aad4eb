import { describe, expect, test } from 'vitest';
import { callTimeoutMs } from '../../shared/order/deadline.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { transition } from '../../shared/order/transition.ts';
import {
  alertsOf,
  collect,
  COLLECT,
  confirming,
  DUE,
  GAVE_UP,
  happen,
  NOON_MS,
  owedOf,
  pay,
  play,
  query,
  stamp,
} from '../fixtures/orders.ts';

describe('an order that begins', () => {
  test('owes exactly its pay call, at once, and nothing is decided', () => {
    expect(collect()).toMatchObject({
      state: 'collecting',
      charged: 'unknown',
      reason: null,
      sn: null,
      clientSn: COLLECT.clientSn,
      amountMinor: 1234,
      attempts: 0,
      paySentAtMs: NOON_MS,
      confirmUntilMs: NOON_MS + 45_000,
      inFlightUntilMs: NOON_MS + 180_000,
      owed: { call: 'pay', dueAtMs: NOON_MS, waitingFor: 'time' },
    });
  });

  test('cannot begin twice', () => {
    const again = { ...COLLECT, ...stamp(1) };
    expect(() => transition(collect(), again, DEFAULT_POLICY)).toThrow('Invariant broken');
  });

  test('is needed before anything else can happen', () => {
    expect(() => transition(null, { ...stamp(0), ...DUE }, DEFAULT_POLICY)).toThrow('Invariant broken');
  });
});

describe('the answer to pay', () => {
  test('approved is paid, and the sale is looked at for a second charge', () => {
    const { order, effects } = happen(collect(), 1000, pay('approved', { sn: '789', amountMinor: 1234 }));
    expect(order).toMatchObject({ state: 'paid', charged: 'yes', sn: '789', owed: null });
    expect(effects).toEqual([{ type: 'check_sale' }]);
  });

  test('approved for another amount is put before a person', () => {
    const { order, effects } = happen(collect(), 1000, pay('approved', { amountMinor: 1235 }));
    expect(order).toMatchObject({
      state: 'attention',
      charged: 'yes',
      reason: 'amount_mismatch',
      owed: null,
    });
    expect(alertsOf(effects)).toEqual(['amount_mismatch']);
  });

  test.each([
    ['declined', 'declined_by_acquirer'],
    ['not_sent', 'not_sent'],
    ['config', 'configuration'],
  ] as const)('%s ends as declined: %s, and nothing is owed', (kind, reason) => {
    expect(happen(collect(), 1000, pay(kind)).order).toMatchObject({
      state: 'declined',
      charged: 'no',
      reason,
      owed: null,
    });
  });

  test('config tells somebody', () => {
    expect(alertsOf(happen(collect(), 1000, pay('config')).effects)).toEqual(['configuration']);
  });

  test.each(['pending', 'unknown'] as const)('%s is no answer: a query is owed at once', (kind) => {
    const { order } = happen(collect(), 40_000, pay(kind));
    expect(order).toMatchObject({ state: 'confirming', charged: 'unknown' });
    expect(owedOf(order)).toEqual(['query', 40_000, 'time']);
  });

  test('unknown when the window has closed already: the cancel is owed at once', () => {
    const { order } = happen(collect(), 45_000, pay('unknown'));
    expect(order).toMatchObject({ state: 'reversing', charged: 'unknown', reason: 'no_answer' });
    expect(owedOf(order)).toEqual(['cancel', 45_000, 'time']);
  });

  test('late, after the terminal stopped waiting for it, is kept and decides nothing', () => {
    const { order, effects } = happen(confirming(), 41_000, pay('approved', { sn: '789' }));
    expect(order).toMatchObject({
      state: 'confirming',
      sn: '789',
      lastAnswer: { call: 'pay', kind: 'approved' },
    });
    expect(owedOf(order)).toEqual(['query', 40_000, 'time']);
    expect(alertsOf(effects)).toEqual(['late_success']);
  });
});

describe('confirming', () => {
  test('a query that finds the charge is paid', () => {
    const { order, effects } = happen(confirming(), 40_100, query('charged', { amountMinor: 1234 }));
    expect(order).toMatchObject({ state: 'paid', charged: 'yes', owed: null });
    expect(effects).toEqual([{ type: 'check_sale' }]);
  });

  test('a query that finds another amount is put before a person', () => {
    const { order } = happen(confirming(), 40_100, query('charged', { amountMinor: 1 }));
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'amount_mismatch' });
  });

  test('a query that finds the payment ended is declined', () => {
    const { order } = happen(confirming(), 40_100, query('not_charged'));
    expect(order).toMatchObject({ state: 'declined', charged: 'no', reason: 'payment_ended', owed: null });
  });

  test.each(['pending', 'unknown', 'not_found', 'config', 'not_sent'] as const)(
    '%s asks again after the interval, because it proves nothing',
    (kind) => {
      const early = play(collect(), [1000, pay('unknown')]);
      const { order } = happen(early, 1100, query(kind));
      expect(order).toMatchObject({ state: 'confirming', charged: 'unknown' });
      expect(order.owed?.call).toBe('query');
      expect(order.owed?.dueAtMs).toBe(NOON_MS + 4100);
    },
  );

  test('the last query leaves before the window closes, and the next turn is the close itself', () => {
    const first = happen(confirming(), 42_000, query('pending')).order;
    expect(owedOf(first)).toEqual(['query', 44_000, 'time']);
    const last = happen(first, 44_200, query('pending')).order;
    expect(owedOf(last)).toEqual(['query', 45_000, 'time']);
  });

  test('the cancel is owed at the instant the window closes, with no gap', () => {
    const { order } = happen(confirming(), 45_000, DUE);
    expect(order).toMatchObject({ state: 'reversing', reason: 'no_answer', attempts: 0, waits: 0 });
    expect(owedOf(order)).toEqual(['cancel', 45_000, 'time']);
  });

  test('the window closes while a query is unanswered: its answer starts the reversal', () => {
    const { order } = happen(confirming(), 45_000, query('unknown'));
    expect(owedOf(order)).toEqual(['cancel', 45_000, 'time']);
  });

  test('a charge that is found at the close still wins, since no cancel has been sent', () => {
    expect(happen(confirming(), 45_000, query('charged')).order.state).toBe('paid');
  });

  test('a due query before the close changes nothing, and says so by identity', () => {
    const order = confirming();
    expect(happen(order, 44_999, DUE)).toEqual({ order, effects: [] });
    expect(happen(order, 44_999, DUE).order).toBe(order);
  });
});

describe('giving up', () => {
  test('before a cancel is harmless waits until it is', () => {
    const waiting = play(collect(), [2000, pay('unknown')], [2100, query('pending')]);
    const { order } = happen(waiting, 3000, GAVE_UP);
    expect(order).toMatchObject({
      state: 'confirming',
      reason: 'given_up',
      confirmUntilMs: NOON_MS + 15_000,
    });
    const closed = happen(order, 15_000, DUE).order;
    expect(closed).toMatchObject({ state: 'reversing', reason: 'given_up' });
    expect(owedOf(closed)).toEqual(['cancel', 15_000, 'time']);
  });

  test('never leaves a query due after the shortened window', () => {
    const waiting = play(collect(), [2000, pay('unknown')], [13_500, query('pending')]);
    expect(owedOf(waiting)).toEqual(['query', 16_500, 'time']);
    expect(owedOf(happen(waiting, 14_000, GAVE_UP).order)).toEqual(['query', 15_000, 'time']);
  });

  test('later owes the cancel at once', () => {
    const { order } = happen(confirming(), 40_001, GAVE_UP);
    expect(order).toMatchObject({ state: 'reversing', reason: 'given_up' });
    expect(owedOf(order)).toEqual(['cancel', 40_001, 'time']);
  });

  test('while pay is still unanswered owes the cancel at once when the order is old enough', () => {
    const { order } = happen(collect(), 20_000, GAVE_UP);
    expect(order.state).toBe('reversing');
    expect(owedOf(order)).toEqual(['cancel', 20_000, 'time']);
  });

  test('while pay is still unanswered does not wait for pay to time out', () => {
    const hurried = happen(collect(), 5000, GAVE_UP).order;
    expect(hurried).toMatchObject({ state: 'collecting', confirmUntilMs: NOON_MS + 15_000 });
    expect(callTimeoutMs(hurried, NOON_MS + 5000, DEFAULT_POLICY)).toBe(10_000);
    const { order } = happen(hurried, 15_000, DUE);
    expect(order.state).toBe('reversing');
    expect(owedOf(order)).toEqual(['cancel', 15_000, 'time']);
  });

  test('twice does not move the close', () => {
    const once = happen(collect(), 5000, GAVE_UP).order;
    expect(happen(once, 9000, GAVE_UP).order.confirmUntilMs).toBe(NOON_MS + 15_000);
  });

  test('does not undo a charge that is found before the close', () => {
    const hurried = play(collect(), [2000, pay('unknown')], [3000, GAVE_UP]);
    expect(happen(hurried, 5000, query('charged')).order).toMatchObject({ state: 'paid', reason: null });
  });
});

describe('a pay call whose window has closed before it was sent', () => {
  test('is never sent: the cancel takes its place', () => {
    const { order } = happen(collect(), 45_000, DUE);
    expect(order.state).toBe('reversing');
    expect(order.owed?.call).toBe('cancel');
  });
});

describe('the time a call may take', () => {
  test.each([
    ['a fresh pay', collect(), 0, 40_000],
    ['a pay that leaves late', collect(), 20_000, 25_000],
    ['a query in the window', confirming(), 40_000, 5000],
    ['a query at the close', confirming(), 45_000, 0],
    ['a query after the close', confirming(), 50_000, 0],
    ['a cancel', play(confirming(), [45_000, DUE]), 45_000, 15_000],
    ['a cancel years later', play(confirming(), [45_000, DUE]), 1e11, 15_000],
  ])('of %s is bounded by the window and the policy', (_name, order, afterMs, expected) => {
    expect(callTimeoutMs(order, NOON_MS + afterMs, DEFAULT_POLICY)).toBe(expected);
  });
});
