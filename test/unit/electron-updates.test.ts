import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppUpdater } from 'electron-updater';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { canInstallAlone, Updates, type Updater } from '../../main/electron/updates.ts';
import { StandInLog, StandInStation, StandInUpdater } from '../support/electron-life-stand-in.ts';
import { FakeTime, settled } from '../support/fake-clock.ts';
import { NOON, temporaryFolder } from '../support/fake-ledger.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const URL_OF_RELEASES = 'https://releases.example.com/till';

/** A release that lies there, complete. */
const offers =
  (version: string) =>
  (updater: StandInUpdater): ReturnType<Updater['checkForUpdates']> => {
    updater.emit('update-downloaded', { version });
    return Promise.resolve({ downloadPromise: Promise.resolve([]) });
  };
const offersNothing = (updater: StandInUpdater): ReturnType<Updater['checkForUpdates']> => {
  updater.emit('update-not-available', {});
  return Promise.resolve({});
};

/** What the program does with itself while it is replaced. */
class StandInProgram {
  readonly deeds: string[] = [];
  isKept = true;

  keep(): boolean {
    this.deeds.push('keep');
    return this.isKept;
  }

  putBack(): void {
    this.deeds.push('put back');
  }
}

interface Given {
  readonly updateUrl?: string | undefined;
  readonly canInstall?: boolean;
  readonly file?: string;
  readonly version?: string;
  readonly random?: number;
}

function terminal(given: Given = {}) {
  const { file = join(temporaryFolder(), 'update.json'), version = '1.0.0', random = 0.5 } = given;
  const time = new FakeTime(NOON);
  const updater = new StandInUpdater();
  const station = new StandInStation();
  const log = new StandInLog();
  const answers: boolean[] = [];
  const program = new StandInProgram();
  const settings = { updateUrl: 'updateUrl' in given ? given.updateUrl : URL_OF_RELEASES };
  let made = 0;
  const updates = new Updates({
    updater: () => {
      made += 1;
      return updater;
    },
    updateUrl: () => settings.updateUrl,
    canInstall: () => given.canInstall ?? true,
    program,
    station,
    clock: time,
    timers: time,
    random: () => random,
    log,
    file,
    version,
    // The station has stopped by the time that this runs.
    leave: (install) => answers.push(install()),
  });
  const marker = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  return { time, updater, station, log, updates, settings, program, file, answers, marker, made: () => made };
}

/** The data directory of a terminal that was switched off with a complete download. */
function fileWith(marker: unknown): string {
  const file = join(temporaryFolder(), 'update.json');
  writeFileSync(file, JSON.stringify(marker));
  return file;
}

test('the updater of electron-updater is one of these', () => {
  expectTypeOf<AppUpdater>().toExtend<Updater>();
});

describe('updates', () => {
  test.each([
    ['there is no address', { updateUrl: undefined }],
    ['the address is empty', { updateUrl: '' }],
    ['the address is not https', { updateUrl: 'http://releases.example.com/' }],
    ['the address is none', { updateUrl: 'releases' }],
    ['a package manager installs them', { canInstall: false }],
  ])('are off where %s', async (_name, given) => {
    const { updates, time, made, log } = terminal({
      ...given,
      file: fileWith({ version: '2.0.0', isTried: false }),
    });
    expect(await updates.applyAtStart({ boundMs: 1000 })).toBe(false);
    updates.start();
    await time.advance(24 * HOUR_MS);
    expect([made(), log.lines.length]).toEqual([0, 1]);
  });

  test('begin on a terminal that started without settings, soon after it was set up', async () => {
    const { updates, updater, settings, station, time } = terminal({ updateUrl: undefined });
    station.standing = 'practice';
    updates.start();
    settings.updateUrl = URL_OF_RELEASES;
    station.standing = 'running';
    updates.checkSoon();
    await time.advance(MINUTE_MS);
    expect([updater.checks, updater.feed]).toEqual([1, URL_OF_RELEASES]);
    updates.checkSoon();
    await time.advance(HOUR_MS);
    expect(updater.checks).toBe(1);
  });

  test('are found on the next turn where an address came later, and where it changed', async () => {
    const { updates, updater, settings, time, made } = terminal({ updateUrl: undefined });
    updates.start();
    settings.updateUrl = URL_OF_RELEASES;
    await time.advance(4 * HOUR_MS);
    expect([updater.checks, updater.feed]).toEqual([1, URL_OF_RELEASES]);
    const listeners = updater.listenerCount();
    settings.updateUrl = 'https://releases.example.com/other';
    await time.advance(4 * HOUR_MS);
    expect([updater.checks, updater.feed]).toEqual([2, settings.updateUrl]);
    expect([made(), updater.listenerCount()]).toEqual([1, listeners]);
    settings.updateUrl = undefined;
    await time.advance(4 * HOUR_MS);
    expect(updater.checks).toBe(2);
  });

  test('are not looked for soon before they began, nor after they were stopped', () => {
    const { updates, time } = terminal({ updateUrl: undefined });
    updates.checkSoon();
    updates.start();
    updates.stop();
    updates.checkSoon();
    expect(time.pending()).toEqual([]);
  });

  test('do not log an address, which may hold a password', () => {
    const { updates, log } = terminal({ updateUrl: 'http://till:geheim@releases.example.com/' });
    updates.start();
    expect(log.lines).toHaveLength(1);
    expect(log.text()).not.toContain('geheim');
  });

  test('load by themselves and never install while the machine is switched off', () => {
    const { updates, updater } = terminal();
    updates.start();
    expect(updater).toMatchObject({
      autoDownload: true,
      autoInstallOnAppQuit: false,
      disableWebInstaller: true,
      feed: URL_OF_RELEASES,
    });
    updater.logger?.info('nothing of it reaches the console');
    updater.logger?.error('nor of this');
  });

  test.each([
    [0, 3],
    [0.5, 4],
    [0.999, 5],
  ])('are looked for at the start and about every four hours: random %d', async (random, hours) => {
    const { updates, updater, time } = terminal({ random });
    updates.start();
    await settled();
    expect(updater.checks).toBe(1);
    await time.advance(hours * HOUR_MS - MINUTE_MS);
    expect(updater.checks).toBe(1);
    await time.advance(2 * MINUTE_MS);
    expect(updater.checks).toBe(2);
    await time.advance(hours * HOUR_MS);
    expect(updater.checks).toBe(3);
  });

  test('are not looked for in practice', async () => {
    const { updates, updater, station, time } = terminal();
    station.standing = 'practice';
    updates.start();
    await time.advance(24 * HOUR_MS);
    expect(updater.checks).toBe(0);
    station.standing = 'running';
    await time.advance(5 * HOUR_MS);
    expect(updater.checks).toBe(1);
  });

  test('that fail are logged without passwords, and looked for again later', async () => {
    const { updates, updater, log, time } = terminal();
    const error = new Error('GET https://till:geheim@releases.example.com/latest.yml 404');
    updater.offer = (it) => {
      it.emit('error', error);
      return Promise.reject(error);
    };
    updates.start();
    await time.advance(5 * HOUR_MS);
    expect(updater.checks).toBe(2);
    expect(log.text()).toContain('releases.example.com/latest.yml 404');
    expect(log.text()).not.toContain('geheim');
  });

  test('whose download fails do not end the process', async () => {
    const { updates, updater } = terminal();
    // Nothing else catches this promise, and the test run fails where nobody does.
    updater.offer = () => Promise.resolve({ downloadPromise: Promise.reject(new Error('cut off')) });
    updates.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(updater.checks).toBe(1);
  });

  test('of an updater that cannot be made are off', async () => {
    const { updates, updater, log } = terminal();
    updater.setFeedURL = () => {
      throw new Error('no app-update.yml');
    };
    updates.start();
    await settled();
    expect(log.text()).toContain('no app-update.yml');
    expect([updater.checks, updater.listenerCount()]).toEqual([0, 0]);
  });

  test('end when they are stopped, also twice', async () => {
    const { updates, updater, time } = terminal();
    updater.offer = offers('1.1.0');
    updates.start();
    await settled();
    updates.stop();
    updates.stop();
    expect([updater.listenerCount(), time.pending()]).toEqual([0, []]);
  });
});

describe('a download that is complete', () => {
  async function downloaded(given: Given = {}) {
    const shell = terminal(given);
    shell.updater.offer = offers('1.1.0');
    shell.updates.start();
    await settled();
    return shell;
  }

  test('is installed, silently and with a start after it, once the station was quiet for five minutes', async () => {
    const { updater, time, answers, marker } = await downloaded();
    expect(marker()).toEqual({ version: '1.1.0', isTried: false });
    await time.advance(5 * MINUTE_MS - 1);
    expect(updater.installs).toEqual([]);
    await time.advance(1);
    expect([updater.installs, answers]).toEqual([[[true, true]], [true]]);
    expect(marker()).toEqual({ version: '1.1.0', isTried: true });
  });

  test('waits while anything is owed, in flight or at the counter, however long', async () => {
    const { updater, station, time } = await downloaded();
    station.isIdle = false;
    await time.advance(3 * HOUR_MS);
    expect(updater.installs).toEqual([]);
    station.isIdle = true;
    await time.advance(5 * MINUTE_MS + 5000);
    expect(updater.installs).toHaveLength(1);
  });

  test('begins its wait anew after every payment', async () => {
    const { updater, station, time } = await downloaded();
    for (let payment = 0; payment < 20; payment += 1) {
      await time.advance(4 * MINUTE_MS);
      station.isIdle = false;
      await time.advance(10_000);
      station.isIdle = true;
    }
    expect(updater.installs).toEqual([]);
  });

  test('is not installed in practice', async () => {
    const { updater, station, time } = await downloaded();
    station.standing = 'practice';
    await time.advance(HOUR_MS);
    expect(updater.installs).toEqual([]);
  });

  test('is tried once: a broken one does not restart the till again and again', async () => {
    const first = await downloaded();
    first.updater.isInstallable = false;
    await first.time.advance(5 * MINUTE_MS);
    expect(first.answers).toEqual([false]);

    const second = await downloaded({ file: first.file });
    await second.time.advance(24 * HOUR_MS);
    expect(second.updater.installs).toEqual([]);
    expect(second.log.text()).toContain('did not take');

    const third = terminal({ file: first.file });
    third.updater.offer = offers('1.1.1');
    third.updates.start();
    await third.time.advance(5 * MINUTE_MS);
    expect(third.updater.installs).toHaveLength(1);
  });

  test('waits where nobody could remember that it was tried', async () => {
    const file = join(temporaryFolder(), 'update.json');
    mkdirSync(file);
    const { updater, log, time, answers } = await downloaded({ file });
    await time.advance(HOUR_MS);
    expect([updater.installs, answers]).toEqual([[], []]);
    expect(log.text()).toContain('The update waits');
  });

  test('that fails to install leaves the program that was there', async () => {
    const { updater, program, time } = await downloaded();
    const seen: string[][] = [];
    updater.quitAndInstall = () => {
      seen.push([...program.deeds]);
      updater.emit('error', new Error('mv: No space left on device'));
    };
    await time.advance(5 * MINUTE_MS);
    expect([seen, program.deeds]).toEqual([[['keep']], ['keep', 'put back']]);
  });

  test('leaves the new program alone where it began', async () => {
    const { program, time } = await downloaded();
    await time.advance(5 * MINUTE_MS);
    expect(program.deeds).toEqual(['keep']);
  });

  test('waits, untried, where the program cannot be kept', async () => {
    const { updater, program, time, answers, marker } = await downloaded();
    program.isKept = false;
    await time.advance(HOUR_MS);
    expect([updater.installs, answers, marker()]).toEqual([[], [], { version: '1.1.0', isTried: false }]);
  });

  test('is installed once, and no check follows', async () => {
    const { updater, time } = await downloaded();
    await time.advance(24 * HOUR_MS);
    expect([updater.installs.length, time.pending()]).toEqual([1, []]);
  });
});

describe('at the start', () => {
  const READY = { version: '1.1.0', isTried: false };
  const boundMs = 10_000;

  test('a complete download is installed before the terminal opens', async () => {
    const { updates, updater, marker } = terminal({ file: fileWith(READY) });
    updater.offer = offers('1.1.0');
    expect(await updates.applyAtStart({ boundMs })).toBe(true);
    expect([updater.installs, marker()]).toEqual([[[true, true]], { ...READY, isTried: true }]);
    updates.start();
    await settled();
    expect(updater.checks).toBe(1);
  });

  test('nobody is asked where nothing was downloaded', async () => {
    const { updates, made } = terminal();
    expect(await updates.applyAtStart({ boundMs })).toBe(false);
    expect(made()).toBe(0);
  });

  test('the till opens where the update was tried before', async () => {
    const { updates, made } = terminal({ file: fileWith({ ...READY, isTried: true }) });
    expect(await updates.applyAtStart({ boundMs })).toBe(false);
    expect(made()).toBe(0);
  });

  test('an update that took is forgotten', async () => {
    const { updates, marker, made } = terminal({
      file: fileWith({ ...READY, isTried: true }),
      version: READY.version,
    });
    expect(await updates.applyAtStart({ boundMs })).toBe(false);
    expect(made()).toBe(0);
    expect(marker).toThrow('ENOENT');
  });

  test.each(['', '{}', 'null', '{ "version": 1, "isTried": false }'])(
    'the till opens where the note of it is damaged: %s',
    async (text) => {
      const { updates, file, made } = terminal();
      writeFileSync(file, text);
      expect(await updates.applyAtStart({ boundMs })).toBe(false);
      expect(made()).toBe(0);
    },
  );

  test('the till opens when the bound is over, and the update is installed when it is quiet', async () => {
    const { updates, updater, time } = terminal({ file: fileWith(READY) });
    updater.offer = () => new Promise(() => undefined);
    const applied = updates.applyAtStart({ boundMs });
    await time.advance(boundMs);
    expect(await applied).toBe(false);
    updates.start();
    updater.emit('update-downloaded', { version: '1.1.0' });
    expect(updater.installs).toEqual([]);
    await time.advance(5 * MINUTE_MS);
    expect(updater.installs).toHaveLength(1);
  });

  test.each<[string, StandInUpdater['offer']]>([
    ['there is none any more', offersNothing],
    ['the updater is not active', () => Promise.resolve(null)],
    ['nobody answers', () => Promise.reject(new Error('ENOTFOUND'))],
    [
      'its download is broken',
      (it) => {
        it.emit('error', new Error('sha512'));
        return Promise.resolve({});
      },
    ],
  ])('the till opens at once where %s', async (_name, offer) => {
    const { updates, updater, time } = terminal({ file: fileWith(READY) });
    updater.offer = offer;
    expect(await updates.applyAtStart({ boundMs })).toBe(false);
    expect(time.pending()).toEqual([]);
    expect(updater.installs).toEqual([]);
  });
});

describe('installing alone', () => {
  test.each<[NodeJS.Platform, Readonly<Record<string, string>>, boolean]>([
    ['darwin', {}, true],
    ['linux', { APPIMAGE: '/opt/Redress.AppImage' }, true],
    ['linux', {}, false],
    ['linux', { APPIMAGE: '' }, false],
  ])('on %s with %o is %s, whoever runs it', (platform, environment, expected) => {
    for (const isElevated of [false, true])
      expect(canInstallAlone(platform, environment, { isElevated })).toBe(expected);
  });

  test('on Windows is for an account that is elevated without a question, so that no question ends the till', () => {
    expect(canInstallAlone('win32', {}, { isElevated: false })).toBe(false);
    expect(canInstallAlone('win32', {}, { isElevated: true })).toBe(true);
  });
});
