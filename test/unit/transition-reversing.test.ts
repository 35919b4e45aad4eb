import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, policySchema } from '../../shared/order/policy.ts';
import {
  alertsOf,
  cancel,
  collect,
  DAY_END_MS,
  DUE,
  DUPLICATE,
  happen,
  NOON_MS,
  owedOf,
  paid,
  pay,
  play,
  query,
  RETRY,
  REVERSE,
  reversed,
  REVOKE,
  revoke,
  reversing,
  verifying,
} from '../fixtures/orders.ts';

describe('the answer to cancel', () => {
  test.each(['accepted', 'already', 'not_found'] as const)(
    '%s is no proof: a query is owed at once',
    (kind) => {
      const { order } = happen(reversing(), 45_100, cancel(kind));
      expect(order).toMatchObject({ state: 'verifying', charged: 'unknown' });
      expect(owedOf(order)).toEqual(['query', 45_100, 'time']);
    },
  );

  test.each(['pending', 'unknown'] as const)('%s is asked about at once', (kind) => {
    const { order } = happen(reversing(), 45_100, cancel(kind));
    expect(order.state).toBe('reversing');
    expect(owedOf(order)).toEqual(['query', 45_100, 'time']);
  });

  test('throttled is asked about after a wait', () => {
    expect(owedOf(happen(reversing(), 45_100, cancel('throttled')).order)).toEqual(['query', 46_600, 'time']);
  });

  test('not sent keeps the cancel owed until the network is back', () => {
    const { order } = happen(reversing(), 45_100, cancel('not_sent'));
    expect(order).toMatchObject({ state: 'reversing', attempts: 0 });
    expect(owedOf(order)).toEqual(['cancel', 46_600, 'network']);
  });

  test('refused for a configuration keeps the cancel owed and tells somebody', () => {
    const { order, effects } = happen(reversing(), 45_100, cancel('config'));
    expect(order).toMatchObject({ state: 'reversing', attempts: 0 });
    expect(owedOf(order)).toEqual(['cancel', 46_600, 'configuration']);
    expect(alertsOf(effects)).toEqual(['configuration']);
  });

  test.each(['refused', 'window_closed'] as const)('%s is asked about before a person is called', (kind) => {
    const { order } = happen(reversing(), 45_100, cancel(kind, { code: '200/FAIL/X', message: 'no' }));
    expect(order).toMatchObject({ state: 'reversing', refusal: { kind, code: '200/FAIL/X', message: 'no' } });
    expect(owedOf(order)).toEqual(['query', 45_100, 'time']);
  });
});

describe('a query between two cancels', () => {
  test.each(['charged', 'pending', 'unknown', 'config', 'not_sent'] as const)(
    '%s leads to another cancel after a growing wait',
    (kind) => {
      const first = play(reversing(), [45_100, cancel('unknown')], [45_200, query(kind)]);
      expect(first.state).toBe('reversing');
      expect(first.owed).toMatchObject({ call: 'cancel', dueAtMs: NOON_MS + 46_700 });
      const second = play(first, [46_700, cancel('unknown')], [46_800, query(kind)]);
      expect(second.owed).toMatchObject({ call: 'cancel', dueAtMs: NOON_MS + 46_800 + 2250 });
    },
  );

  test('the waits stop growing at the cap', () => {
    let order = reversing();
    let atMs = 45_000;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      order = play(order, [atMs, cancel('unknown')], [atMs, query('unknown')]);
      atMs = (order.owed?.dueAtMs ?? 0) - NOON_MS;
    }
    expect(order.state).toBe('reversing');
    const before = atMs;
    order = play(order, [atMs, cancel('unknown')], [atMs, query('unknown')]);
    expect((order.owed?.dueAtMs ?? 0) - NOON_MS - before).toBe(225_000);
  });

  test('not charged is proof', () => {
    const { order } = happen(play(reversing(), [45_100, cancel('unknown')]), 45_200, query('not_charged'));
    expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'no_answer' });
  });

  test('no such order is no proof before the horizon', () => {
    const { order } = happen(play(reversing(), [45_100, cancel('unknown')]), 45_200, query('not_found'));
    expect(order).toMatchObject({ state: 'verifying', charged: 'unknown' });
  });

  test('charged after a definite no calls a person', () => {
    const refused = play(reversing(), [45_100, cancel('refused')]);
    const { order, effects } = happen(refused, 45_200, query('charged'));
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'cancel_refused', owed: null });
    expect(alertsOf(effects)).toEqual(['cancel_refused']);
  });

  test('not charged after a definite no needs nobody', () => {
    const refused = play(reversing(), [45_100, cancel('refused')]);
    expect(happen(refused, 45_200, query('not_charged')).order.state).toBe('reversed');
  });

  test('still moving after a definite no is cancelled again, since the no was about that moment', () => {
    const refused = play(reversing(), [45_100, cancel('refused')]);
    const { order } = happen(refused, 45_200, query('pending'));
    expect(order).toMatchObject({ state: 'reversing', refusal: null, owed: { call: 'cancel' } });
  });

  test('silence after a definite no is asked about again', () => {
    const refused = play(reversing(), [45_100, cancel('refused')]);
    const { order } = happen(refused, 45_200, query('unknown'));
    expect(order).toMatchObject({
      state: 'reversing',
      refusal: { kind: 'refused' },
      owed: { call: 'query' },
    });
  });
});

describe('the proof of a cancel', () => {
  test('not charged is proof', () => {
    const { order, effects } = happen(verifying(), 45_200, query('not_charged'));
    expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
    expect(effects).toEqual([]);
  });

  test('charged sends the order back and says so', () => {
    const { order, effects } = happen(verifying(), 45_200, query('charged'));
    expect(order).toMatchObject({ state: 'reversing', charged: 'unknown', reason: 'late_approval' });
    expect(order.owed?.call).toBe('cancel');
    expect(alertsOf(effects)).toEqual(['late_approval']);
  });

  test('charged where no answer knew the order before is cancelled at once, however often absence was heard', () => {
    const absent = play(
      reversing(),
      [45_100, cancel('not_found')],
      [45_200, query('not_found')],
      [50_000, query('not_found')],
      [90_000, query('not_found')],
    );
    const { order, effects } = happen(absent, 120_000, query('charged', { sn: '7894' }));
    expect(order).toMatchObject({ state: 'reversing', reason: 'late_approval', waits: 0 });
    expect(owedOf(order)).toEqual(['cancel', 120_000, 'time']);
    expect(alertsOf(effects)).toEqual(['late_approval']);
    const again = play(order, [120_100, cancel('accepted')], [120_200, query('charged', { sn: '7894' })]);
    expect(again.owed?.call).toBe('cancel');
    expect(again.owed?.dueAtMs).toBeGreaterThan(120_200);
  });

  test('still moving is cancelled again', () => {
    expect(happen(verifying(), 45_200, query('pending')).order).toMatchObject({
      state: 'reversing',
      owed: { call: 'cancel' },
    });
  });

  test.each([
    ['unknown', 'time'],
    ['not_sent', 'network'],
    ['config', 'configuration'],
  ] as const)('%s asks again and waits for %s', (kind, waitingFor) => {
    const { order } = happen(verifying(), 45_200, query(kind));
    expect(order.state).toBe('verifying');
    expect(owedOf(order)).toEqual(['query', 46_700, waitingFor]);
  });

  test('no such order becomes proof exactly at the horizon', () => {
    const before = happen(verifying(), 179_999, query('not_found')).order;
    expect(before.state).toBe('verifying');
    expect(owedOf(before)).toEqual(['query', 180_000, 'time']);
    const after = happen(before, 180_000, query('not_found')).order;
    expect(after).toMatchObject({ state: 'reversed', charged: 'no', owed: null });
  });

  test('is no proof against the acquirer’s own earlier word that the order exists', () => {
    const named = play(reversing(), [45_100, cancel('accepted', { sn: '7892259488292938' })]);
    const { order, effects } = happen(named, 180_000, query('not_found'));
    expect(order).toMatchObject({ state: 'attention', reason: 'evidence_conflict', charged: 'unknown' });
    expect(alertsOf(effects)).toEqual(['evidence_conflict']);
  });

  test('a late success of pay is kept and does not stop the reversal', () => {
    for (const order of [reversing(), verifying()]) {
      const step = happen(order, 45_300, pay('approved', { sn: '789' }));
      expect(step.order).toMatchObject({ state: order.state, owed: order.owed, sn: '789' });
      expect(alertsOf(step.effects)).toEqual(['late_success']);
    }
  });
});

describe('the tail query', () => {
  test('is owed at the horizon for an order that was reversed earlier', () => {
    expect(owedOf(reversed())).toEqual(['query', 180_000, 'time']);
  });

  test('is not owed once the horizon has passed', () => {
    expect(happen(verifying(), 180_000, query('not_charged')).order).toMatchObject({
      state: 'reversed',
      owed: null,
    });
  });

  test.each(['not_charged', 'not_found'] as const)('ends with %s', (kind) => {
    expect(happen(reversed(), 180_000, query(kind)).order).toMatchObject({ state: 'reversed', owed: null });
  });

  test.each(['charged', 'pending'] as const)(
    '%s is a late approval: the order is cancelled again',
    (kind) => {
      const { order, effects } = happen(reversed(), 180_000, query(kind));
      expect(order).toMatchObject({
        state: 'reversing',
        charged: 'unknown',
        reason: 'late_approval',
        attempts: 0,
      });
      expect(owedOf(order)).toEqual(['cancel', 180_000, 'time']);
      expect(alertsOf(effects)).toEqual(['late_approval']);
    },
  );

  test.each(['unknown', 'not_sent', 'config'] as const)(
    '%s asks again, and the order stays reversed',
    (kind) => {
      const { order } = happen(reversed(), 180_000, query(kind));
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', owed: { call: 'query' } });
    },
  );

  test.each(['not_charged', 'not_found'] as const)(
    'is still owed at the horizon after a person tried it early (%s), because a pay could yet land',
    (kind) => {
      const early = happen(reversed(), 60_000, RETRY).order;
      expect(owedOf(early)).toEqual(['query', 60_000, 'time']);
      const { order } = happen(early, 60_100, query(kind));
      expect(order.state).toBe('reversed');
      expect(owedOf(order)).toEqual(['query', 180_000, 'time']);
    },
  );
});

describe('the end of the day', () => {
  test('turns a cancel that is still owed into one question and then a person', () => {
    const due = happen(reversing(), DAY_END_MS, DUE).order;
    expect(due).toMatchObject({ state: 'reversing', refusal: { kind: 'window_closed' } });
    expect(owedOf(due)).toEqual(['query', DAY_END_MS, 'time']);
    const { order, effects } = happen(due, DAY_END_MS + 100, query('charged'));
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'window_closed', owed: null });
    expect(alertsOf(effects)).toEqual(['window_closed']);
  });

  test('goes by the acquirer’s clock', () => {
    const slow = happen(reversing(), DAY_END_MS - 5000, DUE, undefined, { serverOffsetMs: 5000 });
    expect(slow.order.owed?.call).toBe('query');
    const fast = happen(reversing(), DAY_END_MS + 4000, DUE, undefined, { serverOffsetMs: -5000 });
    expect(fast.order.owed?.call).toBe('cancel');
  });

  test('with no answer at all calls a person and goes on asking', () => {
    const { order } = happen(happen(reversing(), DAY_END_MS, DUE).order, DAY_END_MS + 100, query('unknown'));
    expect(order).toMatchObject({ state: 'attention', charged: 'unknown', reason: 'window_closed' });
    expect(order.owed?.call).toBe('query');
  });

  test('is taken from the acquirer’s own answer as well', () => {
    const { order } = happen(
      happen(reversing(), 45_100, cancel('window_closed')).order,
      45_200,
      query('charged'),
    );
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'window_closed' });
  });

  test('leaves a proof that is already owed alone', () => {
    const order = verifying();
    expect(happen(order, DAY_END_MS + 1, DUE).order).toBe(order);
  });
});

describe('a second charge of one sale', () => {
  test('is given back by the order that came later', () => {
    const { order, effects } = happen(paid(), 2000, DUPLICATE);
    expect(order).toMatchObject({ state: 'reversing', charged: 'unknown', reason: 'duplicate_charge' });
    expect(owedOf(order)).toEqual(['cancel', 2000, 'time']);
    expect(alertsOf(effects)).toEqual(['duplicate_charge']);
  });

  test('keeps its reason through a late approval', () => {
    const order = play(paid(), [2000, DUPLICATE], [2100, cancel('accepted')], [2200, query('charged')]);
    expect(order).toMatchObject({ state: 'reversing', reason: 'duplicate_charge' });
  });

  test('changes nothing on an order that is not paid', () => {
    const order = reversing();
    expect(happen(order, 46_000, DUPLICATE)).toEqual({ order, effects: [] });
  });
});

describe('a clock that nobody has confirmed', () => {
  const unconfirmed = { serverOffsetMs: null };

  test('never closes the day: the cancel is sent, and the acquirer says whether it is too late', () => {
    const order = reversing();
    expect(happen(order, DAY_END_MS + 3_600_000, DUE, DEFAULT_POLICY, unconfirmed).order).toBe(order);
  });

  test('closes it as soon as a reply has confirmed it', () => {
    expect(happen(reversing(), DAY_END_MS + 3_600_000, DUE).order.refusal?.kind).toBe('window_closed');
  });
});

test('a policy with few attempts waits for the confirm window and then cancels, instead of calling a person', () => {
  const few = policySchema.parse({ maxAttemptsPerState: 3 });
  let order = happen(collect(), 1000, pay('unknown'), few).order;
  for (let afterMs = 1100; order.owed !== null && order.owed.dueAtMs < order.confirmUntilMs; afterMs += 100) {
    order = happen(order, afterMs, query('pending'), few).order;
  }
  expect(order).toMatchObject({ state: 'confirming', owed: { dueAtMs: order.confirmUntilMs } });
  expect(happen(order, 45_000, DUE, few).order).toMatchObject({
    state: 'reversing',
    owed: { call: 'cancel' },
  });
});

test('a paid order that nobody has given a number is not proved back by absence alone', () => {
  const duplicate = play(collect(), [1000, pay('approved')], [2000, REVOKE], [2100, revoke('refused')]);
  const conflict = play(duplicate, [2200, query('not_found')]);
  expect(conflict).toMatchObject({ state: 'attention', reason: 'evidence_conflict' });
  expect(
    play(conflict, [200_000, REVERSE], [200_100, cancel('not_found')], [200_200, query('not_found')]),
  ).toMatchObject({
    state: 'attention',
    reason: 'evidence_conflict',
  });
});
