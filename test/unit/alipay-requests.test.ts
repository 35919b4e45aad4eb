import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZodError, type z } from 'zod';
import { ALIPAY_CALLS, type Dialect } from '../../shared/protocol/alipay/dialect.ts';
import { alipayplusClientSchema } from '../../shared/protocol/alipayplus/client.ts';
import { alipayplusDialect } from '../../shared/protocol/alipayplus/dialect.ts';
import { partiesCancelRequestSchema } from '../../shared/protocol/alipayplus/requests.ts';
import { miniprogramClientSchema } from '../../shared/protocol/miniprogram/client.ts';
import { miniprogramDialect } from '../../shared/protocol/miniprogram/dialect.ts';
import { cancelRequest, cancelRequestSchema } from '../../shared/protocol/miniprogram/requests.ts';
import { acquirerSn, amountMinor, clientSn, dynamicId, shortText, subject } from '../arbitraries/wire.ts';
import {
  ALIPAY_EXAMPLES,
  ALIPAY_PARAMETERS,
  type AlipayParameter,
  type AlipaySeed,
} from '../fixtures/alipay-parameters.ts';

const CLIENT = { clientId: 'C1' };
const SHOP = {
  merchant: { referenceMerchantId: 'M1', merchantName: '茶馆', merchantMCC: '5812' },
  store: { referenceStoreId: 'S1', storeName: 'Tea house', storeMCC: '5812', storeTerminalId: 'T1' },
};
const PARTIES = { acquirerId: '1022188000000000001', pspId: '1022172000000000001' };

const DIALECTS = {
  alipayplus: alipayplusDialect(alipayplusClientSchema.parse(CLIENT)),
  'alipayplus with a shop': alipayplusDialect(alipayplusClientSchema.parse({ ...CLIENT, ...SHOP })),
  'alipayplus with both parties': alipayplusDialect(
    alipayplusClientSchema.parse({ ...CLIENT, ...SHOP, ...PARTIES }),
  ),
  miniprogram: miniprogramDialect(miniprogramClientSchema.parse(CLIENT)),
  'miniprogram with a shop': miniprogramDialect(miniprogramClientSchema.parse({ ...CLIENT, ...SHOP })),
  'miniprogram with a payment factor': miniprogramDialect(
    miniprogramClientSchema.parse({ ...CLIENT, payForm: 'paymentCode' }),
  ),
} as const satisfies Readonly<Record<string, Dialect>>;
type Name = keyof typeof DIALECTS;
const NAMES = Object.keys(DIALECTS) as Name[];
const ALIPAYPLUS = NAMES.filter((name) => name.startsWith('alipayplus'));

const AT = { time: '2026-11-20T09:00:00+08:00', expiry: '2026-11-20T09:01:00+08:00' };
const ORDER = { clientSn: 'R1', sn: null, amountMinor: 1234, currency: 'CNY', subject: 'Tea' } as const;
const KNOWN = { ...ORDER, sn: '20190612184010800100188820200355884' } as const;
const CODE = '281006020000000000125733';
const MONEY = { currency: 'CNY', value: '1234' };

/** Every value in a body that is neither object nor list, with its way. */
function leaves(value: unknown, way = ''): readonly (readonly [way: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[way, value]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, `${way}.${name}`));
}

const order = fc.record({
  clientSn,
  sn: fc.oneof(fc.constant(null), acquirerSn, fc.string({ maxLength: 300 }), fc.constant('')),
  amountMinor,
  currency: fc.constantFrom('CNY', 'HKD', 'JPY'),
  subject,
});
type AnyOrder = typeof order extends fc.Arbitrary<infer One> ? One : never;

const bodiesOf = (dialect: Dialect, one: AnyOrder, code: string, reason: string | undefined) => ({
  pay: dialect.payRequest(one, code, AT),
  inquiry: dialect.inquiryRequest(one),
  cancel: dialect.cancelRequest(one),
  refund: dialect.refundRequest(one, 'RF1', reason),
});

describe.each(NAMES)('bodies of %s', (name) => {
  const dialect = DIALECTS[name];

  test('hold no empty value, no null and no undefined, whatever the order', () => {
    const reason = fc.option(fc.oneof(shortText, fc.constant('')), { nil: undefined });
    fc.assert(
      fc.property(order, dynamicId, reason, (one, code, why) => {
        for (const body of Object.values(bodiesOf(dialect, one, code, why))) {
          for (const [way, value] of leaves(body)) {
            expect([way, value]).not.toEqual([way, '']);
            expect(value ?? null).not.toBeNull();
          }
          expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('carry amounts as digits of the smallest unit', () => {
    fc.assert(
      fc.property(order, dynamicId, (one, code) => {
        const bodies = bodiesOf(dialect, one, code, undefined);
        const expected = { currency: one.currency, value: String(one.amountMinor) };
        expect(bodies.pay).toMatchObject({
          paymentRequestId: one.clientSn,
          paymentAmount: expected,
          order: { referenceOrderId: one.clientSn, orderDescription: one.subject, orderAmount: expected },
        });
        expect(bodies.refund).toMatchObject({ refundRequestId: 'RF1', refundAmount: expected });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['no amount', { amountMinor: 0 }],
    ['a fraction', { amountMinor: 12.5 }],
    ['a negative amount', { amountMinor: -1 }],
    ['no number', { amountMinor: Number.NaN }],
    ['more than ten digits', { amountMinor: 10_000_000_000 }],
  ])('are never built with %s', (_name, change) => {
    expect(() => dialect.payRequest({ ...ORDER, ...change }, CODE, AT)).toThrow(ZodError);
    expect(() => dialect.refundRequest({ ...ORDER, ...change }, 'RF1')).toThrow(ZodError);
  });

  test.each(['', 'x'.repeat(65), 'a b', 'a/b', 'ä', 'a\n', '{}'])('never name an order %o', (invalid) => {
    const one = { ...ORDER, clientSn: invalid };
    expect(() => dialect.payRequest(one, CODE, AT)).toThrow(ZodError);
    expect(() => dialect.inquiryRequest(one)).toThrow(ZodError);
    expect(() => dialect.cancelRequest(one)).toThrow(ZodError);
    expect(() => dialect.refundRequest(ORDER, invalid)).toThrow(ZodError);
  });

  test.each([
    ['no code', '', 'Tea'],
    ['a long code', '1'.repeat(129), 'Tea'],
    ['a long subject', CODE, 'x'.repeat(257)],
    ['no subject', CODE, ''],
  ])('of a pay are never built with %s', (_name, code, what) => {
    expect(() => dialect.payRequest({ ...ORDER, subject: what }, code, AT)).toThrow(ZodError);
  });

  test('that are refused do not repeat the payment code', () => {
    const secret = '9'.repeat(129);
    expect(() => dialect.payRequest(ORDER, secret, AT)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('99') as string }) as Error,
    );
  });

  test.each(['', ' 789', '7 9', '７８９', '789\n', 'x'.repeat(65)])(
    'use our own name where the acquirer gave %o, which is no id of its documents',
    (sn) => {
      const own = { paymentRequestId: 'R1' };
      for (const body of [
        dialect.inquiryRequest({ ...ORDER, sn }),
        dialect.cancelRequest({ ...ORDER, sn }),
      ]) {
        expect(body).toMatchObject(own);
        expect(body).not.toHaveProperty('paymentId');
      }
    },
  );

  test('of a refund hold a reason only where there is one', () => {
    expect(dialect.refundRequest(ORDER, 'RF1', 'cold tea')).toHaveProperty('refundReason', 'cold tea');
    expect(dialect.refundRequest(ORDER, 'RF1', '')).not.toHaveProperty('refundReason');
    expect(dialect.refundRequest(ORDER, 'RF1')).not.toHaveProperty('refundReason');
    expect(() => dialect.refundRequest(ORDER, 'RF1', 'x'.repeat(257))).toThrow(ZodError);
  });
});

describe('bodies of Alipay+', () => {
  test.each(ALIPAYPLUS)('have strings in every place (%s)', (name) => {
    fc.assert(
      fc.property(order, dynamicId, fc.option(shortText, { nil: undefined }), (one, code, why) => {
        for (const body of Object.values(bodiesOf(DIALECTS[name], one, code, why))) {
          for (const [way, value] of leaves(body)) expect([way, typeof value]).toEqual([way, 'string']);
        }
      }),
      { numRuns: 200 },
    );
  });

  const PAY = {
    paymentRequestId: 'R1',
    paymentAmount: MONEY,
    order: { referenceOrderId: 'R1', orderDescription: 'Tea', orderAmount: MONEY },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: CODE },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    paymentExpiryTime: AT.expiry,
  };

  test('in the acquirer’s form', () => {
    const dialect = DIALECTS.alipayplus;
    expect(dialect.payRequest(ORDER, CODE, AT)).toStrictEqual(PAY);
    expect(dialect.inquiryRequest(ORDER)).toStrictEqual({ paymentRequestId: 'R1' });
    expect(dialect.inquiryRequest(KNOWN)).toStrictEqual({ paymentId: KNOWN.sn });
    expect(dialect.cancelRequest(ORDER)).toStrictEqual({ paymentRequestId: 'R1' });
    expect(dialect.cancelRequest(KNOWN)).toStrictEqual({ paymentId: KNOWN.sn });
    const refund = { refundRequestId: 'RF1', refundAmount: MONEY };
    expect(dialect.refundRequest(ORDER, 'RF1')).toStrictEqual({ paymentRequestId: 'R1', ...refund });
    expect(dialect.refundRequest(KNOWN, 'RF1')).toStrictEqual({ paymentId: KNOWN.sn, ...refund });
  });

  test('name the shop where it is known', () => {
    const { storeTerminalId } = SHOP.store;
    expect(DIALECTS['alipayplus with a shop'].payRequest(ORDER, CODE, AT)).toStrictEqual({
      ...PAY,
      order: {
        ...PAY.order,
        merchant: { ...SHOP.merchant, store: SHOP.store },
        env: { storeTerminalId, storeTerminalRequestTime: AT.time },
      },
    });
    const storeAlone = alipayplusDialect(
      alipayplusClientSchema.parse({ ...CLIENT, merchant: {}, store: { storeName: 'Tea house' } }),
    );
    expect(storeAlone.payRequest(ORDER, CODE, AT)).toStrictEqual({
      ...PAY,
      order: { ...PAY.order, merchant: { store: { storeName: 'Tea house' } } },
    });
  });

  test('in the form that names both parties', () => {
    const dialect = DIALECTS['alipayplus with both parties'];
    const named = { ...PARTIES, paymentRequestId: 'R1' };
    for (const one of [ORDER, KNOWN]) {
      expect(dialect.inquiryRequest(one)).toStrictEqual(named);
      expect(dialect.cancelRequest(one)).toStrictEqual(named);
      expect(dialect.refundRequest(one, 'RF1')).toStrictEqual({
        ...named,
        refundRequestId: 'RF1',
        refundAmount: MONEY,
      });
      expect(dialect.payRequest(one, CODE, AT)).toMatchObject({
        ...named,
        productCode: 'IN_STORE_PAYMENT',
        paymentMethod: PAY.paymentMethod,
        paymentFactor: PAY.paymentFactor,
      });
    }
  });

  test('of a cancel are the example of seed 004', () => {
    const { paymentRequestId: own } = ALIPAY_EXAMPLES.alipayplusRequest;
    expect(DIALECTS['alipayplus with both parties'].cancelRequest({ clientSn: own, sn: '1' })).toStrictEqual(
      ALIPAY_EXAMPLES.alipayplusRequest,
    );
  });
});

describe('bodies of a mini-program wallet', () => {
  const PAY = {
    paymentRequestId: 'R1',
    paymentAuthCode: CODE,
    paymentAmount: MONEY,
    order: { referenceOrderId: 'R1', orderDescription: 'Tea', orderAmount: MONEY },
  };

  test('pay by the retail form or by a payment factor', () => {
    expect(DIALECTS.miniprogram.payRequest(ORDER, CODE, AT)).toStrictEqual({
      productCode: '51051000101000100040',
      ...PAY,
    });
    expect(DIALECTS['miniprogram with a payment factor'].payRequest(ORDER, CODE, AT)).toStrictEqual({
      ...PAY,
      paymentFactor: { isPaymentCode: true },
    });
  });

  test('name an order once in an inquiry and in a refund', () => {
    const dialect = DIALECTS.miniprogram;
    expect(dialect.inquiryRequest(ORDER)).toStrictEqual({ paymentRequestId: 'R1' });
    expect(dialect.inquiryRequest(KNOWN)).toStrictEqual({ paymentId: KNOWN.sn });
    expect(dialect.refundRequest(KNOWN, 'RF1')).toStrictEqual({
      paymentId: KNOWN.sn,
      refundRequestId: 'RF1',
      refundAmount: MONEY,
    });
  });

  test('of a cancel are the example of seed 003, with both ids as soon as both are known', () => {
    const { paymentId: sn, paymentRequestId: own } = ALIPAY_EXAMPLES.miniprogramRequest;
    expect(DIALECTS.miniprogram.cancelRequest({ clientSn: own, sn })).toStrictEqual(
      ALIPAY_EXAMPLES.miniprogramRequest,
    );
    expect(DIALECTS.miniprogram.cancelRequest({ clientSn: own, sn: null })).toStrictEqual({
      paymentRequestId: own,
    });
  });

  test('can carry further words in a cancel as a string, and the terminal says none', () => {
    expect(cancelRequest(ORDER, '{"memo":"memo"}')).toStrictEqual({
      paymentRequestId: 'R1',
      extendInfo: '{"memo":"memo"}',
    });
    expect(() => cancelRequest(ORDER, 'x'.repeat(4097))).toThrow(ZodError);
    expect(DIALECTS.miniprogram.cancelRequest(KNOWN)).not.toHaveProperty('extendInfo');
  });
});

/** The request of each seed as its table has it, and the schema that reads it. */
const SEEDS: Readonly<Record<AlipaySeed, { readonly schema: z.ZodType; readonly body: object }>> = {
  '003-cancel': { schema: cancelRequestSchema, body: ALIPAY_EXAMPLES.miniprogramRequest },
  '004-cancelPayment': { schema: partiesCancelRequestSchema, body: ALIPAY_EXAMPLES.alipayplusRequest },
};
const REQUEST_ROWS = ALIPAY_PARAMETERS.filter(({ direction }) => direction === 'request');
const isValid = ({ seed, name }: AlipayParameter, value: unknown): boolean =>
  SEEDS[seed].schema.safeParse({ ...SEEDS[seed].body, [name]: value }).success;

describe('requests by the tables of the seeds', () => {
  test.each(Object.entries(SEEDS))('the example of seed %s is valid', (_seed, { schema, body }) => {
    expect(schema.parse(body)).toStrictEqual(body);
  });

  test.each(REQUEST_ROWS)('$name of seed $seed takes its example and its whole length', (row) => {
    expect(isValid(row, row.example)).toBe(true);
    expect(isValid(row, 'x'.repeat(row.maxLength ?? NaN))).toBe(true);
    expect(isValid(row, 'x'.repeat((row.maxLength ?? NaN) + 1))).toBe(false);
  });

  test.each(REQUEST_ROWS)('$name of seed $seed is a string, and never an empty one', (row) => {
    for (const value of ['', 1, true, null, [], {}, ['x']]) expect(isValid(row, value)).toBe(false);
  });

  test.each(REQUEST_ROWS)('$name of seed $seed is left out only where that is allowed', (row) => {
    expect(isValid(row, undefined)).toBe(!row.required);
  });

  test('a cancel by seed 003 needs one id, and takes both', () => {
    const { schema } = SEEDS['003-cancel'];
    expect(schema.safeParse({}).success).toBe(false);
    expect(schema.safeParse({ extendInfo: 'x' }).success).toBe(false);
    expect(schema.safeParse({ paymentId: '1' }).success).toBe(true);
    expect(schema.safeParse({ paymentRequestId: '1' }).success).toBe(true);
  });

  test.each(Object.values(SEEDS))('nothing of our own invention is sent', ({ schema, body }) => {
    expect(schema.safeParse({ ...body, operator: 'Ada' }).success).toBe(false);
  });
});

describe('paths', () => {
  const pathsOf = (client: object): Dialect['paths'] =>
    miniprogramDialect(miniprogramClientSchema.parse({ ...CLIENT, ...client })).paths;

  test('of Alipay+ are signed with their prefix', () => {
    expect(DIALECTS.alipayplus.paths).toEqual({
      pay: '/aps/api/v1/payments/pay',
      inquiry: '/aps/api/v1/payments/inquiryPayment',
      cancel: '/aps/api/v1/payments/cancelPayment',
      refund: '/aps/api/v1/payments/refund',
    });
    const hongKong = alipayplusClientSchema.parse({ ...CLIENT, pathPrefix: '/aps/api/intl/wallet' });
    expect(alipayplusDialect(hongKong).paths.cancel).toBe('/aps/api/intl/wallet/v1/payments/cancelPayment');
  });

  test('of a mini-program wallet are its own', () => {
    expect(pathsOf({})).toEqual({
      pay: '/v1/payments/retailPay',
      inquiry: '/v2/payments/inquiryPayment',
      cancel: '/v2/payments/cancel',
      refund: '/v2/payments/refund',
    });
    expect(pathsOf({ payForm: 'paymentCode' }).pay).toBe('/v1/payments/pay');
    const paths = { pay: '/v3/pay', refund: '/v2/payments/refundApply' };
    expect(pathsOf({ pathPrefix: '/api/open', paths })).toEqual({
      pay: '/api/open/v3/pay',
      inquiry: '/api/open/v2/payments/inquiryPayment',
      cancel: '/api/open/v2/payments/cancel',
      refund: '/api/open/v2/payments/refundApply',
    });
  });

  test.each(NAMES)('of %s are there for every call, and no two are the same', (name) => {
    const { paths } = DIALECTS[name];
    expect(new Set(Object.keys(paths))).toEqual(new Set(ALIPAY_CALLS));
    expect(new Set(Object.values(paths)).size).toBe(ALIPAY_CALLS.length);
  });
});
