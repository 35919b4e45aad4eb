import { describe, expect, test } from 'vitest';
import { hashOf } from '../checker/chain.ts';
import { checkHistory } from '../checker/check-history.ts';
import type { GatewayTruth, History, JournalLine, SentCall, WireLine } from '../checker/history.ts';

/** The independent checker says nothing of a true history, and finds every lie that can be told of one. */

const AT = 1_795_000_000_000;
const HORIZON = AT + 180_000;
const SN = '7890001000000001';

type Draft = Omit<JournalLine, 'hash' | 'previousSeq' | 'version'>;
type OrderDraft = Readonly<Record<string, unknown>>;

const ORDER: OrderDraft = {
  clientSn: 'A1',
  sn: null,
  saleId: 'S1',
  terminalSn: '10000001',
  amountMinor: 1234,
  revision: 1,
  state: 'collecting',
  charged: 'unknown',
  reason: null,
  inFlightUntilMs: HORIZON,
  refund: null,
  owed: { call: 'pay', dueAtMs: AT, waitingFor: 'time' },
};

/** One entry: what happened, what was answered, and what is different in the order since the one before. */
interface Told {
  readonly event: string;
  readonly answer?: readonly [kind: string, code: string];
  readonly order?: OrderDraft;
  readonly atMs?: number;
  readonly actor?: { readonly kind: string; readonly name: string };
  /** Anything else in the event. */
  readonly more?: object;
}

const owes = (call: string) => ({ owed: { call, dueAtMs: AT, waitingFor: 'time' } });
const TERMINAL = { kind: 'terminal', name: 'terminal' };

/** The lines of one order's journal, each order as the one before with what is new written over it. */
function drafts(told: readonly Told[], first: OrderDraft = ORDER): readonly Draft[] {
  let order = first;
  return told.map(({ event, answer, order: change = {}, atMs = AT, actor = TERMINAL, more = {} }, index) => {
    order = { ...order, revision: index + 1, ...change };
    const outcome =
      answer === undefined ? {} : { outcome: { kind: answer[0], evidence: { code: answer[1] } } };
    const { clientSn } = first;
    const body = { event: { type: event, ...outcome, ...more, atMs, actor }, order, alerts: [] };
    return { seq: index + 1, clientSn: String(clientSn), atMs: atMs + index, event, body };
  });
}

/** Chained as the ledger chains them. */
function chained(lines: readonly Draft[]): readonly JournalLine[] {
  let hash = '0'.repeat(64);
  const lastOf = new Map<string | null, number>();
  return lines.map((draft, index) => {
    const seq = index + 1;
    const line = { ...draft, seq, previousSeq: lastOf.get(draft.clientSn) ?? null, version: 1 };
    lastOf.set(draft.clientSn, seq);
    hash = hashOf(hash, line);
    return { ...line, hash };
  });
}

const journalOf = (told: readonly Told[], first?: OrderDraft) => chained(drafts(told, first));

const wire = (call: string, result: string | null, more: Partial<WireLine> = {}): WireLine => ({
  atMs: AT + 50,
  call,
  clientSn: 'A1',
  signature: 'ok',
  result,
  delivery: 'sent',
  ...more,
});

const truth = (more: Partial<GatewayTruth> = {}): GatewayTruth => ({
  clientSn: 'A1',
  sn: SN,
  totalMinor: 1234,
  netCapturedMinor: 1234,
  charges: 1,
  refunds: [],
  ...more,
});

const INTENT: Told = {
  event: 'collect_requested',
  more: { codeFingerprint: 'kJ8-x', random: 0.2812345678901234 },
};
const PAID: Told = {
  event: 'pay_answered',
  answer: ['approved', '200/PAY_SUCCESS/PAID'],
  order: { state: 'paid', charged: 'yes', sn: SN, owed: null },
};
const PAY_WIRE = wire('pay', '200/PAY_SUCCESS/PAID');

/** A sale that was paid. */
const SALE: History = {
  journal: journalOf([INTENT, PAID]),
  gatewayOrders: [truth()],
  wire: [PAY_WIRE],
  oneClock: true,
};

const SILENCE: Told = {
  event: 'pay_answered',
  answer: ['unknown', 'local/timed_out'],
  order: { state: 'confirming', ...owes('query') },
};
const CLOSED: Told = { event: 'call_due', order: { state: 'reversing', ...owes('cancel') } };
const ACCEPTED: Told = {
  event: 'cancel_answered',
  answer: ['accepted', '200/CANCEL_SUCCESS/CANCELED'],
  order: { state: 'verifying', sn: SN, ...owes('query') },
};
const PROVED: Told = {
  event: 'query_answered',
  answer: ['not_charged', '200/SUCCESS/CANCELED'],
  order: { state: 'reversed', charged: 'no', owed: null },
};
const LOST_PAY = wire('pay', '200/PAY_SUCCESS/PAID', { delivery: 'withheld' });
const CANCEL_WIRE = wire('cancel', '200/CANCEL_SUCCESS/CANCELED');
const PROOF_WIRE = wire('query', '200/SUCCESS/CANCELED');

/** A sale whose answer was lost, cancelled and proved. */
const REVERSAL: History = {
  journal: journalOf([INTENT, SILENCE, CLOSED, ACCEPTED, PROVED]),
  gatewayOrders: [truth({ netCapturedMinor: 0 })],
  wire: [LOST_PAY, CANCEL_WIRE, PROOF_WIRE],
};

const REFUNDED_ONCE = { requestNo: 'RF1', amountMinor: 1234 };
const refundWanted = (requestId: string): Told => ({
  event: 'refund_requested',
  order: { state: 'revoking', refund: { requestId, acceptedAtMs: null }, ...owes('refund') },
});
const NO: Told = {
  event: 'refund_answered',
  answer: ['refused', '200/FAIL/NO'],
  order: owes('query'),
};
const YES: Told = {
  event: 'refund_answered',
  answer: ['accepted', '200/REFUND_SUCCESS/REFUNDED'],
  order: owes('query'),
};
const BACK: Told = {
  event: 'query_answered',
  answer: ['not_charged', '200/SUCCESS/REFUNDED'],
  order: { state: 'revoked', charged: 'no', owed: null },
};
const KEPT: Told = {
  event: 'query_answered',
  answer: ['charged', '200/SUCCESS/PAID'],
  order: { state: 'paid', charged: 'yes', refund: null, owed: null },
};
const REFUSED_WIRE = [wire('refund', '200/FAIL/NO'), wire('query', '200/SUCCESS/PAID')];
const REFUND_WIRE = [wire('refund', '200/REFUND_SUCCESS/REFUNDED'), wire('query', '200/SUCCESS/REFUNDED')];

/** A refund that was refused, and another that was made. */
const REFUND: History = {
  journal: journalOf([INTENT, PAID, refundWanted('RF0'), NO, KEPT, refundWanted('RF1'), YES, BACK]),
  gatewayOrders: [truth({ netCapturedMinor: 0, refunds: [REFUNDED_ONCE] })],
  wire: [PAY_WIRE, ...REFUSED_WIRE, ...REFUND_WIRE],
};

const SETTLED: Told = {
  event: 'settled',
  actor: { kind: 'operator', name: 'Ada' },
  order: { state: 'resolved', charged: 'no', owed: null },
};
const HANDED: Told = {
  event: 'cancel_answered',
  answer: ['unknown', 'local/timed_out'],
  order: { state: 'attention', owed: null },
};

test.each<[string, History]>([
  ['of a sale', SALE],
  ['of a reversal', REVERSAL],
  ['of two refunds, the first of them refused', REFUND],
  [
    'of a case that a person has closed',
    { ...REVERSAL, journal: journalOf([INTENT, SILENCE, CLOSED, HANDED, SETTLED]) },
  ],
  [
    'of a pay that was never sent',
    {
      journal: journalOf([
        INTENT,
        {
          event: 'pay_answered',
          answer: ['not_sent', 'network/ECONNREFUSED'],
          order: { state: 'declined', charged: 'no', reason: 'not_sent', owed: null },
        },
      ]),
      gatewayOrders: [],
      wire: [],
    },
  ],
  [
    'of a pay that was signed anew',
    { ...SALE, wire: [wire('pay', '400/ILLEGAL_SIGN', { signature: 'wrong' }), PAY_WIRE] },
  ],
  [
    'of what somebody else has given back',
    {
      ...SALE,
      gatewayOrders: [truth({ netCapturedMinor: 0 })],
      wire: [PAY_WIRE, CANCEL_WIRE],
      byHand: ['A1'],
    },
  ],
  ['of nothing', { journal: [], gatewayOrders: [], wire: [] }],
])('the true history %s is left alone', (_what, history) => {
  expect(checkHistory(history)).toEqual([]);
});

interface Lie {
  readonly lie: string;
  readonly history: History;
  readonly found: string;
}

const without = <Item>(items: readonly Item[], index: number): readonly Item[] =>
  items.filter((_item, at) => at !== index);
const replaced = <Item>(items: readonly Item[], index: number, change: Partial<Item>): readonly Item[] =>
  items.map((item, at) => (at === index ? { ...item, ...change } : item));

const sentAt = (call: string, committedSeq: number): SentCall => ({ call, clientSn: 'A1', committedSeq });
const SHORT: History = { ...REVERSAL, journal: journalOf([INTENT, SILENCE, CLOSED, HANDED]) };

const LIES: readonly Lie[] = [
  {
    lie: 'an entry was changed',
    history: { ...SALE, journal: replaced(SALE.journal, 1, { atMs: AT - 5 }) },
    found: 'journal: entry 2 does not follow from the one before it',
  },
  {
    lie: 'an entry was taken out',
    history: { ...REVERSAL, journal: without(REVERSAL.journal, 1) },
    found: 'journal: entry 2 is missing',
  },
  {
    lie: 'an entry names another as the one before',
    history: {
      ...SALE,
      journal: SALE.journal.map((line, index, all) =>
        index === 0
          ? line
          : { ...line, previousSeq: null, hash: hashOf(all[0]?.hash ?? '', { ...line, previousSeq: null }) },
      ),
    },
    found: 'journal: entry 2 does not name the one of A1 before it',
  },
  {
    lie: 'an entry of an order holds none',
    history: {
      ...SALE,
      journal: chained([...drafts([INTENT, PAID]), { ...(drafts([INTENT])[0] as Draft), body: {} }]),
    },
    found: 'journal: entry 3 names an order and holds none',
  },
  {
    lie: 'an order begins without an intent',
    history: { ...SALE, journal: journalOf([{ ...INTENT, event: 'restarted' }, PAID]) },
    found: 'A1: begins with restarted, not with an intent',
  },
  {
    lie: 'an order was collected twice',
    history: { ...SALE, journal: journalOf([INTENT, INTENT, PAID]) },
    found: 'A1: was collected twice',
  },
  {
    lie: 'the amount changed on the way',
    history: {
      ...SALE,
      journal: journalOf([INTENT, { ...PAID, order: { ...PAID.order, amountMinor: 1235 } }]),
    },
    found: 'A1: entry 2 changed what is collected',
  },
  {
    lie: 'an older order was written over a newer one',
    history: { ...SALE, journal: journalOf([INTENT, { ...PAID, order: { ...PAID.order, revision: 0 } }]) },
    found: 'A1: entry 2 is an older order',
  },
  {
    lie: 'the acquirer’s number changed',
    history: {
      ...REVERSAL,
      journal: journalOf([
        INTENT,
        SILENCE,
        CLOSED,
        ACCEPTED,
        { ...PROVED, order: { ...PROVED.order, sn: '9' } },
      ]),
    },
    found: "A1: entry 5 changed the acquirer's number",
  },
  {
    lie: 'a declined order came to life',
    history: {
      ...SALE,
      journal: journalOf([
        INTENT,
        {
          event: 'pay_answered',
          answer: ['declined', '200/FAIL'],
          order: { state: 'declined', charged: 'no', owed: null },
        },
        PAID,
      ]),
    },
    found: 'A1: entry 3 leads from declined, an end, to paid',
  },
  {
    lie: 'age decided',
    history: {
      ...REVERSAL,
      journal: journalOf([INTENT, SILENCE, { ...PROVED, event: 'call_due', answer: ['', ''] }]),
    },
    found: 'A1: entry 3 made it reversed by call_due',
  },
  {
    lie: 'an accepted cancel was taken for proof',
    history: {
      ...REVERSAL,
      journal: journalOf([INTENT, SILENCE, CLOSED, { ...ACCEPTED, order: PROVED.order ?? {} }]),
    },
    found: 'A1: entry 4 made it reversed by cancel_answered accepted',
  },
  {
    lie: 'silence was taken for failure',
    history: {
      ...REVERSAL,
      journal: journalOf([INTENT, { ...SILENCE, order: { state: 'declined', charged: 'no', owed: null } }]),
    },
    found: 'A1: entry 2 made it declined by pay_answered unknown',
  },
  {
    lie: 'nobody closed the case',
    history: {
      ...REVERSAL,
      journal: journalOf([INTENT, SILENCE, CLOSED, HANDED, { ...SETTLED, actor: TERMINAL }]),
    },
    found: 'A1: entry 5 resolved it without a named person',
  },
  {
    lie: 'absence was taken for proof while the pay was on its way',
    history: {
      journal: journalOf([
        INTENT,
        SILENCE,
        CLOSED,
        { ...PROVED, answer: ['not_found', '200/FAIL/ORDER_NOT_EXISTS'] },
      ]),
      gatewayOrders: [],
      wire: [wire('query', '200/FAIL/ORDER_NOT_EXISTS')],
    },
    found: 'A1: entry 4 took absence for proof too early',
  },
  {
    lie: 'the absence of an order that was seen was taken for proof',
    history: {
      ...REVERSAL,
      journal: journalOf([
        INTENT,
        SILENCE,
        CLOSED,
        ACCEPTED,
        { ...PROVED, answer: ['not_found', '200/FAIL/ORDER_NOT_EXISTS'], atMs: HORIZON },
      ]),
      wire: [LOST_PAY, CANCEL_WIRE, wire('query', '200/FAIL/ORDER_NOT_EXISTS')],
    },
    found: 'A1: entry 5 took the absence of an order that was seen for proof',
  },
  {
    lie: 'an order in doubt owes nothing',
    history: {
      ...SHORT,
      journal: journalOf([INTENT, { ...SILENCE, order: { state: 'confirming', owed: null } }]),
    },
    found: 'A1: entry 2 left it confirming and owing nothing',
  },
  {
    lie: 'pay left before its intent was on disk',
    history: { ...SALE, sent: [sentAt('pay', 0)] },
    found: 'A1: pay was sent before its intent was committed',
  },
  {
    lie: 'a cancel left before it was owed',
    history: { ...REVERSAL, sent: [sentAt('pay', 1), sentAt('query', 2), sentAt('cancel', 2)] },
    found: 'A1: cancel was sent while entry 2 owed query',
  },
  {
    lie: 'something left under a name that nobody knows',
    history: { ...SALE, sent: [{ call: 'pay', clientSn: 'B2', committedSeq: 1 }] },
    found: 'B2: pay was sent, and no intent names it',
  },
  {
    lie: 'pay arrived long before its intent',
    history: { ...SALE, wire: [{ ...PAY_WIRE, atMs: AT - 5000 }] },
    found: 'A1: pay arrived 5000 ms before entry 1 owed it',
  },
  {
    lie: 'a revoke arrived that nobody owed',
    history: { ...SALE, wire: [PAY_WIRE, wire('revoke', '200/CANCEL_SUCCESS/CANCELED')] },
    found: 'A1: revoke arrived, and no entry ever owed it',
  },
  {
    lie: 'pay was sent twice',
    history: { ...SALE, wire: [PAY_WIRE, wire('pay', '200/FAIL/CLIENT_SN_CONFLICT')] },
    found: 'A1: pay was sent again',
  },
  {
    lie: 'the customer was charged twice',
    history: { ...SALE, gatewayOrders: [truth({ charges: 2 })] },
    found: 'A1: was charged 2 times',
  },
  {
    lie: 'the acquirer has another amount',
    history: { ...SALE, gatewayOrders: [truth({ totalMinor: 1235 })] },
    found: 'A1: the acquirer has it for 1235',
  },
  {
    lie: 'the acquirer calls it by another number',
    history: { ...SALE, gatewayOrders: [truth({ sn: '1' })] },
    found: `A1: the acquirer calls it 1, not ${SN}`,
  },
  {
    lie: 'a reversed order kept the money',
    history: { ...REVERSAL, gatewayOrders: [truth()] },
    found: 'A1: is reversed, and the acquirer holds 1234 of 1234',
  },
  {
    lie: 'a paid order was never charged',
    history: { ...SALE, gatewayOrders: [] },
    found: 'A1: is paid, and the acquirer holds 0 of 1234',
  },
  {
    lie: 'a paid order was given back',
    history: { ...SALE, gatewayOrders: [truth({ netCapturedMinor: 0 })] },
    found: 'A1: is paid, and the acquirer holds 0 of 1234',
  },
  {
    lie: 'a reversed order is called charged',
    history: {
      ...REVERSAL,
      journal: journalOf([
        INTENT,
        SILENCE,
        CLOSED,
        ACCEPTED,
        { ...PROVED, order: { ...PROVED.order, charged: 'unknown' } },
      ]),
    },
    found: 'A1: is reversed, and charged unknown',
  },
  {
    lie: 'a paid order is called not charged',
    history: { ...SALE, journal: journalOf([INTENT, { ...PAID, order: { ...PAID.order, charged: 'no' } }]) },
    found: 'A1: is paid, and charged no',
  },
  {
    lie: 'a person is told that nothing was charged',
    history: {
      ...SHORT,
      journal: journalOf([INTENT, SILENCE, CLOSED, { ...HANDED, order: { ...HANDED.order, charged: 'no' } }]),
      gatewayOrders: [truth()],
    },
    found: 'A1: is not charged, and the acquirer holds 1234 of 1234',
  },
  {
    lie: 'a person is told that it was charged',
    history: {
      ...SHORT,
      journal: journalOf([
        INTENT,
        SILENCE,
        CLOSED,
        { ...HANDED, order: { ...HANDED.order, charged: 'yes' } },
      ]),
    },
    found: 'A1: is charged, and the acquirer holds 0 of 1234',
  },
  {
    lie: 'what was not sent arrived',
    history: {
      journal: journalOf([
        INTENT,
        {
          event: 'pay_answered',
          answer: ['not_sent', 'network/ECONNREFUSED'],
          order: { state: 'declined', charged: 'no', reason: 'not_sent', owed: null },
        },
      ]),
      gatewayOrders: [],
      wire: [wire('pay', null)],
    },
    found: 'A1: is said not to be sent, and it arrived',
  },
  {
    lie: 'an answer was invented',
    history: { ...SALE, wire: [wire('pay', '200/PAY_IN_PROGRESS/CREATED')] },
    found: 'A1: entry 2: nobody answered pay with 200/PAY_SUCCESS/PAID, approved',
  },
  {
    lie: 'an answer that never came was believed',
    history: { ...SALE, wire: [{ ...PAY_WIRE, delivery: 'withheld' }] },
    found: 'A1: entry 2: nobody answered pay with 200/PAY_SUCCESS/PAID, approved',
  },
  {
    lie: 'the answers came in another order',
    history: { ...REVERSAL, wire: [LOST_PAY, PROOF_WIRE, CANCEL_WIRE] },
    found: 'A1: entry 5: nobody answered query with 200/SUCCESS/CANCELED, not_charged',
  },
  ...['unverified', 'missigned'].map((mark) => ({
    lie: `an ${mark} answer was believed`,
    history: {
      ...SALE,
      journal: journalOf([INTENT, { ...PAID, answer: ['approved', `${mark}/S/SUCCESS`] }]),
      wire: [wire('pay', 'S/SUCCESS')],
    },
    found: 'A1: entry 2 believed an answer that nobody had signed: approved',
  })),
  {
    lie: 'a second refund was begun before the first was refused',
    history: {
      ...REFUND,
      journal: journalOf([INTENT, PAID, refundWanted('RF0'), refundWanted('RF1'), YES, BACK]),
    },
    found: 'A1: entry 4 began another refund, and the first was not refused',
  },
  {
    lie: 'the acquirer made a refund that nobody began',
    history: {
      ...REFUND,
      gatewayOrders: [truth({ netCapturedMinor: 0, refunds: [{ requestNo: 'RF9', amountMinor: 1234 }] })],
    },
    found: 'A1: the acquirer made refund RF9, which nobody here began',
  },
  {
    lie: 'the acquirer made both refunds',
    history: {
      ...REFUND,
      gatewayOrders: [
        truth({ netCapturedMinor: 0, refunds: [{ requestNo: 'RF0', amountMinor: 1 }, REFUNDED_ONCE] }),
      ],
    },
    found: 'A1: the acquirer made 2 refunds',
  },
  {
    lie: 'the acquirer has an order of nobody',
    history: { ...SALE, gatewayOrders: [truth(), truth({ clientSn: 'B2' })] },
    found: 'B2: the acquirer has an order that no intent names',
  },
  {
    lie: 'a pay arrived of nobody',
    history: { ...SALE, wire: [PAY_WIRE, wire('pay', null, { clientSn: 'B2' })] },
    found: 'B2: pay arrived, and no intent names it',
  },
  {
    lie: 'one sale was paid twice',
    history: {
      journal: chained([...drafts([INTENT, PAID]), ...drafts([INTENT, PAID], { ...ORDER, clientSn: 'B2' })]),
      gatewayOrders: [truth(), truth({ clientSn: 'B2' })],
      wire: [PAY_WIRE, { ...PAY_WIRE, clientSn: 'B2' }],
    },
    found: 'B2: sale S1 is paid by A1 as well',
  },
];

test.each(LIES)('a history in which $lie is found out', ({ history, found }) => {
  expect(checkHistory(history)).toContain(found);
});

describe('a secret', () => {
  test.each([
    ['a payment code', '281234567890123456'],
    ['a payment code', 'code=134712345678901234;'],
    ['a payment code', '6211111111111111111'],
    ['a terminal key', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['a private key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'],
  ])('that is %s is found in the journal and in the wire log, and not repeated: %s', (what, text) => {
    const written: Told = { ...INTENT, more: { subject: text } };
    const journal = checkHistory({ ...SALE, journal: journalOf([written, PAID]) });
    expect(journal).toEqual([`journal: entry 1 holds ${what}`]);
    const log = checkHistory({ ...SALE, wire: [wire('query', text), PAY_WIRE] });
    expect(log).toContain(`wire: request 1 holds ${what}`);
    expect([...journal, ...log].join('\n')).not.toContain(text);
  });

  test('that looks like nothing is found by those who know it', () => {
    const written: Told = { ...INTENT, more: { subject: 'Tea for zebra-7' } };
    const history = { ...SALE, journal: journalOf([written, PAID]), secrets: ['zebra-7'] };
    expect(checkHistory(history)).toEqual(['journal: entry 1 holds a secret']);
  });
});
