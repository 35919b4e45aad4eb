import type { Bench, Figure, Measure } from './figure.ts';
import { median, quantile } from './measure.ts';
import {
  BARE_NAMES,
  bareCallers,
  bareName,
  CASHIER,
  openBenchTerminal,
  openLine,
  SUBJECT,
  type BarePool,
  type BenchTerminal,
  type Line,
} from './wire.ts';

const ID = 4;
const AIM_MS = { p50: 1, p99: 5 } as const;
const AMOUNT = { text: '12.34', minor: 1234 } as const;
/** The first ones compile the code on both sides. */
const WARM_UP = 50;

const BARE: readonly BarePool[] = ['fresh', 'kept'];

type Latencies = Readonly<Record<'ours' | BarePool, readonly number[]>>;

export const payLatency: Bench = {
  id: ID,
  name: 'pay-latency',
  about:
    'From collecting a payment until a listener hears that it is paid and on disk, against a bare signed POST of the same body to the same gateway process.',
  async run({ quick, progress }) {
    const rounds = quick ? 200 : 2000;
    const line = await openLine();
    try {
      return report(await latencies(line, rounds, progress), rounds);
    } finally {
      await line.close();
    }
  },
};

async function latencies(line: Line, rounds: number, progress: (text: string) => void): Promise<Latencies> {
  const opened = await openBenchTerminal(line);
  const callers = bareCallers(line);
  const took: Record<keyof Latencies, number[]> = { ours: [], fresh: [], kept: [] };
  let names = 0;
  for (let round = -WARM_UP; round < rounds; round += 1) {
    if (round % 500 === 0) progress(`${round} of ${rounds} payments`);
    const oursMs = await paid(line, opened);
    const bareMs: Record<BarePool, number> = { fresh: 0, kept: 0 };
    for (const kind of BARE) {
      names += 1;
      const code = line.newCode();
      const startedMs = performance.now();
      await callers[kind].pay(bareName(names), code, AMOUNT.minor);
      bareMs[kind] = performance.now() - startedMs;
    }
    if (round < 0) continue;
    took.ours.push(oursMs);
    for (const kind of BARE) took[kind].push(bareMs[kind]);
  }
  await opened.stop(1000);
  await Promise.all(BARE.map((kind) => callers[kind].close()));
  return took;
}

/** Milliseconds from the cashier's press to the push that says hand over. */
function paid(line: Line, { terminal }: BenchTerminal): Promise<number> {
  const input = { amount: AMOUNT.text, code: line.newCode(), subject: SUBJECT };
  return new Promise((resolve, reject) => {
    const end = terminal.subscribe((push) => {
      if (push.type !== 'order' || push.order.instruction !== 'hand_over') return;
      const tookMs = performance.now() - startedMs;
      end();
      resolve(tookMs);
    });
    const startedMs = performance.now();
    const collected = terminal.collect(input, false, CASHIER);
    if (!collected.ok) reject(new Error(`The sale was refused: ${collected.error.code}`));
  });
}

function report(samples: Latencies, rounds: number): Measure {
  const { ours } = samples;
  const against = (kind: BarePool, name: keyof typeof AIM_MS, share: number): Figure => {
    const reference = samples[kind];
    const figure = { ours: quantile(ours, share), reference: quantile(reference, share) };
    return {
      id: ID,
      name: `collect → paid, pushed and on disk, ${name}`,
      unit: 'ms',
      ...figure,
      referenceName: BARE_NAMES[kind],
      ratio: median(ours.map((value, index) => value / (reference[index] ?? Number.NaN))),
      aim: `${name} ≤ bare ${name} + ${AIM_MS[name]} ms`,
      met: figure.ours <= figure.reference + AIM_MS[name],
    };
  };
  return {
    figures: BARE.flatMap((kind) => [against(kind, 'p50', 0.5), against(kind, 'p99', 0.99)]),
    series: [
      { name: 'ours', unit: 'ms', samples: ours },
      ...BARE.map((kind) => ({ name: BARE_NAMES[kind], unit: 'ms', samples: samples[kind] })),
    ],
    notes: [
      `${rounds} payments each, one at a time and in turn, after ${WARM_UP} of each that are not counted`,
      'ours commits twice at FULL, before the call leaves and before the answer is shown; bare remembers nothing',
    ],
  };
}
