import { NetworkWatch } from '../../main/resolver/network-watch.ts';
import type { OrderHappening, Stamp } from '../../shared/order/event.ts';
import { TERMINAL_ACTOR } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { transition } from '../../shared/order/transition.ts';
import { seededRandom } from '../support/seeded-random.ts';
import type { Bench, BenchOptions, Figure, Measure } from './figure.ts';
import { SimulatedAcquirer } from './simulated-acquirer.ts';
import { Timeline } from './timeline.ts';

const TERMINALS = 100_000;
const QUICK_TERMINALS = 10_000;
const SEED = 1;
/** Each terminal owes one to so many cancels. */
const MOST_OWED = 3;
const OUTAGE_MS = 600_000;
/** The second in which the network is back. */
const BACK_S = OUTAGE_MS / 1000;
/** The windows of the orders close one after another over this long from the start of the outage. */
const CLOSING_MS = 60_000;
/** What was not proved by then would show as a missing sample. */
const WATCHED_MS = 900_000;
/** Published clients try a cancel again after 2 to 3 s and ask every 3 to 5 s (peers.md 4a). */
const NAIVE_INTERVAL_MS = 3000;
/** Between two tries nothing of a fixed interval changes, so the outage's last seconds stand for all of it. */
const NAIVE_OUTAGE_MS = 30_000;
const PEAK_AIM = 0.1;
const DRAIN_AIM_S = 300;

export const fleet: Bench = {
  id: 11,
  name: 'fleet',
  about:
    'A simulation: 100,000 terminals come back after a regional outage of ten minutes with one to three owed cancels each; the real rules, waits and network watch against a retry of everything at a fixed interval.',
  run: measureFleet,
};

/** What one fleet came to; seconds are counted from the start of the outage, proofs from its end. */
interface Story {
  /** Connection attempts, probes and calls in each second. */
  readonly loadPerSecond: readonly number[];
  readonly proofsAfterS: readonly number[];
  readonly owed: number;
}

async function measureFleet({ quick, progress }: BenchOptions): Promise<Measure> {
  const terminals = quick ? QUICK_TERMINALS : TERMINALS;
  progress('the real code');
  const ours = await tellOurs(terminals, SEED);
  progress('a fixed interval');
  const naive = await tellNaive(terminals, SEED);
  const figure = (
    name: string,
    unit: string,
    measureOf: (story: Story) => number,
  ): Omit<Figure, 'aim' | 'met'> => {
    const [mine, its] = [measureOf(ours), measureOf(naive)];
    const referenceName = `everything again each ${NAIVE_INTERVAL_MS / 1000} s`;
    return { id: fleet.id, name, unit, ours: mine, reference: its, referenceName, ratio: mine / its };
  };
  const peak = figure('load in the worst second after the return', 'calls/s', (story) =>
    peakFrom(story, BACK_S),
  );
  const drain = figure('from the return until all is proved', 's', drainedAfterS);
  const reported = [
    figure('attempts in the worst second of the outage', 'calls/s', (story) => peakFrom(story, 0, BACK_S)),
    figure('attempts in the worst second of its last minute', 'calls/s', (story) =>
      peakFrom(story, BACK_S - 60, BACK_S),
    ),
    figure(
      'calls after the return for each owed cancel',
      'calls',
      (story) => sum(story.loadPerSecond.slice(BACK_S)) / story.owed,
    ),
  ];
  return {
    figures: [
      { ...peak, aim: `ratio ≤ ${PEAK_AIM}`, met: peak.ratio <= PEAK_AIM },
      { ...drain, aim: `≤ ${DRAIN_AIM_S} s`, met: drain.ours <= DRAIN_AIM_S },
      ...reported.map((each) => ({ ...each, aim: null, met: null })),
    ],
    series: (
      [
        ['ours', ours],
        ['fixed interval', naive],
      ] as const
    ).flatMap(([name, story]) => [
      {
        name: `${name}: calls in each second from the return on`,
        unit: 'calls/s',
        samples: loadWhileDraining(story),
      },
      { name: `${name}: from the return to the proof of an order`, unit: 's', samples: story.proofsAfterS },
    ]),
    notes: [
      `${terminals} terminals by one seed; one to ${MOST_OWED} cancels each, whose windows close over the first ${CLOSING_MS / 1000} s of the outage; the questions before that are the same on both sides and left out`,
      'ours: `transition`, its jitter and its spread decide every wait, and a real `NetworkWatch` of each terminal looks out for the network; only ledger and sockets are left out',
      `the acquirer answers ${SimulatedAcquirer.callsPerSecond(terminals)} calls a second, which is what these terminals need in a busy hour, holds five seconds of work and refuses the rest at once; probes cost as much as calls`,
      'connections fail at once during the outage, which is the worst case: connections that hang would be tried less often',
      'a regional outage keeps the attempts of the outage from the acquirer; they are counted for the case that the acquirer is what is down',
      'new sales are left out on both sides; ours come back sooner with them, because a sale that gets through ends the wait of its terminal',
    ],
  };
}

function peakFrom({ loadPerSecond }: Story, fromS: number, toS?: number): number {
  return loadPerSecond.slice(fromS, toS).reduce((most, each) => Math.max(most, each), 0);
}

/** Infinite where an order was never proved. */
function drainedAfterS({ proofsAfterS, owed }: Story): number {
  if (proofsAfterS.length < owed) return Infinity;
  return proofsAfterS.reduce((most, each) => Math.max(most, each), 0);
}

function loadWhileDraining(story: Story): readonly number[] {
  const endS = BACK_S + Math.min(drainedAfterS(story), WATCHED_MS / 1000);
  // A second without a call is a hole in the list.
  return Array.from(story.loadPerSecond.slice(BACK_S, Math.ceil(endS)), (calls) => calls ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** The same debts for both sides: of each terminal, when the windows of its orders close. */
function debtsOf(terminals: number, seed: number): readonly (readonly number[])[] {
  const random = seededRandom(seed);
  return Array.from({ length: terminals }, () =>
    Array.from({ length: 1 + Math.floor(random() * MOST_OWED) }, () => Math.floor(random() * CLOSING_MS)),
  );
}

/** What all parts of one simulation share. */
interface World {
  readonly timeline: Timeline;
  readonly acquirer: SimulatedAcquirer;
  readonly random: () => number;
  readonly onProved: () => void;
}

function worldOf(terminals: number, seed: number, startMs: number): { world: World; proofsAfterS: number[] } {
  const timeline = new Timeline(startMs);
  const proofsAfterS: number[] = [];
  const acquirer = new SimulatedAcquirer(timeline, terminals, OUTAGE_MS);
  const onProved = () => void proofsAfterS.push((timeline.nowMs() - OUTAGE_MS) / 1000);
  return { world: { timeline, acquirer, random: seededRandom(seed + 1000), onProved }, proofsAfterS };
}

async function tellOurs(terminals: number, seed: number): Promise<Story> {
  const { world, proofsAfterS } = worldOf(terminals, seed, 0);
  const debts = debtsOf(terminals, seed);
  const machines = debts.map((closings) => new SimulatedTerminal(world, closings));
  const owed = sum(machines.map((machine) => machine.owes));
  await world.timeline.runUntil(OUTAGE_MS + WATCHED_MS, () => proofsAfterS.length === owed);
  return { loadPerSecond: world.acquirer.loadPerSecond, proofsAfterS, owed };
}

/** The part of the resolver that spaces calls, over orders in memory. */
class SimulatedTerminal {
  readonly #world: World;
  readonly #network: NetworkWatch;
  readonly #orders: Order[];
  readonly #inFlight = new Set<number>();

  /** How many cancels it owed when the simulation began. */
  readonly owes: number;

  constructor(world: World, closings: readonly number[]) {
    this.owes = closings.length;
    this.#world = world;
    const { timeline, acquirer, random } = world;
    this.#network = new NetworkWatch({
      acquirer: { probe: () => acquirer.probe() },
      clock: timeline,
      timers: timeline,
      random,
      onChange: (online) => {
        if (online) this.#onReturn();
      },
    });
    this.#orders = closings.map((closesMs, index) => reversingFrom(closesMs, index, this.#stamp(closesMs)));
    for (const index of closings.keys()) this.#sendWhenDue(index);
  }

  #stamp(atMs = this.#world.timeline.nowMs()): Stamp {
    return { atMs, serverOffsetMs: 0, random: this.#world.random(), actor: TERMINAL_ACTOR };
  }

  #sendWhenDue(index: number): void {
    const order = this.#orders[index];
    if (order?.owed === undefined || order.owed === null) return;
    const { timeline } = this.#world;
    timeline.after(order.owed.dueAtMs - timeline.nowMs(), () => {
      // What was brought forward meanwhile has a timer of its own.
      if (this.#orders[index]?.revision === order.revision && !this.#inFlight.has(index)) this.#send(index);
    });
  }

  #send(index: number): void {
    this.#inFlight.add(index);
    this.#record(index, { type: 'call_due' });
    const order = this.#orders[index];
    if (order?.owed === undefined || order.owed === null) return;
    const { clientSn, owed } = order;
    const isCancel = owed.call === 'cancel';
    this.#world.acquirer.call(
      clientSn,
      isCancel ? 'cancel' : 'query',
      DEFAULT_POLICY.callTimeoutMs,
      (kind) => {
        this.#inFlight.delete(index);
        this.#record(index, answerOf(isCancel, kind));
        this.#network.saw(kind !== 'not_sent');
        if (this.#orders[index]?.owed === null) this.#world.onProved();
        else this.#sendWhenDue(index);
      },
    );
  }

  #onReturn(): void {
    for (const index of this.#orders.keys()) {
      if (this.#orders[index]?.owed?.waitingFor !== 'network') continue;
      this.#record(index, { type: 'obstacle_cleared', obstacle: 'network' });
      if (!this.#inFlight.has(index)) this.#sendWhenDue(index);
    }
  }

  #record(index: number, happening: OrderHappening): void {
    const order = this.#orders[index];
    if (order === undefined) return;
    this.#orders[index] = transition(order, { ...happening, ...this.#stamp() }, DEFAULT_POLICY).order;
  }
}

type Kind = 'accepted' | 'charged' | 'not_charged' | 'not_sent' | 'unknown';

function answerOf(isCancel: boolean, kind: Kind): OrderHappening {
  const evidence = { code: `simulated/${kind}` };
  if (isCancel) {
    const outcome = kind === 'charged' || kind === 'not_charged' ? 'unknown' : kind;
    return { type: 'cancel_answered', outcome: { kind: outcome, evidence } };
  }
  return { type: 'query_answered', outcome: { kind: kind === 'accepted' ? 'unknown' : kind, evidence } };
}

/** An order whose pay was never answered and whose window closes at `closesMs`. */
function reversingFrom(closesMs: number, index: number, stamp: Stamp): Order {
  const { confirmWindowMs } = DEFAULT_POLICY;
  const at = (atMs: number): Stamp => ({ ...stamp, atMs });
  const { order } = transition(
    null,
    {
      type: 'collect_requested',
      clientSn: `${stamp.random}-${index}`,
      saleId: `${index}`,
      terminalSn: 'simulated',
      amountMinor: 1234,
      currency: 'CNY',
      subject: 'Tea',
      operator: 'Ada',
      businessDay: '2026-11-20',
      cancelUntilMs: 86_400_000,
      codeFingerprint: '',
      overrides: [],
      ...at(closesMs - confirmWindowMs),
    },
    DEFAULT_POLICY,
  );
  const answer = { kind: 'unknown', evidence: { code: 'simulated/silence' } } as const;
  const asked = transition(
    order,
    { type: 'pay_answered', outcome: answer, ...at(closesMs - 1) },
    DEFAULT_POLICY,
  );
  return transition(asked.order, { type: 'call_due', ...at(closesMs) }, DEFAULT_POLICY).order;
}

/** Each order by itself: the cancel until it is accepted, then the question until it is answered. */
async function tellNaive(terminals: number, seed: number): Promise<Story> {
  const startMs = OUTAGE_MS - NAIVE_OUTAGE_MS;
  const { world, proofsAfterS } = worldOf(terminals, seed, startMs);
  const { timeline, acquirer, onProved } = world;
  const closings = debtsOf(terminals, seed).flat();
  for (const [index, closesMs] of closings.entries()) {
    const attempt = (call: 'cancel' | 'query'): void =>
      acquirer.call(String(index), call, DEFAULT_POLICY.callTimeoutMs, (kind) => {
        if (kind === 'not_charged') onProved();
        else timeline.after(NAIVE_INTERVAL_MS, () => attempt(kind === 'accepted' ? 'query' : call));
      });
    timeline.after(closesMs % NAIVE_INTERVAL_MS, () => attempt('cancel'));
  }
  await timeline.runUntil(OUTAGE_MS + WATCHED_MS, () => proofsAfterS.length === closings.length);
  return { loadPerSecond: acquirer.loadPerSecond, proofsAfterS, owed: closings.length };
}
