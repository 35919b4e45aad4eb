import { describe, expect, test } from 'vitest';
import { assertNever, invariant } from '../../shared/assert.ts';
import { instructionOf, isUndecided, ORDER_STATES, type OrderState } from '../../shared/order/order.ts';
import { laterDuplicates } from '../../shared/order/sale.ts';
import { err, ok } from '../../shared/result.ts';
import {
  collect,
  declined,
  DUPLICATE,
  happen,
  IN_STATE,
  pay,
  play,
  REVOKE,
  settled,
} from '../fixtures/orders.ts';

/** The table of states in the design, row by row. */
const TABLE: Readonly<
  Record<OrderState, readonly [charged: string, instruction: string, undecided: boolean]>
> = {
  collecting: ['unknown', 'wait', true],
  confirming: ['unknown', 'wait', true],
  paid: ['yes', 'hand_over', false],
  declined: ['no', 'do_not_hand_over', false],
  reversing: ['unknown', 'do_not_hand_over', true],
  verifying: ['unknown', 'do_not_hand_over', true],
  reversed: ['no', 'do_not_hand_over', false],
  revoking: ['yes', 'take_goods_back_when_confirmed', true],
  revoked: ['no', 'goods_back', false],
  attention: ['yes', 'call_shift_lead', true],
  resolved: ['yes', 'hand_over', false],
};

describe('a state', () => {
  test.each(ORDER_STATES)('%s has the charge, the instruction and the weight of the design', (state) => {
    const order = IN_STATE[state]();
    expect(order.state).toBe(state);
    expect([order.charged, instructionOf(order), isUndecided(order.state)]).toEqual(TABLE[state]);
  });

  test('resolved instructs as the person stated', () => {
    const order = IN_STATE.attention();
    expect(instructionOf(happen(order, 1, settled('no')).order)).toBe('do_not_hand_over');
    expect(instructionOf(happen(order, 1, settled('yes')).order)).toBe('hand_over');
    expect(instructionOf({ state: 'resolved', charged: 'unknown' })).toBe('do_not_hand_over');
  });

  test('goods are handed over only while the customer is charged', () => {
    for (const state of ORDER_STATES) {
      const order = IN_STATE[state]();
      if (instructionOf(order) === 'hand_over') expect(order.charged).toBe('yes');
    }
    expect.hasAssertions();
  });
});

describe('a sale that is charged twice', () => {
  const paidAt = (clientSn: string, createdAtMs: number): ReturnType<typeof collect> => ({
    ...play(collect({ clientSn }), [1000, pay('approved')]),
    createdAtMs,
  });

  test('gives back every order but the earliest', () => {
    const [first, second, third] = [paidAt('R1', 1), paidAt('R2', 2), paidAt('R3', 3)];
    expect(laterDuplicates([third, first, second])).toEqual([
      { duplicate: second, first },
      { duplicate: third, first },
    ]);
  });

  test('is none while one order alone holds the money', () => {
    expect(laterDuplicates([])).toEqual([]);
    expect(laterDuplicates([paidAt('R1', 1)])).toEqual([]);
    expect(laterDuplicates([declined(), collect(), paidAt('R1', 1)])).toEqual([]);
  });

  test('never touches an order that is revoked already, that failed or that is not decided', () => {
    const first = paidAt('R1', 1);
    const others = ORDER_STATES.filter((state) => state !== 'paid').map((state) => ({
      ...IN_STATE[state](),
      createdAtMs: 2,
    }));
    expect(laterDuplicates([first, ...others])).toEqual([]);
  });

  test('counts what a person settled as charged, and reverses the machine’s order', () => {
    const settledOrder = { ...IN_STATE.resolved(), createdAtMs: 1 };
    const later = paidAt('R2', 2);
    expect(laterDuplicates([later, settledOrder])).toEqual([{ duplicate: later, first: settledOrder }]);
    expect(laterDuplicates([later, { ...settledOrder, charged: 'no' }])).toEqual([]);
  });

  test('leaves an order that is being revoked to its revoke', () => {
    const revoked = happen(paidAt('R1', 1), 2000, REVOKE).order;
    expect(laterDuplicates([revoked, paidAt('R2', 2)])).toEqual([]);
  });

  test('is the same for orders of the same millisecond, whatever their order in the list', () => {
    const [a, b] = [paidAt('Ra', 1), paidAt('Rb', 1)];
    expect(laterDuplicates([a, b])).toEqual(laterDuplicates([b, a]));
    expect(laterDuplicates([a, b])).toEqual([{ duplicate: b, first: a }]);
  });

  test('is over once the duplicate is being reversed', () => {
    const [first, second] = [paidAt('R1', 1), paidAt('R2', 2)];
    expect(laterDuplicates([first, happen(second, 2000, DUPLICATE).order])).toEqual([]);
  });
});

describe('plain helpers', () => {
  test('results are plain data that survive a clone', () => {
    expect(structuredClone(ok({ n: 1 }))).toEqual({ ok: true, value: { n: 1 } });
    expect(structuredClone(err('no'))).toEqual({ ok: false, error: 'no' });
  });

  test('a broken invariant is an error with its sentence', () => {
    expect(() => invariant(false, 'one and one are two')).toThrow('Invariant broken: one and one are two');
    expect(() => invariant(true, 'fine')).not.toThrow();
  });

  test('an impossible value is an error that names it', () => {
    const impossible: unknown = 'teapot';
    expect(() => assertNever(impossible as never)).toThrow('Unexpected value: "teapot"');
  });
});
