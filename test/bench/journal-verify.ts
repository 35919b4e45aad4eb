import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Ledger } from '../../main/ledger/ledger.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { must } from '../support/must.ts';
import type { Bench, BenchOptions, Measure } from './figure.ts';
import { inBenchFolder } from './folder.ts';
import { writeHistory } from './history.ts';
import { BENCH_NOW_MS, BENCH_TERMINAL_SN } from './intents.ts';
import { pairedFigure } from './paired.ts';

/** What the stories of a history come to, on average; the number of entries is counted, not trusted. */
const ENTRIES_PER_ORDER = 2.34;
const CHUNK_CHARACTERS = 4_000_000;

/** The check of a whole ledger against nothing but the hash of the same bytes. */
export const journalVerify: Bench = {
  id: 9,
  name: 'journal-verify',
  about:
    'Check of 1,000,000 journal entries (file, chain and projections) against SHA-256 of the same bytes.',
  run: (options) => inBenchFolder((folder) => measure(folder, options)),
};

function measure(folder: string, { quick, progress }: BenchOptions): Measure {
  const wanted = quick ? 50_000 : 1_000_000;
  const rounds = 3;
  const file = join(folder, 'ledger.db');
  const { entries } = writeHistory({
    file,
    closed: Math.round(wanted / ENTRIES_PER_ORDER),
    owed: 0,
    policy: DEFAULT_POLICY,
    terminalSn: BENCH_TERMINAL_SN,
    nowMs: BENCH_NOW_MS,
    progress: (orders) => progress(`${orders} orders written`),
  });
  const ledger = must(Ledger.open(file, DEFAULT_POLICY));
  const ours: number[] = [];
  const reference: number[] = [];
  let megabytes = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const startedMs = performance.now();
    const { problems } = ledger.verify((checked) =>
      progress(`round ${round}: ${checked} of ${entries} entries`),
    );
    const tookMs = performance.now() - startedMs;
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const hashed = hashAlone(ledger);
    megabytes = hashed.bytes / 1e6;
    ours.push((megabytes * 1000) / tookMs);
    reference.push((megabytes * 1000) / hashed.tookMs);
    progress(`round ${round} of ${rounds}: ${entries} entries in ${(tookMs / 1000).toFixed(1)} s`);
  }
  ledger.close();
  const unit = 'MB/s';
  const referenceName = 'SHA-256 of the same bytes';
  return {
    figures: [
      pairedFigure({ id: 9, name: 'journal verified', unit, ours, reference, referenceName, aim: null }),
    ],
    series: [
      { name: 'ours: journal verified', unit, samples: ours },
      { name: referenceName, unit, samples: reference },
    ],
    notes: [
      `${entries} entries, ${megabytes.toFixed(0)} MB under the chain, ${rounds} rounds in turn.`,
      'Verified is the integrity check of the file, every link of the chain, and both projections against what the journal comes to. The reference hashes the same texts in large pieces and reads nothing.',
    ],
  };
}

/** Only the hashing is timed, not the reading of what is hashed. */
function hashAlone(ledger: Ledger): { readonly bytes: number; readonly tookMs: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  let tookMs = 0;
  let texts: string[] = [];
  let characters = 0;
  const flush = (): void => {
    const chunk = Buffer.from(texts.join(''));
    texts = [];
    characters = 0;
    bytes += chunk.length;
    const startedMs = performance.now();
    hash.update(chunk);
    tookMs += performance.now() - startedMs;
  };
  let previous = '0'.repeat(64);
  for (const { seq, clientSn, previousSeq, atMs, event, version, body, hash: own } of ledger.journal()) {
    const text = `${previous}\n${seq}\n${clientSn ?? ''}\n${previousSeq ?? ''}\n${atMs}\n${event}\n${version}\n${body}`;
    previous = own.toString('hex');
    texts.push(text);
    characters += text.length;
    if (characters >= CHUNK_CHARACTERS) flush();
  }
  flush();
  return { bytes, tookMs };
}
