import { describe, expect, test } from 'vitest';
import { lookUp } from '../../shared/protocol/look-up.ts';
import {
  BUSINESS_ERRORS,
  ENVELOPE_ERRORS,
  ORDER_STATUS,
  PAYWAYS,
  PAY_RESULTS,
  PRECREATE_RESULTS,
  QUERY_RESULTS,
  REFUND_RESULTS,
  REVERSAL_RESULTS,
  SUB_PAYWAYS,
  TRANSACTION_STATUS,
} from '../../shared/protocol/upay/codes.ts';
import {
  payOutcome,
  queryOutcome,
  refundOutcome,
  reversalOutcome,
  type Expected,
} from '../../shared/protocol/upay/outcome.ts';
import { parseReply, type UpayReply } from '../../shared/protocol/upay/reply.ts';

/** Written from the documents and not from the code, so that a code which is missing there fails here. */

const ORDER: Expected = { clientSn: 'R1', sn: null };

function reply(json: unknown): UpayReply {
  const parsed = parseReply(JSON.stringify(json));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const biz = (result: string, error?: string, data?: Readonly<Record<string, unknown>>): UpayReply =>
  reply({ result_code: '200', biz_response: { result_code: result, error_code: error, data } });

const envelope = (code: string, error: string): UpayReply => reply({ result_code: code, error_code: error });

const kinds = (answer: UpayReply): Readonly<Record<'pay' | 'query' | 'cancel', string>> => ({
  pay: payOutcome(answer, ORDER).kind,
  query: queryOutcome(answer, ORDER).kind,
  cancel: reversalOutcome(answer, ORDER).kind,
});

const STRANGE_CODES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  'NEVER_SEEN_BEFORE',
  'pay_success',
  'PAY_SUCCESS ',
  'SUCCESSFUL',
  '0',
];

/** 3.1, by the action that can be answered with it. */
const RESULTS: readonly (readonly [
  code: string,
  pay: string,
  query: string,
  cancel: string,
  refund: string,
])[] = [
  ['PAY_SUCCESS', 'approved', 'unknown', 'unknown', 'unknown'],
  ['PAY_FAIL', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PAY_IN_PROGRESS', 'pending', 'unknown', 'unknown', 'unknown'],
  ['PAY_FAIL_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PAY_FAIL_IN_PROGRESS', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PRECREATE_SUCCESS', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PRECREATE_FAIL', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PRECREATE_FAIL_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['PRECREATE_FAIL_IN_PROGRESS', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['CANCEL_SUCCESS', 'unknown', 'unknown', 'accepted', 'unknown'],
  ['CANCEL_ABORT_SUCCESS', 'unknown', 'unknown', 'accepted', 'unknown'],
  ['CANCEL_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['CANCEL_ABORT_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['CANCEL_IN_PROGRESS', 'unknown', 'unknown', 'pending', 'unknown'],
  ['CANCEL_ABORT_IN_PROGRESS', 'unknown', 'unknown', 'pending', 'unknown'],
  ['REFUND_SUCCESS', 'unknown', 'unknown', 'unknown', 'accepted'],
  ['REFUND_FAIL', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['REFUND_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['REFUND_FAIL_ERROR', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['REFUND_IN_PROGRESS', 'unknown', 'unknown', 'unknown', 'pending'],
  ['SUCCESS', 'unknown', 'charged', 'unknown', 'unknown'],
  ['FAIL', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['CANCEL_FAIL', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['REVOKE_SUCCESS', 'unknown', 'unknown', 'unknown', 'unknown'],
];

/** 3.2: what a query that finds the state means, and a pay that claims success with it. */
const STATUSES: readonly (readonly [status: string, query: string, pay: string])[] = [
  ['PAID', 'charged', 'approved'],
  ['PARTIAL_REFUNDED', 'charged', 'approved'],
  ['PAY_CANCELED', 'not_charged', 'pending'],
  ['CANCELED', 'not_charged', 'pending'],
  ['REFUNDED', 'not_charged', 'pending'],
  ['CREATED', 'pending', 'pending'],
  ['PAY_ERROR', 'pending', 'pending'],
  ['REFUND_INPROGRESS', 'pending', 'pending'],
  ['REFUND_ERROR', 'pending', 'pending'],
  ['CANCEL_ERROR', 'pending', 'pending'],
  ['CANCEL_INPROGRESS', 'pending', 'pending'],
  ['INVALID_STATUS_CODE', 'pending', 'pending'],
];

/** 3.5: the envelope's own faults. */
const ENVELOPES: readonly (readonly [
  rc: string,
  code: string,
  pay: string,
  query: string,
  cancel: string,
])[] = [
  ['400', 'INVALID_PARAMS', 'declined', 'unknown', 'refused'],
  ['400', 'INVALID_PARAMETER', 'declined', 'unknown', 'refused'],
  ['400', 'INVALID_TERMINAL', 'config', 'config', 'config'],
  ['400', 'TERMINAL_NOT_EXISTS', 'config', 'config', 'config'],
  ['400', 'ILLEGAL_SIGN', 'config', 'config', 'config'],
  ['400', 'ACTIVATE_FAIL', 'config', 'config', 'config'],
  ['500', 'UNKNOWN_SYSTEM_ERROR', 'unknown', 'unknown', 'unknown'],
  ['500', 'MAINTENANCE_INPROGRESS', 'unknown', 'unknown', 'throttled'],
  ['500', 'REQUEST_FAIL', 'unknown', 'unknown', 'throttled'],
  ['500', 'EXTERNAL_SERVICE_EXCEPTION', 'unknown', 'unknown', 'unknown'],
  ['500', 'PAY_STATUS_CLOSED', 'config', 'config', 'config'],
];

/** 3.6: what FAIL with this code means. */
const REFUSALS: readonly (readonly [code: string, pay: string, query: string, cancel: string])[] = [
  ['INVALID_BARCODE', 'declined', 'unknown', 'refused'],
  ['INSUFFICIENT_FUND', 'declined', 'unknown', 'refused'],
  ['EXPIRED_BARCODE', 'declined', 'unknown', 'refused'],
  ['BUYER_OVER_DAILY_LIMIT', 'declined', 'unknown', 'refused'],
  ['BUYER_OVER_TRANSACTION_LIMIT', 'declined', 'unknown', 'refused'],
  ['SELLER_OVER_DAILY_LIMIT', 'declined', 'unknown', 'refused'],
  ['TRADE_NOT_EXIST', 'unknown', 'not_found', 'not_found'],
  ['TRADE_HAS_SUCCESS', 'unknown', 'unknown', 'unknown'],
  ['SELLER_BALANCE_NOT_ENOUGH', 'declined', 'unknown', 'refused'],
  ['REFUND_AMT_NOT_EQUAL_TOTAL', 'unknown', 'unknown', 'refused'],
  ['TRADE_FAILED', 'declined', 'unknown', 'unknown'],
  ['UNEXPECTED_PROVIDER_ERROR', 'unknown', 'unknown', 'unknown'],
  ['TRADE_TIMEOUT', 'unknown', 'unknown', 'unknown'],
  ['ACCOUNT_BALANCE_NOT_ENOUGH', 'declined', 'unknown', 'refused'],
  ['CLIENT_SN_CONFLICT', 'unknown', 'unknown', 'unknown'],
  ['UPAY_ORDER_NOT_EXISTS', 'unknown', 'not_found', 'not_found'],
  ['UPAY_ORDER_NOT_EXIST', 'unknown', 'not_found', 'not_found'],
  ['REFUNDABLE_AMOUNT_NOT_ENOUGH', 'unknown', 'unknown', 'refused'],
  ['UPAY_TERMINAL_NOT_EXISTS', 'config', 'config', 'config'],
  ['UPAY_TERMINAL_STATUS_ABNORMAL', 'config', 'config', 'config'],
  ['UPAY_MERCHANT_NOT_EXISTS', 'config', 'config', 'config'],
  ['UPAY_CANCEL_ORDER_NOOP', 'unknown', 'unknown', 'already'],
  ['UPAY_CANCEL_INVALID_ORDER_STATE', 'unknown', 'unknown', 'refused'],
  ['UPAY_REFUND_ORDER_NOOP', 'unknown', 'unknown', 'unknown'],
  ['UPAY_REFUND_INVALID_ORDER_STATE', 'unknown', 'unknown', 'refused'],
  ['UPAY_STORE_OVER_DAILY_LIMIT', 'declined', 'unknown', 'refused'],
  ['UPAY_TCP_ORDER_NOT_REFUNDABLE', 'unknown', 'unknown', 'refused'],
  ['AUTHCODE_EXPIRE', 'declined', 'unknown', 'refused'],
  ['REFUND_REQUEST_CONFLICT', 'unknown', 'unknown', 'unknown'],
];

const PAID = { client_sn: 'R1', order_status: 'PAID' };

describe('result codes (3.1)', () => {
  test.each(RESULTS)(
    '%s on a paid order: pay %s, query %s, cancel %s, refund %s',
    (code, pay, query, cancel, refund) => {
      const answer = biz(code, undefined, PAID);
      expect(kinds(answer)).toEqual({ pay, query, cancel });
      expect(refundOutcome(answer, ORDER).kind).toBe(refund);
    },
  );

  test.each([
    ['without data', undefined, 'declined'],
    ['with PAY_CANCELED', 'PAY_CANCELED', 'declined'],
    ['with CANCELED', 'CANCELED', 'declined'],
    ['with CREATED', 'CREATED', 'unknown'],
    ['with PAY_ERROR', 'PAY_ERROR', 'unknown'],
    ['with PAID', 'PAID', 'unknown'],
  ])('PAY_FAIL %s (%s) is %s', (_name, status, kind) => {
    expect(payOutcome(biz('PAY_FAIL', 'EXPIRED_BARCODE', { order_status: status }), ORDER).kind).toBe(kind);
  });

  test('the code tables hold exactly the documented codes', () => {
    const documented = [
      'PAY_SUCCESS',
      'PAY_FAIL',
      'PAY_IN_PROGRESS',
      'PAY_FAIL_ERROR',
      'PAY_FAIL_IN_PROGRESS',
      'FAIL',
    ];
    expect(new Set(Object.keys(PAY_RESULTS))).toEqual(new Set(documented));
    expect(new Set(Object.keys(QUERY_RESULTS))).toEqual(new Set(['SUCCESS', 'FAIL']));
    expect(new Set(Object.keys(PRECREATE_RESULTS))).toEqual(
      new Set(['PRECREATE_SUCCESS', 'PRECREATE_FAIL', 'PRECREATE_FAIL_ERROR', 'PRECREATE_FAIL_IN_PROGRESS']),
    );
    expect(new Set(Object.keys(REVERSAL_RESULTS))).toEqual(
      new Set([
        'CANCEL_SUCCESS',
        'CANCEL_ERROR',
        'CANCEL_ABORT_SUCCESS',
        'CANCEL_ABORT_ERROR',
        'CANCEL_IN_PROGRESS',
        'CANCEL_ABORT_IN_PROGRESS',
        'FAIL',
      ]),
    );
    expect(new Set(Object.keys(REFUND_RESULTS))).toEqual(
      new Set([
        'REFUND_SUCCESS',
        'REFUND_FAIL',
        'REFUND_ERROR',
        'REFUND_FAIL_ERROR',
        'REFUND_IN_PROGRESS',
        'FAIL',
      ]),
    );
  });
});

describe('order states (3.2)', () => {
  test.each(STATUSES)('%s: a query says %s, a successful pay %s', (status, query, pay) => {
    expect(queryOutcome(biz('SUCCESS', undefined, { order_status: status }), ORDER).kind).toBe(query);
    expect(payOutcome(biz('PAY_SUCCESS', undefined, { order_status: status }), ORDER).kind).toBe(pay);
  });

  test.each(STATUSES)('an accepted cancel stays a promise whatever state (%s) comes with it', (status) => {
    expect(reversalOutcome(biz('CANCEL_SUCCESS', undefined, { order_status: status }), ORDER).kind).toBe(
      'accepted',
    );
  });

  test('the table holds exactly the documented states', () => {
    expect(new Set(Object.keys(ORDER_STATUS))).toEqual(new Set(STATUSES.map(([status]) => status)));
  });

  test('a query without a state proves nothing', () => {
    expect(queryOutcome(biz('SUCCESS'), ORDER).kind).toBe('unknown');
    expect(queryOutcome(biz('SUCCESS', undefined, {}), ORDER).kind).toBe('unknown');
  });
});

describe('faults of the envelope (3.5)', () => {
  test.each(ENVELOPES)('%s %s: pay %s, query %s, cancel %s', (rc, code, pay, query, cancel) => {
    expect(kinds(envelope(rc, code))).toEqual({ pay, query, cancel });
  });

  test('the table holds exactly the documented faults', () => {
    expect(new Set(Object.keys(ENVELOPE_ERRORS))).toEqual(new Set(ENVELOPES.map(([, code]) => code)));
  });

  test.each(['400', '500', '502', '0', '201', 'OK', 'constructor'])('%s without a code is unknown', (rc) => {
    const answer = reply({ result_code: rc, biz_response: { result_code: 'PAY_SUCCESS', data: PAID } });
    expect(kinds(answer)).toEqual({ pay: 'unknown', query: 'unknown', cancel: 'unknown' });
  });
});

describe('refusals (3.6)', () => {
  test.each(REFUSALS)('FAIL with %s: pay %s, query %s, cancel %s', (code, pay, query, cancel) => {
    expect(kinds(biz('FAIL', code))).toEqual({ pay, query, cancel });
  });

  test('the table holds exactly the documented codes', () => {
    expect(new Set(Object.keys(BUSINESS_ERRORS))).toEqual(new Set(REFUSALS.map(([code]) => code)));
  });

  test('FAIL without a code proves nothing', () => {
    expect(kinds(biz('FAIL'))).toEqual({ pay: 'unknown', query: 'unknown', cancel: 'unknown' });
  });

  test.each(['PAID', 'PARTIAL_REFUNDED', 'CREATED', 'PAY_ERROR'])(
    'a refused pay is not declined while the same answer shows the order as %s',
    (status) => {
      const answer = biz('FAIL', 'INSUFFICIENT_FUND', { client_sn: 'R1', order_status: status });
      expect(payOutcome(answer, ORDER).kind).toBe('unknown');
    },
  );

  test('a refund that was done before is done', () => {
    expect(refundOutcome(biz('FAIL', 'UPAY_REFUND_ORDER_NOOP'), ORDER).kind).toBe('already');
    expect(refundOutcome(biz('REFUND_FAIL', 'UPAY_REFUND_INVALID_ORDER_STATE'), ORDER).kind).toBe('refused');
    expect(refundOutcome(biz('FAIL', 'REFUND_REQUEST_CONFLICT'), ORDER).kind).toBe('unknown');
    expect(refundOutcome(envelope('500', 'UNKNOWN_SYSTEM_ERROR'), ORDER).kind).toBe('unknown');
    expect(refundOutcome(envelope('400', 'ILLEGAL_SIGN'), ORDER).kind).toBe('config');
    expect(refundOutcome(biz('REFUND_SUCCESS', undefined, { client_sn: 'R2' }), ORDER).kind).toBe('unknown');
  });
});

/** "Meaning for a cancelling client". */
const CANCEL_ANSWERS: readonly (readonly [name: string, answer: UpayReply, kind: string])[] = [
  ['CANCEL_SUCCESS', biz('CANCEL_SUCCESS'), 'accepted'],
  ['CANCEL_ABORT_SUCCESS', biz('CANCEL_ABORT_SUCCESS'), 'accepted'],
  ['FAIL + UPAY_CANCEL_ORDER_NOOP', biz('FAIL', 'UPAY_CANCEL_ORDER_NOOP'), 'already'],
  ['FAIL + UPAY_ORDER_NOT_EXISTS', biz('FAIL', 'UPAY_ORDER_NOT_EXISTS'), 'not_found'],
  ['FAIL + UPAY_ORDER_NOT_EXIST', biz('FAIL', 'UPAY_ORDER_NOT_EXIST'), 'not_found'],
  ['FAIL + UPAY_CANCEL_INVALID_ORDER_STATE', biz('FAIL', 'UPAY_CANCEL_INVALID_ORDER_STATE'), 'refused'],
  [
    'CANCEL_ERROR + UPAY_TCP_ORDER_NOT_REFUNDABLE',
    biz('CANCEL_ERROR', 'UPAY_TCP_ORDER_NOT_REFUNDABLE'),
    'refused',
  ],
  ['CANCEL_ERROR', biz('CANCEL_ERROR'), 'unknown'],
  ['CANCEL_ABORT_ERROR', biz('CANCEL_ABORT_ERROR'), 'unknown'],
  ['CANCEL_IN_PROGRESS', biz('CANCEL_IN_PROGRESS'), 'pending'],
  ['CANCEL_ABORT_IN_PROGRESS', biz('CANCEL_ABORT_IN_PROGRESS'), 'pending'],
  ['an unknown code', biz('CANCEL_MAYBE'), 'unknown'],
  ['500', envelope('500', 'UNKNOWN_SYSTEM_ERROR'), 'unknown'],
  ['400 ILLEGAL_SIGN', envelope('400', 'ILLEGAL_SIGN'), 'config'],
];

describe('the meaning for a cancelling client', () => {
  test.each(CANCEL_ANSWERS)('%s', (_name, answer, kind) => {
    expect(reversalOutcome(answer, ORDER).kind).toBe(kind);
  });
});

describe('an uncertain cancel', () => {
  test.each(['CANCEL_ERROR', 'CANCEL_ABORT_ERROR'])(
    '%s stays uncertain beside a code that refuses elsewhere',
    (result) => {
      for (const code of [
        'UPAY_CANCEL_INVALID_ORDER_STATE',
        'UPAY_CANCEL_ORDER_NOOP',
        'UPAY_ORDER_NOT_EXISTS',
      ]) {
        expect(reversalOutcome(biz(result, code), ORDER).kind).toBe('unknown');
      }
    },
  );
});

describe('codes that no document has', () => {
  test.each(STRANGE_CODES)('%s is unknown wherever it stands', (code) => {
    const nothing = { pay: 'unknown', query: 'unknown', cancel: 'unknown' };
    expect(kinds(biz(code, undefined, PAID))).toEqual(nothing);
    expect(kinds(biz('FAIL', code))).toEqual(nothing);
    expect(kinds(envelope('400', code))).toEqual(nothing);
    expect(kinds(envelope('500', code))).toEqual(nothing);
    expect(queryOutcome(biz('SUCCESS', undefined, { order_status: code }), ORDER).kind).toBe('unknown');
    expect(payOutcome(biz('PAY_SUCCESS', undefined, { order_status: code }), ORDER).kind).toBe('pending');
  });

  test.each(STRANGE_CODES)('%s is in no table', (code) => {
    for (const table of [PAY_RESULTS, ORDER_STATUS, BUSINESS_ERRORS, ENVELOPE_ERRORS]) {
      expect(lookUp(table, code)).toBeUndefined();
    }
  });

  test('nothing is looked up for an absent code', () => {
    expect(lookUp(ORDER_STATUS, undefined)).toBeUndefined();
    expect(lookUp(ORDER_STATUS, 'PAID')).toBe('charged');
  });
});

describe('informational tables', () => {
  test('hold every transaction state (3.3)', () => {
    expect(new Set(Object.keys(TRANSACTION_STATUS))).toEqual(
      new Set([
        'SUCCESS',
        'FAIL_CANCELED',
        'FAIL_PROTOCOL_1',
        'FAIL_PROTOCOL_2',
        'FAIL_PROTOCOL_3',
        'FAIL_IO_1',
        'FAIL_IO_2',
        'FAIL_ERROR',
        'CANCEL_ERROR',
        'REFUND_ERROR',
        'CREATED',
        'IN_PROG',
        'ERROR_RECOVERY',
        'PRE_SUCCESS',
        'ABORTED',
      ]),
    );
  });

  test('hold every wallet and its ways (3.4)', () => {
    const payways = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 20, 22, 100, 101, 2001];
    expect(new Set(Object.keys(PAYWAYS))).toEqual(new Set(payways.map(String)));
    expect(new Set(Object.keys(SUB_PAYWAYS))).toEqual(new Set(['1', '2', '3', '4', '5', '6']));
  });
});
