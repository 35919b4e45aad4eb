import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { writeHistory } from '../bench/history.ts';
import { NOON, openLedger, temporaryFolder } from '../support/fake-ledger.ts';

test('a written history is a ledger like any other', () => {
  const file = join(temporaryFolder(), 'ledger.db');
  const written = writeHistory({
    file,
    closed: 250,
    owed: 3,
    policy: DEFAULT_POLICY,
    terminalSn: '10298371039',
    nowMs: NOON,
    ordersPerDay: 100,
  });
  const ledger = openLedger(file);
  expect(ledger.verify()).toEqual({ entries: written.entries, orders: 253, problems: [] });
  expect(written.today).toBe('2026-11-20');
  expect(ledger.ofDay('2026-11-20', 1000)).toHaveLength(103);
  expect(ledger.ofDay('2026-11-19', 1000)).toHaveLength(100);
  expect(ledger.ofDay('2026-11-18', 1000)).toHaveLength(50);
  expect(ledger.due(NOON, 1000).unattended.map(({ call }) => call)).toEqual(['cancel', 'cancel', 'cancel']);
  expect(ledger.owedCount()).toBe(3);
});
