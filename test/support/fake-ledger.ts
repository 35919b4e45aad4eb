import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type DatabaseHandle } from '../../main/database/open.ts';
import { Ledger, SCHEMA_VERSION, type Change } from '../../main/ledger/ledger.ts';
import type { OrderEvent, OrderHappening, Stamp } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import type { Result } from '../../shared/result.ts';

/** Noon in Shanghai: no test runs into the end of a day. */
export const NOON = Date.parse('2026-11-20T04:00:00Z');

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'redress-unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function must<Value, Refused>(result: Result<Value, Refused>): Value {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** A real ledger on a real file. */
export function openLedger(file: string): Ledger {
  const ledger = must(Ledger.open(file, DEFAULT_POLICY));
  onTestFinished(() => ledger.close());
  return ledger;
}

export function newLedger(): { readonly ledger: Ledger; readonly file: string } {
  const file = join(temporaryFolder(), 'ledger.db');
  return { ledger: openLedger(file), file };
}

/** A second, raw handle on a ledger's file: the hand that damages it. */
export function tamper(file: string, damage: (database: DatabaseHandle) => void): void {
  // As many migrations are known as there are, and none runs: the file is at its version already.
  const known = Array.from({ length: SCHEMA_VERSION }, () => () => undefined);
  const database = must(openDatabase(file, known));
  try {
    damage(database);
  } finally {
    database.close();
  }
}

export function stampAt(atMs: number, random = 0.5): Stamp {
  return { atMs, serverOffsetMs: 0, random, actor: { kind: 'terminal', name: 'terminal' } };
}

export interface Intent {
  readonly clientSn: string;
  readonly saleId?: string;
  readonly code?: string;
  readonly atMs?: number;
  readonly override?: boolean;
  readonly amountMinor?: number;
}

/** Collects as the order book does. */
export function collect(ledger: Ledger, intent: Intent): ReturnType<Ledger['collect']> {
  const { clientSn, saleId = clientSn, atMs = NOON, amountMinor = 1234, override = false } = intent;
  const event = {
    type: 'collect_requested' as const,
    clientSn,
    saleId,
    terminalSn: '10298371039',
    amountMinor,
    currency: 'CNY' as const,
    subject: 'Tea',
    operator: 'Ada',
    businessDay: '2026-11-20',
    cancelUntilMs: Date.parse('2026-11-20T16:00:00Z'),
    ...stampAt(atMs),
  };
  return ledger.collect(event, intent.code ?? `28${clientSn}`, override);
}

export function happens(
  ledger: Ledger,
  clientSn: string,
  happening: Exclude<OrderHappening, { type: 'collect_requested' }>,
  atMs = NOON + 1000,
): readonly Change[] {
  const event: OrderEvent = { ...stampAt(atMs), ...happening };
  const applied = must(ledger.apply(clientSn, event));
  return applied.kind === 'changed' ? applied.changes : [];
}

export const APPROVED: Exclude<OrderHappening, { type: 'collect_requested' }> = {
  type: 'pay_answered',
  outcome: {
    kind: 'approved',
    evidence: { code: '200/PAY_SUCCESS/PAID', sn: '7892259488292938', amountMinor: 1234 },
  },
};
export const NO_ANSWER: Exclude<OrderHappening, { type: 'collect_requested' }> = {
  type: 'pay_answered',
  outcome: { kind: 'unknown', evidence: { code: 'local/timed_out' } },
};
/** Three sales: one paid, one being asked about, one just begun; and a note of the terminal's own. */
export function tradeAMorning(ledger: Ledger): void {
  must(collect(ledger, { clientSn: 'A-paid' }));
  happens(ledger, 'A-paid', APPROVED);
  must(collect(ledger, { clientSn: 'B-asked', atMs: NOON + 2000 }));
  happens(ledger, 'B-asked', NO_ANSWER, NOON + 42_000);
  must(ledger.note('checked_in', NOON + 43_000, { businessDay: '2026-11-20' }));
  must(collect(ledger, { clientSn: 'C-begun', atMs: NOON + 44_000 }));
}

export function entriesOf(ledger: Ledger): number {
  return [...ledger.journal()].length;
}

/** Everything the projections say, for comparing two of them. */
export function projected(ledger: Ledger): {
  readonly orders: readonly Order[];
  readonly owed: readonly unknown[];
} {
  return { orders: ledger.recent(1000), owed: ledger.owed() };
}
