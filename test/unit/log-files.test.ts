import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock, systemTimers } from '../../main/shell/clock.ts';
import { openHostLog } from '../../main/shell/host-log.ts';
import { LogFiles } from '../../main/shell/log-files.ts';
import { NO_MOUNT, smallDisk } from '../support/crash-disk.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { NOON, temporaryFolder } from '../support/fake-ledger.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o777;
const lineOf = (index: number): string => `${JSON.stringify({ index, pad: 'x'.repeat(80) })}\n`;

function openFiles(directory: string, fileBytes = 2000) {
  const time = new FakeTime(NOON);
  const complaints: string[] = [];
  // Only the clock is a test's own: closing waits for a real disk.
  const files = new LogFiles({
    directory,
    clock: time,
    timers: systemTimers,
    complain: (line) => complaints.push(line),
    fileBytes,
  });
  onTestFinished(() => files.close());
  return { files, time, complaints };
}

/** Every line of all files, oldest first. */
function linesIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.startsWith('redress.log'));
  const oldestFirst = names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return oldestFirst.flatMap((name) =>
    readFileSync(join(directory, name), 'utf8').split('\n').filter(Boolean),
  );
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn += 1) await new Promise((next) => setTimeout(next, 10));
  expect(holds()).toBe(true);
}

describe('log files', () => {
  test('are not made before the first line, and then belong to their owner only', async () => {
    const directory = join(temporaryFolder(), 'data', 'logs');
    const { files } = openFiles(directory);
    expect(existsSync(directory)).toBe(false);
    for (let index = 0; index < 50; index += 1) files.write(lineOf(index));
    await files.close();
    expect(modeOf(directory)).toBe(0o700);
    for (const name of readdirSync(directory))
      expect([name, modeOf(join(directory, name))]).toEqual([name, 0o600]);
  });

  test('are at most five of bounded size, and hold the newest lines in order', async () => {
    const directory = temporaryFolder();
    const { files, complaints } = openFiles(directory);
    for (let index = 0; index < 500; index += 1) files.write(lineOf(index));
    await files.close();
    const names = readdirSync(directory).toSorted();
    expect(names).toEqual(['redress.log', ...[1, 2, 3, 4].map((count) => `redress.log.${count}`)]);
    for (const name of names) expect(statSync(join(directory, name)).size).toBeLessThan(2000 + 200);
    const lines = linesIn(directory);
    expect(lines.length).toBeGreaterThan(70);
    const newest = Array.from({ length: lines.length }, (_, at) => lineOf(500 - lines.length + at).trimEnd());
    expect(lines).toEqual(newest);
    expect(complaints).toEqual([]);
  });

  test('go on where the last process stopped', async () => {
    const directory = temporaryFolder();
    for (const index of [0, 1]) {
      const { files } = openFiles(directory);
      files.write(lineOf(index));
      await files.close();
    }
    expect(linesIn(directory)).toEqual([0, 1].map((index) => lineOf(index).trimEnd()));
  });

  test('take nothing more once they are closed', async () => {
    const directory = temporaryFolder();
    const { files } = openFiles(directory);
    files.write(lineOf(0));
    await files.close();
    files.write(lineOf(1));
    await files.close();
    expect(linesIn(directory)).toHaveLength(1);
  });
});

describe('a disk that refuses the log', () => {
  test('is complained of once, and asked again later; what was lost is counted', async () => {
    const folder = temporaryFolder();
    const directory = join(folder, 'logs');
    writeFileSync(directory, 'a file in the place of the folder');
    const { files, time, complaints } = openFiles(directory);
    for (let index = 0; index < 1000; index += 1) files.write(lineOf(index));
    await time.advance(60_000);
    files.write(lineOf(1000));
    expect(complaints).toEqual([
      expect.stringMatching(/^The log files cannot be written \(.*EEXIST.*\); payments go on\.\n$/),
    ]);
    rmSync(directory);
    files.write('too soon after the last refusal\n');
    expect(existsSync(directory)).toBe(false);
    await time.advance(60_000);
    files.write(lineOf(2000));
    await files.close();
    const [notice, line] = linesIn(directory).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(notice).toMatchObject({ level: 40, dropped: 1002, time: time.nowMs() });
    expect(line).toMatchObject({ index: 2000 });
  });

  test('may be a file that cannot be opened: lines on their way are lost, counted, and nothing throws', async () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, 'redress.log'));
    const { files, time, complaints } = openFiles(directory);
    for (let index = 0; index < 10; index += 1) files.write(lineOf(index));
    await until(() => complaints.length > 0);
    rmSync(join(directory, 'redress.log'), { recursive: true });
    await time.advance(60_000);
    files.write(lineOf(10));
    await files.close();
    expect(JSON.parse(linesIn(directory)[0] ?? '')).toMatchObject({ dropped: 10 });
    expect(linesIn(directory)).toHaveLength(2);
  });

  test('may be full: it costs a bounded memory, and the log goes on once there is room', async (context) => {
    const disk = smallDisk(64);
    if (disk === null) return context.skip(NO_MOUNT);
    const { files, time, complaints } = openFiles(disk.folder, 8000);
    files.write(lineOf(0));
    await until(() => existsSync(join(disk.folder, 'redress.log')));
    disk.fill();
    for (let index = 0; index < 100_000; index += 1) files.write(lineOf(index));
    await until(() => complaints.length > 0);
    expect(complaints.join('')).toContain('ENOSPC');
    disk.free();
    await time.advance(60_000);
    files.write(lineOf(100_001));
    await files.close();
    const lines = linesIn(disk.folder);
    expect(lines.at(-1)).toBe(lineOf(100_001).trimEnd());
    const { dropped } = JSON.parse(lines.at(-2) ?? '') as { readonly dropped: number };
    expect(dropped).toBeGreaterThan(90_000);
    return undefined;
  });

  test('keeps at most a megabyte waiting', () => {
    const directory = temporaryFolder();
    const { files } = openFiles(directory, 100_000_000);
    const line = `${'x'.repeat(10_000)}\n`;
    // Nothing reaches the disk while this turn of the event loop lasts.
    for (let index = 0; index < 1000; index += 1) files.write(line);
    files.flush();
    expect(statSync(join(directory, 'redress.log')).size).toBeGreaterThan(900_000);
    expect(statSync(join(directory, 'redress.log')).size).toBeLessThan(1_100_000);
  });
});

describe('a flush in a crash', () => {
  // The line that was on its way may come twice, its second time after lines that were taken later.
  test('puts every line taken so far on the disk before it returns, and the log can go on', async () => {
    const directory = temporaryFolder();
    const { files, complaints } = openFiles(directory, 1_000_000);
    const written = Array.from({ length: 101 }, (_, index) => lineOf(index).trimEnd());
    for (let index = 0; index < 100; index += 1) files.write(lineOf(index));
    files.flush();
    expect(new Set(linesIn(directory))).toEqual(new Set(written.slice(0, 100)));
    files.write(lineOf(100));
    await files.close();
    expect(new Set(linesIn(directory))).toEqual(new Set(written));
    expect(complaints).toEqual([]);
  });

  test('does not throw where the disk refuses', () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, 'redress.log'));
    const { files, complaints } = openFiles(directory);
    files.write(lineOf(0));
    files.flush();
    expect(complaints.join('')).toContain('EISDIR');
  });

  test('survives the process that ends right after it', () => {
    const directory = temporaryFolder();
    const program = `
      const { openHostLog } = await import(${JSON.stringify(resolve('main/shell/host-log.ts'))});
      const { log, files } = openHostLog(${JSON.stringify(directory)}, 'silent', process.stderr);
      for (let index = 0; index < 20; index += 1) log.error({ index, error: new Error('met a bug') }, 'crashed');
      files.flush();
      process.kill(process.pid, 'SIGKILL');`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const indexes = linesIn(join(directory, 'logs')).map(
      (line) => (JSON.parse(line) as { index: number }).index,
    );
    expect(new Set(indexes).size).toBe(20);
  });
});

describe('the log of a host', () => {
  test.each([
    ['silent', []],
    ['error', ['c']],
    ['warn', ['b', 'c']],
    ['trace', ['a', 'b', 'c']],
  ])('keeps everything from info on in its files, while stderr at %s shows %j', async (level, shown) => {
    const directory = temporaryFolder();
    let stderr = '';
    const { log, files } = openHostLog(directory, level, { write: (line) => void (stderr += line) });
    const beforeMs = systemClock.nowMs();
    log.info({ terminalKey: 'short-key' }, 'a');
    log.warn({}, 'b');
    log.error({}, 'c');
    await files.close();
    const messages = (lines: readonly string[]) =>
      lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    const lines = linesIn(join(directory, 'logs'));
    expect(messages(lines)).toEqual(['a', 'b', 'c']);
    expect(messages(stderr.split('\n').filter(Boolean))).toEqual(shown);
    const [first] = lines.map(
      (line) => JSON.parse(line) as { level: number; time: number; terminalKey: string },
    );
    expect(first).toMatchObject({ level: 30, terminalKey: '[secret]' });
    expect(first?.time).toBeGreaterThanOrEqual(beforeMs);
  });
});
