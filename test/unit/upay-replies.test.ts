import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isIllegalSign,
  payOutcome,
  queryOutcome,
  refundOutcome,
  reversalOutcome,
  unreadable,
  type Expected,
} from '../../shared/protocol/upay/outcome.ts';
import { credentialsOf, parseReply, type UpayReply } from '../../shared/protocol/upay/reply.ts';
import { junk } from '../arbitraries/wire.ts';
import {
  OUTSIDE_DATA,
  UPAY_EXAMPLES,
  UPAY_PARAMETERS,
  type Parameter,
  type Seed,
} from '../fixtures/upay-parameters.ts';

type Json = Readonly<Record<string, unknown>>;

function reply(json: unknown): UpayReply {
  const parsed = parseReply(JSON.stringify(json));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const SEEDS: readonly Seed[] = ['000-cancel-en', '001-cancel-zh', '001-revoke-zh', '002-revoke-en'];
const rowsOf = (seed: Seed): readonly Parameter[] =>
  UPAY_PARAMETERS.filter((row) => row.direction === 'reply' && row.seed === seed);
const example = (seed: Seed, name: string): string =>
  rowsOf(seed).find((row) => row.name === name)?.example ?? '';

const ACTIONS = {
  pay: { result: 'PAY_SUCCESS', status: 'PAID', kind: 'approved', judge: payOutcome, lost: 'pending' },
  query: { result: 'SUCCESS', status: 'PAID', kind: 'charged', judge: queryOutcome, lost: 'unknown' },
  'query of a cancelled order': {
    result: 'SUCCESS',
    status: 'CANCELED',
    kind: 'not_charged',
    judge: queryOutcome,
    lost: 'unknown',
  },
  cancel: {
    result: 'CANCEL_SUCCESS',
    status: 'CANCELED',
    kind: 'accepted',
    judge: reversalOutcome,
    lost: 'accepted',
  },
} as const;
type Action = keyof typeof ACTIONS;

/** A whole reply as the seed's table describes it, with one member changed. */
function wholeReply(seed: Seed, action: Action, change: Json = {}): Json {
  const { result, status } = ACTIONS[action];
  const members: Record<string, unknown> = Object.fromEntries(
    rowsOf(seed).map((row) => [row.name, row.example]),
  );
  // On success the error members are absent or empty.
  Object.assign(
    members,
    { result_code: result, error_code: '', error_message: '', order_status: status },
    change,
  );
  const outside = Object.entries(members).filter(([name]) => OUTSIDE_DATA.has(name));
  const data = Object.entries(members).filter(([name]) => !OUTSIDE_DATA.has(name));
  return {
    result_code: '200',
    biz_response: { ...Object.fromEntries(outside), data: Object.fromEntries(data) },
  };
}

const CASES = SEEDS.flatMap((seed) =>
  (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
    rowsOf(seed).map(({ name, maxLength }) => ({ seed, action, name, maxLength })),
  ),
);
const NAMED = SEEDS.flatMap((seed) => (Object.keys(ACTIONS) as Action[]).map((action) => ({ seed, action })));

describe('replies by the tables of the seeds', () => {
  test.each(NAMED)('a whole reply of seed $seed decides $action', ({ seed, action }) => {
    const { kind, judge } = ACTIONS[action];
    const expected: Expected = { clientSn: example(seed, 'client_sn'), sn: example(seed, 'sn') };
    expect(judge(reply(wholeReply(seed, action)), expected)).toMatchObject({
      kind,
      evidence: { sn: example(seed, 'sn'), amountMinor: Number(example(seed, 'total_amount')) },
    });
  });

  test.each(CASES)(
    '$action of seed $seed survives any fault of $name',
    ({ seed, action, name, maxLength }) => {
      const { kind, judge, lost } = ACTIONS[action];
      const expected: Expected = { clientSn: example(seed, 'client_sn'), sn: example(seed, 'sn') };
      const absent = [undefined, null, '', [], {}, ['PAID'], { order_status: 'PAID' }];
      const strange = [true, 12.5, -1, 'x'.repeat((maxLength ?? 64) * 10)];
      const judged = (value: unknown): string =>
        judge(reply(wholeReply(seed, action, { [name]: value })), expected).kind;
      const after = (values: readonly unknown[]): ReadonlySet<string> => new Set(values.map(judged));
      // A name that is not the order's is another order's; a missing one is nobody's.
      const isName = name === 'sn' || name === 'client_sn';
      const whenAbsent = name === 'result_code' ? 'unknown' : name === 'order_status' ? lost : kind;
      const whenStrange = isName ? 'unknown' : whenAbsent;
      expect(after(absent)).toEqual(new Set([whenAbsent]));
      expect(after(strange)).toEqual(new Set([whenStrange]));
    },
  );

  test('the wider of two documented lengths is accepted', () => {
    const clientSn = 'A'.repeat(64);
    const change = { client_sn: clientSn, subject: 's'.repeat(64), operator: 'o'.repeat(64) };
    const answer = reply(wholeReply('000-cancel-en', 'query', change));
    expect(queryOutcome(answer, { clientSn, sn: null }).kind).toBe('charged');
  });

  test('the example of a cancelled order is a promise to be proved', () => {
    expect(
      reversalOutcome(reply(UPAY_EXAMPLES.cancelled), { clientSn: '22345677767776', sn: '7894259244064831' }),
    ).toEqual({
      kind: 'accepted',
      evidence: { code: '200/CANCEL_SUCCESS/CANCELED', sn: '7894259244064831', amountMinor: 1 },
    });
  });

  test('the example of an order that took part in a campaign is a definite no', () => {
    expect(reversalOutcome(reply(UPAY_EXAMPLES.refused), { clientSn: 'R1', sn: null })).toEqual({
      kind: 'refused',
      evidence: {
        code: '200/CANCEL_ERROR/UPAY_TCP_ORDER_NOT_REFUNDABLE',
        message: '订单7894259244061958参与了活动并且无法撤销',
      },
    });
  });
});

const ORDER: Expected = { clientSn: 'R1', sn: '7892259488292938' };
const POSITIVE: ReadonlySet<string> = new Set([
  'approved',
  'charged',
  'not_charged',
  'accepted',
  'already',
  'declined',
]);
const verdicts = (answer: UpayReply): readonly string[] =>
  [payOutcome, queryOutcome, reversalOutcome, refundOutcome].map((judge) => judge(answer, ORDER).kind);

/** An object whose own member `__proto__` looks like a prototype to careless code. */
const inherited = (members: Json): unknown => JSON.parse(`{"__proto__":${JSON.stringify(members)}}`);

describe('replies that prove nothing', () => {
  test.each([
    ['nothing', '', 'not_json'],
    ['a proxy page', '<html>502 Bad Gateway</html>', 'not_json'],
    ['half a reply', '{"result_code":"200","biz_resp', 'not_json'],
    [
      'two states of one order',
      '{"result_code":"200","biz_response":{"data":{"order_status":"CREATED","order_status":"PAID"}}}',
      'duplicate_member',
    ],
    ['a number', '200', 'not_an_envelope'],
    ['null', 'null', 'not_an_envelope'],
    ['a list', '[{"result_code":"200"}]', 'not_an_envelope'],
    ['an empty object', '{}', 'not_an_envelope'],
    ['no result code', '{"biz_response":{"result_code":"PAY_SUCCESS"}}', 'not_an_envelope'],
    ['null as result code', '{"result_code":null}', 'not_an_envelope'],
    ['a list as result code', '{"result_code":["200"]}', 'not_an_envelope'],
  ])('%s is no envelope', (_name, text, error) => {
    expect(parseReply(text)).toEqual({ ok: false, error });
  });

  test.each<[name: string, biz: unknown]>([
    ['no biz_response', undefined],
    ['null', null],
    ['text', 'PAY_SUCCESS'],
    ['a list', [{ result_code: 'PAY_SUCCESS' }]],
    ['nothing in it', {}],
    ['its members inherited', inherited({ result_code: 'PAY_SUCCESS', data: { order_status: 'PAID' } })],
    ['data alone', { data: { order_status: 'PAID' } }],
    ['the state outside data', { result_code: 'SUCCESS', order_status: 'PAID' }],
    ['data as a list', { result_code: 'SUCCESS', data: [{ order_status: 'PAID' }] }],
    ['data as text', { result_code: 'SUCCESS', data: '{"order_status":"PAID"}' }],
    ['a list of states', { result_code: 'SUCCESS', data: { order_status: ['PAID'] } }],
    ['a state inherited', { result_code: 'SUCCESS', data: inherited({ order_status: 'PAID' }) }],
  ])('%s decides nothing', (_name, biz) => {
    expect(new Set(verdicts(reply({ result_code: '200', biz_response: biz })))).toEqual(new Set(['unknown']));
  });

  test('no JSON that lacks a documented code ever decides anything', () => {
    const biz = fc.oneof(junk, fc.record({ result_code: junk, error_code: junk, data: junk }));
    fc.assert(
      fc.property(fc.constantFrom('200', 200, '400', '500'), biz, junk, (code, response, error) => {
        const answer = reply({ result_code: code, error_code: error, biz_response: response });
        expect(verdicts(answer).filter((kind) => POSITIVE.has(kind))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('no text at all makes the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseReply(text);
        expect(
          parsed.ok ? verdicts(parsed.value).every((kind) => !POSITIVE.has(kind)) : parsed.error,
        ).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });

  test('a body that cannot be read is unknown with its reason', () => {
    expect(unreadable('local/not_json')).toEqual({ kind: 'unknown', evidence: { code: 'local/not_json' } });
  });
});

describe('replies about another order', () => {
  const foreign = {
    sn: '7890000000000000',
    client_sn: 'SOMEBODY-ELSE',
    order_status: 'PAID',
    total_amount: '999',
  };
  const answers = {
    pay: payOutcome(
      reply({ result_code: '200', biz_response: { result_code: 'PAY_SUCCESS', data: foreign } }),
      {
        clientSn: 'R1',
        sn: null,
      },
    ),
    query: queryOutcome(
      reply({ result_code: '200', biz_response: { result_code: 'SUCCESS', data: foreign } }),
      {
        clientSn: 'R1',
        sn: null,
      },
    ),
    cancel: reversalOutcome(
      reply({ result_code: '200', biz_response: { result_code: 'CANCEL_SUCCESS', data: foreign } }),
      { clientSn: 'R1', sn: null },
    ),
  };

  test.each(Object.entries(answers))('decide nothing (%s)', (_name, { kind }) => {
    expect(kind).toBe('unknown');
  });

  test.each(Object.entries(answers))(
    'never lend their number, because the next cancel would hit the other order (%s)',
    (_name, { evidence }) => {
      expect(evidence.sn).toBeUndefined();
      expect(evidence.amountMinor).toBeUndefined();
    },
  );

  test('are noticed by the acquirer’s number alone', () => {
    const data = { sn: '7890000000000000', order_status: 'PAID' };
    const answer = reply({ result_code: '200', biz_response: { result_code: 'SUCCESS', data } });
    expect(queryOutcome(answer, ORDER).kind).toBe('unknown');
    expect(queryOutcome(answer, { clientSn: 'R1', sn: null }).kind).toBe('charged');
  });
});

describe('evidence', () => {
  test('keeps raw codes outermost first and bounded words', () => {
    const { evidence } = reversalOutcome(
      reply({
        result_code: '200',
        biz_response: { result_code: 'CANCEL_ERROR', error_code: 'X', error_message: 'm'.repeat(5000) },
      }),
      ORDER,
    );
    expect(evidence.code).toBe('200/CANCEL_ERROR/X');
    expect(evidence.message).toBe('m'.repeat(256));
  });

  test('stays bounded when every code is huge', () => {
    const huge = 'C'.repeat(100_000);
    const answer = reply({
      result_code: '200',
      error_code: huge,
      biz_response: { result_code: huge, error_code: huge, data: { order_status: huge, sn: huge } },
    });
    const { evidence } = queryOutcome(answer, { clientSn: 'R1', sn: null });
    expect(evidence.code.length).toBeLessThan(1100);
    expect(evidence.sn?.length ?? 0).toBeLessThanOrEqual(256);
  });

  test('stays bounded when the result code of the envelope is huge', () => {
    const { evidence } = queryOutcome(reply({ result_code: 'C'.repeat(100_000) }), ORDER);
    expect(evidence.code.length).toBeLessThan(1100);
  });

  const amountEchoed = (total_amount: unknown): number | null | undefined => {
    const data = { order_status: 'PAID', total_amount };
    const answer = reply({ result_code: '200', biz_response: { result_code: 'SUCCESS', data } });
    return queryOutcome(answer, ORDER).evidence.amountMinor;
  };

  test.each(['', null, undefined])('has no amount where %o is echoed', (echoed) => {
    expect(amountEchoed(echoed)).toBeUndefined();
  });

  test.each(['12.5', '-1', '1e3', 'abc', '12345678901', 12.5, 1e30])(
    'has an amount that is not ours where %o is echoed',
    (echoed) => {
      expect(amountEchoed(echoed)).toBeNull();
    },
  );
});

describe('the signature complaint', () => {
  test.each([
    [{ result_code: '400', error_code: 'ILLEGAL_SIGN' }, true],
    [{ result_code: '200', error_code: 'ILLEGAL_SIGN' }, false],
    [{ result_code: '400', error_code: 'INVALID_TERMINAL' }, false],
    [{ result_code: '400' }, false],
  ])('%j: %s', (json, illegal) => {
    expect(isIllegalSign(reply(json))).toBe(illegal);
  });
});

describe('credentials', () => {
  const credentials = { terminal_sn: '10298371039', terminal_key: '68d499beda5f72116592f5c527465656' };
  const read = { terminalSn: credentials.terminal_sn, terminalKey: credentials.terminal_key };

  test.each<[name: string, biz: Json]>([
    ['flat', credentials],
    ['flat, with shop names', { ...credentials, merchant_name: '', store_name: null }],
    ['nested', { result_code: 'TERMINAL_CHECKIN_SUCCESS', data: credentials }],
  ])('are read %s', (_name, biz) => {
    expect(credentialsOf(reply({ result_code: '200', biz_response: biz }))).toEqual(read);
  });

  test.each<[name: string, json: Json]>([
    ['a refusal', { result_code: '400', error_code: 'ACTIVATE_FAIL', biz_response: credentials }],
    ['no key', { result_code: '200', biz_response: { terminal_sn: '1' } }],
    ['no terminal', { result_code: '200', biz_response: { terminal_key: 'k' } }],
    ['an empty key', { result_code: '200', biz_response: { ...credentials, terminal_key: '' } }],
    ['an object as key', { result_code: '200', biz_response: { ...credentials, terminal_key: {} } }],
    ['no biz_response', { result_code: '200' }],
  ])('are not made up from %s', (_name, json) => {
    expect(credentialsOf(reply(json))).toBeUndefined();
  });

  test('are refused rather than cut, because a cut key locks the terminal out', () => {
    const long = { ...credentials, terminal_key: 'k'.repeat(320) };
    const kept = credentialsOf(reply({ result_code: '200', biz_response: long }));
    expect([undefined, 'k'.repeat(320)]).toContain(kept?.terminalKey);
  });

  test('are refused when the terminal number is longer than any request may carry', () => {
    const long = { ...credentials, terminal_sn: '1'.repeat(33) };
    expect(credentialsOf(reply({ result_code: '200', biz_response: long }))).toBeUndefined();
  });
});
