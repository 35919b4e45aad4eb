import { SCHEMA_VERSION } from '../../main/ledger/ledger.ts';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inFile } from '../../main/diagnostics/ledger-section.ts';
import { readSection } from '../../main/diagnostics/section.ts';
import { writeDiagnostics, type DiagnosticsOptions } from '../../main/diagnostics/write-diagnostics.ts';
import { storeTerminalKey, FileTerminalKeys } from '../../main/settings/key-store.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import { systemClock, systemTimers } from '../../main/shell/clock.ts';
import type { MachineFacts } from '../../main/shell/machine.ts';
import type { TerminalReport } from '../../shared/contract.ts';
import { failure } from '../../shared/errors.ts';
import { err, ok } from '../../shared/result.ts';
import { parseSettings } from '../../shared/settings.ts';
import { NO_MOUNT, smallDisk } from '../support/crash-disk.ts';
import { FakeTime } from '../support/fake-clock.ts';
import {
  collect,
  must,
  NOON,
  openLedger,
  tamper,
  temporaryFolder,
  tradeAMorning,
} from '../support/fake-ledger.ts';

const KEY = 'key-0123456789-never-shown';
const CODE = '2877666655554444';
const SECTIONS = [
  'about',
  'settings',
  'keys',
  'ledger',
  'journal',
  'errors',
  'network',
  'clock',
  'disk',
  'crashes',
] as const;
const MACHINE: MachineFacts = {
  system: 'linux 6 x64',
  arch: 'x64',
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  processUptimeMs: 1,
  residentBytes: 2,
  heapUsedBytes: 3,
  freeMemoryBytes: 4,
  totalMemoryBytes: 5,
};

type Part = { readonly ok: boolean; readonly value?: never; readonly error?: { readonly code: string } };
type Bundle = Readonly<Record<(typeof SECTIONS)[number], Part>> & {
  readonly live?: Part;
  readonly madeAtMs: number;
};

function optionsFor(directory: string, more: Partial<DiagnosticsOptions> = {}): DiagnosticsOptions {
  return {
    directory,
    file: null,
    clock: { nowMs: () => NOON, monotonicMs: () => systemClock.monotonicMs() },
    timers: systemTimers,
    live: null,
    checkWorkerFile: resolve('main/ledger/check-worker.ts'),
    versions: { redress: '1.2.3', node: '24', electron: '45', chrome: '148' },
    machine: MACHINE,
    ...more,
  };
}

async function bundleOf(directory: string, more: Partial<DiagnosticsOptions> = {}) {
  const { file, sizeBytes } = must(await writeDiagnostics(optionsFor(directory, more)));
  const text = readFileSync(file, 'utf8');
  return { file, sizeBytes, text, bundle: JSON.parse(text) as Bundle };
}

/** The code of each section that failed; the rest is well. */
function failuresOf(bundle: Bundle): Readonly<Record<string, string | undefined>> {
  const failed = SECTIONS.filter((name) => !bundle[name].ok);
  return Object.fromEntries(failed.map((name) => [name, bundle[name].error?.code]));
}

/** A terminal that traded a morning, with everything in its directory that can be there. */
function goodDirectory(apiDomain = 'https://acquirer.invalid') {
  const directory = join(temporaryFolder(), 'data');
  mkdirSync(directory, { mode: 0o700 });
  const terminal = { terminalSn: '10298371039', deviceId: 'counter-1' };
  must(saveSettings(directory, must(parseSettings({ protocol: 'upay', apiDomain, terminal }))));
  must(storeTerminalKey(directory, '10298371039', KEY));
  must(must(FileTerminalKeys.open(directory, terminal)).rotate(`${KEY}-2`, '2026-11-20'));
  const ledger = openLedger(join(directory, 'ledger.db'));
  tradeAMorning(ledger);
  mkdirSync(join(directory, 'logs'));
  const lines = Array.from({ length: 1000 }, (_, index) =>
    JSON.stringify({ level: index % 10 === 0 ? 40 : 30, time: NOON + index, index, msg: `on ${CODE}` }),
  );
  writeFileSync(join(directory, 'logs', 'redress.log.1'), `${lines.slice(0, 900).join('\n')}\n`);
  writeFileSync(join(directory, 'logs', 'redress.log'), `${lines.slice(900).join('\n')}\nhalf a li`);
  mkdirSync(join(directory, 'crashes', 'completed'), { recursive: true });
  writeFileSync(join(directory, 'crashes', 'completed', 'one.dmp'), 'dump');
  return { directory, ledger };
}

async function httpServer(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(NOON + 600_000).toUTCString());
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a support bundle', () => {
  test('of a working terminal has every section, in its order, beside the one who writes the ledger', async () => {
    const { directory, ledger } = goodDirectory(await httpServer());
    const progress: string[] = [];
    const { file } = must(await writeDiagnostics(optionsFor(directory), (name) => progress.push(name)));
    expect(progress).toEqual(SECTIONS);
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
    expect(failuresOf(bundle)).toEqual({});
    expect(Object.keys(bundle)).toEqual(['format', 'version', 'madeAtMs', ...SECTIONS]);
    expect(bundle.about.value).toMatchObject({
      versions: { redress: '1.2.3', electron: '45', sqlite: expect.stringMatching(/^3\./) as string },
      locale: 'zh-CN',
      isTerminalRunning: false,
    });
    expect(bundle.settings.value).toMatchObject({ terminal: { terminalSn: '10298371039' } });
    expect(bundle.keys.value).toEqual({
      form: 'plain',
      terminalSn: '10298371039',
      checkedInDay: '2026-11-20',
      hasPreviousKey: true,
      mode: '600',
    });
    expect(bundle.network.value).toMatchObject({ test: { reachable: true, code: null }, seen: null });
    expect(bundle.clock.value).toMatchObject({ nowMs: NOON, time: '12:00:00', acquirerOffsetMs: 600_500 });
    must(collect(ledger, { clientSn: 'D-after' }));
  });

  test('tells how the ledger stands: counts, what is owed, the oldest in doubt, the check', async () => {
    const { directory } = goodDirectory();
    const { bundle } = await bundleOf(directory);
    expect(bundle.ledger.value).toMatchObject({
      sizeBytes: expect.any(Number) as number,
      content: {
        ok: true,
        value: {
          schemaVersion: SCHEMA_VERSION,
          entries: 6,
          orders: { collecting: 1, confirming: 1, paid: 1 },
          oldestUndecided: { clientSn: 'B-asked', state: 'confirming', createdAtMs: NOON + 2000 },
          owedCalls: 2,
        },
      },
      check: { ok: true, value: { entries: 6, orders: 3, problems: [] } },
    });
    const { entries, brokenOff } = bundle.journal.value as unknown as {
      readonly brokenOff: unknown;
      readonly entries: readonly {
        seq: number;
        event: string;
        body: { event?: { codeFingerprint?: string } };
      }[];
    };
    expect(brokenOff).toBeNull();
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(entries[0]?.body.event?.codeFingerprint).toBe('[secret]');
  });

  test('holds the newest lines of all log files, and the newest that need a look', async () => {
    const { bundle } = await bundleOf(goodDirectory().directory);
    const { lines, warnings } = bundle.errors.value as unknown as {
      readonly lines: readonly unknown[];
      readonly warnings: readonly { readonly index: number; readonly level: number }[];
    };
    expect(lines).toHaveLength(200);
    expect(lines.at(-1)).toBe('half a li');
    expect(lines.at(-2)).toEqual({ level: 30, time: NOON + 999, index: 999, msg: 'on [secret]' });
    expect(lines[0]).toMatchObject({ index: 801 });
    expect(warnings.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, at) => at * 10));
  });

  test('lists files by name, size and mode, and crash dumps besides', async () => {
    const { directory } = goodDirectory();
    const { bundle } = await bundleOf(directory);
    const { files, freeBytes } = bundle.disk.value as unknown as {
      readonly freeBytes: number;
      readonly files: readonly { readonly path: string; readonly mode: string; readonly kind: string }[];
    };
    expect(freeBytes).toBeGreaterThan(0);
    expect(files).toContainEqual(
      expect.objectContaining({ path: 'secrets.json', mode: '600', kind: 'file' }),
    );
    expect(files.map(({ path }) => path)).toContain('logs/redress.log.1');
    expect(bundle.crashes.value).toMatchObject({ dumps: [{ path: 'completed/one.dmp', sizeBytes: 4 }] });
  });

  test('carries the report of a running terminal where there is one', async () => {
    const { directory } = goodDirectory();
    const network = { online: true, lastReplyAtMs: 1, lastFailureAtMs: null };
    const live = { terminalSn: '10298371039', network, clockOffsetMs: 7 } as TerminalReport;
    const { bundle } = await bundleOf(directory, { live });
    expect(bundle.live).toEqual({ ok: true, value: live });
    expect(bundle.network.value).toMatchObject({ seen: network });
    expect(bundle.clock.value).toMatchObject({ learntOffsetMs: 7 });
  });

  test('holds no key and no payment code, in no form, wherever somebody put one', async () => {
    const { directory, ledger } = goodDirectory();
    must(collect(ledger, { clientSn: 'S-sale', saleId: CODE, code: '288877776666555500' }));
    writeFileSync(
      join(directory, 'settings.json'),
      JSON.stringify({ protocol: 'upay', apiDomain: KEY, [KEY]: KEY }),
    );
    const { text } = await bundleOf(directory);
    for (const secret of [
      KEY,
      CODE,
      '288877776666555500',
      Buffer.from(KEY).toString('base64'),
      Buffer.from(KEY).toString('hex'),
    ])
      expect(text).not.toContain(secret);
  });

  test('shows no half of a key where it cuts a long line of the log', async () => {
    const { directory } = goodDirectory();
    const key = '0123456789abcdef0123456789abcdef';
    const long = (length: number): string => `{"level":50,"msg":"${'x'.repeat(length)}bad key:\\n${key}"}\n`;
    const lines = Array.from({ length: 60 }, (_, index) => long(4030 + index)).join('');
    writeFileSync(join(directory, 'logs', 'redress.log'), lines);
    const { text } = await bundleOf(directory);
    expect(text).toContain('bad key:');
    expect(text).not.toContain(key.slice(0, 4));
  });
});

describe('a support bundle of a directory that is not well', () => {
  const UNCONFIGURED = { settings: 'not_configured', keys: 'not_activated', network: 'not_configured' };
  const NO_LEDGER = { ledger: 'data_unavailable', journal: 'data_unavailable' };

  test('is made of an empty one, and of one that is not there', async () => {
    const empty = temporaryFolder();
    expect(failuresOf((await bundleOf(empty)).bundle)).toEqual({ ...UNCONFIGURED, ...NO_LEDGER });
    const missing = join(temporaryFolder(), 'missing');
    const file = join(temporaryFolder(), 'bundle.json');
    const { bundle } = await bundleOf(missing, { file });
    expect(failuresOf(bundle)).toEqual({ ...UNCONFIGURED, ...NO_LEDGER, disk: 'data_unavailable' });
    expect(existsSync(missing)).toBe(false);
  });

  test('is made of one in which every file is scribble', async () => {
    const { directory, ledger } = goodDirectory();
    ledger.close();
    for (const name of ['settings.json', 'secrets.json', 'ledger.db'])
      writeFileSync(join(directory, name), `scribble ${KEY} `.repeat(500));
    const { bundle, text } = await bundleOf(directory);
    expect(failuresOf(bundle)).toEqual({
      settings: 'settings_unreadable',
      keys: 'not_activated',
      journal: 'data_corrupt',
      network: 'settings_unreadable',
    });
    expect(bundle.ledger.value).toMatchObject({
      content: { ok: false, error: { code: 'data_corrupt' } },
      check: { ok: true, value: { problems: ['file: SQLITE_NOTADB'] } },
    });
    expect(text).not.toContain(KEY);
  });

  test('is made of one in which every file is a folder, and every folder a file', async () => {
    const directory = temporaryFolder();
    for (const name of ['settings.json', 'secrets.json', 'ledger.db', 'logs/redress.log'])
      mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, 'crashes'), '');
    const { bundle } = await bundleOf(directory);
    const failures = failuresOf(bundle);
    expect(Object.keys(failures)).toEqual(['settings', 'keys', 'journal', 'errors', 'network', 'crashes']);
    for (const code of Object.values(failures)) expect(['data_unavailable', 'bug']).toContain(code);
    expect(bundle.ledger.value).toMatchObject({ content: { ok: false }, check: { ok: false } });
  });

  test('tells a newer ledger from one that is no ledger', async () => {
    const { directory, ledger } = goodDirectory();
    tamper(join(directory, 'ledger.db'), (database) => database.pragma('user_version = 9'));
    const { bundle } = await bundleOf(directory);
    expect(bundle.journal.error?.code).toBe('data_newer');
    ledger.close();
    const empty = join(temporaryFolder(), 'ledger.db');
    writeFileSync(empty, '');
    expect(inFile(empty, () => 'read')).toMatchObject({ ok: false, error: { code: 'data_corrupt' } });
  });

  test('shows the journal down to the entry that cannot be read', async () => {
    const { directory } = goodDirectory();
    tamper(join(directory, 'ledger.db'), (database) => {
      database.exec('DROP TRIGGER journal_keeps_values');
      database.exec(`UPDATE journal SET body = 'not json' WHERE seq = 2`);
      database.exec(`UPDATE journal SET body = '"' || hex(zeroblob(9000)) || '"' WHERE seq = 3`);
    });
    const { bundle } = await bundleOf(directory);
    const { entries } = bundle.journal.value as unknown as { readonly entries: readonly { body: unknown }[] };
    expect(entries[1]?.body).toEqual({ leftOut: 'not JSON', length: 8 });
    expect(entries[2]?.body).toEqual({ leftOut: 'too long', length: 18_002 });
    expect(bundle.ledger.value).toMatchObject({
      check: {
        value: {
          problems: expect.arrayContaining([expect.stringContaining('journal: entry 2')]) as string[],
        },
      },
    });
  });

  test('is made where the check of the ledger never ends', async () => {
    const { directory } = goodDirectory();
    const worker = join(temporaryFolder(), 'worker.mjs');
    writeFileSync(worker, 'setInterval(() => {}, 1000)');
    const time = new FakeTime(NOON);
    // The minute that the check may take passes at once; everything else is as it is.
    const timers = {
      ...systemTimers,
      after: (ms: number, run: () => void) =>
        ms === 60_000 ? systemTimers.after(20, run) : systemTimers.after(ms, run),
    };
    const { bundle } = await bundleOf(directory, { checkWorkerFile: worker, timers, clock: time });
    expect(bundle.ledger.value).toMatchObject({
      content: { ok: true },
      check: { ok: false, error: { code: 'diagnostics_part_missing' } },
    });
  });

  test('leaves the largest part out where it would grow too large', async () => {
    const { directory } = goodDirectory();
    const { bundle, sizeBytes } = await bundleOf(directory, {
      machine: { ...MACHINE, system: '好'.repeat(3_000_000) },
    });
    expect(failuresOf(bundle)).toMatchObject({ about: 'diagnostics_part_missing' });
    expect(bundle.journal.ok).toBe(true);
    expect(sizeBytes).toBeLessThan(8 * 1024 * 1024);
  });

  test('stays small however much is logged in one line', async () => {
    const { directory } = goodDirectory();
    const long = `${JSON.stringify({ level: 50, msg: 'x'.repeat(20_000) })}\n`;
    writeFileSync(join(directory, 'logs', 'redress.log'), long.repeat(400));
    const { sizeBytes, bundle } = await bundleOf(directory);
    expect(bundle.errors.ok).toBe(true);
    expect(sizeBytes).toBeLessThan(2_000_000);
  });
});

describe('one section', () => {
  test.each([
    ['fails', () => err(failure('data_full', 'ENOSPC')), 'data_full'],
    ['throws what a disk does', () => statSync('/nowhere/at/all'), 'data_unavailable'],
    ['throws at once', () => JSON.parse('{') as never, 'bug'],
    ['rejects', () => Promise.reject(new Error('out of order')), 'bug'],
  ])('that %s is a failure and nothing more', async (_name, read, code) => {
    const section = await readSection(read as () => never, 1000, systemTimers);
    expect(section).toMatchObject({ ok: false, error: { code } });
  });

  test('that takes too long is left behind, and its timer with it where it does not', async () => {
    const time = new FakeTime(NOON);
    const late = readSection(() => new Promise<never>(() => undefined), 1000, time);
    await time.advance(1000);
    expect(await late).toMatchObject({ ok: false, error: { code: 'diagnostics_part_missing' } });
    expect(await readSection(() => ok('in time'), 1000, time)).toEqual({ ok: true, value: 'in time' });
    expect(time.pending()).toEqual([]);
  });
});

describe('the file of a bundle', () => {
  test('is read by its owner only, and replaced by the next as a whole', async () => {
    const directory = temporaryFolder();
    const file = join(temporaryFolder(), 'bundle.json');
    await bundleOf(directory, { file });
    chmodSync(file, 0o644);
    const { sizeBytes } = await bundleOf(directory, { file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(file).size).toBe(sizeBytes);
    expect(readdirSync(join(file, '..'))).toEqual(['bundle.json']);
  });

  test('that nobody named lies below the data directory; the newest ten are kept', async () => {
    const directory = join(temporaryFolder(), 'data');
    const folder = join(directory, 'diagnostics');
    for (let minute = 0; minute < 12; minute += 1) {
      const clock = { nowMs: () => NOON + minute * 60_000, monotonicMs: () => systemClock.monotonicMs() };
      await bundleOf(directory, { clock });
      if (minute === 0) writeFileSync(join(folder, 'somebody-elses.json'), '{}');
    }
    const names = readdirSync(folder).toSorted();
    expect(names).toHaveLength(11);
    expect(names.slice(0, 1)).toEqual(['redress-20261120-120200.json']);
    expect(names.slice(-2)).toEqual(['redress-20261120-121100.json', 'somebody-elses.json']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('may be in a new folder below the data directory', async () => {
    const directory = join(temporaryFolder(), 'data');
    const { bundle } = await bundleOf(directory, { file: join(directory, 'a', 'b', 'bundle.json') });
    expect(bundle.about.ok).toBe(true);
  });

  test.each<[name: string, place: (folder: string) => string]>([
    ["somebody else's file", (folder) => written(join(folder, 'other.json'), '{"format":"other"}')],
    ['an empty file', (folder) => written(join(folder, 'empty.json'), '')],
    ['a folder', (folder) => folder],
    ['a link to a bundle', (folder) => linked(join(folder, 'link.json'))],
    ['a file in a folder that does not exist', (folder) => join(folder, 'none', 'bundle.json')],
    ['a file below a file', (folder) => join(written(join(folder, 'file'), ''), 'bundle.json')],
    [
      "a file whose first draft is somebody else's",
      (folder) => join(folder, written(join(folder, 'x.json.new'), 'mine') && 'x.json'),
    ],
  ])('is refused, and nothing is touched, where it is %s', async (_name, place) => {
    const folder = temporaryFolder();
    const file = place(folder);
    const before = readdirSync(folder);
    expect(await writeDiagnostics(optionsFor(temporaryFolder(), { file }))).toMatchObject({
      ok: false,
      error: { code: 'diagnostics_file_invalid' },
    });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('on a full disk is not written at all, and the earlier one stays', async (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    const file = join(disk.folder, 'bundle.json');
    const { text } = await bundleOf(temporaryFolder(), { file });
    disk.fill();
    expect(await writeDiagnostics(optionsFor(temporaryFolder(), { file }))).toMatchObject({
      ok: false,
      error: { code: 'diagnostics_unwritable', detail: expect.stringContaining('ENOSPC') as string },
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(`${file}.new`)).toBe(false);
    return undefined;
  });
});

function written(file: string, text: string): string {
  writeFileSync(file, text);
  return file;
}

function linked(file: string): string {
  symlinkSync(written(`${file}.target`, '{"format":"redress-diagnostics"}'), file);
  return file;
}
