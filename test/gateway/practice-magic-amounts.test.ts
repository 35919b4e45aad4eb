import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UpayCall } from '../../shared/protocol/upay/requests.ts';
import { MAGIC_AMOUNTS } from '../../main/training/magic-amounts.ts';
import type { Gateway } from '../../main/training/gateway.ts';
import { gatewayControl, seenBy, startPracticeGateway, testTerminal } from '../support/practice-gateway.ts';

const PENDING_MS = 200;
const SLOW_MS = 600;

let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

beforeEach(async () => {
  gateway = await startPracticeGateway();
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
  await control.config({ pendingMs: PENDING_MS, slowMs: SLOW_MS });
});

afterEach(() => gateway.close());

const seen = (call: UpayCall, body: object, silenceMs?: number) => seenBy(terminal, call, body, silenceMs);
const ask = (call: 'query' | 'cancel' | 'revoke', clientSn = 'A1') => seen(call, { client_sn: clientSn });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const PAID = '200/SUCCESS/PAID';
const CANCELED = '200/SUCCESS/CANCELED';
const UNKNOWN = '200/FAIL/UPAY_ORDER_NOT_EXISTS';
const CANCEL_DONE = '200/CANCEL_SUCCESS/CANCELED';
const NOOP = '200/FAIL/UPAY_CANCEL_ORDER_NOOP';
const REFUSED = '200/CANCEL_ERROR/UPAY_TCP_ORDER_NOT_REFUNDABLE';

/** What the terminal sees of pay, query, cancel, query, cancel; then the truth. */
interface Story {
  readonly pay: string;
  readonly query: string;
  readonly cancel: string;
  readonly queryAfter: string;
  readonly cancelAgain: string;
  readonly charges: 0 | 1 | 'no order';
  readonly netCapturedMinor: number;
}

const charged = { charges: 1, netCapturedMinor: 0 } as const;
const cancelled = { cancel: CANCEL_DONE, queryAfter: CANCELED, cancelAgain: NOOP, ...charged } as const;
const nobodyKnows = {
  query: UNKNOWN,
  cancel: UNKNOWN,
  queryAfter: UNKNOWN,
  cancelAgain: UNKNOWN,
  charges: 'no order',
  netCapturedMinor: 0,
} as const;
const refused = { cancel: REFUSED, queryAfter: PAID, cancelAgain: REFUSED, charges: 1 } as const;

const STORIES: Readonly<Record<string, Story>> = {
  '00': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...cancelled },
  '10': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...cancelled },
  '34': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...cancelled },
  '99': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...cancelled },
  '11': { pay: 'broken', query: PAID, ...cancelled },
  '12': { pay: 'silence', query: 'silence', ...cancelled },
  '13': { pay: 'silence', ...nobodyKnows },
  '14': {
    pay: '200/PAY_IN_PROGRESS/CREATED',
    query: '200/SUCCESS/CREATED',
    cancel: '200/CANCEL_ABORT_SUCCESS/CANCELED',
    queryAfter: CANCELED,
    cancelAgain: NOOP,
    charges: 0,
    netCapturedMinor: 0,
  },
  '15': {
    pay: '200/PAY_IN_PROGRESS/CREATED',
    query: '200/SUCCESS/CREATED',
    cancel: '200/CANCEL_ABORT_SUCCESS/CANCELED',
    queryAfter: CANCELED,
    cancelAgain: NOOP,
    charges: 0,
    netCapturedMinor: 0,
  },
  '16': {
    pay: '200/PAY_FAIL/INSUFFICIENT_FUND/PAY_CANCELED',
    query: '200/SUCCESS/PAY_CANCELED',
    cancel: '200/FAIL/UPAY_CANCEL_INVALID_ORDER_STATE',
    queryAfter: '200/SUCCESS/PAY_CANCELED',
    cancelAgain: '200/FAIL/UPAY_CANCEL_INVALID_ORDER_STATE',
    charges: 0,
    netCapturedMinor: 0,
  },
  '17': { pay: 'http 500', ...nobodyKnows },
  '18': { pay: '500/UNKNOWN_SYSTEM_ERROR', query: PAID, ...cancelled },
  '19': { pay: 'unreadable', query: PAID, ...cancelled },
  '20': { pay: 'oversize', query: PAID, ...cancelled },
  '21': { pay: 'silence', query: PAID, ...cancelled },
  '22': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...refused, netCapturedMinor: 1022 },
  '23': { pay: 'silence', query: 'silence', ...refused, netCapturedMinor: 1023 },
  '24': {
    pay: 'silence',
    query: 'silence',
    cancel: 'broken',
    queryAfter: CANCELED,
    cancelAgain: NOOP,
    ...charged,
  },
  '25': {
    pay: 'silence',
    query: 'silence',
    cancel: '200/CANCEL_IN_PROGRESS/CANCEL_INPROGRESS',
    queryAfter: '200/SUCCESS/CANCEL_INPROGRESS',
    cancelAgain: '200/CANCEL_IN_PROGRESS/CANCEL_INPROGRESS',
    charges: 1,
    netCapturedMinor: 1025,
  },
  // Before it lands; what comes after is told below.
  '26': { pay: 'silence', ...nobodyKnows, charges: 0 },
  '27': {
    pay: 'silence',
    query: 'silence',
    cancel: '400/ILLEGAL_SIGN',
    queryAfter: '400/ILLEGAL_SIGN',
    cancelAgain: '400/ILLEGAL_SIGN',
    charges: 1,
    netCapturedMinor: 1027,
  },
  '28': {
    pay: 'silence',
    query: 'silence',
    cancel: '200/CANCEL_ABORT_ERROR/UNEXPECTED_PROVIDER_ERROR',
    queryAfter: PAID,
    cancelAgain: CANCEL_DONE,
    ...charged,
  },
  '29': { pay: '200/PAY_SUCCESS/PAID', query: PAID, ...cancelled },
};

describe('magic amounts', () => {
  test('every one in the table has a story here', () => {
    expect(MAGIC_AMOUNTS.filter(({ ending }) => STORIES[ending] === undefined)).toEqual([]);
    expect(new Set(MAGIC_AMOUNTS.map(({ ending }) => ending)).size).toBe(MAGIC_AMOUNTS.length);
  });

  test.each(Object.entries(STORIES))('an amount ending in %s runs its story', async (ending, story) => {
    // What time changes must hold still while the story is told.
    await control.config({ pendingMs: 60_000, landAfterMs: 60_000 });
    const told = {
      pay: await seen('pay', terminal.payBody('A1', Number(`10${ending}`))),
      query: await ask('query'),
      cancel: await ask('cancel'),
      queryAfter: await ask('query'),
      cancelAgain: await ask('cancel'),
    };
    const truth = (await control.orders()).find(({ clientSn }) => clientSn === 'A1');
    expect({
      ...told,
      charges: truth?.charges ?? 'no order',
      netCapturedMinor: truth?.netCapturedMinor ?? 0,
    }).toEqual(story);
  });

  test('14 is paid once the customer has confirmed', async () => {
    expect(await seen('pay', terminal.payBody('A1', 1214))).toBe('200/PAY_IN_PROGRESS/CREATED');
    await pause(PENDING_MS + 20);
    expect(await ask('query')).toBe(PAID);
    expect(await control.order('A1')).toMatchObject({ charges: 1, netCapturedMinor: 1214 });
  });

  test('14 is never charged when the cancel came first', async () => {
    await seen('pay', terminal.payBody('A1', 1214));
    await ask('cancel');
    await pause(PENDING_MS + 20);
    expect(await ask('query')).toBe(CANCELED);
    expect(await control.order('A1')).toMatchObject({ charges: 0 });
  });

  test('21 answers in the end, and the answer counts as delivered', async () => {
    expect(await seen('pay', terminal.payBody('A1', 1221), SLOW_MS + 2_000)).toBe('200/PAY_SUCCESS/PAID');
    expect(await control.log('A1')).toMatchObject([{ fault: 'slow', delivered: true }]);
  });

  test('21 is noted as undelivered when the terminal did not wait', async () => {
    expect(await seen('pay', terminal.payBody('A1', 1221))).toBe('silence');
    await expect
      .poll(async () => (await control.log('A1')).map(({ delivery }) => delivery))
      .toEqual(['client_gone']);
  });

  test('25 is cancelled a while after the cancel was taken in', async () => {
    await seen('pay', terminal.payBody('A1', 1225));
    expect(await ask('cancel')).toBe('200/CANCEL_IN_PROGRESS/CANCEL_INPROGRESS');
    await pause(PENDING_MS + 20);
    expect(await ask('query')).toBe(CANCELED);
    expect(await ask('cancel')).toBe(NOOP);
    expect(await control.order('A1')).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('26 lands after a cancel found nothing, and a later cancel takes it back', async () => {
    await control.config({ landAfterMs: 1_000 });
    expect(await seen('pay', terminal.payBody('A1', 1226), 100)).toBe('silence');
    expect(await ask('query')).toBe(UNKNOWN);
    expect(await ask('cancel')).toBe(UNKNOWN);
    expect(await control.order('A1')).toMatchObject({
      orderStatus: 'IN_FLIGHT',
      charges: 0,
      netCapturedMinor: 0,
    });
    await expect.poll(() => ask('query'), { timeout: 3_000 }).toBe(PAID);
    expect(await control.order('A1')).toMatchObject({ charges: 1, netCapturedMinor: 1226 });
    expect(await ask('cancel')).toBe(CANCEL_DONE);
    expect(await control.order('A1')).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('27 is cancelled with the key a check-in with the old one brings', async () => {
    await seen('pay', terminal.payBody('A1', 1227));
    expect(await ask('cancel')).toBe('400/ILLEGAL_SIGN');
    const reply = await terminal.send('checkin', { device_id: 'till-1' });
    terminal.useKey(reply.biz_response?.terminal_key ?? '');
    expect(await ask('query')).toBe(PAID);
    expect(await ask('cancel')).toBe(CANCEL_DONE);
  });

  test('29 names one cent too much in the pay reply and in queries, and keeps the true amount', async () => {
    const reply = await terminal.send('pay', terminal.payBody('A1', 1229));
    expect(reply.biz_response?.data?.['total_amount']).toBe('1230');
    const answer = await terminal.send('query', { client_sn: 'A1' });
    expect(answer.biz_response?.data?.['total_amount']).toBe('1230');
    expect(await control.order('A1')).toMatchObject({ totalMinor: 1229, netCapturedMinor: 1229 });
  });

  test('a revoke brings a dead line back to life as a cancel does', async () => {
    await seen('pay', terminal.payBody('A1', 1212));
    expect(await ask('query')).toBe('silence');
    expect(await ask('revoke')).toBe(CANCEL_DONE);
    expect(await ask('query')).toBe(CANCELED);
  });

  test('a cancel that is lost on its way leaves the line dead', async () => {
    await seen('pay', terminal.payBody('A1', 1212));
    await control.fault({ fault: 'request_lost', call: 'cancel' });
    expect([await ask('cancel'), await ask('query'), await ask('cancel')]).toEqual([
      'silence',
      'silence',
      CANCEL_DONE,
    ]);
  });

  test('a dead line stays with its order and leaves the others alone', async () => {
    await seen('pay', terminal.payBody('A1', 1212));
    await seen('pay', terminal.payBody('A2', 1234));
    expect(await ask('query', 'A2')).toBe(PAID);
    expect(await ask('query', 'A1')).toBe('silence');
  });
});
