import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { Ledger } from '../../main/ledger/ledger.ts';
import { searchOrders } from '../../main/order-search.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { must } from '../support/must.ts';
import type { Bench, BenchOptions, Measure, Series } from './figure.ts';
import { inBenchFolder } from './folder.ts';
import { HISTORY_TIME_ZONE, writeHistory } from './history.ts';
import { BENCH_DAY, BENCH_NOW_MS, BENCH_TERMINAL_SN, recordIntent } from './intents.ts';
import { median, quantile } from './measure.ts';
import { pairedFigure, type Aim } from './paired.ts';

const SMALL_ORDERS = 1000;
/** Today's orders are as many in both, so that only what lies before today differs. */
const ORDERS_PER_DAY = 500;
const ROUNDS = 9;
const WARM_UP = 3;
/** A block of ours and a block of the reference take turns, because a machine's mood lasts longer than a block. */
const BLOCKS = 10;
const BLOCK_COMMITS = 20;
const LOOKS = 15;
const AIM: Aim = { atMost: 1.25 };

/** What a ledger costs after years, against the same ledger after two days. */
export const largeHistory: Bench = {
  id: 6,
  name: 'large-history',
  about: 'Commit, memory and the list and search of today with 1,000,000 orders behind them, against 1,000.',
  run: (options) => inBenchFolder((folder) => measure(folder, options)),
};

const memorySchema = z.object({ heapBytes: z.number(), residentBytes: z.number() });

async function measure(folder: string, { quick, progress }: BenchOptions): Promise<Measure> {
  const orders = quick ? 50_000 : 1_000_000;
  const large = historyOf(join(folder, 'large.db'), orders, (written) =>
    progress(`${written} of ${orders} orders written`),
  );
  const small = historyOf(join(folder, 'small.db'), SMALL_ORDERS);
  const rounds = quick ? 3 : ROUNDS;
  const memory = {
    heap: { ours: [] as number[], reference: [] as number[] },
    resident: { ours: [] as number[], reference: [] as number[] },
  };
  for (let round = 0; round < rounds; round += 1) {
    progress(`memory ${round + 1} of ${rounds}`);
    for (const [side, file] of [
      ['ours', large],
      ['reference', small],
    ] as const) {
      const used = await memoryOf(file);
      memory.heap[side].push(used.heapBytes / 1e6);
      memory.resident[side].push(used.residentBytes / 1e6);
    }
  }
  const counters = { ours: new Counter(large), reference: new Counter(small) };
  const commits = { ours: [] as number[], reference: [] as number[] };
  const lists = { ours: [] as number[], reference: [] as number[] };
  const searches = { ours: [] as number[], reference: [] as number[] };
  for (let round = 1; round <= WARM_UP + rounds; round += 1) {
    const taken = { ours: [] as number[], reference: [] as number[] };
    for (let block = 0; block < BLOCKS; block += 1) {
      for (const side of ['ours', 'reference'] as const) taken[side].push(...counters[side].commits());
    }
    const looked = { ours: [] as number[], reference: [] as number[] };
    const found = { ours: [] as number[], reference: [] as number[] };
    for (let look = 0; look < LOOKS; look += 1) {
      for (const side of ['ours', 'reference'] as const) {
        looked[side].push(counters[side].listMs());
        found[side].push(counters[side].searchMs());
      }
    }
    if (round <= WARM_UP) continue;
    progress(`round ${round - WARM_UP} of ${rounds}`);
    for (const side of ['ours', 'reference'] as const) {
      commits[side].push(quantile(taken[side], 0.99));
      lists[side].push(median(looked[side]));
      searches[side].push(median(found[side]));
    }
  }
  for (const counter of Object.values(counters)) counter.close();
  const rows = [
    { name: 'commit, p99', unit: 'ms', ...commits },
    { name: "list of today's orders", unit: 'ms', ...lists },
    { name: "search of today's orders", unit: 'ms', ...searches },
    { name: 'memory: heap', unit: 'MB', ...memory.heap },
    { name: 'memory: resident', unit: 'MB', ...memory.resident },
  ];
  const referenceName = 'the same at 1,000 orders';
  return {
    figures: rows.map((row) => pairedFigure({ id: 6, ...row, referenceName, aim: AIM })),
    series: rows.flatMap(({ name, unit, ours, reference }): Series[] => [
      { name: `ours at ${orders} orders: ${name}`, unit, samples: ours },
      { name: `${referenceName}: ${name}`, unit, samples: reference },
    ]),
    notes: [
      `${orders} orders against ${SMALL_ORDERS}, ${ORDERS_PER_DAY} of them today in both; written through the real transition and the real chain, so that both verify.`,
      `${rounds} rounds; p99 of ${BLOCKS * BLOCK_COMMITS} commits in each, half of them intents and half the answers that end them, in blocks of ${BLOCK_COMMITS} in turn.`,
      'List and search go through the search that screens use: the newest 100 of today; and an amount, which looks at every order of today.',
      'Memory: a process of its own that opened the ledger, committed, listed and searched, after a garbage collection; resident includes the pages that SQLite keeps.',
    ],
  };
}

function historyOf(file: string, closed: number, progress?: (orders: number) => void): string {
  writeHistory({
    file,
    closed,
    owed: 0,
    policy: DEFAULT_POLICY,
    terminalSn: BENCH_TERMINAL_SN,
    nowMs: BENCH_NOW_MS,
    ordersPerDay: ORDERS_PER_DAY,
    ...(progress && { progress }),
  });
  return file;
}

async function memoryOf(file: string): Promise<z.infer<typeof memorySchema>> {
  const child = fork(join(import.meta.dirname, 'ledger-memory.ts'), [file], { execArgv: ['--expose-gc'] });
  const exited = once(child, 'exit');
  const [message] = (await once(child, 'message')) as [unknown];
  await exited;
  return memorySchema.parse(message);
}

/** What a counter asks of its ledger all day. */
export class Counter {
  readonly #ledger: Ledger;
  #orders = 0;

  constructor(file: string) {
    this.#ledger = must(Ledger.open(file, DEFAULT_POLICY));
    this.#orders = this.#ledger.lastSeq();
  }

  /** A block of commits: each how long it took, in milliseconds. */
  commits(): number[] {
    const taken: number[] = [];
    for (let commit = 0; commit < BLOCK_COMMITS; commit += 2) {
      this.#orders += 1;
      const intentMs = performance.now();
      const { clientSn, createdAtMs } = recordIntent(this.#ledger, this.#orders);
      const answerMs = performance.now();
      must(
        this.#ledger.apply(clientSn, {
          type: 'pay_answered',
          outcome: {
            kind: 'approved',
            evidence: { code: '200/PAY_SUCCESS/PAID', sn: `7894${this.#orders}` },
          },
          atMs: createdAtMs + 1500,
          serverOffsetMs: 0,
          random: 0.5,
          actor: { kind: 'terminal', name: 'terminal' },
        }),
      );
      taken.push(answerMs - intentMs, performance.now() - answerMs);
    }
    return taken;
  }

  listMs(): number {
    return this.#timed('');
  }

  searchMs(): number {
    return this.#timed('123.45');
  }

  close(): void {
    this.#ledger.close();
  }

  #timed(text: string): number {
    const startedMs = performance.now();
    searchOrders(
      this.#ledger,
      { text, businessDay: BENCH_DAY, limit: 100 },
      { currency: 'CNY', timeZone: HISTORY_TIME_ZONE },
    );
    return performance.now() - startedMs;
  }
}
