import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLineArguments } from '../../main/electron/command-line.ts';
import { OrderlyQuit } from '../../main/electron/quit.ts';
import { earlyCrashesIn, KeptProgram, relaunchOptions, startAgain } from '../../main/electron/relaunch.ts';
import {
  StandInApp,
  StandInLog,
  StandInProcess,
  StandInStation,
  StandInWindow,
} from '../support/electron-life-stand-in.ts';
import { FakeTime, settled } from '../support/fake-clock.ts';
import { NOON, temporaryFolder } from '../support/fake-ledger.ts';

const DRAIN_MS = 5000;
const BOUND_MS = 8000;

function running({ isProduction = true, flush = () => Promise.resolve() } = {}) {
  const time = new FakeTime(NOON);
  const app = new StandInApp();
  const signals = new StandInProcess();
  const station = new StandInStation();
  const log = new StandInLog();
  let relaunches = 0;
  const quit = new OrderlyQuit({
    app,
    station,
    signals,
    timers: time,
    log,
    isProduction,
    drainMs: DRAIN_MS,
    boundMs: BOUND_MS,
    flush,
    relaunch: () => {
      relaunches += 1;
    },
  });
  const window = new StandInWindow(1, {});
  quit.guard(window);
  return { time, app, signals, station, log, quit, window, relaunches: () => relaunches };
}

describe('quitting', () => {
  test('waits for the station, then ends the process', async () => {
    const { app, station, time } = running();
    expect(app.pressQuit()).toBe(false);
    await time.advance(DRAIN_MS);
    expect([station.stops, app.exits]).toEqual([[DRAIN_MS], []]);
    station.stopped();
    await settled();
    expect(app.exits).toEqual([0]);
  });

  test('stops the station once and ends once, however often and from wherever it is asked', async () => {
    const { app, signals, station, quit, window, time } = running();
    app.pressQuit();
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    window.emit('session-end');
    app.emit('window-all-closed');
    quit.quit();
    expect(app.pressQuit()).toBe(false);
    station.stopped();
    await time.advance(2 * BOUND_MS);
    app.pressQuit();
    await time.advance(2 * BOUND_MS);
    expect([station.stops, app.exits]).toEqual([[DRAIN_MS], [0]]);
  });

  test('does not wait longer than its bound for a station that does not stop', async () => {
    const { app, time } = running();
    app.pressQuit();
    await time.advance(BOUND_MS - 1);
    expect(app.exits).toEqual([]);
    await time.advance(1);
    expect(app.exits).toEqual([0]);
  });

  test('ends also when stopping fails, and says so in the log', async () => {
    const { app, station, log } = running();
    app.pressQuit();
    station.failStop(new Error('the ledger is gone'));
    await settled();
    expect(app.exits).toEqual([0]);
    expect(log.text()).toContain('the ledger is gone');
  });

  test.each([
    ['never ends', () => new Promise<void>(() => undefined)],
    ['fails', () => Promise.reject(new Error('disk full'))],
  ])('ends also when writing the last lines of the log %s', async (_name, flush) => {
    const { app, station, time } = running({ flush });
    app.pressQuit();
    station.stopped();
    await time.advance(1000);
    expect(app.exits).toEqual([0]);
  });

  test.each(['SIGTERM', 'SIGINT'])('begins at %s', (signal) => {
    const { signals, station } = running();
    signals.emit(signal);
    expect(station.stops).toEqual([DRAIN_MS]);
  });

  test('begins when Windows ends the session', () => {
    const { window, station } = running();
    window.emit('session-end');
    expect(station.stops).toEqual([DRAIN_MS]);
  });

  test('does not begin when Windows only asks, because another program may keep the session', async () => {
    const { window, station, app, time } = running();
    window.emit('query-session-end');
    await time.advance(2 * BOUND_MS);
    expect([station.stops, app.exits]).toEqual([[], []]);
  });

  test('begins when the last window is gone', () => {
    const { app, station } = running();
    app.emit('window-all-closed');
    expect(station.stops).toEqual([DRAIN_MS]);
  });

  test('is left alone after it was let go of', () => {
    const { app, signals, quit, station } = running();
    quit.stop();
    quit.stop();
    expect(app.pressQuit()).toBe(true);
    signals.emit('SIGTERM');
    expect([station.stops, app.listenerCount(), signals.listenerCount()]).toEqual([[], 0, 0]);
  });
});

describe('a window', () => {
  test('cannot be closed by its page or a key in production', () => {
    expect(running().window.pressClose()).toBe(false);
  });

  test('can be closed in development', () => {
    expect(running({ isProduction: false }).window.pressClose()).toBe(true);
  });

  test('closes when the program quits', () => {
    const { app, window } = running();
    app.pressQuit();
    expect(window.pressClose()).toBe(true);
  });
});

describe('leaving for an installer', () => {
  function leaving(install: () => boolean) {
    const shell = running();
    shell.quit.quitThen(install);
    return shell;
  }

  test('installs only after the station has stopped, and lets the new program be the only one', async () => {
    const story: string[] = [];
    const { app, station } = leaving(() => {
      story.push(app.isLocked ? 'locked' : 'free');
      return true;
    });
    await settled();
    expect([story, app.isLocked]).toEqual([[], true]);
    station.stopped();
    await settled();
    expect(story).toEqual(['free']);
  });

  test('lets the installer quit the program and close its windows', async () => {
    const { app, station, window } = leaving(() => true);
    expect(app.pressQuit()).toBe(false);
    station.stopped();
    await settled();
    expect([window.pressClose(), app.pressQuit()]).toEqual([true, true]);
    app.emit('window-all-closed');
    expect([station.stops, app.exits]).toEqual([[DRAIN_MS], []]);
  });

  test('starts this program again when the installer does nothing', async () => {
    const { app, station, time, relaunches } = leaving(() => true);
    station.stopped();
    await time.advance(14_999);
    expect([relaunches(), app.exits]).toEqual([0, []]);
    await time.advance(1);
    expect([relaunches(), app.exits]).toEqual([1, [0]]);
  });

  test.each([
    ['says that it did not begin', () => false],
    [
      'throws',
      (): boolean => {
        throw new Error('EACCES');
      },
    ],
  ])('starts this program again at once when the installer %s', async (_name, install) => {
    const { app, station, relaunches } = leaving(install);
    station.stopped();
    await settled();
    expect([relaunches(), app.exits]).toEqual([1, [0]]);
  });

  test('does not happen once the program quits', async () => {
    const { app, station, quit } = running();
    app.pressQuit();
    quit.quitThen(() => {
      throw new Error('installed');
    });
    station.stopped();
    await settled();
    expect(app.exits).toEqual([0]);
  });
});

describe('starting again', () => {
  test('is left to Electron where the program is installed', () => {
    expect(relaunchOptions({}, ['redress-kiosk', '--a'])).toEqual({});
    expect(relaunchOptions({ APPIMAGE: '' }, ['redress-kiosk'])).toEqual({});
  });

  test('begins with the AppImage itself, because its mount is gone by then', () => {
    const environment = { APPIMAGE: '/opt/Redress.AppImage' };
    const first = relaunchOptions(environment, ['/mounted/redress-kiosk', '--a']);
    expect(first).toEqual({
      execPath: '/opt/Redress.AppImage',
      args: ['--appimage-extract-and-run', '--a'],
    });
    expect(relaunchOptions(environment, ['redress-kiosk', ...(first.args ?? [])])).toEqual(first);
  });

  test.each([{}, { APPIMAGE: '/opt/Redress.AppImage' }])(
    'carries how many early crashes led to it, once, and forgets them where there were none: %o',
    (environment) => {
      let args = ['redress-kiosk', '--a'];
      for (const crashes of [1, 2, 3]) {
        args = ['redress-kiosk', ...(relaunchOptions(environment, args, crashes).args ?? [])];
        expect(earlyCrashesIn(args)).toBe(crashes);
        expect(args.filter((argument) => argument.startsWith('--early-crash'))).toHaveLength(1);
        expect(commandLineArguments(args)).toBeNull();
      }
      const forgotten = relaunchOptions(environment, args).args ?? [];
      expect(earlyCrashesIn(forgotten)).toBe(0);
      expect(forgotten).toContain('--a');
    },
  );

  test.each([
    [[]],
    [['--early-crash=']],
    [['--early-crash=-1']],
    [['--early-crash=10']],
    [['--early-crash=x']],
  ])('takes %o for no early crash', (args) => {
    expect(earlyCrashesIn(args)).toBe(0);
  });
});

test('a program with a supervisor leaves it to that one to start it again', () => {
  const relaunches: unknown[] = [];
  const again = (argv: readonly string[]): void =>
    startAgain({
      app: { relaunch: (options) => void relaunches.push(options) },
      program: { putBackIfGone: () => undefined },
      environment: {},
      argv,
    });
  again(['redress-kiosk', '--supervised']);
  expect(relaunches).toEqual([]);
  again(['redress-kiosk']);
  expect(relaunches).toHaveLength(1);
});

describe('an AppImage that an update replaces', () => {
  function program() {
    const folder = temporaryFolder();
    const file = join(folder, 'Redress.AppImage');
    writeFileSync(file, 'the old program', { mode: 0o755 });
    const environment = { APPIMAGE: file };
    const log = new StandInLog();
    const relaunches: string[] = [];
    const kept = new KeptProgram(environment, log);
    const again = (): void =>
      startAgain({
        app: { relaunch: ({ execPath = '' } = {}) => relaunches.push(readFileSync(execPath, 'utf8')) },
        program: kept,
        environment,
        argv: ['redress-kiosk'],
      });
    return { folder, file, previous: `${file}.previous`, log, kept, again, relaunches };
  }

  test('is there to start again although it was removed and nothing came in its place', () => {
    const { file, kept, again, relaunches } = program();
    expect(kept.keep()).toBe(true);
    rmSync(file);
    again();
    expect(relaunches).toEqual(['the old program']);
    expect(statSync(file).mode & 0o777).toBe(0o755);
  });

  test('is put back over half of a new one', () => {
    const { file, kept } = program();
    kept.keep();
    rmSync(file);
    writeFileSync(file, 'the ne');
    kept.putBack();
    expect(readFileSync(file, 'utf8')).toBe('the old program');
  });

  test('does not come back over a new one that is there when the program starts again', () => {
    const { file, previous, kept, again, relaunches } = program();
    kept.keep();
    rmSync(file);
    writeFileSync(file, 'the new program');
    again();
    expect(relaunches).toEqual(['the new program']);
    expect(readFileSync(previous, 'utf8')).toBe('the old program');
  });

  test('is kept in the place of an older one', () => {
    const { previous, kept } = program();
    writeFileSync(previous, 'an older program');
    expect(kept.keep()).toBe(true);
    expect(readFileSync(previous, 'utf8')).toBe('the old program');
  });

  test('says so where it cannot be kept', () => {
    const { file, previous, kept, log } = program();
    mkdirSync(join(previous, 'a folder'), { recursive: true });
    expect(kept.keep()).toBe(false);
    expect(log.text()).toContain('could not be kept');
    expect(existsSync(file)).toBe(true);
  });

  test('is none where the program is installed in another way', () => {
    const kept = new KeptProgram({}, new StandInLog());
    expect(kept.keep()).toBe(true);
    kept.putBack();
    kept.putBackIfGone();
    expect(existsSync('.previous')).toBe(false);
  });
});
