import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RSA_PROTOCOLS, type RsaProtocol } from '../../main/training/call.ts';
import { businessDayEndMs } from '../../shared/business-day.ts';
import type { Dialect } from '../../shared/protocol/alipay/dialect.ts';
import { parseAlipayReply } from '../../shared/protocol/alipay/reply.ts';
import { alipayplusClientSchema } from '../../shared/protocol/alipayplus/client.ts';
import { alipayplusDialect } from '../../shared/protocol/alipayplus/dialect.ts';
import { miniprogramClientSchema } from '../../shared/protocol/miniprogram/client.ts';
import { miniprogramDialect } from '../../shared/protocol/miniprogram/dialect.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import {
  alipayClient,
  bodyOf,
  freshCode,
  refundBody,
  seen,
  type AlipayClient,
  type Asked,
  type Bent,
} from '../support/practice-alipay.ts';
import { gatewayControl, startPracticeGateway } from '../support/practice-gateway.ts';

let gateway: GatewayProcess;
let clients: Readonly<Record<RsaProtocol, AlipayClient>>;
let client: AlipayClient;
let sales = 0;
/** The order of the test that runs. */
let id = '';

beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
  clients = {
    alipayplus: await alipayClient(gateway.protocolConfig('alipayplus')),
    miniprogram: await alipayClient(gateway.protocolConfig('miniprogram')),
  };
});
afterAll(() => gateway.stop());

beforeEach(() => {
  id = `A${++sales}`;
});
afterEach(async () => {
  await gateway.clearFaults();
  await gateway.configure({ pendingMs: 5_000, slowMs: 8_000, landAfterMs: 60_000 });
});

const codesSeen = (asked: Asked, body: object, bent?: Bent) => seen(client.ask(asked, body, bent));
const named = () => ({ paymentRequestId: id });
const pay = (amountMinor = 1234, clientSn = id) => client.ask('pay', client.payBody(clientSn, amountMinor));
const inquire = async () => bodyOf(await client.ask('inquiry', named()));
const ask = (asked: 'inquiry' | 'cancel') => codesSeen(asked, named());
const rows = async () =>
  ((await inquire()).transactions ?? []).map(
    ({ transactionType, transactionStatus }) => `${String(transactionType)} ${String(transactionStatus)}`,
  );

/** How each protocol words what an inquiry finds. */
const WORDS = {
  alipayplus: {
    paid: 'S/SUCCESS/S/SUCCESS',
    running: 'S/SUCCESS/U/PAYMENT_IN_PROCESS',
    declined: 'S/SUCCESS/F/USER_BALANCE_NOT_ENOUGH',
    cancelled: 'S/SUCCESS/F/ORDER_IS_CLOSED',
    codeUsed: 'F/EXPIRED_CODE',
    refused: 'F/PROCESS_FAIL',
  },
  miniprogram: {
    paid: 'S/SUCCESS/SUCCESS',
    running: 'S/SUCCESS/PROCESSING',
    declined: 'S/SUCCESS/FAIL',
    cancelled: 'S/SUCCESS/CANCELLED',
    codeUsed: 'F/AUTH_CODE_ALREADY_USED',
    refused: 'F/MERCHANT_BALANCE_NOT_ENOUGH',
  },
} as const;

const DONE = 'S/SUCCESS';
const UNKNOWN_ORDER = 'F/ORDER_NOT_EXIST';
const NO_RESULT = 'U/UNKNOWN_EXCEPTION';
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/;

describe.each(RSA_PROTOCOLS)('%s: pay', (protocol) => {
  beforeEach(() => {
    client = clients[protocol];
  });

  test('charges the customer once and says so under its signature', async () => {
    const body = bodyOf(await pay());
    expect(body).toMatchObject({
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      paymentAmount: { currency: 'CNY', value: '1234' },
    });
    const order = await gateway.order(id);
    expect(order).toMatchObject({ orderStatus: 'PAID', charges: 1, netCapturedMinor: 1234 });
    expect(body.paymentId).toBe(order?.sn);
    expect(body.paymentTime).toMatch(ISO);
  });

  test('the same request once more gets the same answer, and nobody is charged twice', async () => {
    const body = client.payBody(id, 1234);
    const first = bodyOf(await client.ask('pay', body));
    expect(bodyOf(await client.ask('pay', body))).toEqual(first);
    expect(await gateway.order(id)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
  });

  test('the same name for another amount or another code is refused and changes nothing', async () => {
    const code = freshCode();
    await client.ask('pay', client.payBody(id, 1234, code));
    expect(await codesSeen('pay', client.payBody(id, 1235, code))).toBe('F/REPEAT_REQ_INCONSISTENT');
    expect(await codesSeen('pay', client.payBody(id, 1234))).toBe('F/REPEAT_REQ_INCONSISTENT');
    expect(await ask('inquiry')).toBe(WORDS[protocol].paid);
  });

  test('repeating a cancelled or a declined payment does not revive it', async () => {
    const body = client.payBody(id, 1234);
    await client.ask('pay', body);
    await ask('cancel');
    expect(await codesSeen('pay', body)).toBe('F/ORDER_IS_CLOSED');
    const declined = client.payBody(`${id}b`, 1016);
    expect([await codesSeen('pay', declined), await codesSeen('pay', declined)]).toEqual([
      'F/USER_BALANCE_NOT_ENOUGH',
      'F/USER_BALANCE_NOT_ENOUGH',
    ]);
    expect(await gateway.order(id)).toMatchObject({ netCapturedMinor: 0 });
  });

  test('refuses a used code and one no wallet shows, and leaves no order', async () => {
    const code = freshCode();
    await client.ask('pay', client.payBody(`${id}x`, 1234, code));
    expect(await codesSeen('pay', client.payBody(id, 1234, code))).toBe(WORDS[protocol].codeUsed);
    expect(await codesSeen('pay', client.payBody(id, 1234, 'no-code'))).toBe('F/INVALID_CODE');
    expect(await ask('inquiry')).toBe(UNKNOWN_ORDER);
  });

  test('every member of the request must be there, and no optional one may be empty', async () => {
    const body = client.payBody(id, 1234);
    const members = Object.keys(body).filter(
      (name) => name !== 'paymentExpiryTime' && !(protocol === 'miniprogram' && name === 'order'),
    );
    for (const name of members) {
      for (const spoilt of [undefined, null, '']) {
        expect([name, await codesSeen('pay', { ...body, [name]: spoilt })]).toEqual([
          name,
          'F/PARAM_ILLEGAL',
        ]);
      }
    }
    expect(await codesSeen('pay', { ...body, memo: '' })).toBe('F/PARAM_ILLEGAL');
    expect(await codesSeen('pay', { ...body, paymentRequestId: 'a#b' })).toBe('F/PARAM_ILLEGAL');
    expect(await gateway.order(id)).toBeNull();
    expect(await codesSeen('pay', { ...body, memo: null })).toBe(DONE);
  });

  test.each([1234, '0', '-1', '12.34', '1e3', '12345678901', ' 5'])(
    'refuses the amount %j',
    async (value) => {
      const body = { ...client.payBody(id, 1), paymentAmount: { currency: 'CNY', value } };
      expect(await codesSeen('pay', body)).toBe('F/PARAM_ILLEGAL');
    },
  );

  test('a body that is no JSON object is refused under a signature', async () => {
    for (const text of ['', 'null', '[]', '{"paymentRequestId":']) {
      expect(await seen(client.ask('pay', text))).toBe('F/PARAM_ILLEGAL');
    }
  });
});

describe.each(RSA_PROTOCOLS)('%s: inquiryPayment', (protocol) => {
  beforeEach(() => {
    client = clients[protocol];
  });

  test('finds a payment by either name, and by paymentId when both are given', async () => {
    const { paymentId } = bodyOf(await pay());
    await pay(500, `${id}b`);
    expect(bodyOf(await client.ask('inquiry', { paymentId })).paymentRequestId).toBe(id);
    const both = bodyOf(await client.ask('inquiry', { paymentId, paymentRequestId: `${id}b` }));
    expect(both).toMatchObject({ paymentRequestId: id, paymentId, paymentAmount: { value: '1234' } });
    expect(both.paymentTime).toMatch(ISO);
  });

  test('words every state of a payment', async () => {
    await pay(1015);
    expect([await ask('inquiry'), await rows()]).toEqual([WORDS[protocol].running, []]);
    await ask('cancel');
    expect([await ask('inquiry'), await rows()]).toEqual([WORDS[protocol].cancelled, ['CANCEL SUCCESS']]);
    id = `${id}b`;
    await pay(1016);
    expect([await ask('inquiry'), await rows()]).toEqual([WORDS[protocol].declined, []]);
    id = `${id}c`;
    await pay();
    expect([await ask('inquiry'), await rows()]).toEqual([WORDS[protocol].paid, ['PAYMENT SUCCESS']]);
  });

  test('a payment nobody made and one of another protocol do not exist', async () => {
    expect(await ask('inquiry')).toBe(UNKNOWN_ORDER);
    await pay();
    const other = clients[protocol === 'alipayplus' ? 'miniprogram' : 'alipayplus'];
    const { sn } = (await gateway.order(id)) ?? {};
    expect(await seen(other.ask('inquiry', named()))).toBe(UNKNOWN_ORDER);
    expect(await seen(other.ask('inquiry', { paymentId: sn }))).toBe(UNKNOWN_ORDER);
    expect(await seen(other.ask('cancel', { paymentId: sn }))).toBe(UNKNOWN_ORDER);
    // The name is free there, for a payment of its own.
    expect(await seen(other.ask('pay', other.payBody(id, 700)))).toBe(DONE);
    expect((await inquire()).paymentAmount?.value).toBe('1234');
  });

  test('a request that names no payment is refused', async () => {
    expect(await codesSeen('inquiry', {})).toBe('F/PARAM_ILLEGAL');
    expect(await codesSeen('inquiry', { paymentId: null })).toBe('F/PARAM_ILLEGAL');
    expect(await codesSeen('inquiry', { paymentId: '', paymentRequestId: id })).toBe('F/PARAM_ILLEGAL');
  });
});

describe.each(RSA_PROTOCOLS)('%s: cancel', (protocol) => {
  beforeEach(() => {
    client = clients[protocol];
  });

  test('gives a paid order back in full, and says the same when it is repeated', async () => {
    await pay();
    expect([await ask('cancel'), await ask('cancel')]).toEqual([DONE, DONE]);
    expect(await ask('inquiry')).toBe(WORDS[protocol].cancelled);
    expect(await rows()).toEqual(['PAYMENT SUCCESS', 'CANCEL SUCCESS']);
    expect(await gateway.order(id)).toMatchObject({ charges: 1, netCapturedMinor: 0, reversals: 2 });
  });

  test('ends a payment that the customer has not confirmed, and one that failed stays closed', async () => {
    await pay(1015);
    expect([await ask('cancel'), await ask('inquiry')]).toEqual([DONE, WORDS[protocol].cancelled]);
    id = `${id}b`;
    await pay(1016);
    expect([await ask('cancel'), await ask('inquiry')]).toEqual([DONE, WORDS[protocol].declined]);
  });

  test('of a payment that nobody knows says so, also while that is on its way', async () => {
    expect(await ask('cancel')).toBe(UNKNOWN_ORDER);
    await seen(client.ask('pay', client.payBody(id, 1026)));
    expect([await ask('cancel'), await ask('inquiry')]).toEqual([UNKNOWN_ORDER, UNKNOWN_ORDER]);
    expect(await gateway.order(id)).toMatchObject({ orderStatus: 'IN_FLIGHT' });
  });

  test('of a refunded order is refused', async () => {
    await pay(1000);
    await client.ask('refund', refundBody(id, `R${id}`, 400));
    expect(await ask('cancel')).toBe('F/ORDER_STATUS_INVALID');
  });
});

describe('the answers to a cancel', () => {
  test('name the payment and the time in the mini-program form', async () => {
    client = clients.miniprogram;
    const { paymentId } = bodyOf(await pay());
    const body = bodyOf(await client.ask('cancel', { paymentId, paymentRequestId: id, extendInfo: '{}' }));
    expect(body).toMatchObject({ paymentId, paymentRequestId: id });
    expect(body.cancelTime).toMatch(ISO);
  });

  test('name acquirer and wallet in the form of the acquirer', async () => {
    client = clients.alipayplus;
    await pay();
    const body = bodyOf(await client.ask('cancel', named()));
    expect(Object.keys(body)).toEqual(['result', 'acquirerId', 'pspId']);
  });

  test('are the result alone in the form with acquirerId and pspId, which asks for all three names', async () => {
    client = clients.alipayplus;
    const under = '/aps/api/intl/wallet/v1/payments';
    const names = { acquirerId: '1022188000000000001', pspId: '1022172000000000001', paymentRequestId: id };
    const { paymentId } = bodyOf(await client.post(`${under}/pay`, client.payBody(id, 1234)));
    expect(await seen(client.post(`${under}/inquiryPayment`, names))).toBe(WORDS.alipayplus.paid);
    for (const name of Object.keys(names)) {
      expect(await seen(client.post(`${under}/cancelPayment`, { ...names, [name]: undefined }))).toBe(
        'F/PARAM_ILLEGAL',
      );
    }
    expect(await seen(client.post(`${under}/cancelPayment`, { paymentId }))).toBe('F/PARAM_ILLEGAL');
    for (const again of [1, 2]) {
      const body = bodyOf(await client.post(`${under}/cancelPayment`, names));
      expect([again, body]).toEqual([
        again,
        { result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' } },
      ]);
    }
    expect(await gateway.order(id)).toMatchObject({ netCapturedMinor: 0 });
  });
});

describe.each(RSA_PROTOCOLS)('%s: refund', (protocol) => {
  beforeEach(() => {
    client = clients[protocol];
  });

  const refund = (no: string, amountMinor: number, currency?: string) =>
    codesSeen('refund', refundBody(id, `${id}-${no}`, amountMinor, currency));

  test('gives back in parts until nothing is left, and each refund once', async () => {
    await pay(1000);
    const first = await client.ask('refund', refundBody(id, `${id}-1`, 300));
    expect(bodyOf(first)).toMatchObject({
      refundRequestId: `${id}-1`,
      refundAmount: { currency: 'CNY', value: '300' },
    });
    expect(bodyOf(first).refundId).toMatch(/^\d+$/);
    expect(bodyOf(first).refundTime).toMatch(ISO);
    const again = await client.ask('refund', refundBody(id, `${id}-1`, 300));
    expect(bodyOf(again)).toEqual(bodyOf(first));
    expect(await gateway.order(id)).toMatchObject({ netCapturedMinor: 700 });
    expect(await refund('1', 301)).toBe('F/REPEAT_REQ_INCONSISTENT');
    expect(await refund('2', 701)).toBe('F/REFUND_AMOUNT_EXCEED');
    expect(await refund('3', 700)).toBe(DONE);
    expect(await refund('4', 1)).toBe('F/ORDER_STATUS_INVALID');
    expect(await ask('inquiry')).toBe(WORDS[protocol].paid);
    const body = await inquire();
    expect(body.transactions).toMatchObject([
      { transactionType: 'PAYMENT', transactionAmount: { value: '1000' } },
      { transactionType: 'REFUND', transactionRequestId: `${id}-1`, transactionAmount: { value: '300' } },
      { transactionType: 'REFUND', transactionStatus: 'SUCCESS', transactionAmount: { value: '700' } },
    ]);
    expect(await gateway.order(id)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('the name of another order’s refund is refused', async () => {
    await pay(1000);
    await pay(1000, `${id}b`);
    expect(await refund('1', 100)).toBe(DONE);
    expect(await codesSeen('refund', refundBody(`${id}b`, `${id}-1`, 100))).toBe('F/REPEAT_REQ_INCONSISTENT');
  });

  test('refuses what was not paid, an unknown payment, another currency and a malformed amount', async () => {
    expect(await refund('1', 1)).toBe(UNKNOWN_ORDER);
    await pay(1015);
    expect(await refund('1', 1)).toBe('F/ORDER_STATUS_INVALID');
    id = `${id}b`;
    await pay();
    expect(await refund('1', 1, 'USD')).toBe('F/CURRENCY_NOT_SUPPORT');
    expect(await codesSeen('refund', { ...refundBody(id, 'R', 1), refundAmount: { value: '1' } })).toBe(
      'F/PARAM_ILLEGAL',
    );
    expect(await gateway.order(id)).toMatchObject({ netCapturedMinor: 1234 });
  });
});

/** The way of the story of each ending, as pay, inquiry, cancel, inquiry and cancel see it. */
type Story = readonly [string, string, string, string, string];

function storiesOf(protocol: RsaProtocol): Readonly<Record<string, Story>> {
  const { paid, running, declined, cancelled, refused } = WORDS[protocol];
  const taken = [DONE, cancelled, DONE] as const;
  const nobodyKnows = [UNKNOWN_ORDER, UNKNOWN_ORDER, UNKNOWN_ORDER, UNKNOWN_ORDER] as const;
  const closed = 'unsigned F/INVALID_SIGNATURE';
  return {
    '11': ['broken', paid, ...taken],
    '12': ['silence', 'silence', ...taken],
    '13': ['silence', ...nobodyKnows],
    '14': ['U/PAYMENT_IN_PROCESS', running, ...taken],
    '15': ['U/PAYMENT_IN_PROCESS', running, ...taken],
    '16': ['F/USER_BALANCE_NOT_ENOUGH', declined, DONE, declined, DONE],
    '17': ['http 500', ...nobodyKnows],
    '18': [NO_RESULT, paid, ...taken],
    '19': ['unreadable', paid, ...taken],
    '20': ['oversize', paid, ...taken],
    '21': ['silence', paid, ...taken],
    '22': [DONE, paid, refused, paid, refused],
    '23': ['silence', 'silence', refused, paid, refused],
    '24': ['silence', 'silence', 'broken', cancelled, DONE],
    '25': ['silence', 'silence', NO_RESULT, paid, NO_RESULT],
    '26': ['silence', ...nobodyKnows],
    '27': ['silence', 'silence', closed, closed, closed],
    '28': ['silence', 'silence', NO_RESULT, paid, DONE],
    '29': [DONE, paid, ...taken],
    '34': [DONE, paid, ...taken],
  };
}

describe.each(RSA_PROTOCOLS)('%s: magic amounts', (protocol) => {
  beforeEach(() => {
    client = clients[protocol];
  });
  afterEach(() => gateway.configure({ clientKeyAccepted: true }));

  test.each(Object.entries(storiesOf(protocol)))('%s runs its story', async (ending, story) => {
    await gateway.configure({ pendingMs: 60_000 });
    const told = [
      await codesSeen('pay', client.payBody(id, Number(`10${ending}`))),
      await ask('inquiry'),
      await ask('cancel'),
      await ask('inquiry'),
      await ask('cancel'),
    ];
    expect(told).toEqual(story);
  });

  test('25 shows the cancel that runs, and is cancelled a while later', async () => {
    await gateway.configure({ pendingMs: 1_500 });
    await codesSeen('pay', client.payBody(id, 1025));
    expect(await ask('cancel')).toBe(NO_RESULT);
    expect(await rows()).toEqual(['PAYMENT SUCCESS', 'CANCEL PROCESSING']);
    await expect.poll(() => ask('inquiry'), { timeout: 4_000 }).toBe(WORDS[protocol].cancelled);
  });

  test('26 lands after a cancel found nothing, and a later cancel takes it back', async () => {
    await gateway.configure({ landAfterMs: 1_000 });
    expect(await codesSeen('pay', client.payBody(id, 1026))).toBe('silence');
    expect(await ask('cancel')).toBe(UNKNOWN_ORDER);
    await expect.poll(() => ask('inquiry'), { timeout: 4_000 }).toBe(WORDS[protocol].paid);
    expect(await ask('cancel')).toBe(DONE);
    expect(await gateway.order(id)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('27 goes on once somebody has registered the key again', async () => {
    await codesSeen('pay', client.payBody(id, 1027));
    expect(await ask('cancel')).toBe('unsigned F/INVALID_SIGNATURE');
    await gateway.toggleClientKey(client.clientId);
    expect([await ask('cancel'), await ask('inquiry')]).toEqual([DONE, WORDS[protocol].cancelled]);
  });

  test('29 names one cent too much in answers, and keeps the true amount', async () => {
    expect(bodyOf(await pay(1029)).paymentAmount?.value).toBe('1030');
    expect((await inquire()).paymentAmount?.value).toBe('1030');
    expect(await gateway.order(id)).toMatchObject({ totalMinor: 1029, netCapturedMinor: 1029 });
  });
});

describe('how long an order can be cancelled', () => {
  const nowMs = Date.parse('2026-11-20T15:00:00+08:00');
  const dayEndMs = businessDayEndMs(nowMs, 'Asia/Shanghai');

  /** A gateway whose clock stands still but for its shift, so that the very millisecond can be met. */
  const still = async (protocol: RsaProtocol) => {
    const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
    // The shop is elsewhere: these protocols count their days in UTC+8 whatever its zone.
    const running = await startPracticeGateway({ clock, timeZone: 'America/New_York' });
    const made = await running.rsaCredentials(protocol);
    if (!made.ok) throw new Error(made.error.code);
    const { clientId, ...keyFile } = made.value;
    let atMs = nowMs;
    const till = await alipayClient(
      { settings: { protocol, apiDomain: running.url, client: { clientId } }, keyFile },
      () => atMs,
    );
    const hand = gatewayControl(running);
    return {
      till,
      hand,
      shiftTo: (toMs: number) => {
        atMs = toMs;
        return hand.shiftClock(toMs - nowMs);
      },
      close: () => running.close(),
    };
  };

  test.each([
    ['alipayplus', dayEndMs + 15 * 60_000, {}],
    ['miniprogram', dayEndMs, {}],
    ['miniprogram', nowMs + 90_000, { miniprogramWindowMs: 90_000 }],
  ] as const)('%s until %d and not a millisecond longer, with %j', async (protocol, endMs, habits) => {
    const { till, hand, shiftTo, close } = await still(protocol);
    await hand.config(habits);
    const cancel = (clientSn: string) => seen(till.ask('cancel', { paymentRequestId: clientSn }));
    for (const clientSn of ['B1', 'B2', 'B3']) await till.ask('pay', till.payBody(clientSn, 1234));
    await till.ask('pay', till.payBody('B4', 1015));
    await shiftTo(endMs - 1);
    expect(await cancel('B1')).toBe(DONE);
    await shiftTo(endMs);
    expect(await cancel('B2')).toBe('F/CANCEL_WINDOW_EXCEED');
    // Neither does an unpaid order end that way, while a cancel that was done stays done.
    expect([await cancel('B4'), await cancel('B1')]).toEqual(['F/CANCEL_WINDOW_EXCEED', DONE]);
    expect(await hand.order('B2')).toMatchObject({ orderStatus: 'PAID', netCapturedMinor: 1234 });
    expect(await seen(till.ask('refund', refundBody('B3', 'R1', 1234)))).toBe(DONE);
    await close();
  });
});

describe('the terminal’s own requests and readings', () => {
  const sum = { amountMinor: 1234, currency: 'CNY' } as const;
  const times = { time: '2026-11-20T15:00:00+08:00', expiry: '2026-11-20T15:01:00+08:00' };
  const dialects: Readonly<Record<string, readonly [RsaProtocol, Dialect]>> = {
    'Alipay+ in the form of the acquirer': [
      'alipayplus',
      alipayplusDialect(alipayplusClientSchema.parse({ clientId: 'any' })),
    ],
    'Alipay+ in the form with acquirerId and pspId': [
      'alipayplus',
      alipayplusDialect(
        alipayplusClientSchema.parse({
          clientId: 'any',
          pathPrefix: '/aps/api/intl/wallet',
          acquirerId: '1022188000000000001',
          pspId: '1022172000000000001',
        }),
      ),
    ],
    'a wallet with a retail call': [
      'miniprogram',
      miniprogramDialect(miniprogramClientSchema.parse({ clientId: 'any' })),
    ],
    'a wallet with payment codes in its general call, below a prefix': [
      'miniprogram',
      miniprogramDialect(
        miniprogramClientSchema.parse({ clientId: 'any', pathPrefix: '/api/open', payForm: 'paymentCode' }),
      ),
    ],
  };

  test.each(Object.entries(dialects))(
    '%s: the gateway understands them',
    async (_name, [protocol, dialect]) => {
      const { post } = clients[protocol];
      const { paths } = dialect;
      const order = { clientSn: id, sn: null, ...sum };
      const read = async (path: string, body: object) => {
        const answer = await post(path, body);
        const reply = parseAlipayReply(answer.text);
        expect([answer.signature, reply.ok]).toEqual(['right', true]);
        if (!reply.ok) throw new Error(reply.error);
        return reply.value;
      };
      const paid = await read(
        paths.pay,
        dialect.payRequest({ ...order, subject: 'Tea' }, freshCode(), times),
      );
      expect(paid.result).toMatchObject({ resultStatus: 'S', resultCode: 'SUCCESS' });
      const known = { ...order, sn: paid.paymentId ?? null };
      for (const name of [order, known]) {
        const found = await read(paths.inquiry, dialect.inquiryRequest(name));
        expect(found.paymentAmount).toEqual({ currency: 'CNY', value: '1234' });
      }
      const part = await read(
        paths.refund,
        dialect.refundRequest({ ...known, amountMinor: 34 }, `R${id}`, 'Torn'),
      );
      expect(part.result.resultCode).toBe('SUCCESS');
      const second = { clientSn: `${id}b`, sn: null, ...sum };
      await read(paths.pay, dialect.payRequest({ ...second, subject: 'Tea' }, freshCode(), times));
      const cancelled = await read(paths.cancel, dialect.cancelRequest(second));
      expect(cancelled.result.resultCode).toBe('SUCCESS');
      expect(await gateway.order(second.clientSn)).toMatchObject({ netCapturedMinor: 0 });
      expect(await gateway.order(id)).toMatchObject({ netCapturedMinor: 1200 });
    },
  );
});
