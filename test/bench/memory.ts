import type { PolicyInput } from '../../shared/order/policy.ts';
import { openApiScreen } from '../support/api-screen.ts';
import { startProbed, type ProbeAnswer } from '../support/probed-process.ts';
import type { Bench, Measure } from './figure.ts';
import { median } from './measure.ts';
import { until } from './until.ts';
import { openLine } from './wire.ts';

const ID = 12;
const AIM = 1.1;
const SALES_PER_HOUR = 120;
const HOUR_MS = 3_600_000;
/** Every so many sales the answer is lost, and the payment is asked about, cancelled and proved. */
const ONE_LOST_IN = 40;
const AMOUNTS = { paid: '12.34', lost: '10.12' } as const;
/** Readings whose median stands for an instant, because a single one also shows what is just under way. */
const READINGS = 3;
const MEGABYTE = 1e6;

/** Lost answers are waited for in real time, however fast the day goes. */
const POLICY: PolicyInput = {
  payTimeoutMs: 600,
  callTimeoutMs: 2000,
  queryIntervalMs: 150,
  confirmWindowMs: 1200,
  minReverseAgeMs: 300,
  inFlightHorizonMs: 2500,
};

export const memory: Bench = {
  id: ID,
  name: 'memory',
  about:
    'The memory of the whole browser host, idle and through a busy day with a screen open: the end of its second half against the end of its first.',
  async run({ quick, progress }) {
    const hours = quick ? 4 : 24;
    const readings = await workThrough(hours, progress);
    return report(readings, hours);
  },
};

/** @returns one reading before the first sale, and one after each hour */
async function workThrough(hours: number, progress: (text: string) => void): Promise<readonly ProbeAnswer[]> {
  const line = await openLine(POLICY);
  const { gateway, data } = line;
  const host = await startProbed(['--data', data.data, '--json', 'serve']);
  const { url } = JSON.parse(host.line) as { readonly url: string };
  const undecided = new Set<string>();
  let decided = 0;
  let onDecided: () => void = () => undefined;
  const screen = await openApiScreen(url, (push) => {
    if (push.type !== 'order') return;
    const { clientSn, instruction } = push.order;
    if (instruction === 'wait') undecided.add(clientSn);
    else if (undecided.delete(clientSn)) {
      decided += 1;
      onDecided();
    }
  });
  try {
    const readings = [await host.ask({ laterMs: 0, collects: true })];
    const stepMs = HOUR_MS / SALES_PER_HOUR;
    for (let sale = 1; sale <= hours * SALES_PER_HOUR; sale += 1) {
      await gateway.setClock(sale * stepMs);
      await host.ask({ laterMs: stepMs, collects: false });
      const isLost = sale % ONE_LOST_IN === 0;
      const isDecided = new Promise<void>((resolve) => (onDecided = resolve));
      await screen.collect({ amount: isLost ? AMOUNTS.lost : AMOUNTS.paid, code: line.newCode() });
      if (!isLost) await isDecided;
      if (sale % SALES_PER_HOUR !== 0) continue;
      readings.push(await host.ask({ laterMs: 0, collects: true }));
      progress(`${sale / SALES_PER_HOUR} of ${hours} hours`);
    }
    await until('every sale is decided', () => decided === hours * SALES_PER_HOUR);
    return readings;
  } finally {
    await screen.close();
    await host.stop();
    await line.close();
  }
}

function report(readings: readonly ProbeAnswer[], hours: number): Measure {
  const [idle] = readings;
  const at = (hour: number, of: 'rss' | 'heapUsed'): number =>
    median(readings.slice(hour - READINGS + 1, hour + 1).map((reading) => reading[of])) / MEGABYTE;
  const grown = (of: 'rss' | 'heapUsed', name: string, isAimed: boolean) => {
    const [ours, reference] = [at(hours, of), at(hours / 2, of)];
    return {
      id: ID,
      name: `${name} after ${hours} busy hours`,
      unit: 'MB',
      ours,
      reference,
      referenceName: `the same after ${hours / 2} of them`,
      ratio: ours / reference,
      aim: isAimed ? `ratio ≤ ${AIM}` : null,
      met: isAimed ? ours / reference <= AIM : null,
    };
  };
  const shown = (of: 'rss' | 'heapUsed') => readings.map((reading) => reading[of] / MEGABYTE);
  return {
    figures: [grown('heapUsed', 'heap', true), grown('rss', 'resident memory', true)],
    series: [
      { name: 'ours, heap by the hour', unit: 'MB', samples: shown('heapUsed') },
      { name: 'ours, resident by the hour', unit: 'MB', samples: shown('rss') },
    ],
    notes: [
      `the built \`serve\` with one screen’s stream open, idle: heap ${((idle?.heapUsed ?? 0) / MEGABYTE).toFixed(1)} MB, resident ${((idle?.rss ?? 0) / MEGABYTE).toFixed(1)} MB`,
      `${SALES_PER_HOUR} sales an hour at full speed over the host’s own interface, one in ${ONE_LOST_IN} with its answer lost and its cancel proved; before each the clocks of terminal and gateway go on by ${HOUR_MS / SALES_PER_HOUR / 1000} s, so that a whole day passes with its check-in`,
      `read after a full collection; each figure is the median of ${READINGS} hours`,
      'timers still run in real time, so what happens by the hour and without a sale happens less often than on a real day',
    ],
  };
}
