import { describe, expect, test } from 'vitest';
import {
  attention,
  cancel,
  collect,
  confirming,
  GAVE_UP,
  happen,
  IN_STATE,
  NOON_MS,
  owedOf,
  pay,
  play,
  query,
  RESTARTED,
  reversed,
  reversing,
  revoke,
  revoking,
  verifying,
} from '../fixtures/orders.ts';

describe('a restart', () => {
  test('while collecting becomes a question and never a second pay', () => {
    const { order } = happen(collect(), 10_000, RESTARTED);
    expect(order).toMatchObject({ state: 'confirming', charged: 'unknown' });
    expect(owedOf(order)).toEqual(['query', 10_000, 'time']);
  });

  test('after the window has closed owes the cancel at once', () => {
    for (const before of [collect(), confirming()]) {
      const { order } = happen(before, 45_000, RESTARTED);
      expect(order).toMatchObject({ state: 'reversing', reason: 'no_answer' });
      expect(owedOf(order)).toEqual(['cancel', 45_000, 'time']);
    }
  });

  test('days later still owes the cancel', () => {
    const { order } = happen(collect(), 3 * 86_400_000, RESTARTED);
    expect(order.owed).toMatchObject({ call: 'cancel' });
  });

  test('remembers that the cashier gave up', () => {
    const hurried = play(collect(), [5000, GAVE_UP], [7000, RESTARTED]);
    expect(hurried).toMatchObject({
      state: 'confirming',
      reason: 'given_up',
      confirmUntilMs: NOON_MS + 15_000,
    });
  });

  test.each([
    ['reversing', happen(reversing(), 45_100, cancel('not_sent')).order, 'cancel'],
    ['verifying', happen(verifying(), 45_200, query('unknown')).order, 'query'],
    ['revoking', happen(revoking(), 60_100, revoke('not_sent')).order, 'revoke'],
  ])('while %s brings what is owed forward, spread over a second', (state, before, call) => {
    for (const random of [0, 0.25, 0.999]) {
      const { order } = happen(before, 60_500, RESTARTED, undefined, { random });
      expect(order.state).toBe(state);
      expect(order.owed).toMatchObject({ call, waitingFor: 'time' });
      expect(order.owed?.dueAtMs).toBeLessThanOrEqual(NOON_MS + 60_500 + Math.round(1000 * random));
    }
  });

  test.each(['paid', 'declined', 'revoked', 'resolved', 'attention'] as const)(
    'changes nothing for an order that owes nothing (%s)',
    (state) => {
      const order = IN_STATE[state]();
      expect(happen(order, 90_000, RESTARTED)).toEqual({ order, effects: [] });
      expect(happen(order, 90_000, RESTARTED).order).toBe(order);
    },
  );

  test('owes the tail query a whole horizon later', () => {
    const { order } = happen(reversed(), 60_000, RESTARTED);
    expect(order.state).toBe('reversed');
    expect(owedOf(order)).toEqual(['query', 60_000 + 180_000, 'time']);
  });

  test('does not count what was in flight as answered', () => {
    expect(happen(collect(), 10_000, RESTARTED).order.attempts).toBe(0);
  });

  test('a pay that answers after all is kept, and the question decides', () => {
    const asked = happen(collect(), 10_000, RESTARTED).order;
    const { order } = happen(asked, 10_100, pay('approved', { sn: '789' }));
    expect(order).toMatchObject({ state: 'confirming', sn: '789' });
    expect(happen(order, 10_200, query('charged')).order.state).toBe('paid');
  });
});

describe('a clock that was set back', () => {
  test('leaves no deadline further ahead than the policy could have put it', () => {
    const { order } = happen(collect(), -86_400_000, RESTARTED);
    expect(order.confirmUntilMs).toBe(NOON_MS - 86_400_000 + 45_000);
    expect(order.inFlightUntilMs).toBe(NOON_MS - 86_400_000 + 180_000);
    expect(owedOf(order)).toEqual(['query', -86_400_000, 'time']);
  });

  test('brings a tail query of tomorrow back to the horizon', () => {
    const { order } = happen(reversed(), -86_400_000, RESTARTED);
    expect(order.state).toBe('reversed');
    expect(owedOf(order)).toEqual(['query', -86_400_000 + 180_000, 'time']);
  });

  test('does not make a person’s question wait for tomorrow', () => {
    const { order } = happen(
      play(attention(), [50_000, { type: 'retry_requested' }]),
      -86_400_000,
      RESTARTED,
    );
    expect(order.owed?.dueAtMs).toBeLessThanOrEqual(NOON_MS - 86_400_000 + 1000);
  });
});

describe('a clock that was set ahead while the terminal was down', () => {
  const AHEAD_MS = 3_600_000;

  test('does not let absence prove a pay gone that may still be travelling: it was charged later', () => {
    const started = happen(collect(), AHEAD_MS, RESTARTED).order;
    const cancelled = play(started, [AHEAD_MS, { type: 'call_due' }], [AHEAD_MS + 100, cancel('not_found')]);
    const asked = happen(cancelled, AHEAD_MS + 200, query('not_found')).order;
    expect(asked).toMatchObject({ state: 'verifying', charged: 'unknown' });
    expect(asked.inFlightUntilMs).toBe(NOON_MS + AHEAD_MS + 180_000);
  });

  test('does not spend the look back before a late approval can have landed', () => {
    const { order } = happen(reversed(), AHEAD_MS, RESTARTED);
    expect(owedOf(order)).toEqual(['query', AHEAD_MS + 180_000, 'time']);
  });
});

describe('a clock that was set while the terminal ran', () => {
  test.each([-86_400_000, -1, 3_600_000])('moves every wait of an owed call by %d ms', (deltaMs) => {
    const before = happen(verifying(), 46_000, query('not_found')).order;
    const { order } = happen(before, 46_000 + deltaMs, { type: 'clock_changed', deltaMs });
    expect(order).toMatchObject({
      state: 'verifying',
      paySentAtMs: before.paySentAtMs + deltaMs,
      confirmUntilMs: before.confirmUntilMs + deltaMs,
      inFlightUntilMs: before.inFlightUntilMs + deltaMs,
      owed: { call: 'query', dueAtMs: (before.owed?.dueAtMs ?? 0) + deltaMs },
    });
  });

  test('never makes absence a proof before the horizon has really passed', () => {
    const before = happen(verifying(), 46_000, query('not_found')).order;
    const set = happen(before, 46_000 + 3_600_000, { type: 'clock_changed', deltaMs: 3_600_000 }).order;
    const { order } = happen(set, 47_000 + 3_600_000, query('not_found'));
    expect(order.state).toBe('verifying');
  });
});

describe('an obstacle that is gone', () => {
  test.each([
    ['network', 'not_sent'],
    ['configuration', 'config'],
  ] as const)('%s: what waited for it is due within a second', (obstacle, kind) => {
    const waiting = happen(reversing(), 45_100, cancel(kind)).order;
    const { order } = happen(waiting, 45_200, { type: 'obstacle_cleared', obstacle });
    expect(owedOf(order)).toEqual(['cancel', 45_700, 'time']);
  });

  test('does not hurry what waits for something else', () => {
    const waiting = happen(reversing(), 45_100, cancel('config')).order;
    expect(happen(waiting, 45_200, { type: 'obstacle_cleared', obstacle: 'network' }).order).toBe(waiting);
    const order = verifying();
    expect(happen(order, 45_200, { type: 'obstacle_cleared', obstacle: 'network' }).order).toBe(order);
  });
});
