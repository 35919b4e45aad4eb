import { describe, expect, test } from 'vitest';
import type { Order } from '../../shared/order/order.ts';
import {
  alertsOf,
  DAY_END_MS,
  DUE,
  happen,
  IN_STATE,
  owedOf,
  paid,
  play,
  query,
  REVOKE,
  revoke,
  revoking,
} from '../fixtures/orders.ts';

const asked = (): Order => play(revoking(), [60_100, revoke('accepted')]);
const denied = (): Order =>
  play(revoking(), [60_100, revoke('refused', { code: '200/FAIL/X', message: 'no' })]);

describe('asking for a revoke', () => {
  test('of a paid order owes it at once, and the customer is still charged', () => {
    const { order, effects } = happen(paid(), 60_000, REVOKE);
    expect(order).toMatchObject({
      state: 'revoking',
      charged: 'yes',
      reason: 'revoke_requested',
      attempts: 0,
    });
    expect(owedOf(order)).toEqual(['revoke', 60_000, 'time']);
    expect(effects).toEqual([]);
  });

  test('on another business day is refused and changes nothing', () => {
    const order = paid();
    expect(happen(order, 60_000, { ...REVOKE, businessDay: '2026-11-21' })).toEqual({
      order,
      effects: [{ type: 'refused', code: 'revoke_window_closed' }],
    });
  });

  test('after the acquirer’s day is refused and changes nothing', () => {
    const order = paid();
    expect(happen(order, DAY_END_MS, REVOKE).effects).toEqual([
      { type: 'refused', code: 'revoke_window_closed' },
    ]);
    expect(happen(order, DAY_END_MS, REVOKE).order).toBe(order);
  });

  test.each([
    ['collecting', 'undecided'],
    ['confirming', 'undecided'],
    ['reversing', 'undecided'],
    ['verifying', 'undecided'],
    ['attention', 'needs_person'],
    ['revoking', 'being_revoked'],
    ['revoked', 'already_revoked'],
    ['declined', 'not_paid'],
    ['reversed', 'not_paid'],
    ['resolved', 'not_paid'],
  ] as const)('of an order in %s is refused: %s', (state, code) => {
    const order = IN_STATE[state]();
    const step = happen(order, 90_000, REVOKE);
    expect(step.effects).toEqual([{ type: 'refused', code }]);
    expect(step.order).toBe(order);
  });
});

describe('the answer to revoke', () => {
  test.each(['accepted', 'already', 'pending', 'unknown', 'not_found'] as const)(
    '%s is no proof: it is asked about',
    (kind) => {
      const { order } = happen(revoking(), 60_100, revoke(kind));
      expect(order).toMatchObject({ state: 'revoking', charged: 'yes' });
      expect(owedOf(order)).toEqual(['query', 60_100, 'time']);
    },
  );

  test('throttled is asked about after a wait', () => {
    expect(owedOf(happen(revoking(), 60_100, revoke('throttled')).order)).toEqual(['query', 61_600, 'time']);
  });

  test('not sent keeps it owed until the network is back', () => {
    expect(owedOf(happen(revoking(), 60_100, revoke('not_sent')).order)).toEqual([
      'revoke',
      61_600,
      'network',
    ]);
  });

  test('refused for a configuration keeps it owed and tells somebody', () => {
    const { order, effects } = happen(revoking(), 60_100, revoke('config'));
    expect(owedOf(order)).toEqual(['revoke', 61_600, 'configuration']);
    expect(alertsOf(effects)).toEqual(['configuration']);
  });
});

describe('the proof of a revoke', () => {
  test('not charged is proof: the goods come back', () => {
    expect(happen(asked(), 60_200, query('not_charged')).order).toMatchObject({
      state: 'revoked',
      charged: 'no',
      owed: null,
    });
  });

  test('still charged without a refusal is revoked again after a wait', () => {
    const { order } = happen(asked(), 60_200, query('charged'));
    expect(order.state).toBe('revoking');
    expect(owedOf(order)).toEqual(['revoke', 61_700, 'time']);
  });

  test('still charged after a definite no returns to paid with the refusal shown, and no storm of retries', () => {
    const { order, effects } = happen(denied(), 60_200, query('charged'));
    expect(order).toMatchObject({
      state: 'paid',
      charged: 'yes',
      reason: 'revoke_refused',
      refusal: { kind: 'refused', code: '200/FAIL/X', message: 'no' },
      owed: null,
    });
    expect(alertsOf(effects)).toEqual(['revoke_refused']);
    expect(effects).toContainEqual({ type: 'check_sale' });
  });

  test('not charged after a definite no is revoked all the same', () => {
    expect(happen(denied(), 60_200, query('not_charged')).order).toMatchObject({
      state: 'revoked',
      refusal: null,
    });
  });

  test.each(['unknown', 'not_sent', 'config'] as const)(
    '%s after a definite no asks again and revokes no more',
    (kind) => {
      expect(happen(denied(), 60_200, query(kind)).order).toMatchObject({
        state: 'revoking',
        refusal: { kind: 'refused' },
        owed: { call: 'query' },
      });
    },
  );

  test('no such order contradicts the payment: a person decides', () => {
    const { order, effects } = happen(asked(), 60_200, query('not_found'));
    expect(order).toMatchObject({
      state: 'attention',
      charged: 'unknown',
      reason: 'evidence_conflict',
      owed: null,
    });
    expect(alertsOf(effects)).toEqual(['evidence_conflict']);
  });

  test('a returned order may be revoked again by a person', () => {
    const back = happen(denied(), 60_200, query('charged')).order;
    expect(happen(back, 70_000, REVOKE).order).toMatchObject({ state: 'revoking', refusal: null, waits: 0 });
  });
});

describe('the end of the day during a revoke', () => {
  test('asks once and returns the order to paid', () => {
    const due = happen(revoking(), DAY_END_MS, DUE).order;
    expect(owedOf(due)).toEqual(['query', DAY_END_MS, 'time']);
    const { order } = happen(due, DAY_END_MS + 100, query('charged'));
    expect(order).toMatchObject({
      state: 'paid',
      charged: 'yes',
      reason: 'revoke_window_closed',
      owed: null,
    });
  });

  test('still notices that the money went back', () => {
    const due = happen(revoking(), DAY_END_MS, DUE).order;
    expect(happen(due, DAY_END_MS + 100, query('not_charged')).order.state).toBe('revoked');
  });
});
