import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UpayCall } from '../../shared/protocol/upay/requests.ts';
import { FAULT_NAMES } from '../../main/training/faults.ts';
import { MAGIC_AMOUNTS } from '../../main/training/magic-amounts.ts';
import type { Gateway } from '../../main/training/gateway.ts';
import {
  gatewayControl,
  startPracticeGateway,
  testTerminal,
  type WireReply,
} from '../support/practice-gateway.ts';

const PENDING_MS = 200;
const SLOW_MS = 600;
const LAND_AFTER_MS = 300;
/** Long enough for any answer that comes at all, shorter than the slow one. */
const PATIENCE_MS = 300;
const OVERSIZE = 1024 * 1024;

let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

beforeEach(async () => {
  gateway = await startPracticeGateway();
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
  await control.config({ pendingMs: PENDING_MS, slowMs: SLOW_MS, landAfterMs: LAND_AFTER_MS });
});

afterEach(() => gateway.close());

/** What a terminal gets to see of a call, in one word or in the codes of the answer. */
async function seen(call: UpayCall, body: object, waitMs = PATIENCE_MS): Promise<string> {
  try {
    const response = await terminal.fetchCall(call, body, waitMs);
    const text = await response.text();
    if (response.status !== 200) return `http ${response.status}`;
    if (text.length > OVERSIZE) return 'oversize';
    return text === '' ? 'empty' : codesIn(text);
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'silence' : 'broken';
  }
}

function codesIn(text: string): string {
  let reply: WireReply;
  try {
    reply = JSON.parse(text) as WireReply;
  } catch {
    return 'unreadable';
  }
  const biz = reply.biz_response;
  return [reply.result_code, reply.error_code, biz?.result_code, biz?.error_code, biz?.data?.['order_status']]
    .filter((code) => code !== undefined && code !== '')
    .join('/');
}

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
  // The pay stays silent longer than it takes to land, unless the test waits for it: see below.
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

/** What a query of a paid order sees under each fault that can happen to it. */
const ON_QUERY: Readonly<Record<string, string>> = {
  reply_lost_after_charging: 'broken',
  line_dead_after_charging: 'silence',
  request_lost: 'silence',
  http_500: 'http 500',
  envelope_500: '500/UNKNOWN_SYSTEM_ERROR',
  garbled_body: 'unreadable',
  oversize_body: 'oversize',
  slow: 'silence',
  key_rotated: '400/ILLEGAL_SIGN',
  wrong_amount_echo: PAID,
  redirect_302: 'http 302',
  reset_mid_body: 'broken',
  empty_body: 'empty',
};

/** What a cancel of a paid order sees, and the order's state afterwards. */
const ON_CANCEL: Readonly<Record<string, readonly [string, string]>> = {
  reply_lost_after_charging: ['broken', 'CANCELED'],
  line_dead_after_charging: ['silence', 'CANCELED'],
  request_lost: ['silence', 'PAID'],
  http_500: ['http 500', 'PAID'],
  envelope_500: ['500/UNKNOWN_SYSTEM_ERROR', 'CANCELED'],
  garbled_body: ['unreadable', 'CANCELED'],
  oversize_body: ['oversize', 'CANCELED'],
  slow: ['silence', 'CANCELED'],
  cancel_refused: [REFUSED, 'PAID'],
  cancel_refused_after_lost_reply: [REFUSED, 'PAID'],
  cancel_reply_lost: ['broken', 'CANCELED'],
  cancel_in_progress: ['200/CANCEL_IN_PROGRESS/CANCEL_INPROGRESS', 'CANCEL_INPROGRESS'],
  key_rotated: ['400/ILLEGAL_SIGN', 'PAID'],
  cancel_unknown: ['200/CANCEL_ABORT_ERROR/UNEXPECTED_PROVIDER_ERROR', 'PAID'],
  wrong_amount_echo: [CANCEL_DONE, 'CANCELED'],
  redirect_302: ['http 302', 'PAID'],
  reset_mid_body: ['broken', 'CANCELED'],
  empty_body: ['empty', 'CANCELED'],
};

/** What a pay sees under each fault no magic amount chooses, and how often the customer is charged. */
const ON_PAY: Readonly<Record<string, readonly [string, number | undefined]>> = {
  key_rotated: ['400/ILLEGAL_SIGN', undefined],
  redirect_302: ['http 302', undefined],
  reset_mid_body: ['broken', 1],
  empty_body: ['empty', 1],
  line_dead_after_charging: ['silence', 1],
  declined: ['200/PAY_FAIL/INSUFFICIENT_FUND/PAY_CANCELED', 0],
};

describe('scripted faults', () => {
  test('every fault is met in this file', () => {
    const met = [...Object.keys(ON_QUERY), ...Object.keys(ON_CANCEL), ...Object.keys(ON_PAY)];
    const magic = MAGIC_AMOUNTS.map(({ fault }): string => fault);
    expect(FAULT_NAMES.filter((name) => !met.includes(name) && !magic.includes(name))).toEqual([]);
  });

  test.each(Object.entries(ON_QUERY))('%s troubles one query and then no more', async (fault, expected) => {
    await seen('pay', terminal.payBody('A1', 1234));
    await control.fault({ fault, call: 'query' });
    expect(await ask('query')).toBe(expected);
    expect((await control.order('A1')).netCapturedMinor).toBe(1234);
    expect((await control.log('A1')).at(-1)).toMatchObject({ path: '/upay/v2/query', fault });
    if (fault !== 'key_rotated') expect(await ask('query')).toBe(PAID);
  });

  test.each(Object.entries(ON_CANCEL))('%s troubles one cancel', async (fault, [expected, orderStatus]) => {
    await control.config({ pendingMs: 60_000 });
    await seen('pay', terminal.payBody('A1', 1234));
    await control.fault({ fault, call: 'cancel' });
    expect(await ask('cancel')).toBe(expected);
    expect(await control.order('A1')).toMatchObject({ orderStatus });
  });

  test.each(Object.entries(ON_PAY))('%s troubles one pay', async (fault, [expected, charges]) => {
    await control.fault({ fault, call: 'pay' });
    expect(await seen('pay', terminal.payBody('A1', 1234))).toBe(expected);
    expect((await control.orders()).map((order) => order.charges)).toEqual(
      charges === undefined ? [] : [charges],
    );
  });

  test('a fault scripted for a pay stays with its order as a magic amount does', async () => {
    await control.fault({ fault: 'line_dead_after_charging', call: 'pay' });
    await seen('pay', terminal.payBody('A1', 1234));
    expect(await ask('query')).toBe('silence');
    expect(await ask('cancel')).toBe(CANCEL_DONE);
  });

  test('a fault lasts for as many calls as asked, and only for the order it names', async () => {
    await seen('pay', terminal.payBody('A1', 1234));
    await seen('pay', terminal.payBody('A2', 1234));
    await control.fault({ fault: 'http_500', call: 'query', times: 2, clientSn: 'A1' });
    expect(await ask('query', 'A2')).toBe(PAID);
    expect([await ask('query'), await ask('query'), await ask('query')]).toEqual([
      'http 500',
      'http 500',
      PAID,
    ]);
  });

  test('a fault for one order is met when the call names it by sn', async () => {
    await seen('pay', terminal.payBody('A1', 1234));
    const { sn } = await control.order('A1');
    await control.fault({ fault: 'http_500', call: 'any', clientSn: 'A1' });
    expect(await seen('query', { sn })).toBe('http 500');
    expect((await control.log('A1')).map(({ path }) => path)).toEqual(['/upay/v2/pay', '/upay/v2/query']);
  });

  test('a scripted fault comes before the magic amount', async () => {
    await control.fault({ fault: 'declined', call: 'pay' });
    expect(await seen('pay', terminal.payBody('A1', 1212))).toContain('PAY_CANCELED');
  });

  test('a silent connection is given up after a while', async () => {
    await control.config({ hangMs: 50 });
    expect(await seen('pay', terminal.payBody('A1', 1213), 2_000)).toBe('broken');
  });
});
