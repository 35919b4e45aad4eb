import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../main/database/open.ts';
import { Ledger, SCHEMA_VERSION } from '../../main/ledger/ledger.ts';
import { verifyFile } from '../../main/ledger/verify.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { NO_MOUNT, smallDisk, type SmallDisk } from '../support/crash-disk.ts';
import { canTrace, NO_TRACE } from '../support/disk-trace.ts';
import { settled } from '../support/fake-clock.ts';
import { counter, type Counter } from '../support/fake-counter.ts';
import { collect, happens, must, NO_ANSWER, openLedger, temporaryFolder } from '../support/fake-ledger.ts';

const hashesOf = (ledger: Ledger): string[] =>
  [...ledger.journal()].map((entry) => entry.hash.toString('hex'));
const isRefused = ({ logged }: Counter): boolean =>
  logged.some((message) => message.startsWith('the ledger refused'));

/** What an acquirer answers who charged, and whom only a cancel reaches. */
function answer(shop: Counter): void {
  for (const call of shop.acquirer.open()) {
    const isCancelled = shop.acquirer.names().includes('cancel');
    if (call.call === 'pay') call.answer('unknown');
    else if (call.call === 'query') call.answer(isCancelled ? 'not_charged' : 'pending');
    else call.answer('accepted');
  }
}

/** A sale to its very end; `onRefusal` is called once, at the first commit that the disk refuses. */
async function sell(shop: Counter, onRefusal: () => Promise<void>): Promise<void> {
  let refused = false;
  const refusal = async (): Promise<void> => {
    if (refused) return;
    refused = true;
    await onRefusal();
  };
  const first = shop.collect('sale');
  if (!first.ok) {
    expect(first.error).toEqual({ code: 'data_full', detail: 'SQLITE_FULL' });
    expect(shop.acquirer.calls.map(({ clientSn }) => clientSn)).not.toContain('sale');
    expect(shop.ledger.order('sale')).toBeNull();
    await refusal();
    must(shop.collect('sale'));
  }
  for (let turn = 0; turn < 400 && !shop.resolver.isIdle(); turn += 1) {
    answer(shop);
    await settled();
    if (isRefused(shop)) await refusal();
    await shop.time.advance(1000);
    if (isRefused(shop)) await refusal();
  }
}

/** One counter that has sold before, on a disk with so many pages left. Says at which entry the disk refused. */
async function sellOnFullDisk(disk: SmallDisk, sparePages: number): Promise<number | null> {
  const folder = join(disk.folder, `spare-${sparePages}`);
  mkdirSync(folder);
  const shop = counter({ file: join(folder, 'ledger.db') });
  shop.resolver.start();
  must(collect(shop.ledger, { clientSn: 'before' }));
  happens(shop.ledger, 'before', { type: 'restarted' });
  happens(shop.ledger, 'before', {
    type: 'query_answered',
    outcome: { kind: 'not_charged', evidence: { code: 'x' } },
  });
  disk.fill(sparePages);
  let refusedAfter: number | null = null;
  await sell(shop, async () => {
    const kept = hashesOf(shop.ledger);
    refusedAfter = kept.length;
    const onWire = shop.acquirer.calls.length;
    await shop.time.advance(3000);
    expect(hashesOf(shop.ledger).slice(0, kept.length)).toEqual(kept);
    expect(
      shop.acquirer.calls.length - onWire,
      'calls of a terminal that can keep no answer',
    ).toBeLessThanOrEqual(3);
    disk.free();
    expect(hashesOf(shop.ledger).slice(0, kept.length)).toEqual(kept);
  });
  disk.free();
  expect(shop.order('sale')).toMatchObject({ state: 'reversed', charged: 'no' });
  const pays = shop.acquirer.calls.filter(({ call, clientSn }) => call === 'pay' && clientSn === 'sale');
  expect(pays).toHaveLength(1);
  expect(shop.ledger.verify().problems).toEqual([]);
  shop.ledger.close();
  rmSync(folder, { recursive: true });
  return refusedAfter;
}

describe('A disk that is full', () => {
  it('at any write of a sale loses nothing, starts no payment it cannot record, and lets it end well', async (context) => {
    const disk = smallDisk(2048);
    if (disk === null) return context.skip(NO_MOUNT);
    const refusedAfter = new Set<number>();
    let spare = 0;
    for (let isFull = true; isFull; spare += 1) {
      expect(spare).toBeLessThan(200);
      const entries = await sellOnFullDisk(disk, spare);
      isFull = entries !== null;
      if (entries !== null) refusedAfter.add(entries);
    }
    // Each commit of the sale was the one that the disk refused.
    const [first = 0] = refusedAfter;
    expect([...refusedAfter]).toEqual(Array.from(refusedAfter, (_entries, index) => first + index));
    expect(refusedAfter.size).toBeGreaterThan(8);
    return undefined;
  });

  it('when the terminal closes keeps the sales of the day for the next start', (context) => {
    const disk = smallDisk(512);
    if (disk === null) return context.skip(NO_MOUNT);
    const file = join(disk.folder, 'ledger.db');
    const ledger = openLedger(file);
    for (let sale = 0; sale < 20; sale += 1) must(collect(ledger, { clientSn: `sale-${sale}` }));
    const kept = hashesOf(ledger);
    disk.fill();
    ledger.close();
    const full = Ledger.open(file, DEFAULT_POLICY);
    if (full.ok) full.value.close();
    else expect(full.error.code).toBe('data_full');
    disk.free();
    const reopened = openLedger(file);
    expect(hashesOf(reopened)).toEqual(kept);
    expect(reopened.verify().problems).toEqual([]);
    return undefined;
  });
});

interface Insisted {
  readonly refused: readonly string[];
  readonly sales?: readonly number[];
  readonly problems?: readonly string[];
}

/** Four sales, each tried twice, while the `when`th such system call on the ledger's files fails. */
async function insist(fault: string): Promise<Insisted & { readonly file: string }> {
  const folder = temporaryFolder();
  const file = join(folder, 'ledger.db');
  const files = [file, `${file}-wal`, `${file}-journal`].flatMap((path) => ['-P', path]);
  const program = [process.execPath, resolve('test/support/crash-collector.ts'), 'insist', folder];
  const { stdout } = await promisify(execFile)('strace', [
    '-o',
    '/dev/null',
    ...files,
    '-e',
    fault,
    ...program,
  ]);
  return { ...(JSON.parse(stdout) as Insisted), file };
}

describe('A disk that fails once', () => {
  it.for([
    ['a sync', 'fsync', 'EIO', 14],
    ['a write', 'pwrite64', 'EIO', 60],
  ] as const)(
    'in %s, whichever it is, is a clear error, and the next try is kept',
    async ([, call, errno, most], context) => {
      if (!canTrace()) return context.skip(NO_TRACE);
      let met = 0;
      for (let when = 1; when <= most; when += call === 'fsync' ? 1 : 7) {
        const { refused, sales, problems, file } = await insist(`inject=${call}:error=${errno}:when=${when}`);
        expect(
          refused.filter((code) => code !== 'data_unavailable'),
          `${call} ${when}`,
        ).toEqual([]);
        expect({ sales, problems }, `${call} ${when}`).toEqual({ sales: [0, 1, 2, 3], problems: [] });
        met += refused.length;
        const reopened = openLedger(file);
        expect(
          reopened
            .recent(10)
            .map(({ clientSn }) => clientSn)
            .toSorted(),
        ).toEqual([0, 1, 2, 3].map((sale) => `sale-${sale}`));
        expect(reopened.verify().problems).toEqual([]);
      }
      expect(met).toBeGreaterThan(4);
      return undefined;
    },
  );
});

/** A handle of somebody with a database tool. */
function handleOn(file: string) {
  return must(
    openDatabase(
      file,
      Array.from({ length: SCHEMA_VERSION }, () => () => undefined),
    ),
  );
}

describe('Somebody who writes to the ledger with a database tool', () => {
  it('keeps sales from starting while he does, and keeps no answer out for good', async () => {
    const shop = counter();
    shop.resolver.start();
    must(shop.collect('asked'));
    const tool = handleOn(shop.file);
    tool.exec('BEGIN IMMEDIATE');
    expect(shop.collect('refused')).toEqual({
      ok: false,
      error: { code: 'terminal_in_use', detail: 'SQLITE_BUSY' },
    });
    expect(shop.acquirer.names()).toEqual(['pay']);
    await shop.answer('approved', { sn: '78', amountMinor: 1234 });
    expect(shop.order('asked').state).toBe('collecting');
    tool.exec('ROLLBACK');
    tool.close();
    await shop.time.advance(3000);
    // The reply is gone, and pay is never sent again: it is asked for.
    await shop.answer('charged', { sn: '78', amountMinor: 1234 });
    expect(shop.order('asked')).toMatchObject({ state: 'paid', charged: 'yes' });
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    expect(shop.collect('refused')).toMatchObject({ ok: true });
    expect(shop.ledger.verify().problems).toEqual([]);
  });
});

/** A closed ledger of several pages in every table. */
function soldOut(): { readonly file: string; readonly pages: number; readonly hashes: readonly string[] } {
  const file = join(temporaryFolder(), 'ledger.db');
  const ledger = must(Ledger.open(file, DEFAULT_POLICY));
  for (let sale = 0; sale < 40; sale += 1) {
    must(collect(ledger, { clientSn: `sale-${sale}`, saleId: `basket-${sale}` }));
    if (sale % 2 === 0) happens(ledger, `sale-${sale}`, NO_ANSWER);
  }
  const hashes = hashesOf(ledger);
  ledger.close();
  return { file, pages: statSync(file).size / 4096, hashes };
}

describe('A ledger with one bad page', () => {
  it.each([
    ['scribbled over', (page: Buffer) => void page.fill(0xa5)],
    ['full of zeros', (page: Buffer) => void page.fill(0)],
    ['with one bit changed', (page: Buffer) => void page.writeUInt8(page.readUInt8(2000) ^ 1, 2000)],
  ])(
    '%s, wherever it is, is told of, or has lost nothing, and never brings the terminal down',
    (_name, damage) => {
      const { file, pages, hashes } = soldOut();
      const told = new Set<number>();
      for (let page = 0; page < pages; page += 1) {
        const bad = `${file}.bad`;
        const bytes = readFileSync(file);
        damage(bytes.subarray(page * 4096, (page + 1) * 4096));
        writeFileSync(bad, bytes);
        // The check beside the payments finds it, whatever opening does.
        const checked = verifyFile(bad);
        const isSound = checked.ok && checked.value.problems.length === 0;
        if (!isSound) told.add(page);
        const opened = Ledger.open(bad, DEFAULT_POLICY);
        if (!opened.ok) expect(opened.error.code, `page ${page}`).toBe('data_corrupt');
        else {
          const { value: ledger } = opened;
          if (isSound) expect(hashesOf(ledger), `page ${page}`).toEqual(hashes);
          const collected = collect(ledger, { clientSn: 'after' });
          if (collected.ok) expect(ledger.order('after')?.state, `page ${page}`).toBe('collecting');
          else expect(collected.error, `page ${page}`).toMatchObject({ code: 'data_corrupt' });
          ledger.close();
        }
        for (const rest of ['', '-wal', '-shm']) rmSync(bad + rest, { force: true });
      }
      expect(pages).toBeGreaterThan(15);
      expect(told.size).toBeGreaterThan(3);
    },
  );
});

/** The files of a ledger as a terminal leaves them that is killed in the middle of the day. */
function killedAtNoon() {
  const ledger = openLedger(join(temporaryFolder(), 'ledger.db'));
  for (let sale = 0; sale < 5; sale += 1) must(collect(ledger, { clientSn: `sale-${sale}` }));
  const staleWitness = readFileSync(`${ledger.file}-seq`);
  must(collect(ledger, { clientSn: 'sale-5' }));
  const file = join(temporaryFolder(), 'ledger.db');
  for (const rest of ['', '-wal', '-shm', '-seq']) copyFileSync(ledger.file + rest, file + rest);
  return { file, staleWitness, hashes: hashesOf(ledger) };
}

const FRAME_BYTES = 24 + 4096;
const WAL_HEADER_BYTES = 32;

describe('A ledger that was killed in the middle of the day', () => {
  it('has everything again, also without its shared memory or the witness of its end', () => {
    for (const lost of [[], ['-shm'], ['-seq'], ['-shm', '-seq']]) {
      const { file, hashes } = killedAtNoon();
      for (const rest of lost) rmSync(file + rest);
      const ledger = openLedger(file);
      expect(hashesOf(ledger)).toEqual(hashes);
      expect(ledger.verify().problems).toEqual([]);
    }
  });

  it('does not go on as if nothing had been sold where its write-ahead log is missing', () => {
    const { file } = killedAtNoon();
    const wal = readFileSync(`${file}-wal`);
    rmSync(`${file}-wal`);
    for (const attempt of ['first', 'second']) {
      const opened = Ledger.open(file, DEFAULT_POLICY);
      expect([attempt, opened]).toMatchObject([attempt, { ok: false, error: { code: 'data_corrupt' } }]);
    }
    // Whoever finds it puts it back, and the day is there again.
    writeFileSync(`${file}-wal`, wal);
    expect(openLedger(file).recent(10)).toHaveLength(6);
  });

  it('does not go on without what a damaged page of its write-ahead log held, and leaves the log as it is', () => {
    const { file, hashes } = killedAtNoon();
    const wal = readFileSync(`${file}-wal`);
    const frames = (wal.length - WAL_HEADER_BYTES) / FRAME_BYTES;
    expect(frames).toBeGreaterThan(20);
    for (let frame = 0; frame < frames; frame += 1) {
      const bad = Buffer.from(wal);
      const at = WAL_HEADER_BYTES + frame * FRAME_BYTES + 24 + 1000;
      bad.writeUInt8(bad.readUInt8(at) ^ 1, at);
      writeFileSync(`${file}-wal`, bad);
      const opened = Ledger.open(file, DEFAULT_POLICY);
      expect(opened, `frame ${frame}`).toMatchObject({ ok: false, error: { code: 'data_corrupt' } });
      expect(readFileSync(`${file}-wal`).equals(bad), `frame ${frame}`).toBe(true);
    }
    writeFileSync(`${file}-wal`, wal);
    expect(hashesOf(openLedger(file))).toEqual(hashes);
  });

  it('is not taken for an older copy of itself', () => {
    const ledger = openLedger(join(temporaryFolder(), 'ledger.db'));
    must(collect(ledger, { clientSn: 'morning' }));
    ledger.close();
    const copy = readFileSync(ledger.file);
    const later = openLedger(ledger.file);
    must(collect(later, { clientSn: 'noon' }));
    later.close();
    writeFileSync(ledger.file, copy);
    expect(existsSync(`${ledger.file}-wal`)).toBe(false);
    expect(Ledger.open(ledger.file, DEFAULT_POLICY)).toMatchObject({
      ok: false,
      error: { code: 'data_corrupt', detail: 'entry 2 was recorded and is not there any more' },
    });
  });

  it('goes on where the witness itself is damaged, stale, or in the way', () => {
    const spoil: readonly ((file: string, staleWitness: Buffer) => void)[] = [
      (file, staleWitness) => writeFileSync(file, staleWitness),
      (file) => writeFileSync(file, 'scribble'),
      (file) => writeFileSync(file, ''),
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ];
    for (const damage of spoil) {
      const { file, staleWitness, hashes } = killedAtNoon();
      damage(`${file}-seq`, staleWitness);
      const ledger = openLedger(file);
      expect(hashesOf(ledger)).toEqual(hashes);
      must(collect(ledger, { clientSn: 'after' }));
      ledger.close();
      expect(openLedger(file).recent(10)).toHaveLength(7);
    }
  });
});
