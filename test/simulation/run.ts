import { availableParallelism } from 'node:os';
import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Command, InvalidArgumentError } from 'commander';
import { addCounts, noCounts, type Counts } from './tally.ts';
import { SIMULATION_WORKER, type Batch, type Played, type Told } from './worker.ts';

const BATCH = 20;
const HOUR_MS = 3_600_000;
const MOST_FAILURES = 5;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  readonly only: readonly number[] | null;
  readonly history: boolean;
  readonly json: string | null;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

function readOptions(): Options {
  const command = new Command('simulate')
    .description(
      'Plays whole lives of terminals on a virtual clock, against the practice gateway’s own order model, with a ' +
        'line that loses, delays and repeats, processes that die and people in a hurry. One seed is one run and ' +
        'always the same.',
    )
    .option('--seeds <n>', 'how many runs', wholeNumber, 1000)
    .option('--from <seed>', 'the first seed', wholeNumber, 1)
    .option('--workers <n>', 'threads', wholeNumber, availableParallelism())
    .option(
      '--only <numbers>',
      'only these happenings of each plan, as a failure names them (0,3,7)',
      (text) =>
        text
          .split(',')
          .filter((part) => part !== '')
          .map(wholeNumber),
    )
    .option('--history', 'print everything that happened in each run', false)
    .option('--json <file>', 'write the summary there as well')
    .showHelpAfterError()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 64));
  const { seeds, from, workers, only, history, json } = command.parse().opts<Partial<Options>>();
  return {
    seeds: seeds ?? 1000,
    from: from ?? 1,
    workers: Math.max(1, workers ?? 1),
    only: only ?? null,
    history: history === true,
    json: json ?? null,
  };
}

/** What many runs came to. */
interface Summary {
  readonly counts: Counts;
  readonly failures: readonly Told[];
  readonly tookMs: number;
}

async function playAll({ seeds, from, workers, only, history }: Options): Promise<Summary> {
  const counts = noCounts();
  const failures: Told[] = [];
  const startedMs = performance.now();
  let next = from;
  const end = from + seeds;
  const takeBatch = (): Batch | null => {
    if (next >= end || failures.length >= MOST_FAILURES) return null;
    const size = Math.min(BATCH, end - next);
    const batch = {
      seeds: Array.from({ length: size }, (_, index) => next + index),
      only,
      withHistory: history,
    };
    next += size;
    return batch;
  };
  const progress = progressLine(seeds, startedMs);
  const note = (played: Played): void => {
    addCounts(counts, played.counts);
    for (const told of played.told) {
      if (told.violations.length > 0) failures.push(told);
      process.stdout.write(describe(told));
    }
    progress(counts, failures.length);
  };
  await Promise.all(
    Array.from({ length: Math.min(workers, Math.ceil(seeds / BATCH)) }, () => workThrough(takeBatch, note)),
  );
  progress(counts, failures.length, true);
  return { counts, failures, tookMs: performance.now() - startedMs };
}

/** One thread, fed until there is nothing left. */
function workThrough(takeBatch: () => Batch | null, note: (played: Played) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: SIMULATION_WORKER });
    worker.on('message', (played: Played | null) => {
      if (played !== null) note(played);
      worker.postMessage(takeBatch(), []);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}`))));
  });
}

function describe({ seed, violations, kept, of, history, digest }: Told): string {
  const lines = history.map((line) => `  ${line}`);
  if (violations.length === 0) return [`seed ${seed}, history ${digest}`, ...lines, ''].join('\n');
  return [
    `FAILED seed ${seed}: ${violations.join('; ')}`,
    `  shrunk from ${of} to ${kept.length} happenings; again: npm run simulate -- --seeds 1 --from ${seed} --only ${kept.join(',')} --history`,
    ...lines,
    '',
  ].join('\n');
}

/** A line that is written over on a terminal, and now and then a line of its own elsewhere. */
function progressLine(seeds: number, startedMs: number) {
  let toldMs = 0;
  const { isTTY } = process.stderr;
  return ({ runs, virtualMs }: Counts, failures: number, isLast = false): void => {
    const nowMs = performance.now();
    if (!isLast && nowMs - toldMs < (isTTY ? 200 : 10_000)) return;
    toldMs = nowMs;
    const perSecond = (runs * 1000) / (nowMs - startedMs);
    const leftS = Math.round((seeds - runs) / Math.max(perSecond, 0.01));
    const line =
      `${runs} of ${seeds} runs, ${failures} failed, ${Math.round(virtualMs / HOUR_MS)} virtual hours, ` +
      `${perSecond.toFixed(1)} runs/s, ${leftS} s left`;
    process.stderr.write(isTTY ? `\r\x1b[K${line}${isLast ? '\n' : ''}` : `${line}\n`);
  };
}

function report({ counts, failures, tookMs }: Summary): string {
  const table = (title: string, part: Readonly<Record<string, number>>): string[] => [
    title,
    ...Object.entries(part)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${String(count).padStart(9)}  ${name}`),
  ];
  const byState = eventsByState(counts.pairs);
  const met = [...byState.values()].reduce((sum, events) => sum + events.size, 0);
  return [
    `${counts.runs} runs, ${(counts.virtualMs / HOUR_MS).toFixed(0)} virtual hours in ${(tookMs / 1000).toFixed(0)} s`,
    `${counts.sales} sales, ${counts.orders} orders, ${counts.calls} calls, ${counts.entries} journal entries, ${counts.deaths} deaths`,
    ...table('faults', counts.faults),
    ...table('ends', counts.ends),
    `${met} pairs of state and event were reached, ${Object.keys(counts.pairs).length} with what an answer said`,
    ...[...byState].map(
      ([state, events]) =>
        `  ${state}: ${[...events].map(([event, times]) => `${event} ${times}`).join(', ')}`,
    ),
    `${counts.runs} runs, ${failures.length} failed`,
    '',
  ].join('\n');
}

/** How often each event met each state, whatever an answer said. */
function eventsByState(pairs: Counts['pairs']): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byState = new Map<string, Map<string, number>>();
  for (const [pair, count] of Object.entries(pairs)) {
    const [state = '', , event = ''] = pair.split(' ');
    const events = byState.get(state) ?? new Map<string, number>();
    events.set(event, (events.get(event) ?? 0) + count);
    byState.set(state, events);
  }
  return byState;
}

const options = readOptions();
const summary = await playAll(options);
if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(summary, null, 2)}\n`);
process.stdout.write(report(summary));
process.exitCode = summary.failures.length === 0 ? 0 : 1;
