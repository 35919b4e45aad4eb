import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REDRESS } from '../support/gateway-process.ts';
import type { Bench, Measure } from './figure.ts';
import { median } from './measure.ts';
import { oweCancels } from './owed-cancels.ts';
import { openLine, type Line } from './wire.ts';

const ID = 5;
const AIM = 1.25;
const OWED = 1000;
/** How long each process works after its start; its first cancel is long gone by then. */
const WORK_SECONDS = 0.2;
/** The first ones fill the machine's caches with both programs. */
const WARM_UP = 1;

const HISTORIES = ['full', 'empty'] as const;
type History = (typeof HISTORIES)[number];

export const coldStart: Bench = {
  id: ID,
  name: 'cold-start',
  about:
    'From the start of a process on a data directory with a long history and owed cancels until the first of them is at the gateway, against the same without the history.',
  async run({ quick, progress }) {
    const closed = quick ? 50_000 : 1_000_000;
    const rounds = quick ? 3 : 9;
    const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'redress-bench-'));
    const line = await openLine();
    const { data } = line.data;
    try {
      const kept = { full: join(folder, 'full'), empty: join(folder, 'empty') };
      for (const history of HISTORIES) {
        const counts = { closed: history === 'full' ? closed : 0, owed: OWED };
        oweCancels(line, counts, (orders) => tellWriting(orders, progress));
        cpSync(data, kept[history], { recursive: true });
        for (const name of ['ledger.db', 'ledger.db-seq']) rmSync(join(data, name));
      }
      const megabytes = Math.round(statSync(join(kept.full, 'ledger.db')).size / 1e6);
      const took: Record<History, number[]> = { full: [], empty: [] };
      for (let round = -WARM_UP; round < rounds; round += 1) {
        progress(`start ${round + WARM_UP + 1} of ${rounds + WARM_UP}`);
        const order = round % 2 === 0 ? HISTORIES : HISTORIES.toReversed();
        for (const history of order) {
          const tookMs = await firstCancelMs(line, kept[history], join(folder, 'round'));
          if (round >= 0) took[history].push(tookMs);
        }
      }
      return report(took, { closed, megabytes });
    } finally {
      await line.close();
      rmSync(folder, { recursive: true });
    }
  },
};

function tellWriting(orders: number, progress: (text: string) => void): void {
  if (orders % 100_000 === 0) progress(`${orders} orders of history written`);
}

async function firstCancelMs({ gateway }: Line, kept: string, copy: string): Promise<number> {
  cpSync(kept, copy, { recursive: true });
  // What the copy still owes the disk would be written in the middle of the measure.
  const handle = openSync(join(copy, 'ledger.db'), 'r+');
  fsyncSync(handle);
  closeSync(handle);
  const seenBefore = (await gateway.wireLog()).length;
  const startedUs = Number(process.hrtime.bigint() / 1000n);
  const command = ['--data', copy, '--json', 'work', '--for', String(WORK_SECONDS)];
  const child = spawn(process.execPath, [REDRESS, ...command], { stdio: 'ignore' });
  await once(child, 'exit');
  rmSync(copy, { recursive: true });
  const cancel = (await gateway.wireLog()).slice(seenBefore).find(({ call }) => call === 'cancel');
  if (cancel === undefined) throw new Error('No cancel arrived');
  return (cancel.atUs - startedUs) / 1000;
}

function report(
  { full, empty }: Readonly<Record<History, readonly number[]>>,
  { closed, megabytes }: { readonly closed: number; readonly megabytes: number },
): Measure {
  const ratio = median(full.map((value, index) => value / (empty[index] ?? Number.NaN)));
  const referenceName = `the same with an empty history and the same ${OWED} owed`;
  return {
    figures: [
      {
        id: ID,
        name: `process start → first owed cancel at the gateway, ${closed} closed orders and ${OWED} owed`,
        unit: 'ms',
        ours: median(full),
        reference: median(empty),
        referenceName,
        ratio,
        aim: `ratio ≤ ${AIM}`,
        met: ratio <= AIM,
      },
    ],
    series: [
      { name: `ours, ${closed} closed orders`, unit: 'ms', samples: full },
      { name: referenceName, unit: 'ms', samples: empty },
    ],
    notes: [
      `${full.length} starts each, in turn, of the built command line's \`work\` on a fresh copy of its directory; the long ledger has ${megabytes} MB`,
      'from just before the process is spawned until the gateway process notes the request, by the monotonic clock that both read',
      'both files lie in the system’s page cache: it is the process that starts, not the machine',
      'a start spreads what is owed over a second, so the first of a thousand falls due about a millisecond after it',
    ],
  };
}
