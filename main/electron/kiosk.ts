import { join } from 'node:path';
import type {
  BrowserWindowConstructorOptions,
  CrashReporterStartOptions,
  CustomScheme,
  RelaunchOptions,
} from 'electron';
import type { Actor } from '../../shared/order/event.ts';
import type { Settings } from '../../shared/settings.ts';
import type { CreateStationOptions } from '../create-station.ts';
import type { Station } from '../hosted-terminal.ts';
import { makeDirectory } from '../settings/files.ts';
import { loadSettings } from '../settings/settings-store.ts';
import type { Clock, Random, Timers } from '../shell/clock.ts';
import type { HostLog } from '../shell/host-log.ts';
import type { Log } from '../shell/log.ts';
import { APP_SCHEME } from './app-address.ts';
import { type AppRequest, APP_SCHEME_PRIVILEGES, createAppHandler } from './app-scheme.ts';
import { type ApplicationMenu, removeApplicationMenu } from './application-menu.ts';
import {
  type ChildProcesses,
  type RecoverableContents,
  ScreenRecovery,
  watchChildProcesses,
} from './crash-recovery.ts';
import { hardenContents, type HardenedContents, type HardenedSession, hardenSession } from './hardening.ts';
import { browserFolder } from './browser-folder.ts';
import { bridgeIpc, type IpcMainLike } from './ipc-bridge.ts';
import { type CrashingProcess, keepCrashDumps, pauseAfterCrashesMs, watchMainCrash } from './main-crash.ts';
import { type DisplayBlocker, type PowerEvents, watchPower } from './power.ts';
import { forkedGateway, type UtilityProcesses } from './practice-gateway.ts';
import { OrderlyQuit, type QuittableApp, type QuittableWindow, type Signals } from './quit.ts';
import { earlyCrashesIn, KeptProgram, startAgain } from './relaunch.ts';
import { type SystemKeyStore, systemVaultOpener } from './system-vault.ts';
import { canInstallAlone, type Updater, Updates } from './updates.ts';
import { webPreferences } from './web-preferences.ts';
import { type Displays, type KioskWindow, KioskWindows, type ScreenHandle } from './windows.ts';
import { within } from './within.ts';

/** What is used of a `BrowserWindow`. */
export type ShellWindow = KioskWindow &
  QuittableWindow & { readonly webContents: RecoverableContents & { readonly id: number } };

/** What is used of Electron's `app` here; with what its parts use it is `ShellApp`. */
interface OwnApp {
  readonly isPackaged: boolean;
  setPath(name: 'userData' | 'crashDumps', path: string): void;
  requestSingleInstanceLock(): boolean;
  quit(): void;
  enableSandbox(): void;
  whenReady(): Promise<unknown>;
  relaunch(options?: RelaunchOptions): void;
  on(event: 'web-contents-created', listener: (event: unknown, contents: HardenedContents) => void): unknown;
  on(event: 'second-instance', listener: () => void): unknown;
}
export type ShellApp = QuittableApp & ChildProcesses & OwnApp;

/** Electron as far as the kiosk uses it. */
export interface ShellElectron<Window extends ShellWindow> {
  readonly app: ShellApp;
  readonly createWindow: (options: BrowserWindowConstructorOptions) => Window;
  readonly crashReporter: { start(options?: CrashReporterStartOptions): void };
  readonly ipcMain: IpcMainLike;
  readonly Menu: ApplicationMenu;
  readonly net: { isOnline(): boolean };
  readonly powerMonitor: PowerEvents;
  readonly powerSaveBlocker: DisplayBlocker;
  readonly protocol: {
    registerSchemesAsPrivileged(schemes: CustomScheme[]): void;
    handle(scheme: string, handler: (request: AppRequest) => Promise<Response>): void;
  };
  readonly safeStorage: SystemKeyStore;
  readonly screen: Displays;
  /** The default session, which is there when Electron is ready. */
  readonly session: () => HardenedSession;
  readonly utilityProcess: UtilityProcesses;
  readonly updater: () => Updater;
}

/** What the kiosk is given of the machine and of the program around it. */
export interface ShellSurroundings {
  readonly directory: string;
  /** Where the build put the entries of main; the renderer lies beside it. */
  readonly distDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly version: string;
  readonly process: CrashingProcess & Signals;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly newToken: () => string;
  readonly openLog: (directory: string) => HostLog;
  readonly createStation: (options: CreateStationOptions) => Station;
}

/** Who acts at the cashier's window. */
const CASHIER: Actor = { kind: 'operator', name: 'cashier' };
/** A reply that is on its way when the kiosk closes is waited for this long; the rest stays owed. */
const DRAIN_MS = 5000;
/** All of closing; the system's own patience is longer. */
const CLOSE_MS = 15_000;
/** An update that was loaded before may delay the start by this much. */
const UPDATE_AT_START_MS = 15_000;
/** A terminal that opens slowly, while it sets itself up for instance, gets its window all the same. */
const OPEN_MS = 3000;

/**
 * The kiosk from its first line to an open window. The order is the point of this function: the lock before
 * the ledger, the sandbox and the scheme before Electron is ready, every rule before the first page.
 */
export async function startKiosk<Window extends ShellWindow>(
  electron: ShellElectron<Window>,
  surroundings: ShellSurroundings,
): Promise<void> {
  const { app } = electron;
  const { directory } = surroundings;
  // One instance for each data directory; the lock lies in this folder, which only its owner reads.
  makeDirectory(browserFolder(directory));
  app.setPath('userData', browserFolder(directory));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const hostLog = surroundings.openLog(directory);
  watchCrashes(electron, surroundings, hostLog);
  // SECURITY: #4 every process that shows something is sandboxed, whatever a window asks for.
  app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES]);
  const kiosk = new KioskShell(electron, surroundings, hostLog);
  kiosk.guardContents();
  await app.whenReady();
  await pauseAfterCrashes(surroundings);
  removeApplicationMenu(electron.Menu);
  kiosk.serveOwnPages();
  if (await kiosk.applyUpdate()) return;
  await kiosk.openTerminal();
  kiosk.openScreens();
  kiosk.keepGoing();
}

function pauseAfterCrashes({ argv, timers }: ShellSurroundings): Promise<void> {
  const pauseMs = pauseAfterCrashesMs(earlyCrashesIn(argv));
  return pauseMs === 0 ? Promise.resolve() : new Promise((over) => timers.after(pauseMs, over));
}

function watchCrashes<Window extends ShellWindow>(
  { app, crashReporter }: ShellElectron<Window>,
  { directory, environment, argv, process, clock, timers }: ShellSurroundings,
  { log, files }: HostLog,
): void {
  const program = new KeptProgram(environment, log);
  keepCrashDumps({ app, crashReporter, directory: join(directory, 'crashes'), timers, log });
  watchMainCrash({
    process,
    clock,
    timers,
    log,
    flush: () => {
      files.flush();
      return Promise.resolve();
    },
    earlyCrashes: earlyCrashesIn(argv),
    relaunch: (earlyCrashes) => startAgain({ app, program, environment, argv }, earlyCrashes),
    exit: (code) => app.exit(code),
  });
}

/** The parts of a running kiosk and how they hang together. */
class KioskShell<Window extends ShellWindow> {
  readonly #electron: ShellElectron<Window>;
  readonly #surroundings: ShellSurroundings;
  readonly #log: Log;
  readonly #isProduction: boolean;
  readonly #program: KeptProgram;
  readonly #station: Station;
  readonly #quit: OrderlyQuit;
  readonly #updates: Updates;
  readonly #windows: KioskWindows<Window>;
  readonly #recoveries = new Set<ScreenRecovery>();

  constructor(electron: ShellElectron<Window>, surroundings: ShellSurroundings, { log, files }: HostLog) {
    this.#electron = electron;
    this.#surroundings = surroundings;
    this.#log = log;
    const { app } = electron;
    const { environment, argv, timers } = surroundings;
    this.#isProduction = app.isPackaged;
    const program = new KeptProgram(environment, log);
    this.#program = program;
    this.#station = this.#createStation();
    this.#quit = new OrderlyQuit({
      app,
      station: this.#station,
      signals: surroundings.process,
      timers,
      log,
      isProduction: this.#isProduction,
      drainMs: DRAIN_MS,
      boundMs: CLOSE_MS,
      flush: () => files.close(),
      relaunch: () => startAgain({ app, program, environment, argv }),
    });
    this.#updates = this.#createUpdates();
    this.#windows = new KioskWindows({
      createWindow: electron.createWindow,
      displays: electron.screen,
      timers,
      webPreferences: webPreferences({
        preload: join(surroundings.distDirectory, 'preload.cjs'),
        isProduction: this.#isProduction,
      }),
      isProduction: this.#isProduction,
      onOpen: (handle) => this.#onOpen(handle),
    });
  }

  guardContents(): void {
    const openCustomerDisplay = (): void => this.#windows.openCustomer();
    this.#electron.app.on('web-contents-created', (_event, contents) =>
      hardenContents(contents, { isProduction: this.#isProduction, log: this.#log, openCustomerDisplay }),
    );
  }

  serveOwnPages(): void {
    const { protocol, session } = this.#electron;
    hardenSession(session(), { isProduction: this.#isProduction, log: this.#log });
    const root = join(this.#surroundings.distDirectory, '..', 'renderer');
    protocol.handle(APP_SCHEME, createAppHandler({ root, log: this.#log }));
  }

  /** True where this process is about to end for it. */
  applyUpdate(): Promise<boolean> {
    return this.#updates.applyAtStart({ boundMs: UPDATE_AT_START_MS });
  }

  async openTerminal(): Promise<void> {
    bridgeIpc({
      ipcMain: this.#electron.ipcMain,
      terminal: this.#station,
      actor: CASHIER,
      roleOf: (contentsId) => this.#windows.roleOf(contentsId),
      timers: this.#surroundings.timers,
      log: this.#log,
      isStrict: !this.#isProduction,
    });
    // Why it could not open is told by its standing, on the screen.
    await within(this.#station.start(), OPEN_MS, this.#surroundings.timers);
  }

  openScreens(): void {
    const { app } = this.#electron;
    watchChildProcesses(app, this.#log, () => {
      for (const recovery of this.#recoveries) recovery.drawingLost();
    });
    app.on('second-instance', () => this.#windows.focusCashier());
    this.#station.onStanding((standing, cause) => {
      // Whoever set it up reads what is left to do by hand, and opens the till then.
      if (cause === 'set_up') this.#windows.keepPage(this.#page());
      else this.#windows.showPage(this.#page());
      if (standing === 'halted') this.#windows.refreshCustomer();
      if (standing === 'running') this.#updates.checkSoon();
    });
    this.#windows.openCashier(this.#page());
  }

  keepGoing(): void {
    const { powerSaveBlocker, powerMonitor, net } = this.#electron;
    watchPower({
      blocker: powerSaveBlocker,
      monitor: powerMonitor,
      net,
      station: this.#station,
      clock: this.#surroundings.clock,
      timers: this.#surroundings.timers,
      log: this.#log,
      quit: () => this.#quit.quit(),
    });
    this.#updates.start();
  }

  /** A halted terminal has nothing to collect with; its page says why, and what to do. */
  #page(): 'till' | 'service' {
    return this.#station.standing === 'halted' ? 'service' : 'till';
  }

  #onOpen(handle: ScreenHandle<Window>): void {
    const { clock, timers } = this.#surroundings;
    const { window } = handle;
    this.#quit.guard(window);
    const contents = window.webContents;
    const recovery = new ScreenRecovery({ contents, screen: handle, clock, timers, log: this.#log });
    this.#recoveries.add(recovery);
    window.on('closed', () => this.#recoveries.delete(recovery));
  }

  #createStation(): Station {
    const { safeStorage, utilityProcess } = this.#electron;
    const { directory, distDirectory, environment, platform, newToken, createStation } = this.#surroundings;
    return createStation({
      directory,
      log: this.#log,
      distDirectory,
      environment,
      launchGateway: forkedGateway(utilityProcess, join(distDirectory, 'redress.js')),
      openVault: systemVaultOpener({
        safeStorage,
        platform,
        isProduction: this.#isProduction,
        newKey: newToken,
      }),
    });
  }

  #createUpdates(): Updates {
    const { directory, environment, platform, clock, timers, random, version } = this.#surroundings;
    const settings = (): Settings | null => {
      const loaded = loadSettings(directory);
      return loaded.ok ? loaded.value : null;
    };
    const isElevated = (): boolean => settings()?.updateElevated === true;
    return new Updates({
      updater: this.#electron.updater,
      updateUrl: () => settings()?.updateUrl,
      canInstall: () =>
        this.#isProduction && canInstallAlone(platform, environment, { isElevated: isElevated() }),
      program: this.#program,
      station: this.#station,
      clock,
      timers,
      random,
      log: this.#log,
      file: join(directory, 'update.json'),
      version,
      leave: (install) => this.#quit.quitThen(install),
    });
  }
}
