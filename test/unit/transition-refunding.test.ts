import { describe, expect, test } from 'vitest';
import type { Stamp } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import { DEFAULT_POLICY, policySchema } from '../../shared/order/policy.ts';
import {
  alertsOf,
  attention,
  cancel,
  collect,
  DAY_END_MS,
  DUE,
  DUPLICATE,
  happen,
  IN_STATE,
  owedOf,
  paid,
  pay,
  play,
  query,
  REFUND,
  refund,
  RESTARTED,
  RETRY,
  REVERSE,
  reversing,
  REVOKE,
  revoke,
  settled,
} from '../fixtures/orders.ts';

/** Milliseconds after the day of the acquirer has ended. */
const after = (laterMs: number): number => DAY_END_MS + laterMs;
const NEXT_DAY = { ...REFUND, businessDay: '2026-11-21' } as const;
const ANOTHER_ID = { ...NEXT_DAY, requestId: 'RF20261121BBBBBBBBBB' } as const;
const FIRST_ID = REFUND.requestId;
const FEW = policySchema.parse({ maxAttemptsPerState: 3 });

/** The window closed while the cancel was still owed, and the customer is charged. */
const closed = (): Order => play(reversing(), [after(0), DUE], [after(100), query('charged')]);
/** A person has asked for the refund of an order that nobody was given goods for. */
const refunding = (): Order => play(closed(), [after(1000), NEXT_DAY]);
/** The same of an order that was paid the day before. */
const takingBack = (): Order => play(paid(), [after(1000), NEXT_DAY]);

const BOTH = [
  ['an order that was being reversed', refunding, 'reversing', 'reversed'],
  ['an order that was paid', takingBack, 'revoking', 'revoked'],
] as const;

describe('the refund as a way out', () => {
  test.each(BOTH)(
    'of %s that the acquirer promised and refuses afterwards keeps its id: no after yes does not undo the yes',
    (_name, begun) => {
      const doubted = play(
        begun(),
        [after(1100), refund('accepted')],
        [after(1200), query('charged')],
        [after(9000), refund('refused')],
        [after(9100), query('charged')],
      );
      expect(doubted).toMatchObject({
        state: 'attention',
        charged: 'yes',
        reason: 'refund_unproved',
        refund: { requestId: FIRST_ID },
        owed: { call: 'query' },
      });
      const asked = happen(doubted, after(20_000), ANOTHER_ID).order;
      expect(asked.refund?.requestId).toBe(FIRST_ID);
    },
  );

  test('of a closed window: asked by a person, promised, proved, reversed', () => {
    expect(closed()).toMatchObject({ state: 'attention', reason: 'window_closed', owed: null });
    const asked = happen(closed(), after(1000), NEXT_DAY);
    expect(asked.effects).toEqual([]);
    expect(asked.order).toMatchObject({
      state: 'reversing',
      charged: 'unknown',
      reason: 'refund_requested',
      refusal: null,
      refund: { requestId: FIRST_ID, acceptedAtMs: null },
      attempts: 0,
      waits: 0,
    });
    expect(owedOf(asked.order)).toEqual(['refund', after(1000), 'time']);

    const promised = play(asked.order, [after(1100), refund('accepted')]);
    expect(promised).toMatchObject({ state: 'verifying', charged: 'unknown' });
    expect(owedOf(promised)).toEqual(['query', after(1100), 'time']);

    expect(play(promised, [after(1200), query('not_charged')])).toMatchObject({
      state: 'reversed',
      charged: 'no',
      reason: 'refund_requested',
      refund: { requestId: FIRST_ID },
      owed: null,
    });
  });

  test('of a paid order after its day: revoked by other means', () => {
    const asked = takingBack();
    expect(asked).toMatchObject({ state: 'revoking', charged: 'yes', reason: 'refund_requested' });
    expect(owedOf(asked)).toEqual(['refund', after(1000), 'time']);
    const promised = play(asked, [after(1100), refund('accepted')]);
    expect(promised).toMatchObject({ state: 'revoking', charged: 'yes', owed: { call: 'query' } });
    expect(play(promised, [after(1200), query('not_charged')])).toMatchObject({
      state: 'revoked',
      charged: 'no',
      owed: null,
    });
  });

  test('of a paid order whose way led through a person is still revoked, because goods may have left', () => {
    const conflict = play(
      paid(),
      [60_000, REVOKE],
      [60_100, revoke('accepted')],
      [60_200, query('not_found')],
    );
    expect(conflict.state).toBe('attention');
    expect(play(conflict, [after(1000), NEXT_DAY])).toMatchObject({
      state: 'revoking',
      owed: { call: 'refund' },
    });
  });

  test('keeps the customer waiting for nobody: whoever asked may be standing there', () => {
    expect(refunding().attendedUntilMs - closed().updatedAtMs).toBeGreaterThan(
      DEFAULT_POLICY.inFlightHorizonMs,
    );
  });

  test('takes the place of a question that was still owed', () => {
    const unanswered = play(reversing(), [after(0), DUE], [after(100), query('unknown')]);
    expect(unanswered.owed?.call).toBe('query');
    expect(owedOf(play(unanswered, [after(1000), NEXT_DAY]))).toEqual(['refund', after(1000), 'time']);
  });
});

describe('a refund may be asked for', () => {
  const unknownClock: Partial<Stamp> = { serverOffsetMs: null };
  const bound = (): Order => ({ ...attention(), reason: 'bound_reached' });

  test.each([
    ['a cancel was refused', attention, 90_000, REFUND, {}],
    [
      'the acquirer said that it is too late',
      () => play(reversing(), [45_100, cancel('window_closed')], [45_200, query('charged')]),
      90_000,
      REFUND,
      unknownClock,
    ],
    ['the window has closed this very millisecond', bound, after(0), REFUND, {}],
    ['it has closed by the acquirer’s clock alone', bound, after(-5000), REFUND, { serverOffsetMs: 5000 }],
    [
      'a revoke was refused',
      () => play(paid(), [2000, REVOKE], [2100, revoke('refused')], [2200, query('charged')]),
      90_000,
      REFUND,
      {},
    ],
    ['our day has turned', paid, 90_000, NEXT_DAY, {}],
    ['the acquirer’s day has', paid, after(0), REFUND, {}],
  ] as const)('where %s', (_name, order, afterMs, request, change) => {
    const { order: asked, effects } = happen(order(), afterMs, request, DEFAULT_POLICY, change);
    expect(effects).toEqual([]);
    expect(asked.owed?.call).toBe('refund');
  });

  test.each([
    ['cancel_possible', 'a cancel can still be sent', bound, 90_000, REFUND, {}],
    ['cancel_possible', 'the window has a millisecond left', bound, after(-1), NEXT_DAY, {}],
    [
      'cancel_possible',
      'the acquirer’s clock is behind',
      bound,
      after(4999),
      NEXT_DAY,
      { serverOffsetMs: -5000 },
    ],
    ['cancel_possible', 'nobody has confirmed our clock', bound, after(1), NEXT_DAY, unknownClock],
    ['cancel_possible', 'a revoke can still be sent', paid, 90_000, REFUND, {}],
    [
      'cancel_possible',
      'only our own clock says that the day is over',
      paid,
      after(1),
      NEXT_DAY,
      unknownClock,
    ],
    [
      'needs_person',
      'the acquirer holds another amount',
      () => play(collect(), [1000, pay('approved', { amountMinor: 1 })]),
      after(1),
      NEXT_DAY,
      {},
    ],
  ] as const)('not (%s) where %s', (code, _name, make, afterMs, request, change) => {
    const order = make();
    const step = happen(order, afterMs, request, DEFAULT_POLICY, change);
    expect(step.effects).toEqual([{ type: 'refused', code }]);
    expect(step.order).toBe(order);
  });

  test.each([
    ['collecting', 'undecided'],
    ['confirming', 'undecided'],
    ['reversing', 'undecided'],
    ['verifying', 'undecided'],
    ['revoking', 'being_revoked'],
    ['revoked', 'already_revoked'],
    ['declined', 'not_paid'],
    ['reversed', 'not_paid'],
    ['resolved', 'not_paid'],
  ] as const)('not of an order in %s: %s', (state, code) => {
    const order = IN_STATE[state]();
    const step = happen(order, after(1000), NEXT_DAY);
    expect(step.effects).toEqual([{ type: 'refused', code }]);
    expect(step.order).toBe(order);
  });

  test('twice, and the second asking changes nothing while the first is under way', () => {
    for (const [, order] of BOTH) {
      const step = happen(order(), after(2000), ANOTHER_ID);
      expect(step.effects[0]?.type).toBe('refused');
      expect(step.order.refund?.requestId).toBe(FIRST_ID);
    }
  });
});

describe('another amount than ours', () => {
  const ANOTHER = { amountMinor: 1 };

  test('that is first seen after a refused cancel calls a person and allows no refund', () => {
    const order = play(reversing(), [45_100, cancel('refused')], [45_200, query('charged', ANOTHER)]);
    expect(order).toMatchObject({
      state: 'attention',
      reason: 'amount_mismatch',
      charged: 'yes',
      owed: null,
    });
    expect(happen(order, after(1000), NEXT_DAY).effects).toEqual([{ type: 'refused', code: 'needs_person' }]);
  });

  test('that is first seen by a person who checks again is told once', () => {
    const asked = play(closed(), [after(1000), RETRY]);
    const { order, effects } = happen(asked, after(1100), query('charged', ANOTHER));
    expect(order).toMatchObject({
      state: 'attention',
      reason: 'amount_mismatch',
      charged: 'yes',
      owed: null,
    });
    expect(alertsOf(effects)).toEqual(['amount_mismatch']);
    const again = happen(play(order, [after(2000), RETRY]), after(2100), query('charged', ANOTHER));
    expect(alertsOf(again.effects)).toEqual([]);
  });

  test('stays known when the cancel that a person sent again is refused', () => {
    const mismatch = play(collect(), [1000, pay('approved', ANOTHER)]);
    const order = play(mismatch, [2000, REVERSE], [2100, cancel('refused')], [2200, query('charged')]);
    expect(order).toMatchObject({ state: 'attention', reason: 'amount_mismatch' });
  });
});

describe.each(BOTH)('the answer to the refund of %s', (_name, order, state, ended) => {
  test.each(['accepted', 'already'] as const)('%s is a promise: it is remembered and asked about', (kind) => {
    const promised = play(order(), [after(1100), refund(kind)]);
    expect(promised.refund).toEqual({
      requestId: FIRST_ID,
      acceptedAtMs: promised.updatedAtMs,
    });
    expect(owedOf(promised)).toEqual(['query', after(1100), 'time']);
    expect(promised.state).not.toBe(ended);
  });

  test('already, when it is said again, does not make the promise any younger', () => {
    const first = play(order(), [after(1100), refund('accepted')]);
    const again = play(first, [after(1200), query('charged')], [after(3000), refund('already')]);
    expect(again.refund).toEqual(first.refund);
  });

  test.each(['unknown', 'pending'] as const)(
    '%s is asked about, and sent again under the same id',
    (kind) => {
      let current = order();
      for (let round = 0; round < 20; round += 1) {
        const atMs = after(1100) + round * 600_000;
        expect(current).toMatchObject({ state, owed: { call: 'refund' }, refund: { requestId: FIRST_ID } });
        current = play(
          current,
          [atMs, refund(kind)],
          [atMs + 100, query(round % 2 === 0 ? 'charged' : 'unknown')],
        );
      }
      const atMs = after(1100) + 20 * 600_000;
      expect(play(current, [atMs, refund('already')], [atMs + 100, query('not_charged')])).toMatchObject({
        state: ended,
        refund: { requestId: FIRST_ID },
      });
    },
  );

  test('throttled is asked about after a wait', () => {
    const throttled = play(order(), [after(1100), refund('throttled')]);
    expect(throttled.state).toBe(state);
    expect(owedOf(throttled)).toEqual(['query', after(2600), 'time']);
  });

  test('not sent keeps it owed until the network is back', () => {
    const waiting = play(order(), [after(1100), refund('not_sent')]);
    expect(waiting).toMatchObject({ state, attempts: 0, refund: { requestId: FIRST_ID } });
    expect(owedOf(waiting)).toEqual(['refund', after(2600), 'network']);
    expect(owedOf(play(waiting, [after(1200), { type: 'obstacle_cleared', obstacle: 'network' }]))).toEqual([
      'refund',
      after(1700),
      'time',
    ]);
  });

  test('a configuration fault keeps it owed and tells somebody', () => {
    const { order: waiting, effects } = happen(order(), after(1100), refund('config'));
    // It counts, as no close of a day ever brings a refund to a person.
    expect(waiting).toMatchObject({ state, attempts: 1, refund: { requestId: FIRST_ID } });
    expect(owedOf(waiting)).toEqual(['refund', after(2600), 'configuration']);
    expect(alertsOf(effects)).toEqual(['configuration']);
  });

  test.each(['refused', 'window_closed'] as const)('%s decides nothing before it is asked about', (kind) => {
    const no = play(order(), [after(1100), refund(kind, { code: '200/FAIL/X', message: 'no' })]);
    // The refund has a window of its own, so the closed one of the cancel says nothing about it.
    expect(no).toMatchObject({
      state,
      refund: { requestId: FIRST_ID },
      refusal: { kind, code: '200/FAIL/X', message: 'no' },
    });
    expect(owedOf(no)).toEqual(['query', after(1100), 'time']);
  });

  test('refused although the money is back is back', () => {
    expect(
      play(order(), [after(1100), refund('refused')], [after(1200), query('not_charged')]),
    ).toMatchObject({
      state: ended,
      charged: 'no',
      refusal: null,
    });
  });

  test('refused, and then silence, asks again and keeps the id', () => {
    for (const kind of ['unknown', 'not_sent', 'config', 'throttled'] as const) {
      const no = play(order(), [after(1100), refund('refused')], [after(1200), query(kind)]);
      expect(no).toMatchObject({ state, refund: { requestId: FIRST_ID }, owed: { call: 'query' } });
    }
  });

  test('refused while the order is still moving is sent again under the same id', () => {
    const no = play(order(), [after(1100), refund('refused')], [after(1200), query('pending')]);
    expect(no).toMatchObject({
      state,
      refusal: null,
      refund: { requestId: FIRST_ID },
      owed: { call: 'refund' },
    });
  });

  test('that nobody gives before the bound of attempts calls a person, and keeps the id', () => {
    let current = order();
    let alerts: readonly string[] = [];
    for (let attempt = 0; current.state === state && attempt < 10; attempt += 1) {
      const answer = current.owed?.call === 'refund' ? refund('unknown') : query('unknown');
      const step = happen(current, after(2000 + attempt), answer, FEW);
      current = step.order;
      alerts = alertsOf(step.effects);
    }
    expect(current).toMatchObject({
      state: 'attention',
      reason: 'bound_reached',
      refund: { requestId: FIRST_ID },
      owed: null,
    });
    expect(alerts).toEqual(['bound_reached']);
    const again = play(current, [after(90_000), ANOTHER_ID]);
    expect(again).toMatchObject({ state, refund: { requestId: FIRST_ID }, owed: { call: 'refund' } });
  });

  test('that was lost in a restart is asked for again under the same id', () => {
    const restarted = play(order(), [after(1050), RESTARTED]);
    expect(restarted).toMatchObject({ state, refund: { requestId: FIRST_ID }, owed: { call: 'refund' } });
    expect(restarted.owed?.dueAtMs).toBe(order().owed?.dueAtMs);
    const asking = play(order(), [after(1100), refund('accepted')], [after(3_600_000), RESTARTED]);
    expect(asking).toMatchObject({ refund: { requestId: FIRST_ID }, owed: { call: 'query' } });
  });

  test('is not made too late by the day that ends: a refund has no part in it', () => {
    const asked = order();
    expect(happen(asked, after(86_400_000), DUE).order).toBe(asked);
  });

  test('is no longer waited for once a person has settled the case', () => {
    const held = play(order(), [after(1100), refund('accepted')]);
    let current = held;
    for (let attempt = 0; current.state !== 'attention' && attempt < 5; attempt += 1)
      current = happen(
        current,
        after(2000 + attempt),
        current.owed?.call === 'refund' ? refund('unknown') : query('unknown'),
        FEW,
      ).order;
    expect(play(current, [after(90_000), settled('no')])).toMatchObject({
      state: 'resolved',
      charged: 'no',
      owed: null,
    });
  });
});

describe('a refund that is refused for good', () => {
  const refused = [after(1100), refund('refused', { code: '200/FAIL/X' })] as const;
  const charged = [after(1200), query('charged')] as const;

  test('goes back to a person, who may ask for another one, under another id', () => {
    const { order, effects } = happen(play(refunding(), refused), ...charged);
    expect(order).toMatchObject({
      state: 'attention',
      charged: 'yes',
      reason: 'refund_refused',
      refusal: { code: '200/FAIL/X' },
      refund: null,
      owed: null,
    });
    expect(alertsOf(effects)).toEqual(['refund_refused']);
    expect(play(order, [after(90_000), ANOTHER_ID])).toMatchObject({
      state: 'reversing',
      refund: { requestId: ANOTHER_ID.requestId, acceptedAtMs: null },
      refusal: null,
    });
  });

  test('leaves a paid order paid, with the refusal shown and its sale looked at', () => {
    const { order, effects } = happen(play(takingBack(), refused), ...charged);
    expect(order).toMatchObject({
      state: 'paid',
      charged: 'yes',
      reason: 'refund_refused',
      refusal: { code: '200/FAIL/X' },
      refund: null,
      owed: null,
    });
    expect(effects).toContainEqual({ type: 'check_sale' });
    expect(alertsOf(effects)).toEqual(['refund_refused']);
    expect(play(order, [after(90_000), ANOTHER_ID])).toMatchObject({
      state: 'revoking',
      refund: { requestId: ANOTHER_ID.requestId },
    });
  });

  test('too late by the acquirer’s word ends the same way', () => {
    const late = play(refunding(), [after(1100), refund('window_closed')], charged);
    expect(late).toMatchObject({ state: 'attention', reason: 'refund_refused', refund: null });
    const latePaid = play(takingBack(), [after(1100), refund('window_closed')], charged);
    expect(latePaid).toMatchObject({ state: 'paid', reason: 'refund_refused', refund: null });
  });
});

describe('a refund that was promised', () => {
  test('and is not there yet is no late approval: it is sent again, under the same id', () => {
    const { order, effects } = happen(
      play(refunding(), [after(1100), refund('accepted')]),
      after(1200),
      query('charged'),
    );
    expect(order).toMatchObject({
      state: 'reversing',
      reason: 'refund_requested',
      refund: { requestId: FIRST_ID },
    });
    expect(owedOf(order)).toEqual(['refund', after(2700), 'time']);
    expect(effects).toEqual([]);
  });

  test('for an order that was not there, and then is there and charged, met a late approval', () => {
    const absent = play(refunding(), [after(1100), refund('not_found')]);
    const { order, effects } = happen(absent, after(1200), query('charged'));
    expect(order).toMatchObject({
      state: 'reversing',
      reason: 'late_approval',
      refund: { requestId: FIRST_ID },
    });
    expect(order.owed?.call).toBe('refund');
    expect(alertsOf(effects)).toEqual(['late_approval']);
  });

  test.each([
    ['after a person called', refunding, 'reversed'],
    ['of a paid order', takingBack, 'revoked'],
  ] as const)(
    '%s and stays unproved for all the waits goes to a person, and is asked about until it is proved',
    (_name, asked, ended) => {
      let order = asked();
      let alerts: readonly string[] = [];
      let rounds = 0;
      for (let atMs = after(1100); order.state !== 'attention' && rounds < 20; atMs += 600_000) {
        rounds += 1;
        order = play(order, [atMs, refund('accepted')]);
        const step = happen(order, atMs + 100, query('charged'));
        order = step.order;
        alerts = alertsOf(step.effects);
      }
      // One round for each wait of the table, and the one that finds it used up.
      expect(rounds).toBe(DEFAULT_POLICY.reverseBackoffMs.length + 1);
      expect(alerts).toEqual(['refund_unproved']);
      expect(order).toMatchObject({
        state: 'attention',
        charged: 'yes',
        reason: 'refund_unproved',
        refund: { requestId: FIRST_ID },
        owed: { call: 'query', waitingFor: 'time' },
      });

      for (const kind of ['charged', 'unknown', 'charged', 'pending'] as const) {
        order = happen(order, after(90_000_000), query(kind)).order;
        expect(order).toMatchObject({
          state: 'attention',
          reason: 'refund_unproved',
          owed: { call: 'query' },
        });
      }
      expect(play(order, [after(172_800_000), query('not_charged')])).toMatchObject({
        state: ended,
        charged: 'no',
        reason: 'refund_unproved',
        owed: null,
      });
    },
  );

  const unproved = (asked: () => Order): Order => {
    let order = asked();
    for (let atMs = after(1100); order.state !== 'attention'; atMs += 600_000)
      order = play(order, [atMs, refund('accepted')], [atMs + 100, query('charged')]);
    return order;
  };

  test.each([
    ['refund', NEXT_DAY],
    ['reversal', REVERSE],
  ] as const)('and is unproved can be sent again by a person who asks for the %s', (_name, happening) => {
    expect(play(unproved(refunding), [after(90_000_000), happening])).toMatchObject({
      state: 'reversing',
      refund: { requestId: FIRST_ID },
      owed: { call: 'refund' },
    });
    expect(play(unproved(takingBack), [after(90_000_000), happening])).toMatchObject({
      state: 'revoking',
      refund: { requestId: FIRST_ID },
      owed: { call: 'refund' },
    });
  });

  test('and is unproved stays a matter of evidence: absence contradicts it, and only a person settles that', () => {
    expect(play(unproved(refunding), [after(90_000_000), query('not_found')])).toMatchObject({
      state: 'attention',
      charged: 'yes',
      owed: null,
    });
  });
});

describe('absence', () => {
  test('never proves a refunded order reversed, however old it is', () => {
    const absent = play(refunding(), [after(1100), refund('not_found')]);
    const { order, effects } = happen(absent, after(86_400_000), query('not_found'));
    expect(order).toMatchObject({ state: 'attention', reason: 'evidence_conflict', charged: 'unknown' });
    expect(order.refund?.requestId).toBe(FIRST_ID);
    expect(alertsOf(effects)).toEqual(['evidence_conflict']);
  });

  test('does not prove it either when a person who holds the case asks again', () => {
    const conflict = play(
      refunding(),
      [after(1100), refund('not_found')],
      [after(86_400_000), query('not_found')],
    );
    expect(conflict.sn).toBeNull();
    expect(play(conflict, [after(86_401_000), RETRY], [after(86_402_000), query('not_found')])).toMatchObject(
      {
        state: 'attention',
        reason: 'evidence_conflict',
        owed: null,
      },
    );
  });

  test('contradicts a revoke of an order without a number just the same', () => {
    const conflict = play(
      collect(),
      [1000, pay('approved')],
      [60_000, REVOKE],
      [60_100, revoke('accepted')],
      [60_200, query('not_found')],
    );
    expect(conflict).toMatchObject({ state: 'attention', sn: null, charged: 'unknown' });
    expect(play(conflict, [200_000, RETRY], [200_100, query('not_found')])).toMatchObject({
      state: 'attention',
      owed: null,
    });
  });
});

describe('a second charge of one sale', () => {
  test('does not touch an order that is already giving its money back by refund', () => {
    const order = takingBack();
    expect(happen(order, after(2000), DUPLICATE)).toEqual({ order, effects: [] });
  });

  test('found after the day goes to a person, and by refund to its end as reversed: its goods never left', () => {
    const duplicate = play(paid(), [after(0), DUPLICATE], [after(100), DUE], [after(200), query('charged')]);
    expect(duplicate).toMatchObject({ state: 'attention', reason: 'window_closed', owed: null });
    expect(
      play(
        duplicate,
        [after(1000), NEXT_DAY],
        [after(1100), refund('accepted')],
        [after(1200), query('not_charged')],
      ),
    ).toMatchObject({ state: 'reversed', charged: 'no' });
  });

  test('found after a refund was refused is reversed by cancel while its window is open', () => {
    const order = play(
      paid(),
      [2000, REVOKE],
      [2100, revoke('refused')],
      [2200, query('charged')],
      [3000, REFUND],
      [3100, refund('refused')],
      [3200, query('charged')],
    );
    expect(order).toMatchObject({ state: 'paid', reason: 'refund_refused', refund: null });
    expect(play(order, [4000, DUPLICATE])).toMatchObject({ state: 'reversing', owed: { call: 'cancel' } });
  });
});

describe('clocks', () => {
  test('set while a refund waits move its wait and not its id', () => {
    const waiting = play(refunding(), [after(1100), refund('not_sent')]);
    const { order } = happen(waiting, after(1200) - 86_400_000, {
      type: 'clock_changed',
      deltaMs: -86_400_000,
    });
    expect(order.refund).toEqual(waiting.refund);
    expect(order.owed?.dueAtMs).toBe((waiting.owed?.dueAtMs ?? 0) - 86_400_000);
  });

  test('set back into the day leave the refund the way it is on, and the cancel out of it', () => {
    const restarted = play(refunding(), [60_000, RESTARTED]);
    expect(restarted).toMatchObject({ state: 'reversing', owed: { call: 'refund' } });
    expect(play(restarted, [61_000, refund('unknown')], [61_100, query('charged')]).owed?.call).toBe(
      'refund',
    );
  });
});

test('a late answer to the cancel neither ends the refund nor takes its place', () => {
  for (const kind of ['accepted', 'refused'] as const) {
    const order = refunding();
    const late = happen(order, after(1050), cancel(kind)).order;
    expect(late).toMatchObject({ state: 'reversing', refund: order.refund, owed: order.owed, refusal: null });
  }
});

test('a look back that finds a refunded order charged sends the refund again and says so', () => {
  const early = policySchema.parse({ inFlightHorizonMs: 86_400_000 });
  let order = collect({}, early);
  for (const [afterMs, happening] of [
    [40_000, pay('unknown')],
    [45_000, query('unknown')],
    [45_000, DUE],
    [45_100, cancel('refused')],
    [45_200, query('charged')],
    [46_000, REFUND],
    [46_100, refund('accepted')],
    [46_200, query('not_charged')],
  ] as const)
    order = happen(order, afterMs, happening, early).order;
  expect(order).toMatchObject({ state: 'reversed', owed: { call: 'query' } });
  const { order: reopened, effects } = happen(order, 86_400_000, query('charged'), early);
  expect(reopened).toMatchObject({
    state: 'reversing',
    refund: { requestId: FIRST_ID },
    owed: { call: 'refund' },
  });
  expect(alertsOf(effects)).toEqual(['late_approval']);
});
