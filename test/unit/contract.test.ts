import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CONTRACT, orderCardSchema, orderJsonSchema, type OrderJson } from '../../shared/contract.ts';

const ORDER: OrderJson = {
  clientSn: 'R1',
  sn: null,
  saleId: 'sale-1',
  state: 'paid',
  charged: 'yes',
  instruction: 'hand_over',
  amount: 1234,
  currency: 'CNY',
  reason: null,
  businessDay: '2026-11-20',
  createdAtMs: 1,
  updatedAtMs: 2,
};
const CARD = {
  ...ORDER,
  revision: 1,
  subject: 'Tea',
  operator: 'Ada',
  next: { call: 'query', atMs: 3, waitingFor: 'time' },
  lastAnswer: { call: 'pay', kind: 'approved', code: '200/SUCCESS/PAID', message: null, atMs: 2 },
  refusal: { code: 'X', message: null },
  revokeRefusal: 'not_paid',
  refundRefusal: 'not_paid',
  confirmUntilMs: null,
  giveUpFromMs: null,
  windowClosesAtMs: 4,
  waysOut: ['check_again', 'settle'],
};

const VALID: Readonly<Record<keyof typeof CONTRACT, readonly unknown[]>> = {
  'state.get': [{}],
  'sale.collect': [
    { amount: '12.34', code: '130818341921441147' },
    { amount: '1', code: '1', saleId: 's', subject: 't', override: true },
  ],
  'order.giveUp': [{ clientSn: 'R1' }],
  'order.revoke': [{ clientSn: 'R1' }, { clientSn: '7892259488292938', reason: 'wrong item' }],
  'order.refund': [{ clientSn: 'R1' }, { clientSn: 'R1', reason: 'returned the day after' }],
  'order.retry': [{ clientSn: 'R1' }],
  'order.reverse': [{ clientSn: 'R1' }],
  'order.settle': [
    { clientSn: 'R1', charged: 'no', reason: 'seen in the console' },
    { clientSn: 'R1', charged: 'yes', reason: 'seen in the console', person: 'Ada' },
  ],
  'order.show': [{ clientSn: 'R1' }],
  'orders.search': [{}, { text: '12.34' }, { text: '', businessDay: '2026-11-20', limit: 200, beforeMs: 1 }],
  'counter.show': [{ kind: 'idle' }, { kind: 'amount', amount: '12.' }, { kind: 'order', clientSn: 'R1' }],
  'terminal.get': [{}],
  'ledger.check': [{}],
  'practice.get': [{}],
  'practice.fault': [{ fault: 'http_500' }, { fault: 'http_500', times: 3 }],
  'practice.clear': [{}],
  'setup.get': [{}],
  'setup.test': [{ apiDomain: 'https://acquirer.example' }],
  'setup.apply': [
    {
      protocol: 'upay',
      apiDomain: 'https://acquirer.example',
      vendorSn: 'V1',
      appId: 'A1',
      vendorKeyFile: '/media/stick/vendor-key.json',
      activationCode: '1234',
      deviceId: 'till-1',
      deviceName: 'Counter 1',
      timeZone: 'Asia/Shanghai',
    },
  ],
  'diagnostics.write': [{}],
};
/** Calls that need no arguments. */
const MAY_BE_EMPTY = new Set(
  Object.entries(VALID).flatMap(([name, inputs]) =>
    inputs.some((input) => JSON.stringify(input) === '{}') ? [name] : [],
  ),
);
const calls = Object.entries(CONTRACT);
const args = (name: string): z.ZodType => {
  const call = calls.find(([known]) => known === name);
  if (call === undefined) throw new Error(name);
  return call[1].args;
};
const CASES = Object.entries(VALID).flatMap(([name, inputs]) => inputs.map((input) => ({ name, input })));

describe('the contract', () => {
  test('has exactly these calls', () => {
    expect(new Set(Object.keys(CONTRACT))).toEqual(new Set(Object.keys(VALID)));
  });

  test.each(CASES)('$name takes $input', ({ name, input }) => {
    expect(args(name).parse(input)).toEqual(input);
  });

  test.each(CASES)('$name refuses a member it does not know beside $input', ({ name, input }) => {
    expect(
      args(name).safeParse({ ...z.record(z.string(), z.unknown()).parse(input), extra: 1 }).success,
    ).toBe(false);
  });

  test.each(calls.filter(([name]) => !MAY_BE_EMPTY.has(name)))('%s refuses junk', (name) => {
    fc.assert(
      fc.property(fc.jsonValue(), (junk) => {
        expect(args(name).safeParse(junk).success).toBe(false);
      }),
    );
    expect(args(name).safeParse(undefined).success).toBe(false);
    expect(args(name).safeParse({}).success).toBe(false);
  });

  test.each<[name: string, input: unknown]>([
    ['sale.collect', { amount: 12.34, code: '1' }],
    ['sale.collect', { amount: '1'.repeat(33), code: '1' }],
    ['sale.collect', { amount: '1', code: '1'.repeat(513) }],
    ['sale.collect', { amount: '1', code: '1', override: 'yes' }],
    ['order.giveUp', { clientSn: '' }],
    ['order.giveUp', { clientSn: 'x'.repeat(65) }],
    ['order.settle', { clientSn: 'R1', charged: 'unknown', reason: 'x' }],
    ['order.settle', { clientSn: 'R1', charged: 'yes', reason: '' }],
    ['order.settle', { clientSn: 'R1', charged: 'yes' }],
    ['order.settle', { clientSn: 'R1', charged: 'yes', reason: 'x', person: '' }],
    ['order.settle', { clientSn: 'R1', charged: 'yes', reason: 'x', person: 'x'.repeat(33) }],
    ['orders.search', { text: 'x'.repeat(129) }],
    ['orders.search', { businessDay: 'today' }],
    ['orders.search', { limit: 0 }],
    ['orders.search', { limit: 201 }],
    ['orders.search', { beforeMs: 1.5 }],
    ['counter.show', { kind: 'amount', amount: 12 }],
    ['counter.show', { kind: 'order' }],
    ['practice.fault', { fault: 'http_500', times: 101 }],
  ])('%s refuses %j', (name, input) => {
    expect(args(name).safeParse(input).success).toBe(false);
  });

  test('prints an order with exactly the members of the design', () => {
    expect(orderJsonSchema.parse(ORDER)).toEqual(ORDER);
    expect(new Set(Object.keys(orderJsonSchema.shape))).toEqual(new Set(Object.keys(ORDER)));
    expect(orderJsonSchema.safeParse({ ...ORDER, key: 'secret' }).success).toBe(false);
  });

  test('a card is an order with what a screen needs besides', () => {
    expect(orderCardSchema.parse(CARD)).toEqual(CARD);
    expect(orderCardSchema.safeParse({ ...CARD, terminalKey: 'secret' }).success).toBe(false);
  });

  test.each([
    ['state', 'unknown'],
    ['charged', 'maybe'],
    ['instruction', 'guess'],
    ['amount', 12.5],
    ['currency', 'XYZ'],
    ['reason', 'because'],
    ['createdAtMs', '1'],
    ['sn', undefined],
  ])('refuses an order whose %s is %o', (member, value) => {
    expect(orderJsonSchema.safeParse({ ...ORDER, [member]: value }).success).toBe(false);
  });
});
