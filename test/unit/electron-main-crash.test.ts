import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keepCrashDumps, pauseAfterCrashesMs, watchMainCrash } from '../../main/electron/main-crash.ts';
import { StandInApp, StandInLog, StandInProcess } from '../support/electron-life-stand-in.ts';
import { FakeTime, settled } from '../support/fake-clock.ts';
import { NOON, temporaryFolder } from '../support/fake-ledger.ts';

function watching({ flush = () => Promise.resolve(), isLogBroken = false, earlyCrashes = 0 } = {}) {
  const time = new FakeTime(NOON);
  const process = new StandInProcess();
  const log = new StandInLog();
  const story: string[] = [];
  if (isLogBroken)
    log.error = () => {
      throw new Error('the log is broken');
    };
  const stop = watchMainCrash({
    process,
    clock: time,
    timers: time,
    log,
    flush: async () => {
      story.push('flush');
      await flush();
    },
    earlyCrashes,
    relaunch: (crashes) => story.push(`relaunch after ${crashes}`),
    exit: (code) => story.push(`exit ${code}`),
  });
  return { time, process, log, story, stop };
}

describe('an exception that nobody caught', () => {
  test('is logged with its stack; then the process ends with 70 and starts again', async () => {
    const { time, process, log, story } = watching();
    await time.advance(60_000);
    process.emit('uncaughtException', new Error('a bug'));
    await settled();
    expect(story).toEqual(['flush', 'relaunch after 0', 'exit 70']);
    expect(log.text()).toContain('a bug');
    expect(log.text()).toContain('electron-main-crash.test.ts');
  });

  test.each([0, 1, 2])(
    'that comes early does not close the till for the day: after %d others it starts again',
    async (earlyCrashes) => {
      const { time, process, story } = watching({ earlyCrashes });
      await time.advance(59_999);
      process.emit('uncaughtException', new Error('a bug'));
      await settled();
      expect(story).toEqual(['flush', `relaunch after ${earlyCrashes + 1}`, 'exit 70']);
    },
  );

  test('ends the program for good when it came early three times before, so that it is not for ever', async () => {
    const { time, process, story, log } = watching({ earlyCrashes: 3 });
    await time.advance(59_999);
    process.emit('uncaughtException', new Error('a bug'));
    await settled();
    expect(story).toEqual(['flush', 'exit 70']);
    expect(log.text()).toContain('"isRelaunched":false');
  });

  test('is the first again in a process that lived long enough', async () => {
    const { time, process, story } = watching({ earlyCrashes: 3 });
    await time.advance(60_000);
    process.emit('uncaughtException', new Error('a bug'));
    await settled();
    expect(story).toEqual(['flush', 'relaunch after 0', 'exit 70']);
  });

  test('keeps the next process waiting a little longer each time', () => {
    expect([0, 1, 2, 3, 9].map(pauseAfterCrashesMs)).toEqual([0, 2000, 4000, 8000, 8000]);
  });

  test('ends the process once, whatever else breaks on the way', async () => {
    const { process, story } = watching();
    process.emit('uncaughtException', new Error('a bug'));
    process.emit('uncaughtException', new Error('another'));
    process.emit('unhandledRejection', new Error('and another'));
    await settled();
    expect(story).toEqual(['flush', 'relaunch after 1', 'exit 70']);
  });

  test.each([
    [
      'never ends',
      { flush: () => new Promise<void>(() => undefined) },
      ['flush', 'relaunch after 1', 'exit 70'],
    ],
    ['fails', { flush: () => Promise.reject(new Error('full')) }, ['flush', 'relaunch after 1', 'exit 70']],
    ['cannot even begin', { isLogBroken: true }, ['relaunch after 1', 'exit 70']],
  ])('ends the process also where writing the log %s', async (_name, options, expected) => {
    const { process, story, time } = watching(options);
    process.emit('uncaughtException', new Error('a bug'));
    await time.advance(2000);
    expect(story).toEqual(expected);
  });

  test('may be a promise that nobody waited for', async () => {
    const { process, story, log } = watching();
    process.emit('unhandledRejection', new Error('a promise'));
    await settled();
    expect(story).toEqual(['flush', 'relaunch after 1', 'exit 70']);
    expect(log.text()).toContain('a promise');
  });

  test('is not repeated in the log where it is no error but any value', async () => {
    const { process, log } = watching();
    process.emit('unhandledRejection', { dynamicId: '286604123456789012' });
    await settled();
    expect(log.text()).toContain('unhandledRejection');
    expect(log.text()).not.toContain('286604123456789012');
  });

  test('is somebody else’s after the watch has ended', () => {
    const { process, stop } = watching();
    stop();
    stop();
    expect(process.listenerCount()).toBe(0);
  });
});

describe('crash dumps', () => {
  function keeping(directory: string) {
    const time = new FakeTime(NOON);
    const app = new StandInApp();
    const log = new StandInLog();
    const story: string[] = [];
    app.setPath = (name, path) => {
      story.push(`${name} in ${path}`);
    };
    const crashReporter = { start: (options?: object) => void story.push(JSON.stringify(options)) };
    const stop = keepCrashDumps({ app, crashReporter, directory, timers: time, log });
    return { time, log, story, stop };
  }

  /** Named by age, the newest first. */
  function dump(folder: string, age: number): void {
    mkdirSync(folder, { recursive: true });
    for (const name of [`${age}.dmp`, `${age}.meta`]) {
      writeFileSync(join(folder, name), 'memory');
      utimesSync(join(folder, name), NOON / 1000 - age, NOON / 1000 - age);
    }
  }

  test('are kept in a directory for the owner only, and never sent', () => {
    const directory = join(temporaryFolder(), 'data', 'crashes');
    const { story } = keeping(directory);
    expect(story).toEqual([`crashDumps in ${directory}`, '{"uploadToServer":false}']);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('are the newest five, wherever below they lie, and nothing else is removed', () => {
    const directory = temporaryFolder();
    for (const age of [1, 3, 5, 7]) dump(join(directory, 'completed'), age);
    for (const age of [2, 4, 6, 8]) dump(join(directory, 'pending'), age);
    writeFileSync(join(directory, 'settings.dat'), 'of the reporter');
    keeping(directory);
    const left = readdirSync(directory, { recursive: true }).map(String).toSorted();
    expect(left.filter((name) => name.endsWith('.dmp'))).toEqual([
      'completed/1.dmp',
      'completed/3.dmp',
      'completed/5.dmp',
      'pending/2.dmp',
      'pending/4.dmp',
    ]);
    expect(left.filter((name) => name.endsWith('.meta'))).toHaveLength(5);
    expect(left).toContain('settings.dat');
  });

  test('stay few in a process that runs for months', async () => {
    const directory = temporaryFolder();
    const { time, stop } = keeping(directory);
    for (const age of [1, 2, 3, 4, 5, 6]) dump(directory, age);
    await time.advance(3_600_000);
    expect(readdirSync(directory)).toHaveLength(10);
    stop();
    expect(time.pending()).toEqual([]);
  });

  test('are not kept where there is no room for a directory, and that is no reason not to start', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { story, log, stop } = keeping(join(file, 'crashes'));
    expect(story).toEqual([]);
    expect(log.text()).toContain('Crash dumps are not kept');
    expect(existsSync(file)).toBe(true);
    stop();
  });
});
