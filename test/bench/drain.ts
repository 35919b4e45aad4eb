import type { WireEntry } from '../support/gateway-process.ts';
import type { Bench, Figure, Measure } from './figure.ts';
import { median } from './measure.ts';
import { charge, oweCancels } from './owed-cancels.ts';
import { until } from './until.ts';
import {
  BARE_NAMES,
  bareCallers,
  bareName,
  openBenchTerminal,
  openLine,
  type BareCaller,
  type BarePool,
} from './wire.ts';

const ID = 7;
const AIM = 0.7;
/** Places of the lane in which the terminal pays old debts. */
const CONCURRENCY = 4;
/** A snapshot reads the orders in doubt from the disk: every 20 ms it took a sixth of the drain that it was to watch. */
const LOOK_MS = 250;

const BARE: readonly BarePool[] = ['fresh', 'kept'];

/** What one drain came to, by the gateway's own notes. */
interface Drain {
  readonly perSecond: number;
  readonly calls: number;
}

interface Round extends Readonly<Record<'ours' | BarePool, Drain>> {
  /** From the gateway's return until the first owed cancel was there. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export const drain: Bench = {
  id: ID,
  name: 'drain',
  about:
    'Cancels owed after an outage, each with its proof, against bare signed POSTs of the same calls with the same concurrency to the same gateway.',
  async run({ quick, progress }) {
    const owed = quick ? 300 : 1000;
    const rounds: Round[] = [];
    for (let round = 0; round < (quick ? 2 : 5); round += 1) {
      rounds.push(await drainOnce(owed, round));
      progress(`${round + 1} drains of ${owed} cancels`);
    }
    return report(rounds, owed);
  },
};

async function drainOnce(owed: number, round: number): Promise<Round> {
  const line = await openLine();
  const { gateway } = line;
  const callers = bareCallers(line);
  try {
    const names = {
      ours: oweCancels(line, { closed: 0, owed }),
      fresh: Array.from({ length: owed }, (_, index) => bareName(index)),
      kept: Array.from({ length: owed }, (_, index) => bareName(owed + index)),
    };
    for (const each of Object.values(names)) await charge(callers.kept, line, each);
    const drained = { backAtUs: 0 };
    const drainers = [
      async () => {
        drained.backAtUs = await drainOurs(line);
      },
      ...BARE.map((kind) => async () => drainBare(callers[kind], names[kind])),
    ];
    // Whoever goes first finds a gateway that has just started.
    const order = round % 2 === 0 ? drainers : drainers.toReversed();
    for (const each of order) await each();
    const log = await gateway.wireLog();
    const ours = arrivals(log, names.ours);
    return {
      ours: rateOf(ours),
      fresh: rateOf(arrivals(log, names.fresh)),
      kept: rateOf(arrivals(log, names.kept)),
      firstMs: ((ours.at(0) ?? Number.NaN) - drained.backAtUs) / 1000,
      lastMs: ((ours.at(-1) ?? Number.NaN) - drained.backAtUs) / 1000,
    };
  } finally {
    await Promise.all(BARE.map((kind) => callers[kind].close()));
    await line.close();
  }
}

/** @returns when the gateway was back, in monotonic microseconds of the machine */
async function drainOurs(line: Parameters<typeof openBenchTerminal>[0]): Promise<number> {
  const { gateway } = line;
  await gateway.kill('SIGKILL');
  const { terminal, stop } = await openBenchTerminal(line);
  await until('the terminal notices the outage', () => !terminal.snapshot().online);
  await gateway.restart();
  const backAtUs = Number(process.hrtime.bigint() / 1000n);
  // Not until nothing is owed: a look back follows for a whole horizon after a start (ADR 0029).
  await until('everything owed is proved', () => terminal.snapshot().inDoubt.count === 0, LOOK_MS);
  const { attention } = terminal.standing();
  await stop(1000);
  if (attention > 0) throw new Error(`${attention} orders went to a person`);
  return backAtUs;
}

/** Each place cancels an order and asks for the proof, then takes the next. */
async function drainBare(caller: BareCaller, names: readonly string[]): Promise<void> {
  const left = [...names];
  const place = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await caller.send('cancel', { client_sn: name });
      await caller.send('query', { client_sn: name });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, place));
}

/** When the cancels and questions of these orders arrived, in microseconds. */
function arrivals(log: readonly WireEntry[], names: readonly string[]): readonly number[] {
  const wanted = new Set(names);
  return log
    .filter(({ call, clientSn }) => call !== 'pay' && clientSn !== null && wanted.has(clientSn))
    .map(({ atUs }) => atUs);
}

function rateOf(atUs: readonly number[]): Drain {
  const tookUs = (atUs.at(-1) ?? Number.NaN) - (atUs.at(0) ?? Number.NaN);
  return { perSecond: ((atUs.length - 1) * 1e6) / tookUs, calls: atUs.length };
}

function report(rounds: readonly Round[], owed: number): Measure {
  const rates = (kind: 'ours' | BarePool): readonly number[] => rounds.map((round) => round[kind].perSecond);
  const against = (kind: BarePool): Figure => {
    const ratio = median(rounds.map((round) => round.ours.perSecond / round[kind].perSecond));
    return {
      id: ID,
      name: `drain of ${owed} owed cancels and their proofs`,
      unit: 'calls/s',
      ours: median(rates('ours')),
      reference: median(rates(kind)),
      referenceName: `${BARE_NAMES[kind]}, ${CONCURRENCY} at once`,
      ratio,
      aim: `ratio ≥ ${AIM}`,
      met: ratio >= AIM,
    };
  };
  const calls = (kind: 'ours' | BarePool): string => rounds.map((round) => round[kind].calls).join(', ');
  const told = (ms: readonly number[]): string => ms.map((value) => (value / 1000).toFixed(2)).join(', ');
  return {
    figures: BARE.map(against),
    series: [
      { name: 'ours', unit: 'calls/s', samples: rates('ours') },
      ...BARE.map((kind) => ({ name: BARE_NAMES[kind], unit: 'calls/s', samples: rates(kind) })),
    ],
    notes: [
      `calls that arrived for ${owed} orders, cancels and proofs together: ours ${calls('ours')}; bare ${BARE.map(calls).join('; ')}`,
      'the gateway had charged every order; its process is killed, the terminal starts without it and notices, the gateway returns on the same port',
      'a rate counts from the first of these calls to the last, as the gateway notes them, so ours includes the second over which a returning network spreads what is owed',
      `seconds from the gateway’s return to the first cancel: ${told(rounds.map(({ firstMs }) => firstMs))}; to the last proof: ${told(rounds.map(({ lastMs }) => lastMs))}`,
    ],
  };
}
