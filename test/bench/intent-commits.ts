import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Ledger } from '../../main/ledger/ledger.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { median, type Measure } from './measure.ts';

const ROUNDS = 15;
const COMMITS = 400;
const WARM_UP = 4;

/** Intents recorded per second against bare one-row commits at FULL, in turn on the same disk. */
export async function intentCommits(): Promise<Measure> {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'redress-bench-'));
  const ledger = Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY);
  if (!ledger.ok) throw new Error('The bench folder cannot be used');
  const bare = bareDatabase(join(folder, 'bare.db'));
  const insert = bare.prepare<[string]>('INSERT INTO rows (body) VALUES (?)');
  const body = 'x'.repeat(200);
  let number = 0;
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 1; round <= WARM_UP + ROUNDS; round += 1) {
    const oursPerSecond = perSecond(() => {
      number += 1;
      recordIntent(ledger.value, number);
    });
    const barePerSecond = perSecond(() => insert.run(body));
    // The first rounds grow both write-ahead logs to their size, which costs each commit more.
    if (round <= WARM_UP) continue;
    ours.push(oursPerSecond);
    reference.push(barePerSecond);
  }
  ledger.value.close();
  bare.close();
  rmSync(folder, { recursive: true });
  const ratio = median(ours.map((value, index) => value / (reference[index] ?? Number.NaN)));
  return {
    name: 'intent-commits',
    figures: { oursPerSecond: median(ours), referencePerSecond: median(reference), ratio },
    lines: [
      `intents (journal + order + outbox + code) ${median(ours).toFixed(0)}/s, bare one-row commits ${median(reference).toFixed(0)}/s, both at FULL`,
      `ratio ${ratio.toFixed(2)} (median of ${ROUNDS} pairs; aim 0.5)`,
    ],
  };
}

/** The limit: the library as it ships, with the one setting that makes a commit survive a power cut. */
function bareDatabase(file: string): Database.Database {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  return database;
}

function perSecond(commit: () => void): number {
  const startedMs = performance.now();
  for (let count = 0; count < COMMITS; count += 1) commit();
  return (COMMITS * 1000) / (performance.now() - startedMs);
}

function recordIntent(ledger: Ledger, number: number): void {
  const clientSn = `bench-${number}`;
  const recorded = ledger.collect(
    {
      type: 'collect_requested',
      clientSn,
      saleId: clientSn,
      terminalSn: '10770000001',
      amountMinor: 1234,
      currency: 'CNY',
      subject: 'Counter sale',
      operator: 'bench',
      businessDay: '2026-11-20',
      cancelUntilMs: 1_800_000_000_000,
      atMs: 1_795_165_413_721 + number,
      serverOffsetMs: 0,
      random: 0.5,
      actor: { kind: 'operator', name: 'bench' },
    },
    String(134_500_000_000_000_000n + BigInt(number)),
    false,
  );
  if (!recorded.ok) throw new Error(`The intent was not recorded: ${JSON.stringify(recorded.error)}`);
}
