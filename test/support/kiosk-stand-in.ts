import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShellElectron, type ShellSurroundings, startKiosk } from '../../main/electron/kiosk.ts';
import type { ForkedProcess } from '../../main/electron/practice-gateway.ts';
import type { KioskDisplay } from '../../main/electron/windows.ts';
import type { StandingCause, StandingListener, Station } from '../../main/hosted-terminal.ts';
import { type HostLog, openHostLog } from '../../main/shell/host-log.ts';
import type { Answer, Push, Standing } from '../../shared/contract.ts';
import type { Failure } from '../../shared/errors.ts';
import { ok, type Result } from '../../shared/result.ts';
import {
  StandInApp,
  StandInBlocker,
  StandInDisplays,
  StandInKeyStore,
  StandInPower,
  StandInProcess,
  StandInStation,
  StandInUpdater,
  StandInWindow,
} from './electron-life-stand-in.ts';
import { ContentsStandIn, SessionStandIn } from './electron-stand-in.ts';
import { FakeTime, settled } from './fake-clock.ts';
import { NOON } from './fake-ledger.ts';

/** A whole Electron without Electron, and a station that remembers: everything is told to one story. */

type Tell = (what: string) => void;
type Listener = (...args: never[]) => void;

class KioskApp extends StandInApp {
  readonly isPackaged: boolean;
  /** False where another instance has it. */
  isFirst = true;
  quits = 0;
  /** How it was told to start again. */
  readonly relaunches: (object | undefined)[] = [];
  /** Called while the process still lives. */
  onExit: () => void = () => undefined;
  readonly #tell: Tell;
  readonly #ready = Promise.withResolvers<void>();

  constructor(tell: Tell, isPackaged: boolean) {
    super();
    this.#tell = tell;
    this.isPackaged = isPackaged;
  }

  override on(event: string, listener: Listener): this {
    if (event === 'web-contents-created') this.#tell('contents guarded');
    return super.on(event, listener);
  }

  override setPath(name: string, path: string): void {
    this.#tell(`path of ${name}`);
    super.setPath(name, path);
  }

  requestSingleInstanceLock(): boolean {
    this.#tell('lock');
    return this.isFirst;
  }

  quit(): void {
    this.quits += 1;
  }

  enableSandbox(): void {
    this.#tell('sandbox');
  }

  relaunch(options?: object): void {
    this.relaunches.push(options);
  }

  override exit(exitCode?: number): void {
    this.onExit();
    super.exit(exitCode);
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  becomeReady(): void {
    this.#tell('ready');
    this.#ready.resolve();
  }
}

class KioskProcess extends StandInProcess {
  readonly #tell: Tell;

  constructor(tell: Tell) {
    super();
    this.#tell = tell;
  }

  override on(event: string, listener: Listener): this {
    if (event === 'uncaughtException') this.#tell('crashes watched');
    return super.on(event, listener);
  }
}

class KioskSession extends SessionStandIn {
  readonly #tell: Tell;

  constructor(tell: Tell) {
    super();
    this.#tell = tell;
  }

  override setPermissionCheckHandler(rule: Parameters<SessionStandIn['setPermissionCheckHandler']>[0]): void {
    this.#tell('session hardened');
    super.setPermissionCheckHandler(rule);
  }
}

export class KioskStation extends StandInStation implements Station {
  starts = 0;
  readonly #tell: Tell;
  readonly #started = Promise.withResolvers<Result<void, Failure>>();
  #listener: StandingListener = () => undefined;

  constructor(tell: Tell) {
    super();
    this.#tell = tell;
  }

  start(): Promise<Result<void, Failure>> {
    this.#tell('station started');
    this.starts += 1;
    return this.#started.promise;
  }

  becomeOpen(): void {
    this.#started.resolve(ok(undefined));
  }

  onStanding(listener: StandingListener): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  become(standing: Standing, cause: StandingCause = 'opened'): void {
    this.standing = standing;
    this.#listener(standing, cause);
  }

  call(): Promise<Answer<unknown>> {
    return Promise.resolve({ ok: true, value: null });
  }

  subscribe(_listener: (push: Push) => void): () => void {
    return () => undefined;
  }
}

const DISPLAY = { id: 1, bounds: { x: 0, y: 0, width: 1280, height: 1024 } };

export interface KioskOptions {
  readonly isPackaged?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** After the program itself. */
  readonly args?: readonly string[];
  readonly platform?: NodeJS.Platform;
  readonly displays?: readonly KioskDisplay[];
  /** Puts something into the data directory before the start. */
  readonly prepare?: (directory: string) => void;
}

/** A kiosk that is about to start in a real, empty data directory. */
export function kioskStandIn({
  isPackaged = true,
  environment = {},
  args = [],
  platform = 'linux',
  displays = [DISPLAY],
  prepare,
}: KioskOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'redress-kiosk-'));
  const directory = join(folder, 'data');
  prepare?.(directory);
  const story: string[] = [];
  const tell: Tell = (what) => void story.push(what);
  const time = new FakeTime(NOON);
  const app = new KioskApp(tell, isPackaged);
  const process = new KioskProcess(tell);
  const station = new KioskStation(tell);
  const session = new KioskSession(tell);
  const updater = new StandInUpdater();
  const power = new StandInPower();
  const net = { online: true, isOnline: (): boolean => net.online };
  const windows: StandInWindow[] = [];
  const contents: ContentsStandIn[] = [];
  const logs: HostLog[] = [];

  const electron: ShellElectron<StandInWindow> = {
    app,
    createWindow: (options) => {
      tell('window');
      const made = new ContentsStandIn();
      contents.push(made);
      // As Electron does, while the window is being made.
      app.emit('web-contents-created', {}, made);
      const window = new StandInWindow(windows.length + 1, options);
      windows.push(window);
      return window;
    },
    crashReporter: { start: () => tell('crash dumps') },
    ipcMain: { handle: () => tell('bridge'), on: () => undefined },
    Menu: { setApplicationMenu: () => tell('menu removed') },
    net,
    powerMonitor: power,
    powerSaveBlocker: new StandInBlocker(),
    protocol: {
      registerSchemesAsPrivileged: (schemes) => tell(`scheme ${schemes.map(({ scheme }) => scheme).join()}`),
      handle: (scheme) => tell(`pages of ${scheme}`),
    },
    safeStorage: new StandInKeyStore(),
    screen: new StandInDisplays(...displays),
    session: () => session,
    utilityProcess: {
      fork: (): ForkedProcess => {
        throw new Error('the station of this test forks nothing');
      },
    },
    updater: () => {
      tell('updater');
      return updater;
    },
  };
  const surroundings: ShellSurroundings = {
    directory,
    distDirectory: join(folder, 'dist/main'),
    environment,
    argv: ['redress-kiosk', ...args],
    platform,
    version: '1.0.0',
    process,
    clock: time,
    timers: time,
    random: () => 0.5,
    newToken: () => 'f'.repeat(64),
    openLog: (at) => {
      tell('log');
      const log = openHostLog(at, 'silent', { write: () => undefined });
      logs.push(log);
      return log;
    },
    createStation: () => {
      tell('station made');
      return station;
    },
  };

  return {
    directory,
    story,
    time,
    app,
    process,
    station,
    session,
    updater,
    power,
    net,
    windows,
    contents,
    start: () => startKiosk(electron, surroundings),
    /** The cashier's window; there is one once the kiosk is open. */
    till(): StandInWindow {
      const [window] = windows;
      if (window === undefined) throw new Error('no window is open');
      return window;
    },
    async remove(): Promise<void> {
      for (const { files } of logs) await files.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type KioskStandIn = ReturnType<typeof kioskStandIn>;

/** Starts a kiosk whose station opens at once, and waits until its window is there. */
export async function openKiosk(kiosk: KioskStandIn): Promise<void> {
  const started = kiosk.start();
  kiosk.station.becomeOpen();
  kiosk.app.becomeReady();
  await started;
  await settled();
}
