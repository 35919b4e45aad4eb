import { join } from 'node:path';
import { Ledger } from '../../main/ledger/ledger.ts';
import type { OrderEvent, OrderHappening } from '../../shared/order/event.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { must } from '../support/must.ts';
import type { Bench, BenchOptions, Measure } from './figure.ts';
import { inBenchFolder } from './folder.ts';
import { BENCH_NOW_MS, recordIntent } from './intents.ts';
import { pairedFigure, type Aim } from './paired.ts';
import { openPlainjob, openSidequest, type QueuePeer } from './queue-peers.ts';

/** Of every contender in every round, all added before the clock runs; enough for a few checkpoints of the log. */
const JOBS = 400;
/** A rollback journal takes a hundred times as long, so that contender works on fewer. */
const SLOW_JOBS = 40;
const WARM_UP = 3;

/** Owed calls claimed and finished per second against jobs of queues on SQLite, as shipped and at FULL. */
export const owedCalls: Bench = {
  id: 2,
  name: 'owed-calls',
  about:
    'Owed calls claimed and finished, durable, against jobs of two queues on SQLite, as shipped and at FULL.',
  run: (options) => inBenchFolder((folder) => measure(folder, options)),
};

async function measure(folder: string, { quick, progress }: BenchOptions): Promise<Measure> {
  const rounds = quick ? 3 : 15;
  const backlog = new Backlog(must(Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY)));
  const payload = backlog.owe(2);
  backlog.answerNext();
  backlog.answerNext();
  const file = (name: string): string => join(folder, `${name}.db`);
  const contenders: readonly Contender[] = [
    { aim: { atLeast: 1.5 }, jobs: JOBS, peer: openPlainjob(file('plainjob-full'), 'full') },
    { aim: { atLeast: 1 }, jobs: JOBS, peer: openPlainjob(file('plainjob'), 'as shipped') },
    { aim: { atLeast: 1.5 }, jobs: JOBS, peer: await openSidequest(file('sidequest-full'), 'full') },
    { aim: { atLeast: 1 }, jobs: JOBS, peer: await openSidequest(file('sidequest-normal'), 'normal') },
    { aim: { atLeast: 1 }, jobs: SLOW_JOBS, peer: await openSidequest(file('sidequest'), 'as shipped') },
  ];
  const ours: number[] = [];
  const theirs = contenders.map((): number[] => []);
  for (let round = 1; round <= WARM_UP + rounds; round += 1) {
    backlog.owe(JOBS);
    const oursPerSecond = await perSecond(JOBS, () => backlog.answerNext());
    if (round > WARM_UP) ours.push(oursPerSecond);
    for (const [index, { peer, jobs }] of contenders.entries()) {
      for (let job = 0; job < jobs; job += 1) await peer.add(payload);
      const peerPerSecond = await perSecond(jobs, () => peer.workNext());
      await peer.clear();
      if (round > WARM_UP) theirs[index]?.push(peerPerSecond);
    }
    if (round > WARM_UP) progress(`round ${round - WARM_UP} of ${rounds}`);
  }
  for (const { peer } of contenders) await peer.close();
  backlog.close();
  const unit = 'calls/s';
  return {
    figures: contenders.map(({ aim, peer: { name } }, index) =>
      pairedFigure({
        id: 2,
        name: 'owed calls, durable',
        unit,
        ours,
        reference: theirs[index] ?? [],
        referenceName: name,
        aim,
      }),
    ),
    series: [
      { name: 'ours: owed calls, durable', unit, samples: ours },
      ...contenders.map(({ peer: { name } }, index) => ({ name, unit, samples: theirs[index] ?? [] })),
    ],
    notes: [
      `${rounds} rounds, in each ${JOBS} calls or jobs of every contender in turn (${SLOW_JOBS} of the queue on a rollback journal), added before its clock runs; ${WARM_UP} rounds before them are not counted.`,
      'Ours for each call: look for what is due, record that it is due, read the order, commit the answer. Cancels and the queries that prove them in turn, so that every other answer ends the order; one commit a call, of journal entry, order and outbox.',
      'Theirs for each job: claim the next with its payload, mark it done; two commits. The payload is the order of ours as JSON. Finished jobs are removed between rounds, outside the clock, because ours keeps no finished call in its outbox either.',
      ...contenders.map(({ peer: { name, note } }) => `${name}: ${note}`),
    ],
  };
}

interface Contender {
  readonly peer: QueuePeer;
  readonly jobs: number;
  readonly aim: Aim;
}

async function perSecond(jobs: number, work: () => void | Promise<void>): Promise<number> {
  const startedMs = performance.now();
  for (let job = 0; job < jobs; job += 1) {
    const working = work();
    // A turn of the loop for nothing would be time that only the synchronous ones spend.
    if (working !== undefined) await working;
  }
  return (jobs * 1000) / (performance.now() - startedMs);
}

/** Orders in reversal in a real ledger, whose calls an acquirer answers at once. */
class Backlog {
  readonly #ledger: Ledger;
  #orders = 0;
  /** Moves on by what orders need to be past every window, and by a millisecond with each call. */
  #nowMs = BENCH_NOW_MS;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Adds orders that owe a cancel now and its proof after it, `calls` together. Returns one of them as JSON. */
  owe(calls: number): string {
    const { confirmWindowMs, inFlightHorizonMs } = DEFAULT_POLICY;
    const clientSns: string[] = [];
    for (let call = 0; call < calls; call += 2) {
      this.#orders += 1;
      clientSns.push(recordIntent(this.#ledger, this.#orders, this.#nowMs).clientSn);
    }
    const outcome = { kind: 'unknown', evidence: { code: 'local/timeout' } } as const;
    this.#nowMs += confirmWindowMs - 1;
    this.#happensToAll(clientSns, { type: 'pay_answered', outcome });
    this.#nowMs += 1;
    this.#happensToAll(clientSns, { type: 'call_due' });
    this.#nowMs += inFlightHorizonMs;
    return JSON.stringify(this.#ledger.order(clientSns[0] ?? ''));
  }

  /** What the resolver does for one call, with an acquirer that answers at once. */
  answerNext(): void {
    this.#nowMs += 1;
    const [row] = this.#ledger.due(this.#nowMs, 1).unattended;
    if (row === undefined) throw new Error('nothing is due');
    const { clientSn } = row;
    must(this.#ledger.apply(clientSn, this.#event({ type: 'call_due' })));
    const call = this.#ledger.order(clientSn)?.owed?.call;
    const evidence = { code: '200/SUCCESS/CANCELED', sn: '7894259244064831' };
    const answer: OrderHappening =
      call === 'cancel'
        ? { type: 'cancel_answered', outcome: { kind: 'accepted', evidence } }
        : { type: 'query_answered', outcome: { kind: 'not_charged', evidence } };
    must(this.#ledger.apply(clientSn, this.#event(answer)));
  }

  close(): void {
    if (this.#ledger.owedCount() > 0) throw new Error('calls are left over');
    this.#ledger.close();
  }

  #happensToAll(clientSns: readonly string[], happening: OrderHappening): void {
    must(
      this.#ledger.applyTogether(clientSns.map((clientSn) => ({ clientSn, event: this.#event(happening) }))),
    );
  }

  #event(happening: OrderHappening): OrderEvent {
    const actor = { kind: 'terminal', name: 'terminal' } as const;
    return { ...happening, atMs: this.#nowMs, serverOffsetMs: 0, random: 0.5, actor };
  }
}
