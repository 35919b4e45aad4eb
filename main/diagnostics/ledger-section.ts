import { statSync } from 'node:fs';
import { failure, type Failure } from '../../shared/errors.ts';
import { isUndecided, ORDER_STATES } from '../../shared/order/order.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { openReadOnly, type DatabaseHandle } from '../database/open.ts';
import { LedgerChecker } from '../ledger-check.ts';
import { SCHEMA_VERSION } from '../ledger/ledger.ts';
import type { Clock, Timers } from '../shell/clock.ts';
import { readingFailure, sectionOf, type Reading } from './section.ts';

/** More owed calls than anybody reads; the rest is counted. */
const SHOWN_OWED = 200;
/** A check of a longer ledger is left to `redress journal verify`. */
const CHECK_MS = 60_000;

export interface LedgerSectionSources {
  /** The ledger's file. */
  readonly file: string;
  /** The file that a thread checking the ledger runs. */
  readonly checkWorkerFile: string;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** What is in the ledger and whether it holds; a file that cannot be read still has its size and its check. */
export async function readLedgerSection(sources: LedgerSectionSources): Promise<Reading> {
  const { file } = sources;
  const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;
  const sizeBytes = sizeOf(file);
  if (sizeBytes === null) return err(failure('data_unavailable', `${file} does not exist`));
  return ok({
    sizeBytes,
    walSizeBytes: sizeOf(`${file}-wal`),
    content: sectionOf(inFile(file, contentOf)),
    check: sectionOf(await check(sources)),
  });
}

/** Reads a ledger that another process may be writing, and lets it go. */
export function inFile<Value>(
  file: string,
  read: (database: DatabaseHandle) => Value,
): Result<Value, Failure> {
  const opened = openReadOnly(file);
  if (!opened.ok) return opened;
  try {
    const schemaVersion = Number(opened.value.pragma('user_version', { simple: true }));
    if (schemaVersion > SCHEMA_VERSION) return err(failure('data_newer', `schema ${schemaVersion}`));
    if (schemaVersion < 1) return err(failure('data_corrupt', 'it has no tables of a ledger'));
    return ok(read(opened.value));
  } catch (error) {
    return err(readingFailure(error));
  } finally {
    opened.value.close();
  }
}

interface OrderLine {
  readonly clientSn: string;
  readonly state: string;
  readonly createdAtMs: number;
}

interface OwedLine {
  readonly clientSn: string;
  readonly call: string;
  readonly dueAtMs: number;
  readonly waitingFor: string;
}

function contentOf(database: DatabaseHandle) {
  const counts = database
    .prepare<[], { state: string; count: number }>(
      'SELECT state, count(*) AS count FROM orders GROUP BY state ORDER BY state',
    )
    .all();
  const undecided = ORDER_STATES.filter(isUndecided);
  const oldest = database
    .prepare<string[], OrderLine>(
      `SELECT client_sn AS clientSn, state, created_at_ms AS createdAtMs FROM orders
       WHERE state IN (${undecided.map(() => '?').join(', ')}) ORDER BY created_at_ms LIMIT 1`,
    )
    .get(...undecided);
  const owed = database
    .prepare<[number], OwedLine>(
      `SELECT client_sn AS clientSn, call, due_at_ms AS dueAtMs, waiting_for AS waitingFor
       FROM outbox ORDER BY due_at_ms LIMIT ?`,
    )
    .all(SHOWN_OWED);
  return {
    schemaVersion: database.pragma('user_version', { simple: true }),
    entries: database.prepare('SELECT count(*) FROM journal').pluck().get(),
    orders: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
    oldestUndecided: oldest ?? null,
    owedCalls: database.prepare('SELECT count(*) FROM outbox').pluck().get(),
    owed,
  };
}

async function check({ file, checkWorkerFile, clock, timers }: LedgerSectionSources): Promise<Reading> {
  const checker = new LedgerChecker({ file, workerFile: checkWorkerFile, clock, timers });
  let isTimeUp = false;
  const cancelTimer = timers.after(CHECK_MS, () => {
    isTimeUp = true;
    void checker.stop();
  });
  const checked = await checker.check();
  cancelTimer();
  return isTimeUp ? err(failure('diagnostics_part_missing', `more than ${CHECK_MS} ms`)) : checked;
}
