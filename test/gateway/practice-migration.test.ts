import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../main/database/open.ts';
import { MIGRATIONS } from '../../main/training/migrations.ts';
import { gatewayControl, startPracticeGateway, testTerminal } from '../support/practice-gateway.ts';

/** A file as the gateway left it that knew Upay alone: a paid order, one given back in part, and its log. */
function writeFirstVersion(file: string): void {
  const opened = openDatabase(file, MIGRATIONS.slice(0, 1));
  if (!opened.ok) throw new Error(opened.error.code);
  opened.value.exec(`
    INSERT INTO vendors VALUES ('91800000000000001', 'practice-vendor-key', '2026000000000001', '10000001', 'salt');
    INSERT INTO terminals VALUES (1, '10770000001', '91800000000000001', NULL, 'key', NULL);
    INSERT INTO orders (id, sn, client_sn, client_tsn, terminal_sn, status, total_minor, refunded_minor, charges,
      payway, subject, operator, created_at_ms, finished_at_ms, line_dead)
    VALUES
      (1, '7890001000000001', 'A1', 'A1', '10770000001', 'PAID', 1234, 0, 1, '2', 'Tea', 'cashier', 1000, 1000, 0),
      (2, '7890001000000002', 'A2', 'A2-R1', '10770000001', 'PARTIAL_REFUNDED', 1000, 300, 1, '2', 'Tea', 'cashier',
        1000, 2000, 0);
    INSERT INTO refunds VALUES (2, 'R1', 300);
    INSERT INTO wire_log (at_ms, at_us, path, terminal_sn, client_sn, signature, delivery)
    VALUES
      (1000, 1, '/upay/v2/pay', '10770000001', 'A1', 'ok', 'sent'),
      (1000, 2, '/terminal/checkin', '10770000001', NULL, 'ok', 'sent');
  `);
  opened.value.close();
}

test('a gateway file of the version with Upay alone keeps its orders, refunds, keys and log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-practice-'));
  const file = join(folder, 'practice.db');
  writeFirstVersion(file);
  const gateway = await startPracticeGateway({ file });
  const control = gatewayControl(gateway);
  const terminal = testTerminal(gateway);
  expect(terminal.key()).toBe('key');
  expect(await control.orders()).toMatchObject([
    { clientSn: 'A1', terminalSn: '10770000001', orderStatus: 'PAID', netCapturedMinor: 1234, charges: 1 },
    { clientSn: 'A2', orderStatus: 'PARTIAL_REFUNDED', netCapturedMinor: 700, refundedMinor: 300 },
  ]);
  expect((await control.log()).map((entry) => ({ ...entry }))).toMatchObject([
    { call: 'pay', clientSn: 'A1' },
    { call: 'checkin', clientSn: null },
  ]);
  const refund = (no: string) =>
    terminal.send('refund', {
      client_sn: 'A2',
      refund_request_no: no,
      refund_amount: '300',
      operator: 'cashier',
    });
  expect((await refund('R1')).biz_response?.error_code).toBe('UPAY_REFUND_ORDER_NOOP');
  expect((await refund('R2')).biz_response?.result_code).toBe('REFUND_SUCCESS');
  expect(await control.order('A2')).toMatchObject({ netCapturedMinor: 400 });
  await gateway.close();
  rmSync(folder, { recursive: true });
});
