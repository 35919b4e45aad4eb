import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger } from '../../main/ledger/ledger.ts';
import { OrderBook } from '../../main/order-book.ts';
import { businessDayOf } from '../../shared/business-day.ts';
import { cancelUntilMs } from '../../shared/protocol/upay/window.ts';
import { cli, prepareData, type CliResult, type PreparedData } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { CASHIER, freshCode, must } from '../support/terminal.ts';

let gateway: GatewayProcess;
let own: PreparedData;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  own = await prepareData(gateway);
});

afterAll(async () => {
  own.remove();
  await gateway.stop();
});

const json = (...args: readonly string[]) => cli(['--json', ...args], { data: own.data });
const revoke = (number: string, ...more: readonly string[]) => json('revoke', number, ...more);

async function pay(
  amount: string,
  ...more: readonly string[]
): Promise<{ readonly clientSn: string; readonly sn: string }> {
  const result = await json('pay', '--amount', amount, '--code', freshCode(), ...more);
  return result.json() as { readonly clientSn: string; readonly sn: string };
}

const paths = async (clientSn: string): Promise<readonly string[]> =>
  (await gateway.wireLog(clientSn)).map(({ path }) => path.replace('/upay/v2/', ''));

function expectRefused(result: CliResult, exit: number, code: string): void {
  expect(result.json()).toMatchObject({ error: { code } });
  expect(result.code).toBe(exit);
}

/** One after another: one data directory belongs to one process at a time. */
describe('redress revoke', () => {
  test('of an unknown order is refused with 64 and sends nothing', async () => {
    const before = (await own.trades()).length;
    expectRefused(await revoke('20260305-101502-NEVERMADE'), 64, 'order_unknown');
    expectRefused(await revoke(''), 64, 'order_unknown');
    expect(await own.trades()).toHaveLength(before);
  });

  test('of a declined order is refused with 64 and sends nothing', async () => {
    const { clientSn } = await pay('10.16');
    expectRefused(await revoke(clientSn), 64, 'not_paid');
    expect(await paths(clientSn)).toEqual(['pay']);
  });

  test('of an undecided order is refused with 64 and sends no revoke', async () => {
    const { clientSn } = await pay('10.15', '--wait', '0.1');
    expectRefused(await revoke(clientSn), 64, 'undecided');
    expect(await paths(clientSn)).not.toContain('revoke');
    expect((await gateway.order(clientSn))?.reversals).toBe(0);
  });

  test('of an order that needs a person is refused with 64 and sends no revoke', async () => {
    const { clientSn } = await pay('10.29');
    expectRefused(await revoke(clientSn), 64, 'needs_person');
    expect(await paths(clientSn)).toEqual(['pay']);
  });

  test('of a revoked order is refused with 64 and sends nothing more', async () => {
    const { clientSn, sn } = await pay('12.34');
    expect((await revoke(clientSn)).code).toBe(0);
    const before = await paths(clientSn);
    expectRefused(await revoke(clientSn), 64, 'already_revoked');
    expectRefused(await revoke(sn), 64, 'already_revoked');
    expect(await paths(clientSn)).toEqual(before);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0, reversals: 1 });
  });

  test('of an order refunded elsewhere ends revoked on that evidence', async () => {
    const { clientSn } = await pay('12.34');
    const refund = { client_sn: clientSn, refund_request_no: 'R1', refund_amount: '1234', operator: 'desk' };
    const identity = { ...own.identity, terminalKey: gateway.currentKey(own.identity.terminalSn) };
    expect((await gateway.sendByHand(identity, 'refund', refund)).biz_response?.result_code).toBe(
      'REFUND_SUCCESS',
    );
    const revoked = await revoke(clientSn);
    expect(revoked.json()).toMatchObject({ state: 'revoked', charged: 'no', instruction: 'goods_back' });
    expect(revoked.code).toBe(0);
    const { timeline } = (await json('show', clientSn)).json() as { readonly timeline: readonly object[] };
    expect(JSON.stringify(timeline.at(-1))).toContain('REFUNDED');
    expect(await gateway.order(clientSn)).toMatchObject({
      charges: 1,
      netCapturedMinor: 0,
      orderStatus: 'REFUNDED',
    });
    expectRefused(await revoke(clientSn), 64, 'already_revoked');
  });

  test('of an order refunded in part is refused by the acquirer with 69 and stays paid, said so', async () => {
    const { clientSn } = await pay('12.34');
    const refund = { client_sn: clientSn, refund_request_no: 'R2', refund_amount: '234', operator: 'desk' };
    const identity = { ...own.identity, terminalKey: gateway.currentKey(own.identity.terminalSn) };
    await gateway.sendByHand(identity, 'refund', refund);
    const refused = await revoke(clientSn);
    expect(refused.json()).toMatchObject({ state: 'paid', charged: 'yes', reason: 'revoke_refused' });
    expect(refused.code).toBe(69);
    expect((await paths(clientSn)).filter((path) => path === 'revoke')).toHaveLength(1);
    const again = await cli(['revoke', clientSn], { data: own.data });
    expect(again.code).toBe(69);
    expect(again.stdout).toContain('UPAY_CANCEL_INVALID_ORDER_STATE');
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1000 });
  });

  test('that a campaign forbids is refused with 69 and leaves the order paid', async () => {
    const { clientSn } = await pay('10.22');
    const refused = await revoke(clientSn);
    expect([refused.code, refused.json()]).toMatchObject([69, { state: 'paid', reason: 'revoke_refused' }]);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1022 });
  });

  test('that finds no end in time exits 20, stays owed, and is finished by work', async () => {
    const { clientSn } = await pay('12.34');
    await gateway.setFault({ fault: 'http_500', call: 'revoke', clientSn });
    await gateway.setFault({ fault: 'http_500', call: 'query', clientSn });
    const impatient = await revoke(clientSn, '--wait', '0.3');
    expect([impatient.code, impatient.json()]).toMatchObject([20, { state: 'revoking', charged: 'yes' }]);
    expectRefused(await revoke(clientSn, '--wait', '0'), 64, 'being_revoked');
    await until20(clientSn);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test("of yesterday's order is refused with 64 and sends nothing", async () => {
    const clientSn = orderOfYesterday();
    expect((await json('show', clientSn)).json()).toMatchObject({ state: 'paid', charged: 'yes' });
    const before = (await own.trades()).length;
    expectRefused(await revoke(clientSn), 64, 'revoke_window_closed');
    expectRefused(await revoke('7890001000000077'), 64, 'revoke_window_closed');
    const after = (await own.trades()).slice(before).filter((entry) => entry.path === '/upay/v2/revoke');
    expect(after).toEqual([]);
    expect((await json('journal', 'verify')).code).toBe(0);
  });
});

/** `work` runs until this one order is decided; others of this file may still be owed. */
async function until20(clientSn: string): Promise<void> {
  const worked = await json('work', '--for', '8');
  expect([0, 20]).toContain(worked.code);
  expect((await json('show', clientSn)).json()).toMatchObject({ state: 'revoked', charged: 'no' });
}

/** What the ledger holds of an order that was paid a day ago. */
function orderOfYesterday(): string {
  own.leaveUnchecked();
  const atMs = Date.now() - 86_400_000;
  const ledger = must(Ledger.open(join(own.data, 'ledger.db'), own.settings.policy));
  const book = new OrderBook({
    ledger,
    clock: { nowMs: () => atMs },
    random: () => 0.5,
    serverOffsetMs: () => 0,
  });
  const clientSn = 'yesterday-1';
  const intent = {
    clientSn,
    saleId: clientSn,
    terminalSn: own.identity.terminalSn,
    amountMinor: 1234,
    currency: 'CNY',
    subject: 'Counter sale',
    operator: 'cashier',
    businessDay: businessDayOf(atMs, own.settings.timeZone),
    cancelUntilMs: cancelUntilMs(atMs),
  } as const;
  const collected = book.collect(intent, freshCode(), false, CASHIER);
  expect(collected.ok).toBe(true);
  const evidence = { code: '200/PAY_SUCCESS/PAID', sn: '7890001000000077', amountMinor: 1234 };
  must(book.record(clientSn, { type: 'pay_answered', outcome: { kind: 'approved', evidence } }));
  ledger.close();
  return clientSn;
}
