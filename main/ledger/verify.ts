import { databaseFailure, openReadOnly, type DatabaseHandle } from '../database/open.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Order } from '../../shared/order/order.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { ChainCheck, Journal, type JournalBody, type JournalEntry } from './journal.ts';
import { orderRow, owedRow, Projections, type OrderRow, type OwedRow } from './projections.ts';

export interface LedgerReport {
  readonly entries: number;
  readonly orders: number;
  /** Empty when the ledger is sound; at most one line for each thing that is not. */
  readonly problems: readonly string[];
}

/** Told how many entries have been checked, now and then. */
export type VerifyProgress = (entries: number) => void;

const ENTRIES_PER_PROGRESS = 20_000;

/** Checks the file, the hash chain, and that both projections are what the journal says. */
export function verifyLedger(
  database: DatabaseHandle,
  journal: Journal,
  projections: Projections,
  progress?: VerifyProgress,
): LedgerReport {
  const integrity = database.pragma('integrity_check(10)', { simple: true });
  const truth = truthOf(journal.entries(), progress);
  const { brokenSeq } = truth;
  const problems = [
    ...(integrity === 'ok' ? [] : [`file: ${String(integrity)}`]),
    ...(brokenSeq === null ? [] : [`journal: entry ${brokenSeq} does not follow from the one before it`]),
    ...differences('order', truth.orders, projections.rows()),
    ...differences('outbox', truth.owed, projections.owed()),
  ];
  return { entries: truth.count, orders: truth.orders.size, problems };
}

/**
 * The same for a ledger that another connection is writing: through a connection of its own that cannot
 * write, in one read transaction, so that everything compared is of one instant.
 */
export function verifyFile(file: string): Result<LedgerReport, Failure> {
  const opened = openReadOnly(file);
  if (!opened.ok) return opened.error.code === 'data_corrupt' ? ok(damaged(opened.error)) : opened;
  const database = opened.value;
  try {
    const read = database.transaction(() =>
      verifyLedger(database, new Journal(database), new Projections(database)),
    );
    return ok(read.deferred());
  } catch (error) {
    const met = databaseFailure(error);
    // A file too damaged to be read to its end has been checked, and this is what was found.
    return met.code === 'data_corrupt' ? ok(damaged(met)) : err(met);
  } finally {
    database.close();
  }
}

function damaged({ detail = 'damaged' }: Failure): LedgerReport {
  return { entries: 0, orders: 0, problems: [`file: ${detail}`] };
}

/** Every order as its last entry left it, with that entry's number. */
export function lastOrders(
  entries: Iterable<JournalEntry>,
): ReadonlyMap<string, { readonly order: Order; readonly seq: number }> {
  const last = new Map<string, { readonly order: Order; readonly seq: number }>();
  for (const { seq, clientSn, body } of entries) {
    const order = clientSn === null ? null : orderIn(body);
    if (clientSn !== null && order !== null) last.set(clientSn, { order, seq });
  }
  return last;
}

/** What the projections must be, derived from the journal alone, and whether its chain holds. Rows are kept, and no whole order. */
function truthOf(entries: Iterable<JournalEntry>, progress?: VerifyProgress) {
  const chain = new ChainCheck();
  const orders = new Map<string, OrderRow>();
  const owed = new Map<string, OwedRow>();
  let count = 0;
  for (const entry of entries) {
    const { seq, clientSn, body } = entry;
    chain.follow(entry);
    count += 1;
    if (count % ENTRIES_PER_PROGRESS === 0) progress?.(count);
    const order = clientSn === null ? null : orderIn(body);
    if (clientSn === null || order === null) continue;
    orders.set(clientSn, orderRow(order, seq));
    const row = owedRow(order);
    if (row === null) owed.delete(clientSn);
    else owed.set(clientSn, row);
  }
  return { orders, owed, count, brokenSeq: chain.brokenSeq };
}

/** Null where the line is damaged; the hash chain says so already. */
function orderIn(body: string): Order | null {
  try {
    return (JSON.parse(body) as Partial<JournalBody>).order ?? null;
  } catch {
    return null;
  }
}

function differences<Row extends { readonly clientSn: string }>(
  table: string,
  expected: ReadonlyMap<string, Row>,
  actual: Iterable<Row>,
): string[] {
  const problems: string[] = [];
  const missing = new Set(expected.keys());
  for (const row of actual) {
    missing.delete(row.clientSn);
    if (JSON.stringify(expected.get(row.clientSn)) === JSON.stringify(row)) continue;
    problems.push(`${table} ${row.clientSn}: differs from the journal`);
  }
  return [...problems, ...[...missing].map((clientSn) => `${table} ${clientSn}: is missing`)];
}
