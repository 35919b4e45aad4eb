import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UpayCall } from '../../shared/protocol/upay/requests.ts';
import { FAULT_NAMES } from '../../main/training/faults.ts';
import { MAGIC_AMOUNTS } from '../../main/training/magic-amounts.ts';
import type { Gateway } from '../../main/training/gateway.ts';
import { gatewayControl, seenBy, startPracticeGateway, testTerminal } from '../support/practice-gateway.ts';

let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

beforeEach(async () => {
  gateway = await startPracticeGateway();
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
  await control.config({ slowMs: 600 });
});

afterEach(() => gateway.close());

const seen = (call: UpayCall, body: object, silenceMs?: number) => seenBy(terminal, call, body, silenceMs);
const ask = (call: 'query' | 'cancel' | 'revoke', clientSn = 'A1') => seen(call, { client_sn: clientSn });

const PAID = '200/SUCCESS/PAID';
const CANCEL_DONE = '200/CANCEL_SUCCESS/CANCELED';
const REFUSED = '200/CANCEL_ERROR/UPAY_TCP_ORDER_NOT_REFUNDABLE';

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
    expect(await ask('query')).toBe(fault === 'key_rotated' ? '400/ILLEGAL_SIGN' : PAID);
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
