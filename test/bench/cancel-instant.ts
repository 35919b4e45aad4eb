import type { PolicyInput } from '../../shared/order/policy.ts';
import type { WireEntry } from '../support/gateway-process.ts';
import { until } from './until.ts';
import type { Bench, Figure, Measure } from './figure.ts';
import { median, quantile } from './measure.ts';
import {
  BARE_NAMES,
  bareCallers,
  bareName,
  CASHIER,
  openBenchTerminal,
  openLine,
  type BarePool,
  type BenchTerminal,
  type Line,
} from './wire.ts';

const ID = 3;
const AIM_MS = 5;
/** The amount whose reply is lost: pay and questions hang until a cancel comes. */
const REPLY_LOST = '10.12';
/** An amount at which nothing goes wrong. */
const PLAIN_MINOR = 1000;
/** A real line's 40, 15 and 45 seconds, shortened; the question hangs when the window closes, as there. */
const POLICY: PolicyInput = {
  payTimeoutMs: 300,
  callTimeoutMs: 15_000,
  queryIntervalMs: 3000,
  confirmWindowMs: 500,
  minReverseAgeMs: 300,
};
/** Between two starts; two orders at most hang at once, so that none waits for another's place. */
const PAUSE_MS = 55;
/** What published SDKs let pass before the first cancel: Alipay's AMS SDK, and its face-to-face demo. */
const PUBLISHED_WAITS_MS = [2000, 5000] as const;

const BARE: readonly BarePool[] = ['fresh', 'kept'];

/** In milliseconds after the instant, by the order they were due in. */
type Delays = Readonly<Record<'ours' | BarePool, readonly number[]>>;

export const cancelInstant: Bench = {
  id: ID,
  name: 'cancel-instant',
  about:
    'From the instant at which the policy gives a silent payment up until its cancel is at the gateway, against a bare signed POST fired by a timer at such an instant, and against the waits of published SDKs.',
  async run({ quick, progress }) {
    const rounds = quick ? 40 : 400;
    const line = await openLine(POLICY);
    try {
      return report(await delays(line, rounds, progress), rounds);
    } finally {
      await line.close();
    }
  },
};

async function delays(line: Line, rounds: number, progress: (text: string) => void): Promise<Delays> {
  const { gateway } = line;
  const opened = await openBenchTerminal(line);
  const callers = bareCallers(line);
  for (let index = 0; index < rounds * BARE.length; index += 1) {
    await callers.kept.pay(bareName(index), line.newCode(), PLAIN_MINOR);
  }
  const due: Record<keyof Delays, { readonly clientSn: string; readonly atUs: number }[]> = {
    ours: [],
    fresh: [],
    kept: [],
  };
  const sending: Promise<unknown>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 50 === 0) progress(`${round} of ${rounds} orders given up`);
    due.ours.push(collectSilently(line, opened));
    await pause(round);
    for (const [index, kind] of BARE.entries()) {
      const clientSn = bareName(round * BARE.length + index);
      const atMs = opened.clock.nowMs() + (POLICY.confirmWindowMs ?? 0);
      due[kind].push({ clientSn, atUs: opened.monotonicUs(atMs) });
      sending.push(
        after(atMs - opened.clock.nowMs()).then(() => callers[kind].send('cancel', { client_sn: clientSn })),
      );
      await pause(round + index);
    }
  }
  await Promise.all(sending);
  await until('every order is reversed', () =>
    due.ours.every(({ clientSn }) => opened.terminal.card(clientSn)?.state === 'reversed'),
  );
  const arrivals = firstCancels(await gateway.wireLog());
  await opened.stop(1000);
  await Promise.all(BARE.map((kind) => callers[kind].close()));
  const delaysOf = (kind: keyof Delays): readonly number[] =>
    due[kind].map(({ clientSn, atUs }) => ((arrivals.get(clientSn) ?? Number.NaN) - atUs) / 1000);
  return { ours: delaysOf('ours'), fresh: delaysOf('fresh'), kept: delaysOf('kept') };
}

/** Collects a payment that nobody will answer; gives the instant at which the policy gives it up. */
function collectSilently(line: Line, { terminal, monotonicUs }: BenchTerminal) {
  const input = { amount: REPLY_LOST, code: line.newCode() };
  const collected = terminal.collect(input, false, CASHIER);
  if (!collected.ok) throw new Error(`The sale was refused: ${collected.error.code}`);
  const { clientSn, confirmUntilMs } = collected.value;
  return { clientSn, atUs: monotonicUs(confirmUntilMs) };
}

/** The start of each order's first cancel, in monotonic microseconds of the machine. */
function firstCancels(log: readonly WireEntry[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { call, clientSn, atUs } of log) {
    if (call === 'cancel' && clientSn !== null && !first.has(clientSn)) first.set(clientSn, atUs);
  }
  return first;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Never the same twice in a row, so that no two instants keep falling together. */
function pause(index: number): Promise<void> {
  return after(PAUSE_MS + (index % 7));
}

function report(samples: Delays, rounds: number): Measure {
  const { ours } = samples;
  const against = (kind: BarePool, share: number, name: string): Figure => {
    const reference = samples[kind];
    const figure = { ours: quantile(ours, share), reference: quantile(reference, share) };
    return {
      id: ID,
      name: `given up → cancel at the gateway, ${name}`,
      unit: 'ms',
      ...figure,
      referenceName: BARE_NAMES[kind],
      ratio: median(ours.map((value, index) => value / (reference[index] ?? Number.NaN))),
      aim: share === 0.99 ? `p99 ≤ bare p99 + ${AIM_MS} ms` : null,
      met: share === 0.99 ? figure.ours <= figure.reference + AIM_MS : null,
    };
  };
  const published = PUBLISHED_WAITS_MS.map((waitMs): Figure => ({
    id: ID,
    name: 'given up → cancel at the gateway, p99',
    unit: 'ms',
    ours: quantile(ours, 0.99),
    reference: waitMs,
    referenceName: `the ${waitMs / 1000} s that a published SDK waits before its first cancel`,
    ratio: median(ours) / waitMs,
    aim: null,
    met: null,
  }));
  return {
    figures: [
      against('fresh', 0.99, 'p99'),
      against('kept', 0.99, 'p99'),
      against('fresh', 0.5, 'p50'),
      against('kept', 0.5, 'p50'),
      ...published,
    ],
    series: [
      { name: 'ours', unit: 'ms', samples: ours },
      ...BARE.map((kind) => ({ name: BARE_NAMES[kind], unit: 'ms', samples: samples[kind] })),
    ],
    notes: [
      `${rounds} orders given up, and as many bare cancels of real orders on each kind of connection, each at an instant of its own, in turn`,
      'arrival: the gateway process notes the request, by the monotonic clock that both processes read; the instant: the moment the terminal’s clock first shows the policy’s millisecond',
      'the question of each order hangs on the line when its window closes, as on a real dead line, so ours includes cutting it, the commit at FULL and a new connection',
      'timers of both sides have whole milliseconds',
    ],
  };
}
