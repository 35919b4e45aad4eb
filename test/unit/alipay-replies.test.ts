import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlipayReply } from '../../shared/protocol/alipay/reply.ts';
import { junk } from '../arbitraries/wire.ts';
import { ALIPAY_EXAMPLES, ALIPAY_PARAMETERS, type AlipayParameter } from '../fixtures/alipay-parameters.ts';
import {
  DIALECTS,
  kindsOf,
  NOTHING,
  ORDER,
  PROTOCOLS,
  read,
  REFUND_ID,
  SIGNED,
  UNSIGNED,
} from '../support/alipay-replies.ts';

type Json = Readonly<Record<string, unknown>>;

const DONE = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' };
/** A reply that means success in every call of both protocols. */
const WHOLE: Json = {
  result: DONE,
  paymentId: ORDER.sn,
  paymentRequestId: ORDER.clientSn,
  paymentAmount: { currency: 'CNY', value: '1234' },
  paymentResult: DONE,
  paymentStatus: 'SUCCESS',
  paymentResultCode: 'SUCCESS',
  paymentFailReason: '',
  transactions: [],
  refundId: '2019112719074199',
  refundRequestId: REFUND_ID,
  refundAmount: { currency: 'CNY', value: '1234' },
  cancelTime: '2021-06-08T12:12:12+08:00',
  acquirerId: '1022188000000000001',
  pspId: '1022172000000000001',
  extendInfo: '{"memo":"memo"}',
};
const SUCCESS = { pay: 'approved', query: 'charged', cancel: 'accepted', refund: 'accepted' };
const DEFINITE: ReadonlySet<string> = new Set([
  'approved',
  'declined',
  'charged',
  'not_charged',
  'accepted',
  'already',
  'refused',
  'not_found',
  'window_closed',
]);

/** Any JSON but the words that a status or a code is made of. */
const undocumented = junk.filter((value) => !['S', 'F', 'U', 'A', 'SUCCESS'].includes(value as string));

const parse = (json: unknown) => parseAlipayReply(JSON.stringify(json));

/** What every call of both protocols makes of a text; a text that is no reply is unknown by its reason. */
function verdicts(text: string): readonly string[] {
  const parsed = parseAlipayReply(text);
  if (!parsed.ok) return [];
  return PROTOCOLS.flatMap((protocol) =>
    Object.values(kindsOf(DIALECTS[protocol], parsed.value) as unknown as Record<string, string>),
  );
}

/** A copy of the whole reply with one member, named by its way, changed. */
function changed(way: string, value: unknown): Json {
  const [outer = '', inner] = way.split('.');
  if (inner === undefined) return { ...WHOLE, [outer]: value };
  return { ...WHOLE, [outer]: { ...(WHOLE[outer] as Json), [inner]: value } };
}

const REPLY_ROWS = ALIPAY_PARAMETERS.filter(({ direction }) => direction === 'reply');
/** Members that decide; the others are words for people. */
const isDeciding = ({ name }: AlipayParameter): boolean =>
  !['cancelTime', 'extendInfo', 'result.resultMessage'].includes(name);
const TEXT_ROWS = REPLY_ROWS.filter(({ type }) => type !== 'Result');

describe('replies by the tables of the seeds', () => {
  test('a whole reply is success in every call', () => {
    for (const protocol of PROTOCOLS) expect(kindsOf(DIALECTS[protocol], read(WHOLE))).toEqual(SUCCESS);
  });

  test('the example of seed 003 is a cancel accepted', () => {
    const order = { ...ORDER, clientSn: '201231231313123123', sn: '20191127190741010007013213123' };
    expect(DIALECTS.miniprogram.cancelOutcome(read(ALIPAY_EXAMPLES.miniprogramReply), order, SIGNED)).toEqual(
      { kind: 'accepted', evidence: { code: 'S/SUCCESS', sn: '20191127190741010007013213123' } },
    );
  });

  test('the example of seed 004 is a cancel accepted', () => {
    expect(DIALECTS.alipayplus.cancelOutcome(read(ALIPAY_EXAMPLES.alipayplusReply), ORDER, SIGNED)).toEqual({
      kind: 'accepted',
      evidence: { code: 'S/SUCCESS', message: 'Success' },
    });
  });

  test.each(TEXT_ROWS.filter(({ required }) => !required))(
    'an optional $name of seed $seed may be absent, null or empty',
    ({ name }) => {
      for (const value of [undefined, null, '']) {
        for (const protocol of PROTOCOLS) {
          expect(kindsOf(DIALECTS[protocol], read(changed(name, value)))).toEqual(SUCCESS);
        }
      }
    },
  );

  test.each(REPLY_ROWS.filter(({ required }) => required))(
    'without the required $name of seed $seed nothing is believed',
    ({ name }) => {
      for (const value of [undefined, null, '']) {
        expect(new Set(verdicts(JSON.stringify(changed(name, value))))).not.toContain('approved');
        const parsed = parse(changed(name, value));
        if (parsed.ok) expect(kindsOf(DIALECTS.alipayplus, parsed.value)).toEqual(NOTHING);
        else expect(parsed.error).toBe('no_result');
      }
    },
  );

  test.each(TEXT_ROWS.filter(({ maxLength }) => maxLength !== null))(
    'a $name of seed $seed as long as documented is read, and a longer one survived',
    ({ name, maxLength }) => {
      for (const length of [maxLength ?? 0, (maxLength ?? 0) + 1, 100_000]) {
        expect(parse(changed(name, 'x'.repeat(length))).ok).toBe(true);
      }
    },
  );

  test.each(TEXT_ROWS.filter(isDeciding))(
    'a $name of seed $seed that is no string is not the documented form',
    ({ name }) => {
      for (const value of [0, 1, true, false, [], {}, ['S'], { resultStatus: 'S' }]) {
        expect(parse(changed(name, value))).toEqual({ ok: false, error: 'malformed' });
      }
    },
  );

  test.each(TEXT_ROWS.filter((row) => !isDeciding(row)))(
    'a $name of seed $seed that is no string is left out, because it decides nothing',
    ({ name }) => {
      for (const value of [0, true, [], {}, { memo: 'memo' }]) {
        expect(kindsOf(DIALECTS.miniprogram, read(changed(name, value)))).toEqual(SUCCESS);
      }
    },
  );
});

describe('replies that are none', () => {
  test.each([
    ['nothing', '', 'not_json'],
    ['a proxy page', '<html><body>502 Bad Gateway</body></html>', 'not_json'],
    ['half a reply', '{"result":{"resultCode":"SUCC', 'not_json'],
    ['two replies', '{"result":{}}{"result":{}}', 'not_json'],
    ['a number', '200', 'no_result'],
    ['null', 'null', 'no_result'],
    ['a list', `[${JSON.stringify(WHOLE)}]`, 'no_result'],
    ['an empty object', '{}', 'no_result'],
    ['no result', '{"paymentStatus":"SUCCESS"}', 'no_result'],
    ['null as result', '{"result":null}', 'no_result'],
    ['text as result', '{"result":"S"}', 'no_result'],
    ['a list as result', '{"result":[{"resultCode":"SUCCESS","resultStatus":"S"}]}', 'no_result'],
    ['an inherited result', `{"__proto__":${JSON.stringify(WHOLE)}}`, 'no_result'],
    ['nesting without end', '{"result":'.repeat(20_000), 'not_json'],
    ['deep nesting in place of a member', `{"result":${'['.repeat(9000)}${']'.repeat(9000)}}`, 'no_result'],
    [
      'result twice, F and then S',
      '{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F"},"result":{"resultCode":"SUCCESS","resultStatus":"S"}}',
      'duplicate_member',
    ],
    [
      'a status twice',
      '{"result":{"resultCode":"SUCCESS","resultStatus":"F","resultStatus":"S"}}',
      'duplicate_member',
    ],
    [
      'a status twice, once in escapes',
      String.raw`{"result":{"resultCode":"SUCCESS","resultStatus":"F","\u0072esultStatus":"S"}}`,
      'duplicate_member',
    ],
  ])('%s', (_name, text, error) => {
    expect(parseAlipayReply(text)).toEqual({ ok: false, error });
  });

  test.each([
    ['a number as amount', 'paymentAmount.value', 1234],
    ['a number as refunded amount', 'refundAmount.value', 1234],
    ['a number as currency', 'paymentAmount.currency', 156],
    ['text as amount', 'paymentAmount', '1234'],
    ['a list as amount', 'paymentAmount', []],
    ['a number as code', 'result.resultCode', 0],
    ['a number as paymentId', 'paymentId', 20191127],
    ['a number as paymentRequestId', 'paymentRequestId', 1],
    ['a list as state', 'paymentStatus', ['SUCCESS']],
    ['text as payment result', 'paymentResult', 'SUCCESS'],
    ['a truth as payment status', 'paymentResult.resultStatus', true],
    ['an object as list', 'transactions', { transactionType: 'CANCEL' }],
    ['text in the list', 'transactions', ['CANCEL']],
    ['null in the list', 'transactions', [null]],
    ['a number in a row', 'transactions', [{ transactionType: 'REFUND', transactionStatus: 1 }]],
    ['a number as a row’s amount', 'transactions', [{ transactionAmount: { currency: 'CNY', value: 1 } }]],
  ])('%s is malformed', (_name, way, value) => {
    expect(parse(changed(way, value))).toEqual({ ok: false, error: 'malformed' });
  });

  test('unknown members are ignored, however deep', () => {
    const whole = JSON.stringify({ ...WHOLE, result: { ...DONE, more: {} }, settlementQuote: { rate: 7 } });
    const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`;
    const parsed = parseAlipayReply(`${whole.slice(0, -1)},"deep":${deep}}`);
    expect(parsed.ok && kindsOf(DIALECTS.alipayplus, parsed.value)).toEqual(SUCCESS);
  });

  test('null and empty objects in place of objects are survived', () => {
    const gone = { paymentAmount: null, transactions: null, refundAmount: '' };
    expect(kindsOf(DIALECTS.alipayplus, read({ ...WHOLE, ...gone }))).toEqual(SUCCESS);
    for (const paymentResult of [null, '', {}]) {
      expect(kindsOf(DIALECTS.alipayplus, read({ ...WHOLE, paymentResult })).query).toBe('unknown');
    }
  });

  test('no text at all makes the reader throw or decides anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.json({ maxDepth: 8 })), (text) => {
        expect(verdicts(text).filter((kind) => DEFINITE.has(kind))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('no JSON under the documented names decides anything without a documented status', () => {
    const result = fc.oneof(
      junk,
      fc.record({ resultCode: junk, resultStatus: undocumented, resultMessage: junk }),
    );
    const names = Object.keys(WHOLE).filter((name) => name !== 'result');
    const members = fc.dictionary(fc.constantFrom(...names), junk);
    fc.assert(
      fc.property(result, members, (value, others) => {
        const text = JSON.stringify({ ...WHOLE, ...others, result: value });
        expect(verdicts(text).filter((kind) => DEFINITE.has(kind))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('a whole reply with anything in place of a member is success only where that member is not needed', () => {
    const ways = [...Object.keys(WHOLE), 'result.resultCode', 'result.resultStatus', 'paymentAmount.value'];
    fc.assert(
      fc.property(fc.constantFrom(...ways), undocumented, (way, value) => {
        const text = JSON.stringify(changed(way, value));
        const isNeeded = way.startsWith('result');
        const isPositive = verdicts(text).includes('approved');
        if (isNeeded) expect(isPositive).toBe(false);
        // What is left of the ids still has to be ours.
        if (isPositive && way === 'paymentRequestId') expect([null, '']).toContain(value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(PROTOCOLS)('replies of %s about another order', (protocol) => {
  const dialect = DIALECTS[protocol];
  const judge = (members: Json, order = ORDER) => {
    const reply = read({ ...WHOLE, ...members });
    return [
      dialect.payOutcome(reply, order, SIGNED),
      dialect.queryOutcome(reply, order, SIGNED),
      dialect.cancelOutcome(reply, order, SIGNED),
      dialect.refundOutcome(reply, order, REFUND_ID, SIGNED),
    ];
  };

  test.each([
    ['by our own name', { paymentRequestId: 'SOMEBODY-ELSE' }],
    ['by the acquirer’s', { paymentId: '7890000000000000' }],
    ['by both', { paymentRequestId: 'SOMEBODY-ELSE', paymentId: '7890000000000000' }],
    ['by a name that begins like ours', { paymentRequestId: `${ORDER.clientSn} ` }],
  ])('decide nothing and lend nothing: %s', (_name, members) => {
    for (const { kind, evidence } of judge(members)) {
      expect(kind).toBe('unknown');
      expect(evidence).not.toHaveProperty('sn');
      expect(evidence).not.toHaveProperty('amountMinor');
    }
  });

  test('refuse nothing either', () => {
    const result = { resultCode: 'INVALID_SIGNATURE', resultStatus: 'F' };
    for (const { kind } of judge({ result, paymentRequestId: 'SOMEBODY-ELSE' })) expect(kind).toBe('unknown');
  });

  test('are told by the acquirer’s name only once it is known', () => {
    const unnamed = { ...ORDER, sn: null };
    for (const { kind, evidence } of judge({ paymentId: '7890000000000000' }, unnamed)) {
      expect(Object.values(SUCCESS)).toContain(kind);
      expect(evidence.sn).toBe('7890000000000000');
    }
  });
});

describe('a refund', () => {
  const refund = (members: Json, trust = SIGNED) =>
    DIALECTS.alipayplus.refundOutcome(read({ result: DONE, ...members }), ORDER, REFUND_ID, trust).kind;

  test('is accepted with our own id and amount, echoed or not', () => {
    expect(refund({})).toBe('accepted');
    expect(refund({ refundRequestId: REFUND_ID })).toBe('accepted');
    expect(refund({ refundAmount: { currency: 'CNY', value: '1234' } })).toBe('accepted');
  });

  test.each<[name: string, members: Json]>([
    ['another id', { refundRequestId: 'RF2' }],
    ['another amount', { refundAmount: { currency: 'CNY', value: '1233' } }],
    ['another currency', { refundAmount: { currency: 'HKD', value: '1234' } }],
    ['an amount that cannot be read', { refundAmount: { currency: 'CNY', value: '12.34' } }],
    ['an amount without its currency', { refundAmount: { value: '1234' } }],
    ['no amount in its place', { refundAmount: {} }],
  ])('is unknown with %s', (_name, members) => {
    expect(refund(members)).toBe('unknown');
    expect(refund({ ...members, result: { resultCode: 'PROCESS_FAIL', resultStatus: 'F' } })).toBe('unknown');
  });

  test('is unknown without a signature', () => {
    expect(refund({ refundRequestId: REFUND_ID }, UNSIGNED)).toBe('unknown');
  });
});

describe.each(PROTOCOLS)('what %s lists of a payment that was made', (protocol) => {
  const after = (transactions: unknown): string =>
    DIALECTS[protocol].queryOutcome(read({ ...WHOLE, transactions }), ORDER, SIGNED).kind;
  const row = (
    transactionType: string,
    transactionStatus?: string,
    value?: string,
    more: Json = {},
  ): Json => ({
    transactionType,
    transactionStatus,
    ...(value === undefined ? {} : { transactionAmount: { currency: 'CNY', value } }),
    ...more,
  });

  test.each<[name: string, rows: readonly Json[], kind: string]>([
    ['the payment alone', [row('PAYMENT', 'SUCCESS', '1234')], 'charged'],
    ['a cancel', [row('PAYMENT', 'SUCCESS', '1234'), row('CANCEL', 'SUCCESS')], 'not_charged'],
    ['a void', [row('VOID', 'SUCCESS')], 'not_charged'],
    ['a cancel that failed', [row('CANCEL', 'FAIL')], 'charged'],
    ['a cancel that was cancelled', [row('CANCEL', 'CANCELLED')], 'charged'],
    ['a cancel that runs', [row('CANCEL', 'PROCESSING')], 'pending'],
    ['a cancel in a state of no document', [row('CANCEL', 'DONE')], 'pending'],
    ['a cancel without a state', [row('CANCEL')], 'pending'],
    [
      'a cancel that failed and one that worked',
      [row('CANCEL', 'FAIL'), row('CANCEL', 'SUCCESS')],
      'not_charged',
    ],
    ['a whole refund', [row('REFUND', 'SUCCESS', '1234')], 'not_charged'],
    ['a refund of more', [row('REFUND', 'SUCCESS', '1235')], 'not_charged'],
    ['a part refunded', [row('REFUND', 'SUCCESS', '1233')], 'charged'],
    ['nothing refunded', [row('REFUND', 'SUCCESS', '0')], 'charged'],
    [
      'two halves refunded',
      [row('REFUND', 'SUCCESS', '617'), row('REFUND', 'SUCCESS', '617')],
      'not_charged',
    ],
    [
      'a half refunded, a half running',
      [row('REFUND', 'SUCCESS', '617'), row('REFUND', 'PROCESSING', '617')],
      'pending',
    ],
    [
      'a half refunded, a half failed',
      [row('REFUND', 'SUCCESS', '617'), row('REFUND', 'FAIL', '617')],
      'charged',
    ],
    ['a refund of nobody knows how much', [row('REFUND', 'SUCCESS')], 'unknown'],
    [
      'a refund in another currency',
      [row('REFUND', 'SUCCESS', undefined, { transactionAmount: { currency: 'JPY', value: '1234' } })],
      'unknown',
    ],
    ['a refund of a fraction', [row('REFUND', 'SUCCESS', '12.34')], 'unknown'],
    [
      'an authorisation and its capture',
      [row('AUTHORIZATION', 'SUCCESS'), row('CAPTURE', 'PROCESSING')],
      'charged',
    ],
    ['a kind of no document', [row('__proto__', 'SUCCESS', '1234'), row('cancel', 'SUCCESS')], 'charged'],
    ['a row without anything', [{}], 'charged'],
  ])('%s', (_name, rows, kind) => {
    expect(after(rows)).toBe(kind);
  });

  test.each<[status: string | undefined, resultStatus: string, resultCode: string | undefined, kind: string]>(
    [
      [undefined, 'S', 'SUCCESS', 'not_charged'],
      [undefined, 'S', undefined, 'not_charged'],
      [undefined, 'S', 'PAYMENT_IN_PROCESS', 'pending'],
      [undefined, 'F', 'PROCESS_FAIL', 'charged'],
      [undefined, 'F', undefined, 'charged'],
      [undefined, 'F', 'SUCCESS', 'pending'],
      [undefined, 'U', 'UNKNOWN_EXCEPTION', 'pending'],
      [undefined, 'X', undefined, 'pending'],
      ['SUCCESS', 'S', 'SUCCESS', 'not_charged'],
      ['SUCCESS', 'F', 'PROCESS_FAIL', 'pending'],
      ['FAIL', 'F', 'PROCESS_FAIL', 'charged'],
      ['FAIL', 'S', 'SUCCESS', 'pending'],
    ],
  )('a cancel in the state %s with the result %s %s', (status, resultStatus, resultCode, kind) => {
    const transactionResult = { resultStatus, resultCode };
    expect(after([row('CANCEL', status, undefined, { transactionResult })])).toBe(kind);
  });

  test('counts a refund once that is listed twice', () => {
    const once = row('REFUND', 'SUCCESS', '617', { transactionId: 'T1' });
    const again = row('REFUND', 'SUCCESS', '617', { transactionId: 'T2' });
    expect(after([once, once])).toBe('charged');
    expect(after([once, again])).toBe('not_charged');
    const named = row('REFUND', 'SUCCESS', '617', { transactionRequestId: 'RF1' });
    expect(after([named, named])).toBe('charged');
  });

  test('never calls a half refund a whole one because its rows name it by different numbers', () => {
    const both = row('REFUND', 'SUCCESS', '617', { transactionId: 'T1', transactionRequestId: 'RF1' });
    const ofAcquirer = row('REFUND', 'SUCCESS', '617', { transactionId: 'T1' });
    const ofOurs = row('REFUND', 'SUCCESS', '617', { transactionRequestId: 'RF1' });
    expect(after([both, ofOurs])).toBe('charged');
    expect(after([ofOurs, both])).toBe('charged');
    expect(after([ofAcquirer, ofOurs, both])).toBe('charged');
    // The two numbers are given by different parties, so one text in both places names two refunds.
    const alike = row('REFUND', 'SUCCESS', '617', { transactionRequestId: 'T1' });
    expect(after([ofAcquirer, alike])).toBe('not_charged');
  });

  test('never makes a charge of a payment that was not made', () => {
    const rows = [row('PAYMENT', 'SUCCESS', '1234')];
    for (const [paymentResult, paymentStatus, kind] of [
      [{ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' }, 'CANCELLED', 'not_charged'],
      [{ resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' }, 'PROCESSING', 'pending'],
    ] as const) {
      const reply = read({
        ...WHOLE,
        paymentResult,
        paymentStatus,
        paymentResultCode: '',
        transactions: rows,
      });
      expect(DIALECTS[protocol].queryOutcome(reply, ORDER, SIGNED).kind).toBe(kind);
    }
  });
});

describe.each(PROTOCOLS)('a reply of %s that contradicts itself', (protocol) => {
  const FAILED = { resultStatus: 'F', resultCode: 'PROCESS_FAIL' };
  const RUNS = { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' };
  const only = { paymentResult: null, paymentStatus: null, paymentResultCode: null };
  const kinds = (members: Json) =>
    kindsOf(DIALECTS[protocol], read({ ...WHOLE, paymentResultCode: null, ...members }));

  test.each([
    ['a status that fails', { ...only, paymentStatus: 'FAIL' }],
    ['a status that still runs', { ...only, paymentStatus: 'PROCESSING' }],
    ['a status of no document', { ...only, paymentStatus: 'DONE' }],
    ['a result that failed', { ...only, paymentResult: FAILED }],
    ['a result that still runs', { ...only, paymentResult: RUNS }],
  ])('hands nothing over for a pay that succeeded with %s', (_name, members) => {
    expect(kinds(members).pay).toBe('unknown');
    expect(kinds(only).pay).toBe('approved');
  });

  test.each([
    ['charged by its result, failed by its status', { paymentResult: DONE, paymentStatus: 'FAIL' }],
    ['charged by its result, cancelled by its status', { paymentResult: DONE, paymentStatus: 'CANCELLED' }],
    ['charged by its status, failed by its result', { paymentResult: FAILED, paymentStatus: 'SUCCESS' }],
  ])('is unknown where the payment is %s', (_name, members) => {
    expect(kinds(members).query).toBe('unknown');
  });
});

describe('evidence', () => {
  const ofQuery = (members: Json) =>
    DIALECTS.alipayplus.queryOutcome(read({ ...WHOLE, ...members }), ORDER, SIGNED).evidence;

  test('holds codes outermost first, words, number and amount', () => {
    const paymentResult = { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: 'closed' };
    expect(ofQuery({ paymentResult, paymentStatus: null })).toEqual({
      code: 'S/SUCCESS/F/ORDER_IS_CLOSED',
      message: 'closed',
      sn: ORDER.sn,
      amountMinor: 1234,
    });
    expect(
      DIALECTS.miniprogram.queryOutcome(read({ result: DONE, paymentStatus: 'SUCCESS' }), ORDER, SIGNED)
        .evidence,
    ).toEqual({ code: 'S/SUCCESS/SUCCESS', message: 'Success' });
  });

  test('says so where there is no code', () => {
    expect(DIALECTS.alipayplus.payOutcome(read({ result: {} }), ORDER, SIGNED).evidence.code).toBe('NO_CODE');
  });

  test.each([
    ['12.34', null],
    ['-1', null],
    ['1e3', null],
    ['01234', null],
    ['１２３４', null],
    ['12345678901', null],
    [' 1234', null],
    ['', null],
    [undefined, null],
    ['1233', 1233],
    ['0', 0],
    ['9999999999', 9_999_999_999],
  ])('has of the amount %o what is not ours: %o', (value, amountMinor) => {
    expect(ofQuery({ paymentAmount: { currency: 'CNY', value } }).amountMinor).toBe(amountMinor);
  });

  test.each(['HKD', 'cny', '', undefined])('has no amount of ours in the currency %o', (currency) => {
    expect(ofQuery({ paymentAmount: { currency, value: '1234' } }).amountMinor).toBeNull();
  });

  test('has no amount where none is told', () => {
    expect(ofQuery({ paymentAmount: undefined })).not.toHaveProperty('amountMinor');
  });

  test('stays bounded when everything is huge', () => {
    const huge = 'C'.repeat(100_000);
    const result = { resultCode: huge, resultStatus: huge, resultMessage: huge };
    const reply = read({ result, paymentResult: result, paymentStatus: huge, paymentId: huge });
    const { evidence } = DIALECTS.alipayplus.queryOutcome(reply, { ...ORDER, sn: null }, SIGNED);
    expect(evidence.code.length).toBeLessThanOrEqual(512);
    expect(evidence.message?.length).toBe(256);
    expect(evidence.sn?.length).toBe(256);
  });
});
