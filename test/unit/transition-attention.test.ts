import { describe, expect, test } from 'vitest';
import type { Order } from '../../shared/order/order.ts';
import { policySchema } from '../../shared/order/policy.ts';
import {
  alertsOf,
  attention,
  cancel,
  collect,
  DAY_END_MS,
  DUE,
  happen,
  IN_STATE,
  owedOf,
  paid,
  pay,
  play,
  query,
  REFUND,
  refund,
  RETRY,
  REVERSE,
  revoke,
  REVOKE,
  reversing,
  settled,
} from '../fixtures/orders.ts';

const FEW = policySchema.parse({ maxAttemptsPerState: 3 });
/** The day ended, nobody answers, a person was called. */
const unanswered = (): Order => play(reversing(), [DAY_END_MS, DUE], [DAY_END_MS + 100, query('unknown')]);

describe('a person settles', () => {
  test.each(['yes', 'no'] as const)('an attention case as charged: %s', (charged) => {
    expect(happen(attention(), 90_000, settled(charged)).order).toMatchObject({
      state: 'resolved',
      charged,
      reason: 'settled_by_person',
      owed: null,
    });
  });

  test('a charge, and the sale is looked at: another order of it may be paid as well', () => {
    expect(happen(attention(), 90_000, settled('yes')).effects).toEqual([{ type: 'check_sale' }]);
    expect(happen(attention(), 90_000, settled('no')).effects).toEqual([]);
  });

  test('a case that the terminal is still asking about, and the asking ends', () => {
    expect(happen(unanswered(), DAY_END_MS + 200, settled('no')).order).toMatchObject({
      state: 'resolved',
      owed: null,
    });
  });

  test.each([
    'collecting',
    'confirming',
    'paid',
    'declined',
    'reversing',
    'verifying',
    'reversed',
    'revoking',
    'revoked',
    'resolved',
  ] as const)('nothing that is %s', (state) => {
    const order = IN_STATE[state]();
    for (const happening of [settled('no'), REVERSE]) {
      const step = happen(order, 90_000, happening);
      expect(step.effects).toEqual([{ type: 'refused', code: 'not_in_attention' }]);
      expect(step.order).toBe(order);
    }
  });
});

describe('a person sends the case back', () => {
  test('into reversal with fresh bounds', () => {
    const { order } = happen(attention(), 90_000, REVERSE);
    expect(order).toMatchObject({
      state: 'reversing',
      charged: 'unknown',
      refusal: null,
      attempts: 0,
      waits: 0,
    });
    expect(owedOf(order)).toEqual(['cancel', 90_000, 'time']);
  });

  test('after the day only to be asked about', () => {
    const { order } = happen(attention(), DAY_END_MS, REVERSE);
    expect(order).toMatchObject({ state: 'reversing', refusal: { kind: 'window_closed' } });
    expect(owedOf(order)).toEqual(['query', DAY_END_MS, 'time']);
  });
});

describe('a person asks for evidence', () => {
  test('and a query is owed at once', () => {
    expect(owedOf(happen(attention(), 90_000, RETRY).order)).toEqual(['query', 90_000, 'time']);
  });

  test('not charged closes the case', () => {
    expect(play(attention(), [200_000, RETRY], [200_100, query('not_charged')])).toMatchObject({
      state: 'reversed',
      charged: 'no',
      owed: null,
    });
  });

  test('not charged means goods back where the order had been paid', () => {
    const conflict = play(
      paid(),
      [60_000, REVOKE],
      [60_100, revoke('accepted')],
      [60_200, query('not_found')],
    );
    expect(conflict).toMatchObject({ state: 'attention', reason: 'evidence_conflict' });
    expect(play(conflict, [90_000, RETRY], [90_100, query('not_charged')])).toMatchObject({
      state: 'revoked',
      charged: 'no',
      owed: null,
    });
  });

  test('charged is written down and stays with the person', () => {
    expect(play(unanswered(), [DAY_END_MS + 5000, query('charged')])).toMatchObject({
      state: 'attention',
      charged: 'yes',
      owed: null,
    });
  });

  test.each(['pending', 'unknown', 'not_sent', 'config'] as const)('%s asks again later', (kind) => {
    const { order } = happen(unanswered(), DAY_END_MS + 5000, query(kind));
    expect(order).toMatchObject({ state: 'attention', owed: { call: 'query' } });
  });

  test('absence closes a case that was never seen charged', () => {
    expect(happen(unanswered(), DAY_END_MS + 5000, query('not_found')).order).toMatchObject({
      state: 'reversed',
      charged: 'no',
    });
  });

  test('absence never closes a case that the acquirer called charged', () => {
    const { order } = happen(happen(attention(), 200_000, RETRY).order, 200_100, query('not_found'));
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', owed: null });
  });

  test('absence never closes a conflict of evidence', () => {
    const conflict = play(
      paid(),
      [60_000, REVOKE],
      [60_100, revoke('accepted')],
      [60_200, query('not_found')],
    );
    expect(play(conflict, [200_000, RETRY], [200_100, query('not_found')])).toMatchObject({
      state: 'attention',
      reason: 'evidence_conflict',
      owed: null,
    });
  });
});

describe('a person asks to try now', () => {
  test('whatever waits falls due', () => {
    const waiting = happen(reversing(), 45_100, cancel('not_sent')).order;
    expect(owedOf(happen(waiting, 45_200, RETRY).order)).toEqual(['cancel', 45_200, 'time']);
  });

  test('a pay call that is out cannot be hurried', () => {
    expect(happen(collect(), 1000, RETRY).effects).toEqual([{ type: 'refused', code: 'undecided' }]);
  });

  test.each(['paid', 'declined', 'revoked', 'resolved'] as const)('nothing is owed for %s', (state) => {
    const order = IN_STATE[state]();
    expect(happen(order, 90_000, RETRY)).toEqual({
      order,
      effects: [{ type: 'refused', code: 'nothing_owed' }],
    });
  });
});

describe('the bound of attempts', () => {
  test('hands a reversal that never ends to a person and says so', () => {
    let order = reversing();
    let alerts: readonly string[] = [];
    for (let attempt = 0; order.state === 'reversing' && attempt < 10; attempt += 1) {
      const happening = order.owed?.call === 'cancel' ? cancel('unknown') : query('unknown');
      const step = happen(order, 46_000 + attempt, happening, FEW);
      order = step.order;
      alerts = alertsOf(step.effects);
    }
    expect(order).toMatchObject({
      state: 'attention',
      charged: 'unknown',
      reason: 'bound_reached',
      owed: null,
    });
    expect(alerts).toEqual(['bound_reached']);
  });

  test('hands a revoke that never ends to a person, who knows that the customer is charged', () => {
    let order = play(paid(), [60_000, REVOKE]);
    for (let attempt = 0; order.state === 'revoking' && attempt < 10; attempt += 1) {
      const happening = order.owed?.call === 'revoke' ? revoke('unknown') : query('unknown');
      order = happen(order, 60_100 + attempt, happening, FEW).order;
    }
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'bound_reached' });
  });

  test('is not used up while nothing can be sent', () => {
    let order = reversing();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      order = happen(order, 46_000 + attempt, cancel(attempt % 2 === 0 ? 'not_sent' : 'config'), FEW).order;
    }
    expect(order).toMatchObject({ state: 'reversing', attempts: 0, owed: { call: 'cancel' } });
  });

  test.each([
    ['a cancel whose day only the acquirer knows', () => ({ ...reversing(), cancelUntilMs: null }), cancel],
    [
      'a refund, which no day of ours ends',
      () => play(paid(), [DAY_END_MS, { ...REFUND, businessDay: '2026-11-21' }]),
      refund,
    ],
  ] as const)('hands %s to a person where the configuration is never mended', (_name, begun, answered) => {
    let order: Order = begun();
    const { refund: asked } = order;
    for (let attempt = 0; order.owed !== null && attempt < 10; attempt += 1) {
      order = happen(order, DAY_END_MS + 1000 + attempt, answered('config'), FEW).order;
    }
    expect(order).toMatchObject({ state: 'attention', reason: 'bound_reached', refund: asked, owed: null });
  });

  test('is not used up by late answers to calls that are no longer owed', () => {
    let order = reversing();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      order = happen(order, 46_000 + attempt, pay('unknown'), FEW).order;
    }
    expect(order).toMatchObject({ state: 'reversing', owed: { call: 'cancel' } });
  });

  test('of the tail query ends the asking and leaves the proof as it is', () => {
    const proved = play(reversing(), [45_100, cancel('accepted')], [45_200, query('not_charged')]);
    let order = proved;
    for (let attempt = 0; order.owed !== null && attempt < 10; attempt += 1) {
      order = happen(order, 180_000 + attempt, query('unknown'), FEW).order;
    }
    expect(order).toMatchObject({ state: 'reversed', charged: 'no', owed: null });
  });
});

describe('an amount that differs', () => {
  test('is a case that evidence cannot close as paid', () => {
    const mismatch = play(collect(), [1000, pay('approved', { amountMinor: 1 })]);
    expect(play(mismatch, [2000, RETRY], [2100, query('charged')])).toMatchObject({
      state: 'attention',
      reason: 'amount_mismatch',
      charged: 'yes',
    });
  });
});
