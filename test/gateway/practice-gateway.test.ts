import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../../main/training/gateway.ts';
import { systemClock, systemRandom, systemTimers } from '../../main/shell/clock.ts';
import { businessDayEndMs } from '../../shared/business-day.ts';
import {
  gatewayControl,
  startPracticeGateway,
  testTerminal,
  type WireReply,
} from '../support/practice-gateway.ts';

let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

beforeEach(async () => {
  gateway = await startPracticeGateway();
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
});

afterEach(() => gateway.close());

const outcome = (reply: WireReply): string =>
  [reply.result_code, reply.error_code, reply.biz_response?.result_code, reply.biz_response?.error_code]
    .filter((code) => code !== undefined && code !== '')
    .join('/');
const statusIn = (reply: WireReply): string | undefined => reply.biz_response?.data?.['order_status'];

const pay = (clientSn: string, totalMinor = 1234) =>
  terminal.send('pay', terminal.payBody(clientSn, totalMinor));
const send = (call: 'query' | 'cancel' | 'revoke', clientSn: string) =>
  terminal.send(call, { client_sn: clientSn });
const refund = (clientSn: string, no: string, fen: number) =>
  terminal.send('refund', {
    client_sn: clientSn,
    refund_request_no: no,
    refund_amount: String(fen),
    operator: 'cashier',
  });

describe('pay', () => {
  test('charges the customer once and says so', async () => {
    const reply = await pay('A1');
    expect(reply).toMatchObject({ result_code: '200', error_code: '', error_message: '' });
    expect(reply.biz_response).toMatchObject({
      result_code: 'PAY_SUCCESS',
      error_code: '',
      error_message: '',
    });
    expect(reply.biz_response?.data).toMatchObject({
      client_sn: 'A1',
      client_tsn: 'A1',
      status: 'SUCCESS',
      order_status: 'PAID',
      total_amount: '1234',
      net_amount: '1234',
      payway: '2',
      terminal_sn: terminal.terminalSn,
    });
    expect(reply.biz_response?.data?.['sn']).toMatch(/^789[0-9]{13}$/);
    expect(await control.order('A1')).toMatchObject({
      orderStatus: 'PAID',
      charges: 1,
      netCapturedMinor: 1234,
    });
  });

  test('answers with nothing but text and lists of text in the order data', async () => {
    const data = (await pay('A1')).biz_response?.data ?? {};
    for (const [name, value] of Object.entries(data)) {
      expect([name, Array.isArray(value) ? 'list' : typeof value]).toEqual([
        name,
        name === 'payment_list' ? 'list' : 'string',
      ]);
    }
  });

  test('refuses a client_sn that exists already, and charges nothing more', async () => {
    await pay('A1');
    expect(outcome(await pay('A1'))).toBe('200/FAIL/CLIENT_SN_CONFLICT');
    expect(await control.orders()).toHaveLength(1);
  });

  test('does not let a magic amount trouble the refusal of a repeated client_sn', async () => {
    await pay('A1');
    expect(outcome(await pay('A1', 1212))).toBe('200/FAIL/CLIENT_SN_CONFLICT');
    expect(outcome(await send('query', 'A1'))).toBe('200/SUCCESS');
  });

  test('refuses a payment code that was used before and leaves no order', async () => {
    const body = terminal.payBody('A1', 1000);
    await terminal.send('pay', body);
    expect(outcome(await terminal.send('pay', { ...body, client_sn: 'A2' }))).toBe(
      '200/FAIL/EXPIRED_BARCODE',
    );
    expect(outcome(await send('query', 'A2'))).toBe('200/FAIL/UPAY_ORDER_NOT_EXISTS');
  });

  test.each(['123', '1'.repeat(25), 'abcdefghijklmnop'])(
    'refuses the payment code %s as invalid',
    async (code) => {
      const reply = await terminal.send('pay', { ...terminal.payBody('A1', 1000), dynamic_id: code });
      expect(outcome(reply)).toBe('200/FAIL/INVALID_BARCODE');
      expect(reply.biz_response?.data).toBeNull();
    },
  );

  test.each(['terminal_sn', 'client_sn', 'total_amount', 'dynamic_id', 'subject', 'operator'])(
    'refuses a request without %s',
    async (member) => {
      for (const absent of [undefined, null, '']) {
        const body = { ...terminal.payBody('A1', 1000), [member]: absent };
        expect(outcome(await terminal.send('pay', body))).toBe('400/INVALID_PARAMS');
      }
    },
  );

  test.each(['0', '-1', '12.34', '1e3', '12345678901', ' 5'])('refuses the amount "%s"', async (amount) => {
    const body = { ...terminal.payBody('A1', 1), total_amount: amount };
    expect(outcome(await terminal.send('pay', body))).toBe('400/INVALID_PARAMS');
  });
});

describe('query', () => {
  test('finds an order by either name, and by sn when both are given', async () => {
    const sn = (await pay('A1')).biz_response?.data?.['sn'] ?? '';
    await pay('A2', 500);
    expect((await terminal.send('query', { sn })).biz_response?.data?.['client_sn']).toBe('A1');
    const both = await terminal.send('query', { sn, client_sn: 'A2' });
    expect(both.biz_response?.data?.['client_sn']).toBe('A1');
    expect(statusIn(await send('query', 'A2'))).toBe('PAID');
  });

  test('says that an unknown order does not exist', async () => {
    const reply = await send('query', 'nobody');
    expect(outcome(reply)).toBe('200/FAIL/UPAY_ORDER_NOT_EXISTS');
    expect(reply.biz_response?.data).toBeNull();
  });

  test('refuses a request that names no order', async () => {
    expect(outcome(await terminal.send('query', { sn: '', client_sn: null }))).toBe('400/INVALID_PARAMS');
  });
});

describe.each(['cancel', 'revoke'] as const)('%s', (call) => {
  test('gives a paid order back in full', async () => {
    await pay('A1');
    const reply = await send(call, 'A1');
    expect(outcome(reply)).toBe('200/CANCEL_SUCCESS');
    expect(reply.biz_response?.data).toMatchObject({
      order_status: 'CANCELED',
      total_amount: '1234',
      net_amount: '0',
    });
    expect(await control.order('A1')).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('aborts an order that is not paid yet', async () => {
    await pay('A1', 1015);
    const reply = await send(call, 'A1');
    expect([outcome(reply), statusIn(reply)]).toEqual(['200/CANCEL_ABORT_SUCCESS', 'CANCELED']);
    expect(await control.order('A1')).toMatchObject({ charges: 0, netCapturedMinor: 0 });
  });

  test('says that there is nothing to do when the order is cancelled already', async () => {
    await pay('A1');
    await send(call, 'A1');
    expect(outcome(await send(call, 'A1'))).toBe('200/FAIL/UPAY_CANCEL_ORDER_NOOP');
  });

  test('refuses an order that failed or was refunded', async () => {
    await pay('failed', 1016);
    await pay('part', 1000);
    await refund('part', 'R1', 400);
    await pay('whole', 1000);
    await refund('whole', 'R1', 1000);
    for (const clientSn of ['failed', 'part', 'whole']) {
      const reply = await send(call, clientSn);
      expect(outcome(reply)).toBe('200/FAIL/UPAY_CANCEL_INVALID_ORDER_STATE');
      expect(reply.biz_response?.data).toBeNull();
    }
  });

  test('says that an unknown order does not exist', async () => {
    expect(outcome(await send(call, 'nobody'))).toBe('200/FAIL/UPAY_ORDER_NOT_EXISTS');
  });
});

describe('the calendar day', () => {
  test.each([
    ['Asia/Shanghai', 'cancel'],
    ['Asia/Shanghai', 'revoke'],
    ['America/New_York', 'cancel'],
  ] as const)('in %s closes %s at midnight, and not a millisecond earlier', async (timeZone, call) => {
    const nowMs = 1_780_000_000_000;
    const endMs = businessDayEndMs(nowMs, timeZone);
    const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
    const still = await startPracticeGateway({ clock, timeZone });
    const till = testTerminal(still);
    const hand = gatewayControl(still);
    await till.send('pay', till.payBody('A1', 1234));
    await till.send('pay', till.payBody('A2', 1234));

    await hand.shiftClock(endMs - 1 - nowMs);
    expect(outcome(await till.send(call, { client_sn: 'A1' }))).toBe('200/CANCEL_SUCCESS');
    await hand.shiftClock(endMs - nowMs);
    const reply = await till.send(call, { client_sn: 'A2' });
    expect(outcome(reply)).toBe('200/FAIL/UPAY_CANCEL_INVALID_ORDER_STATE');
    expect(reply.biz_response?.error_message).toContain('calendar day');
    expect(outcome(await till.send(call, { client_sn: 'A1' }))).toBe('200/FAIL/UPAY_CANCEL_ORDER_NOOP');
    expect(statusIn(await till.send('query', { client_sn: 'A2' }))).toBe('PAID');
    await still.close();
  });
});

describe('refund', () => {
  test('gives back in parts until nothing is left, each request number once', async () => {
    await pay('A1', 1000);
    const first = await refund('A1', 'R1', 300);
    expect(outcome(first)).toBe('200/REFUND_SUCCESS');
    expect(first.biz_response?.data).toMatchObject({
      order_status: 'PARTIAL_REFUNDED',
      net_amount: '700',
      client_tsn: 'A1-R1',
    });
    expect(outcome(await refund('A1', 'R1', 300))).toBe('200/FAIL/UPAY_REFUND_ORDER_NOOP');
    expect(outcome(await refund('A1', 'R2', 701))).toBe('200/FAIL/REFUNDABLE_AMOUNT_NOT_ENOUGH');
    expect(statusIn(await refund('A1', 'R3', 700))).toBe('REFUNDED');
    expect(outcome(await refund('A1', 'R4', 1))).toBe('200/FAIL/UPAY_REFUND_INVALID_ORDER_STATE');
    expect((await send('query', 'A1')).biz_response?.data).toMatchObject({
      order_status: 'REFUNDED',
      net_amount: '0',
      client_tsn: 'A1-R3',
    });
    expect(await control.order('A1')).toMatchObject({ refundedMinor: 1000, netCapturedMinor: 0, charges: 1 });
  });

  test('refuses an unknown order, a missing amount and an order that is not paid', async () => {
    expect(outcome(await refund('nobody', 'R1', 1))).toBe('200/FAIL/UPAY_ORDER_NOT_EXISTS');
    await pay('A1', 1015);
    expect(outcome(await refund('A1', 'R1', 1))).toBe('200/FAIL/UPAY_REFUND_INVALID_ORDER_STATE');
    expect(outcome(await terminal.send('refund', { client_sn: 'A1', operator: 'x' }))).toBe(
      '400/INVALID_PARAMS',
    );
  });
});

describe('starting', () => {
  test('says that a port is taken', async () => {
    const again = await startGateway({
      port: gateway.port,
      file: ':memory:',
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
    });
    expect(again).toEqual({ ok: false, error: { code: 'port_in_use', detail: String(gateway.port) } });
  });

  test('says that a file cannot be opened', async () => {
    const options = { port: 0, clock: systemClock, timers: systemTimers, random: systemRandom };
    expect(await startGateway({ ...options, file: import.meta.dirname })).toMatchObject({
      ok: false,
      error: { code: 'data_unavailable' },
    });
  });

  test('the Date header follows the shifted clock', async () => {
    await control.shiftClock(-86_400_000);
    const response = await terminal.fetchCall('query', { client_sn: 'A1' });
    const aheadMs = systemClock.nowMs() - Date.parse(response.headers.get('date') ?? '');
    expect(Math.abs(aheadMs - 86_400_000)).toBeLessThan(3_000);
  });

  test('a body over 64 KiB is turned away', async () => {
    const response = await terminal.fetchCall('query', { client_sn: 'A1', padding: 'x'.repeat(65_536) });
    expect(response.status).toBe(413);
  });
});
