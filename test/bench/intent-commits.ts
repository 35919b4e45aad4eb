import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Ledger } from '../../main/ledger/ledger.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { must } from '../support/must.ts';
import type { Bench, BenchOptions, Measure } from './figure.ts';
import { inBenchFolder } from './folder.ts';
import { recordIntent } from './intents.ts';
import { pairedFigure } from './paired.ts';

const COMMITS = 400;
const WARM_UP = 4;
const BODY_CHARACTERS = 200;

/** Intents recorded per second against bare one-row commits at FULL, in turn on the same disk. */
export const intentCommits: Bench = {
  id: 1,
  name: 'intent-commits',
  about: 'Durable intents (journal, order and outbox at FULL) against bare one-row commits at FULL.',
  run: (options) => inBenchFolder((folder) => measure(folder, options)),
};

function measure(folder: string, { quick, progress }: BenchOptions): Measure {
  const rounds = quick ? 7 : 15;
  const ledger = must(Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY));
  const bare = bareDatabase(join(folder, 'bare.db'));
  const insert = bare.prepare<[string]>('INSERT INTO rows (body) VALUES (?)');
  const body = 'x'.repeat(BODY_CHARACTERS);
  let number = 0;
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 1; round <= WARM_UP + rounds; round += 1) {
    const oursPerSecond = perSecond(() => {
      number += 1;
      recordIntent(ledger, number);
    });
    const barePerSecond = perSecond(() => insert.run(body));
    // The first rounds grow both write-ahead logs to their size, which costs each commit more.
    if (round <= WARM_UP) continue;
    ours.push(oursPerSecond);
    reference.push(barePerSecond);
    progress(`round ${round - WARM_UP} of ${rounds}`);
  }
  ledger.close();
  bare.close();
  const unit = 'commits/s';
  const referenceName = 'bare one-row commits at FULL';
  return {
    figures: [
      pairedFigure({
        id: 1,
        name: 'durable intents',
        unit,
        ours,
        reference,
        referenceName,
        aim: { atLeast: 0.7 },
      }),
    ],
    series: [
      { name: 'ours: durable intents', unit, samples: ours },
      { name: referenceName, unit, samples: reference },
    ],
    notes: [
      `${rounds} rounds of ${COMMITS} commits each, in turn on the same disk; ${WARM_UP} more before them are not counted.`,
      `The bare commit is better-sqlite3 in WAL at FULL, one row of ${BODY_CHARACTERS} characters into one table without an index.`,
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
