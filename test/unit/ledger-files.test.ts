import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../main/database/open.ts';
import { Ledger } from '../../main/ledger/ledger.ts';
import { lockDirectory } from '../../main/ledger/lock.ts';
import { openDirectory } from '../../main/open-terminal.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { NO_MOUNT, smallDisk } from '../support/crash-disk.ts';
import { Child, killLeftovers } from '../support/crash-processes.ts';
import {
  collect,
  entriesOf,
  must,
  newLedger,
  openLedger,
  projected,
  tamper,
  temporaryFolder,
  tradeAMorning,
} from '../support/fake-ledger.ts';

const COLLECTOR = resolve('test/support/crash-collector.ts');

afterAll(killLeftovers);

/** Name and content of every file, except the lock, whose bytes nobody may touch while it is held. */
function bytesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== 'redress.lock' && !name.endsWith('-shm'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

function failureOf(file: string): string {
  const opened = Ledger.open(file, DEFAULT_POLICY);
  if (!opened.ok) return opened.error.code;
  opened.value.close();
  return 'opened';
}

describe('A ledger file that cannot be used', () => {
  it('of a newer version is refused and not touched', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'ledger.db');
    const ledger = must(Ledger.open(file, DEFAULT_POLICY));
    tradeAMorning(ledger);
    ledger.close();
    tamper(file, (database) => database.pragma('user_version = 9'));
    const before = bytesOf(folder);
    expect(failureOf(file)).toBe('data_newer');
    expect(bytesOf(folder)).toEqual(before);
  });

  it('of a newer version that does not use WAL is not even switched to it', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'ledger.db');
    tamper(file, (database) => {
      database.pragma('journal_mode = DELETE');
      database.pragma('user_version = 9');
    });
    const before = bytesOf(folder);
    expect(failureOf(file)).toBe('data_newer');
    expect(bytesOf(folder)).toEqual(before);
  });

  it.each([
    [
      'text',
      (file: string) => writeFileSync(file, 'this is no database, only a long line of text\n'.repeat(100)),
    ],
    ['zeros in its header', (file: string) => overwrite(file, 0, 100)],
    ['zeros in its schema', (file: string) => overwrite(file, 100, 3000)],
    ['half of itself', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ])('because it holds %s is called damaged and left alone', (_name, damage) => {
    const folder = temporaryFolder();
    const file = join(folder, 'ledger.db');
    const ledger = must(Ledger.open(file, DEFAULT_POLICY));
    tradeAMorning(ledger);
    ledger.close();
    damage(file);
    const before = readFileSync(file);
    expect(failureOf(file)).toBe('data_corrupt');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('because an order in it is scribbled over is called damaged', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    ledger.close();
    tamper(file, (database) =>
      database.exec(`DROP TRIGGER journal_keeps_values; UPDATE journal SET body = 'scribble' WHERE seq = 6`),
    );
    expect(failureOf(file)).toBe('data_corrupt');
  });

  it.each([
    ['is a folder', (file: string) => mkdirSync(file)],
    ['lies below a file', (file: string) => writeFileSync(join(file, '..', 'file'), '')],
    ['lies in a folder that is not there', () => undefined],
  ])('because its path %s is an expected failure', (name, prepare) => {
    const folder = temporaryFolder();
    const file = name === 'is a folder' ? join(folder, 'ledger.db') : join(folder, 'file', 'ledger.db');
    prepare(name === 'is a folder' ? file : join(folder, 'file'));
    expect(failureOf(file)).toBe('data_unavailable');
  });

  it('because its folder is read-only says so and changes nothing', (context) => {
    const isRoot = process.getuid?.() === 0;
    const disk = isRoot ? smallDisk(1024) : null;
    if (isRoot && disk === null) return context.skip(NO_MOUNT);
    const folder = disk?.folder ?? temporaryFolder();
    const file = join(folder, 'ledger.db');
    const ledger = must(Ledger.open(file, DEFAULT_POLICY));
    tradeAMorning(ledger);
    ledger.close();
    if (disk === null) {
      chmodSync(file, 0o400);
      chmodSync(folder, 0o500);
    } else disk.makeReadOnly();
    const before = bytesOf(folder);
    expect(['data_read_only', 'data_unavailable']).toContain(failureOf(file));
    expect(['data_read_only', 'data_unavailable']).toContain(codeOf(openDirectory(folder)));
    expect(bytesOf(folder)).toEqual(before);
    if (disk === null) chmodSync(folder, 0o700);
    return undefined;
  });
});

function overwrite(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0, from, from + length);
  writeFileSync(file, bytes);
}

function codeOf(result: {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
}): string | undefined {
  return result.error?.code;
}

describe('A full disk', () => {
  it('refuses the sale as data_full, writes nothing of it, and takes it when there is space again', (context) => {
    const disk = smallDisk(512);
    if (disk === null) return context.skip(NO_MOUNT);
    const ledger = openLedger(join(disk.folder, 'ledger.db'));
    tradeAMorning(ledger);
    disk.fill();
    let sales = 0;
    let refused = collect(ledger, { clientSn: `D-${sales}` });
    while (refused.ok && sales < 10) {
      sales += 1;
      refused = collect(ledger, { clientSn: `D-${sales}` });
    }
    expect(refused).toEqual({ ok: false, error: { code: 'data_full', detail: 'SQLITE_FULL' } });
    expect(ledger.order(`D-${sales}`)).toBeNull();
    expect(ledger.verify()).toEqual({ entries: 6 + sales, orders: 3 + sales, problems: [] });
    disk.free();
    expect(collect(ledger, { clientSn: `D-${sales}` })).toMatchObject({ ok: true });
    expect(ledger.verify()).toEqual({ entries: 7 + sales, orders: 4 + sales, problems: [] });
    return undefined;
  });

  it('keeps a terminal from being opened on a file that could not be made', (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    disk.fill();
    expect(failureOf(join(disk.folder, 'ledger.db'))).toBe('data_full');
    disk.free();
    return undefined;
  });

  it(
    'that shows as a file size limit is an expected failure, too, and heals',
    { timeout: 60_000 },
    async (context) => {
      if (process.platform !== 'linux') return context.skip('file size limits are set with prlimit');
      const folder = temporaryFolder();
      const child = new Child([COLLECTOR, 'fill', folder]);
      execFileSync('prlimit', ['--pid', String(child.process.pid), `--fsize=${200 * 1024}:unlimited`]);
      const failed: unknown = JSON.parse((await child.printed('\n')).split('\n')[0] ?? '');
      expect(failed).toMatchObject({ failed: expect.stringMatching(/^data_(full|unavailable)$/) as string });
      execFileSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited:unlimited']);
      child.process.stdin?.write('space\n');
      const ended = await child.ended;
      const healed = JSON.parse(ended.stdout.split('\n')[1] ?? '') as { readonly index: number };
      expect(healed).toEqual({ again: true, problems: [], orders: healed.index + 1, index: healed.index });
      expect(ended.code).toBe(0);
      return undefined;
    },
  );
});

describe('The lock of a data directory', () => {
  it('is refused to a second owner at once, not after a wait', () => {
    const folder = temporaryFolder();
    const lock = must(lockDirectory(folder));
    const startedMs = performance.now();
    expect(codeOf(lockDirectory(folder))).toBe('terminal_in_use');
    expect(performance.now() - startedMs).toBeLessThan(1000);
    lock.release();
    must(lockDirectory(folder)).release();
  });

  it('is held against other processes and released by SIGKILL', async () => {
    const folder = temporaryFolder();
    const holder = new Child([COLLECTOR, 'hold', folder]);
    expect(await holder.printed('\n')).toBe('{"locked":true}\n');
    const startedMs = performance.now();
    expect(codeOf(openDirectory(folder))).toBe('terminal_in_use');
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await holder.kill();
    must(lockDirectory(folder)).release();
  });

  it('is let go when the directory turns out not to be usable', () => {
    const folder = temporaryFolder();
    expect(codeOf(openDirectory(folder))).toBe('not_configured');
    must(lockDirectory(folder)).release();
  });
});

describe('What the file holds', () => {
  it('is never a payment code', () => {
    const folder = temporaryFolder();
    const ledger = openLedger(join(folder, 'ledger.db'));
    const code = '286604123456789012';
    must(collect(ledger, { clientSn: 'one', code }));
    const files = readdirSync(folder).filter((name) => name.startsWith('ledger.db'));
    expect(files).toContain('ledger.db-wal');
    for (const name of files) {
      const bytes = readFileSync(join(folder, name));
      expect(bytes.includes(code)).toBe(false);
      expect(bytes.includes(Buffer.from(code).toString('base64'))).toBe(false);
      expect(bytes.includes(Buffer.from(code, 'utf16le'))).toBe(false);
    }
    // The same search finds what is there, so that it could have found the code.
    expect(files.some((name) => readFileSync(join(folder, name)).includes('collect_requested'))).toBe(true);
  });

  it('hashes a code under a key of its own, so that two terminals never hash it alike', () => {
    const fingerprints = [newLedger(), newLedger()].map(({ ledger }) => {
      must(collect(ledger, { clientSn: 'one', code: '286604123456789012' }));
      const body = JSON.parse(ledger.timeline('one')[0]?.body ?? '') as {
        event: { codeFingerprint: string };
      };
      return body.event.codeFingerprint;
    });
    expect(fingerprints[0]).not.toBe(fingerprints[1]);
  });

  it('is whole in a copy of the file and its WAL, as a crash would leave them', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    const copy = join(temporaryFolder(), 'ledger.db');
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    const recovered = openLedger(copy);
    expect(recovered.verify()).toEqual({ entries: 6, orders: 3, problems: [] });
    expect(projected(recovered)).toEqual(projected(ledger));
    expect(entriesOf(recovered)).toBe(6);
  });

  it('is opened by SQLite as the owner only of a path that is really there', () => {
    expect(codeOf(openDatabase(join(temporaryFolder(), 'no', 'where.db'), []))).toBe('data_unavailable');
  });
});
