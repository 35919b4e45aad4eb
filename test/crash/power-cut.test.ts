import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../main/ledger/ledger.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { canTrace, NO_TRACE, traceDisk, type DiskEvent } from '../support/disk-trace.ts';
import { powerCuts, type Cut, type Image } from '../support/power-cut.ts';
import { ACKNOWLEDGED } from '../support/power-cut-writer.ts';
import { seededRandom } from '../support/seeded-random.ts';

/**
 * The power fails after every single write, sync and naming that a ledger had the disk do, as its system
 * calls tell; what was synced is there afterwards, and of the rest whatever a disk may have kept.
 */
const SEED = Number(process.env['REDRESS_SEED'] ?? randomInt(2 ** 31));

const WRITER = resolve('test/support/power-cut-writer.ts');
const NORMAL = resolve('test/support/synchronous-normal.ts');

// Thousands of ledgers are opened, each with its syncs: in memory where there is a disk in it.
const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'redress-power-'));

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Recording {
  readonly events: readonly DiskEvent[];
  /** The chain's hash at each entry; the first entry is at 1. */
  readonly hashes: readonly string[];
}

async function record(name: string, ...nodeArguments: readonly string[]): Promise<Recording> {
  const folder = join(root, name);
  mkdirSync(folder);
  const events = await traceDisk(folder, [...nodeArguments, WRITER, folder]);
  return { events, hashes: hashesIn(folder) };
}

function hashesIn(folder: string): string[] {
  const opened = Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY);
  if (!opened.ok) throw new Error(opened.error.code);
  const hashes = [...opened.value.journal()].map((entry) => entry.hash.toString('hex'));
  opened.value.close();
  return ['genesis', ...hashes];
}

/** The newest entry that the program was told to be on disk before an event. */
function acknowledgedBefore(events: readonly DiskEvent[], at: number): number {
  const said = events.slice(0, at).findLast((event) => event.kind === 'said');
  return said?.kind === 'said' ? Number(said.text.slice(ACKNOWLEDGED.length)) : 0;
}

function putBack(folder: string, image: Image): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
}

/** What the product makes of the folder as the power cut left it: how far the journal goes, or what is wrong. */
function reopen({ image }: Cut, { hashes }: Recording): number | string {
  const folder = join(root, 'cut');
  putBack(folder, image);
  const opened = Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY);
  if (!opened.ok) return opened.error.code;
  const { problems } = opened.value.verify();
  const lastSeq = opened.value.lastSeq();
  const last = [...opened.value.journal()].at(-1)?.hash.toString('hex') ?? 'genesis';
  opened.value.close();
  // The chain covers everything before, so one hash says that nothing of it is missing or different.
  return problems.length > 0 || last !== hashes[lastSeq] ? `broken: ${problems.join()}` : lastSeq;
}

interface Verdict {
  readonly cuts: number;
  readonly images: number;
  readonly broken: readonly string[];
  /** Where something acknowledged was gone. */
  readonly lost: readonly string[];
}

function judge(recording: Recording, every: number): Verdict {
  const { events } = recording;
  const broken: string[] = [];
  const lost: string[] = [];
  let images = 0;
  for (const cut of powerCuts(events, seededRandom(SEED), every)) {
    images += 1;
    const found = reopen(cut, recording);
    const where = `${cut.damage} after event ${cut.at}`;
    const acknowledged = acknowledgedBefore(events, cut.at);
    if (typeof found === 'string') broken.push(`${where}: ${found}`);
    else if (found < acknowledged) lost.push(`${where}: ${acknowledged - found} of ${acknowledged}`);
  }
  return { cuts: Math.ceil(events.length / every), images, broken, lost };
}

describe(`A power cut (REDRESS_SEED=${SEED})`, () => {
  it(
    'at any instant takes nothing that the ledger had acknowledged',
    { timeout: 120_000 },
    async (context) => {
      if (!canTrace()) return context.skip(NO_TRACE);
      const recording = await record('full');
      const { cuts, images, broken, lost } = judge(recording, 1);
      const acknowledged = recording.hashes.length - 1;
      const what = `${acknowledged} acknowledged entries, ${cuts} instants, ${images} images`;
      await context.annotate(
        `synchronous=FULL: ${what}, ${lost.length} with a loss, ${broken.length} broken`,
      );
      expect(acknowledged).toBeGreaterThan(30);
      expect(images).toBeGreaterThan(cuts * 2);
      expect(broken).toEqual([]);
      expect(lost).toEqual([]);
      return undefined;
    },
  );

  it(
    'would take acknowledged sales if commits were not synced, and is seen to',
    { timeout: 120_000 },
    async (context) => {
      if (!canTrace()) return context.skip(NO_TRACE);
      const recording = await record('normal', '--import', NORMAL);
      const { cuts, images, broken, lost } = judge(recording, 7);
      const what = `${cuts} instants, ${images} images`;
      await context.annotate(
        `synchronous=NORMAL: ${what}, ${lost.length} with a loss, ${broken.length} broken`,
      );
      expect(lost.length).toBeGreaterThan(cuts);
      return undefined;
    },
  );
});
