import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { saveSettings } from '../../main/settings/settings-store.ts';
import { LOG_FOLDER } from '../../main/shell/host-log.ts';
import { LOG_FILE } from '../../main/shell/log-files.ts';
import { parseSettings } from '../../shared/settings.ts';
import { ContentsStandIn } from '../support/electron-stand-in.ts';
import { settled } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/fake-ledger.ts';
import { type KioskOptions, kioskStandIn, type KioskStandIn, openKiosk } from '../support/kiosk-stand-in.ts';

/** The order in which the kiosk is put together, and what holds its parts together afterwards. */

const TILL = 'app://kiosk/';
const SERVICE = 'app://kiosk/service.html';
/** A terminal that opens slowly gets its window after this. */
const OPEN_MS = 3000;

const kiosks: KioskStandIn[] = [];

function kioskWith(options: KioskOptions = {}): KioskStandIn {
  const kiosk = kioskStandIn(options);
  kiosks.push(kiosk);
  return kiosk;
}

async function opened(options: KioskOptions = {}): Promise<KioskStandIn> {
  const kiosk = kioskWith(options);
  await openKiosk(kiosk);
  return kiosk;
}

const logOf = ({ directory }: KioskStandIn): string => {
  const file = join(directory, LOG_FOLDER, LOG_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** The disk takes the last lines of the log in its own time. */
const ended = (kiosk: KioskStandIn): Promise<unknown> =>
  vi.waitUntil(() => kiosk.app.exits.length > 0, { timeout: 5000, interval: 10 });

afterEach(async () => {
  for (const kiosk of kiosks.splice(0)) await kiosk.remove();
});

describe('a kiosk that starts', () => {
  test('takes every step in its order', async () => {
    const kiosk = await opened();
    expect(kiosk.story).toEqual([
      'path of userData',
      'lock',
      'log',
      'path of crashDumps',
      'crash dumps',
      'crashes watched',
      'sandbox',
      'scheme app',
      'station made',
      'contents guarded',
      'ready',
      'menu removed',
      'session hardened',
      'pages of app',
      'bridge',
      'station started',
      'window',
    ]);
  });

  test('has everything that must come before Electron is ready behind it when it waits for that', async () => {
    const kiosk = kioskWith();
    const started = kiosk.start();
    // In the very turn in which the entry runs: Electron may be ready in the next.
    expect(kiosk.story.at(-1)).toBe('contents guarded');
    await settled();
    expect(kiosk.story.at(-1)).toBe('contents guarded');
    kiosk.station.becomeOpen();
    kiosk.app.becomeReady();
    await started;
    expect(kiosk.till().url).toBe(TILL);
  });

  test('keeps what Chromium writes in a folder that only its owner reads', async () => {
    const { app, directory } = await opened();
    const folder = join(directory, 'browser');
    expect(app.paths).toContainEqual(['userData', folder]);
    expect([directory, folder].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test('opens its window although the terminal takes long', async () => {
    const kiosk = kioskWith();
    kiosk.station.standing = 'halted';
    kiosk.app.becomeReady();
    const started = kiosk.start();
    await kiosk.time.advance(OPEN_MS - 1);
    expect(kiosk.windows).toEqual([]);
    await kiosk.time.advance(1);
    await started;
    expect(kiosk.till().url).toBe(SERVICE);
    kiosk.station.become('running');
    expect(kiosk.till().url).toBe(TILL);
  });
});

describe('a second instance', () => {
  test('quits before it touches a log, a terminal or anything else in the data directory', async () => {
    const kiosk = kioskWith();
    kiosk.app.isFirst = false;
    await openKiosk(kiosk);
    expect(kiosk.app.quits).toBe(1);
    expect(kiosk.story).toEqual(['path of userData', 'lock', 'ready']);
    expect(readdirSync(kiosk.directory)).toEqual(['browser']);
    expect(readdirSync(join(kiosk.directory, 'browser'))).toEqual([]);
  });

  test('brings the window of the first to the front', async () => {
    const { app, windows } = await opened();
    const [till] = windows;
    till?.deeds.push('minimize');
    app.emit('second-instance');
    expect(till?.deeds.slice(-4)).toEqual(['minimize', 'restore', 'show', 'focus']);
    expect(windows).toHaveLength(1);
  });
});

describe('the page of the cashier', () => {
  test.each(['running', 'practice'] as const)('is the till while the terminal is %s', async (standing) => {
    const kiosk = kioskWith();
    kiosk.station.standing = standing;
    await openKiosk(kiosk);
    expect(kiosk.till().urls).toEqual([TILL]);
  });

  test('is set-up and repair while the terminal is halted, and changes with it both ways', async () => {
    const kiosk = kioskWith();
    kiosk.station.standing = 'halted';
    await openKiosk(kiosk);
    kiosk.station.become('practice');
    kiosk.station.become('running');
    kiosk.station.become('halted');
    expect(kiosk.till().urls).toEqual([SERVICE, TILL, SERVICE]);
  });
});

describe('the display of the customer', () => {
  const displays = [0, 1280].map((x, id) => ({ id, bounds: { x, y: 0, width: 1280, height: 1024 } }));

  test('does not keep its last picture when the terminal halts', async () => {
    const { station, windows } = await opened({ displays });
    const reloads = () => windows.map(({ webContents }) => webContents.reloads);
    station.become('running');
    expect(reloads()).toEqual([0, 0]);
    station.become('halted');
    expect(reloads()).toEqual([0, 1]);
  });
});

describe('every page', () => {
  test('of a window of the kiosk is under the rules before it loads anything', async () => {
    const { contents } = await opened();
    const [own] = contents;
    expect(own?.navigates('will-navigate', 'https://example.com/')).toBe(false);
    expect(own?.opens('https://example.com/')).toBe('deny');
  });

  test('that somebody else made is under the rules as well', async () => {
    const { app } = await opened();
    const foreign = new ContentsStandIn();
    app.emit('web-contents-created', {}, foreign);
    expect(foreign.navigates('will-frame-navigate', 'https://example.com/')).toBe(false);
    expect(foreign.goesOn('will-attach-webview')).toBe(false);
  });

  test('has a session without permissions and without a network', async () => {
    const { session } = await opened();
    expect([session.grants('media'), session.loads('https://example.com/'), session.loads(TILL)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('is loaded again when the process that draws is gone, and the terminal hears nothing of it', async () => {
    const { app, station, time, windows } = await opened();
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1 });
    await time.advance(500);
    expect(windows.map(({ urls }) => urls)).toEqual([[TILL, TILL]]);
    expect([station.starts, station.stops, station.wakes, app.exits]).toEqual([1, [], 0, []]);
  });

  test('that was closed is not loaded again', async () => {
    const { app, time, windows } = await opened({ isPackaged: false });
    const [till] = windows;
    till?.destroy();
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1 });
    await time.advance(60_000);
    expect(till?.urls).toEqual([TILL]);
  });
});

describe('the terminal looks at everything', () => {
  test('when the machine wakes', async () => {
    const { power, station } = await opened();
    power.emit('resume');
    expect(station.wakes).toBe(1);
  });

  test('when the network comes back', async () => {
    const { net, station, time } = await opened();
    net.online = false;
    await time.advance(3000);
    expect(station.wakes).toBe(0);
    net.online = true;
    await time.advance(3000);
    expect(station.wakes).toBe(1);
  });
});

describe('the end', () => {
  test.each([
    ['SIGTERM', (kiosk: KioskStandIn) => kiosk.process.emit('SIGTERM')],
    ['the last window', (kiosk: KioskStandIn) => kiosk.app.emit('window-all-closed')],
    ['the machine being switched off', (kiosk: KioskStandIn) => kiosk.power.emit('shutdown')],
    ['a wish to quit', (kiosk: KioskStandIn) => kiosk.app.pressQuit()],
  ])('by %s stops the terminal once, writes the log and exits with 0', async (_name, end) => {
    const kiosk = await opened();
    let log = '';
    kiosk.app.onExit = () => {
      log = logOf(kiosk);
    };
    end(kiosk);
    end(kiosk);
    await settled();
    expect([kiosk.station.stops, kiosk.app.exits]).toEqual([[5000], []]);
    kiosk.station.stopped();
    await ended(kiosk);
    expect([kiosk.station.stops, kiosk.app.exits]).toEqual([[5000], [0]]);
    expect(log).toContain('"msg":"Quitting"');
  });

  test('cannot be had by closing the window of an installed kiosk', async () => {
    expect((await opened()).till().pressClose()).toBe(false);
    expect((await opened({ isPackaged: false })).till().pressClose()).toBe(true);
  });

  test('by a bug is written to the log and is 70', async () => {
    const kiosk = await opened();
    let log = '';
    kiosk.app.onExit = () => {
      log = logOf(kiosk);
    };
    kiosk.process.emit('uncaughtException', new Error('a screw is loose'));
    await settled();
    expect(kiosk.app.exits).toEqual([70]);
    expect(log).toContain('a screw is loose');
  });

  test('by a bug soon after the start is a new start, and the fourth in a row is the last', async () => {
    let args: readonly string[] = ['--a'];
    for (const pauseMs of [0, 2000, 4000, 8000]) {
      const kiosk = kioskWith({ args });
      const started = openKiosk(kiosk);
      await kiosk.time.advance(Math.max(0, pauseMs - 1));
      expect(kiosk.station.starts).toBe(pauseMs === 0 ? 1 : 0);
      await kiosk.time.advance(1);
      await started;
      kiosk.process.emit('uncaughtException', new Error('a screw is loose'));
      await ended(kiosk);
      const [again] = kiosk.app.relaunches as readonly ({ readonly args?: readonly string[] } | undefined)[];
      expect(again === undefined).toBe(pauseMs === 8000);
      args = again?.args ?? [];
    }
  });
});

describe('an update that was loaded before', () => {
  const VERSION = '1.0.1';

  function saveUpdateUrl(directory: string, more: object = {}): void {
    const settings = parseSettings({
      protocol: 'upay',
      apiDomain: 'https://acquirer.example',
      terminal: { terminalSn: '100000000000000001', deviceId: 'till-1' },
      vendor: { vendorSn: '91800000000000001', appId: '2026112000000001' },
      updateUrl: 'https://updates.example/till',
      ...more,
    });
    if (!settings.ok) throw new Error(settings.error.detail);
    saveSettings(directory, settings.value);
  }

  function prepare(directory: string, more: object = {}): void {
    mkdirSync(directory, { mode: 0o700 });
    saveUpdateUrl(directory, more);
    writeFileSync(join(directory, 'update.json'), JSON.stringify({ version: VERSION, isTried: false }));
  }

  /** In the file that the environment names. */
  function installed(): KioskOptions & { readonly environment: { readonly APPIMAGE: string } } {
    const appImage = join(temporaryFolder(), 'Redress.AppImage');
    writeFileSync(appImage, 'the old program');
    return { environment: { APPIMAGE: appImage }, prepare };
  }

  test('takes nothing away: where its installer loses the program, the old one is back and starts', async () => {
    const options = installed();
    const appImage = options.environment.APPIMAGE;
    const kiosk = kioskWith(options);
    kiosk.updater.offer = (updater) => {
      updater.emit('update-downloaded', { version: VERSION });
      return Promise.resolve(null);
    };
    kiosk.updater.quitAndInstall = () => {
      rmSync(appImage);
      kiosk.updater.emit('error', new Error('mv: No space left on device'));
    };
    await openKiosk(kiosk);
    kiosk.station.stopped();
    await ended(kiosk);
    expect(kiosk.app.relaunches).toMatchObject([{ execPath: appImage }]);
    expect(readFileSync(appImage, 'utf8')).toBe('the old program');
  });

  test('is looked for soon after a first start was set up, without a start in between', async () => {
    const kiosk = kioskWith({ environment: installed().environment });
    kiosk.station.standing = 'practice';
    await openKiosk(kiosk);
    saveUpdateUrl(kiosk.directory);
    kiosk.station.become('running', 'set_up');
    await kiosk.time.advance(60_000);
    expect([kiosk.updater.checks, kiosk.updater.feed]).toEqual([1, 'https://updates.example/till']);
  });

  test.each([
    ['is left alone, because nobody at a till answers the question of Windows', {}, false],
    ['is looked for where Windows does not ask', { updateElevated: true }, true],
  ])('%s', async (_name, more, isLookedFor) => {
    const kiosk = kioskWith({ platform: 'win32', prepare: (directory) => prepare(directory, more) });
    kiosk.updater.offer = (updater) => {
      updater.emit('update-not-available', {});
      return Promise.resolve(null);
    };
    await openKiosk(kiosk);
    expect(kiosk.updater.checks > 0).toBe(isLookedFor);
  });

  test('is installed before the terminal opens, and then no terminal and no window open', async () => {
    const kiosk = kioskWith(installed());
    kiosk.updater.offer = (updater) => {
      updater.emit('update-downloaded', { version: VERSION });
      return Promise.resolve(null);
    };
    await openKiosk(kiosk);
    kiosk.station.stopped();
    await vi.waitUntil(() => kiosk.updater.installs.length > 0, { timeout: 5000, interval: 10 });
    expect(kiosk.updater.installs).toEqual([[true, true]]);
    expect(kiosk.app.isLocked).toBe(false);
    expect([kiosk.station.starts, kiosk.windows, kiosk.story.includes('bridge')]).toEqual([0, [], false]);
  });

  test('keeps the till closed no longer than its bound', async () => {
    const kiosk = kioskWith(installed());
    kiosk.updater.offer = () => new Promise(() => undefined);
    kiosk.station.becomeOpen();
    kiosk.app.becomeReady();
    const started = kiosk.start();
    await kiosk.time.advance(14_999);
    expect(kiosk.windows).toEqual([]);
    await kiosk.time.advance(1);
    await started;
    expect(kiosk.till().url).toBe(TILL);
    expect(existsSync(join(kiosk.directory, 'update.json'))).toBe(true);
  });
});
