import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESULT_CODES } from '../../shared/protocol/alipay/codes.ts';
import { ALIPAY_CODES } from '../fixtures/alipay-parameters.ts';
import {
  DIALECTS,
  kindsOf,
  NOTHING,
  ORDER,
  PROTOCOLS,
  read,
  SIGNED,
  UNSIGNED,
  type Kinds,
} from '../support/alipay-replies.ts';

/** Written from the documents and not from the code, so that a code which is missing there fails here. */

type Row = readonly [
  code: string,
  status: string,
  pay: string,
  query: string,
  cancel: string,
  refund: string,
  /** What a query says that finds the payment with this code and status as its `paymentResult`. */
  payment: string,
];

const rows = (
  status: string,
  meanings: readonly [pay: string, query: string, cancel: string, refund: string, payment: string],
  codes: readonly string[],
): readonly Row[] => codes.map((code) => [code, status, ...meanings]);

const CODES: readonly Row[] = [
  ['ACCEPT', 'A', 'pending', 'unknown', 'unknown', 'unknown', 'pending'],
  ['UNKNOWN_EXCEPTION', 'U', 'unknown', 'unknown', 'unknown', 'unknown', 'pending'],
  ['PAYMENT_IN_PROCESS', 'U', 'pending', 'pending', 'pending', 'pending', 'pending'],
  ['REFUND_IN_PROCESS', 'U', 'unknown', 'unknown', 'unknown', 'pending', 'pending'],
  ['REQUEST_TRAFFIC_EXCEED_LIMIT', 'U', 'throttled', 'throttled', 'throttled', 'throttled', 'pending'],
  ['REQUEST_TRAFFIC_EXCEED_LIMIT', 'F', 'throttled', 'throttled', 'throttled', 'throttled', 'pending'],
  ['REPEAT_REQ_INCONSISTENT', 'F', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['ORDER_NOT_EXIST', 'F', 'unknown', 'not_found', 'not_found', 'not_found', 'not_found'],
  ['PAYMENT_NOT_FOUND', 'F', 'unknown', 'not_found', 'not_found', 'not_found', 'not_found'],
  ['ORDER_STATUS_INVALID', 'F', 'unknown', 'unknown', 'refused', 'refused', 'unknown'],
  ['ORDER_IS_CLOSED', 'F', 'unknown', 'unknown', 'refused', 'refused', 'not_charged'],
  ['ORDER_IS_CANCELED', 'F', 'unknown', 'unknown', 'already', 'refused', 'not_charged'],
  ['PAYMENT_ALREADY_CANCELLED', 'F', 'unknown', 'unknown', 'already', 'refused', 'not_charged'],
  ['CANCEL_WINDOW_EXCEED', 'F', 'unknown', 'unknown', 'window_closed', 'refused', 'unknown'],
  ['CANCEL_NOT_ALLOWED', 'F', 'unknown', 'unknown', 'refused', 'refused', 'unknown'],
  ['MERCHANT_BALANCE_NOT_ENOUGH', 'F', 'unknown', 'unknown', 'refused', 'refused', 'unknown'],
  ['REFUND_WINDOW_EXCEED', 'F', 'unknown', 'unknown', 'refused', 'window_closed', 'unknown'],
  ['REFUND_AMOUNT_EXCEED', 'F', 'unknown', 'unknown', 'refused', 'refused', 'unknown'],
  ['REFUND_NOT_EXIST', 'F', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  ...rows(
    'F',
    ['config', 'config', 'config', 'config', 'not_charged'],
    [
      'INVALID_API',
      'NO_INTERFACE_DEF',
      'ACCESS_DENIED',
      'KEY_NOT_FOUND',
      'CLIENT_INVALID',
      'INVALID_CLIENT',
      'INVALID_SIGNATURE',
      'SIGNATURE_INVALID',
      'TIMESTAMP_INVALID',
      'METHOD_NOT_SUPPORTED',
      'MEDIA_TYPE_NOT_ACCEPTABLE',
      'PARTNER_NOT_EXIST',
      'PARTNER_STATUS_ABNORMAL',
      'INVALID_CONTRACT',
      'INVALID_MERCHANT_STATUS',
      'MERCHANT_NOT_REGISTERED',
      'SETTLE_CONTRACT_NOT_MATCH',
      'INVALID_ACCESS_TOKEN',
      'EXPIRED_ACCESS_TOKEN',
      'INVALID_AGENT_TOKEN',
      'EXPIRED_AGENT_TOKEN',
    ],
  ),
  ...rows(
    'F',
    ['declined', 'unknown', 'refused', 'refused', 'not_charged'],
    [
      'PARAM_ILLEGAL',
      'PROCESS_FAIL',
      'PAYMENT_AMOUNT_EXCEED_LIMIT',
      'PAYMENT_COUNT_EXCEED_LIMIT',
      'USER_NOT_EXIST',
      'USER_STATUS_ABNORMAL',
      'USER_BALANCE_NOT_ENOUGH',
      'USER_AMOUNT_EXCEED_LIMIT',
      'USER_KYC_NOT_QUALIFIED',
      'USER_PAYMENT_VERIFICATION_FAILED',
      'RISK_REJECT',
      'FRAUD_REJECT',
      'REGULATION_RESTRICTION',
      'CURRENCY_NOT_SUPPORT',
      'BUSINESS_NOT_SUPPORT',
      'NO_PAY_OPTIONS',
      'UNAVAILABLE_PAYMENT_METHOD',
      'AUTH_CODE_ALREADY_USED',
      'INVALID_CODE',
      'INVALID_PAYMENT_CODE',
      'EXPIRED_CODE',
    ],
  ),
];

/** Their meaning is uncertain, so it follows from the code whatever the status. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  'ACCEPT',
  'UNKNOWN_EXCEPTION',
  'PAYMENT_IN_PROCESS',
  'REFUND_IN_PROCESS',
  'REQUEST_TRAFFIC_EXCEED_LIMIT',
]);
/** Complaints about who we are and how we sign, which come without a signature. */
const IDENTITY: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'SIGNATURE_INVALID',
  'KEY_NOT_FOUND',
  'CLIENT_INVALID',
  'INVALID_CLIENT',
  'TIMESTAMP_INVALID',
]);

const ALL_CODES = ['SUCCESS', ...new Set(CODES.map(([code]) => code))];
const STATUSES = ['S', 'F', 'U', 'A', 's', 'R', '', undefined] as const;

const STRANGE_CODES = [
  '__proto__',
  'constructor',
  'toString',
  'NEVER_SEEN_BEFORE',
  'success',
  'SUCCESS ',
  'SUCCESSFUL',
  '0',
];

const answer = (resultStatus: string | undefined, resultCode: string | undefined, members = {}) =>
  read({ result: { resultCode, resultStatus, resultMessage: 'words' }, ...members });

/** The most a reply can claim, in the words of both protocols. */
const CLAIMS = {
  paymentId: ORDER.sn,
  paymentRequestId: ORDER.clientSn,
  paymentAmount: { currency: 'CNY', value: '1234' },
  paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS' },
  paymentStatus: 'SUCCESS',
};

const found = (resultStatus: string | undefined, resultCode: string | undefined): string =>
  DIALECTS.alipayplus.queryOutcome(
    answer('S', 'SUCCESS', { paymentResult: { resultStatus, resultCode } }),
    ORDER,
    SIGNED,
  ).kind;

describe.each(PROTOCOLS)('codes of %s', (protocol) => {
  const dialect = DIALECTS[protocol];

  test.each(CODES)('%s %s: pay %s, query %s, cancel %s, refund %s', (code, status, ...kinds) => {
    const [pay, query, cancel, refund] = kinds;
    const expected: Kinds = { pay, query, cancel, refund };
    expect(kindsOf(dialect, answer(status, code))).toEqual(expected);
    expect(kindsOf(dialect, answer(status, code, CLAIMS))).toEqual(expected);
  });

  test('S with SUCCESS is success in every call', () => {
    expect(kindsOf(dialect, answer('S', 'SUCCESS', CLAIMS))).toEqual({
      pay: 'approved',
      query: 'charged',
      cancel: 'accepted',
      refund: 'accepted',
    });
  });

  test.each(ALL_CODES)('nothing but S makes a success of %s', (code) => {
    const positive = new Set(['approved', 'charged', 'accepted']);
    for (const status of STATUSES) {
      if (status === 'S' && code === 'SUCCESS') continue;
      const kinds = Object.values(kindsOf(dialect, answer(status, code, CLAIMS))) as string[];
      expect(kinds.filter((kind) => positive.has(kind))).toEqual([]);
    }
  });

  test.each(['F', 'U', 'A', 'X', undefined])('SUCCESS with status %s is unknown', (status) => {
    expect(kindsOf(dialect, answer(status, 'SUCCESS', CLAIMS))).toEqual(NOTHING);
  });

  test.each(CODES.filter(([code]) => !UNCERTAIN.has(code)))('%s is definite with status F alone', (code) => {
    for (const status of ['S', 'U', 'A', 'X', undefined]) {
      expect(kindsOf(dialect, answer(status, code, CLAIMS))).toEqual(NOTHING);
    }
  });

  test.each(CODES.filter(([code]) => UNCERTAIN.has(code)))(
    '%s means the same with every status',
    (code, _status, ...kinds) => {
      const [pay, query, cancel, refund] = kinds;
      for (const status of ['S', 'F', 'U', 'A']) {
        expect(kindsOf(dialect, answer(status, code))).toEqual({ pay, query, cancel, refund });
      }
    },
  );

  test('without a status only too much traffic is believed, because it decides nothing', () => {
    for (const code of ALL_CODES) {
      for (const status of [undefined, '', 'X', 'f', 'SUCCESS']) {
        const kinds = new Set(Object.values(kindsOf(dialect, answer(status, code, CLAIMS))));
        expect(kinds).toEqual(new Set([code === 'REQUEST_TRAFFIC_EXCEED_LIMIT' ? 'throttled' : 'unknown']));
      }
    }
  });

  test.each(['S', 'F', 'U', 'A'])('status %s without a code is unknown', (status) => {
    expect(kindsOf(dialect, answer(status, undefined, CLAIMS))).toEqual(NOTHING);
  });

  test.each(STRANGE_CODES)('the code %s, which no document has, goes by its status', (code) => {
    expect(kindsOf(dialect, answer('F', code, CLAIMS))).toEqual({
      pay: 'declined',
      query: 'unknown',
      cancel: 'refused',
      refund: 'refused',
    });
    for (const status of ['S', 'U', 'A', undefined]) {
      expect(kindsOf(dialect, answer(status, code, CLAIMS))).toEqual(NOTHING);
    }
  });
});

describe('the tables', () => {
  test('hold exactly the documented codes', () => {
    expect(new Set(Object.keys(RESULT_CODES))).toEqual(new Set(ALL_CODES));
  });

  test.each([['SUCCESS', 'S'], ...CODES.map(([code, status]) => [code, status] as const)] as const)(
    'give %s the status %s that documents give it',
    (code, status) => {
      expect(RESULT_CODES[code]?.statuses).toContain(status);
    },
  );

  test.each(ALIPAY_CODES)('hold $code with status $status of seed $seed', ({ code, status }) => {
    expect(RESULT_CODES[code]?.statuses).toContain(status);
  });

  test('give no code a status that no document gives it', () => {
    const given = Object.entries(RESULT_CODES).flatMap(([code, row]) =>
      row.statuses.map((status) => `${code} ${status}`),
    );
    const documented = CODES.map(([code, status]) => `${code} ${status}`);
    expect(new Set(given)).toEqual(new Set([...documented, 'SUCCESS S']));
  });
});

describe('the answer to a cancel by the tables of the seeds', () => {
  const ANSWERS: Readonly<Record<string, string>> = {
    SUCCESS: 'accepted',
    UNKNOWN_EXCEPTION: 'unknown',
    REQUEST_TRAFFIC_EXCEED_LIMIT: 'throttled',
    CANCEL_WINDOW_EXCEED: 'window_closed',
    ORDER_NOT_EXIST: 'not_found',
    MERCHANT_BALANCE_NOT_ENOUGH: 'refused',
    PARAM_ILLEGAL: 'refused',
    PROCESS_FAIL: 'refused',
    ACCESS_DENIED: 'config',
    KEY_NOT_FOUND: 'config',
    CLIENT_INVALID: 'config',
    INVALID_CLIENT: 'config',
    INVALID_SIGNATURE: 'config',
    METHOD_NOT_SUPPORTED: 'config',
    MEDIA_TYPE_NOT_ACCEPTABLE: 'config',
    NO_INTERFACE_DEF: 'config',
  };

  test.each(ALIPAY_CODES)('$seed $status $code keeps its words', ({ seed, code, status, message }) => {
    const dialect = DIALECTS[seed === '003-cancel' ? 'miniprogram' : 'alipayplus'];
    const reply = read({ result: { resultCode: code, resultStatus: status, resultMessage: message } });
    expect(dialect.cancelOutcome(reply, ORDER, SIGNED)).toEqual({
      kind: ANSWERS[code],
      evidence: { code: `${status}/${code}`, message },
    });
  });
});

describe('the payment that an Alipay+ inquiry finds', () => {
  test.each(CODES.filter(([code]) => code !== 'REFUND_IN_PROCESS'))(
    'with %s %s is what its code says',
    (code, status, ...kinds) => {
      expect(found(status, code)).toBe(kinds.at(-1));
    },
  );

  test('was charged with S and SUCCESS together', () => {
    expect(found('S', 'SUCCESS')).toBe('charged');
    for (const status of ['F', 'U', 'A', 'X', undefined]) expect(found(status, 'SUCCESS')).toBe('unknown');
    for (const code of [...ALL_CODES, ...STRANGE_CODES, undefined].filter((one) => one !== 'SUCCESS')) {
      expect(['pending', 'unknown']).toContain(found('S', code));
    }
  });

  test('still runs with U, whatever code comes with it', () => {
    for (const code of [...ALL_CODES, ...STRANGE_CODES, undefined].filter((one) => one !== 'SUCCESS')) {
      expect(found('U', code)).toBe('pending');
    }
  });

  test.each(STRANGE_CODES)('was not charged with F and the code %s of no document', (code) => {
    expect(found('F', code)).toBe('not_charged');
  });

  test('is unknown without its code, and without its status', () => {
    expect(found('F', undefined)).toBe('unknown');
    expect(found(undefined, 'USER_BALANCE_NOT_ENOUGH')).toBe('unknown');
    expect(found(undefined, undefined)).toBe('unknown');
  });
});

describe('the payment that a mini-program inquiry finds', () => {
  const paymentFound = (paymentStatus: string, paymentResultCode?: string): string =>
    DIALECTS.miniprogram.queryOutcome(
      answer('S', 'SUCCESS', { paymentStatus, paymentResultCode }),
      ORDER,
      SIGNED,
    ).kind;

  test.each([
    ['SUCCESS', 'charged'],
    ['FAIL', 'not_charged'],
    ['CANCELLED', 'not_charged'],
    ['PROCESSING', 'pending'],
    ['AUTH_SUCCESS', 'pending'],
    ['AUTH_EXPIRED', 'pending'],
    ['success', 'unknown'],
    ['CLOSED', 'unknown'],
    ['S', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
    ['constructor', 'unknown'],
  ])('as %s is %s', (status, kind) => {
    expect(paymentFound(status)).toBe(kind);
  });

  test.each([
    ['SUCCESS', 'SUCCESS', 'charged'],
    ['SUCCESS', 'PAYMENT_IN_PROCESS', 'pending'],
    ['SUCCESS', 'USER_BALANCE_NOT_ENOUGH', 'unknown'],
    ['SUCCESS', 'NEVER_SEEN_BEFORE', 'unknown'],
    ['FAIL', 'USER_BALANCE_NOT_ENOUGH', 'not_charged'],
    ['FAIL', 'NEVER_SEEN_BEFORE', 'not_charged'],
    ['FAIL', 'PAYMENT_IN_PROCESS', 'pending'],
    ['FAIL', 'UNKNOWN_EXCEPTION', 'pending'],
    ['FAIL', 'ORDER_NOT_EXIST', 'not_found'],
    ['FAIL', 'SUCCESS', 'unknown'],
    // What was paid and then cancelled may keep the code of its payment.
    ['CANCELLED', 'SUCCESS', 'not_charged'],
    ['PROCESSING', 'SUCCESS', 'pending'],
    ['CLOSED', 'SUCCESS', 'unknown'],
  ])('as %s with %s is %s', (status, code, kind) => {
    expect(paymentFound(status, code)).toBe(kind);
  });
});

describe.each(PROTOCOLS)('a reply of %s that nobody we know has signed', (protocol) => {
  const dialect = DIALECTS[protocol];

  test.each([...ALL_CODES, ...STRANGE_CODES, undefined])('with %s is never believed', (code) => {
    for (const status of STATUSES) {
      const isThrottle = code === 'REQUEST_TRAFFIC_EXCEED_LIMIT';
      const isConfig = status === 'F' && code !== undefined && IDENTITY.has(code);
      const kind = isThrottle ? 'throttled' : isConfig ? 'config' : 'unknown';
      expect(kindsOf(dialect, answer(status, code, CLAIMS), UNSIGNED)).toEqual({
        pay: isConfig ? 'config_unverified' : kind,
        query: kind,
        cancel: kind,
        refund: kind,
      });
    }
  });

  test('lends neither its number nor its amount, and says that it is unverified', () => {
    const reply = answer('F', 'INVALID_SIGNATURE', CLAIMS);
    for (const { evidence } of [
      dialect.payOutcome(reply, ORDER, UNSIGNED),
      dialect.queryOutcome(reply, ORDER, UNSIGNED),
      dialect.cancelOutcome(reply, ORDER, UNSIGNED),
      dialect.refundOutcome(reply, ORDER, 'RF1', UNSIGNED),
    ]) {
      expect(evidence.code).toMatch(/^unverified\/F\/INVALID_SIGNATURE/);
      expect(evidence).not.toHaveProperty('sn');
      expect(evidence).not.toHaveProperty('amountMinor');
    }
  });

  test('gives no definite outcome, whatever it holds', () => {
    const harmless = new Set(['unknown', 'throttled', 'config', 'config_unverified']);
    const word = fc.constantFrom(...ALL_CODES, ...STRANGE_CODES, 'S', 'F', 'U', 'A', 'FAIL', 'CANCELLED');
    const result = fc.record(
      { resultCode: word, resultStatus: fc.constantFrom('S', 'F', 'U', 'A') },
      { requiredKeys: [] },
    );
    const transaction = fc.record({
      transactionType: fc.constantFrom('PAYMENT', 'CANCEL', 'REFUND'),
      transactionStatus: word,
    });
    const body = fc.record(
      {
        result,
        paymentResult: result,
        paymentStatus: word,
        transactions: fc.array(transaction, { maxLength: 3 }),
      },
      { requiredKeys: ['result'] },
    );
    fc.assert(
      fc.property(body, (json) => {
        const kinds = Object.values(kindsOf(dialect, read(json), UNSIGNED)) as string[];
        expect(kinds.filter((kind) => !harmless.has(kind))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
