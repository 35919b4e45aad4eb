import type { RecoverableContents, ChildProcesses } from '../../main/electron/crash-recovery.ts';
import type { CrashingProcess } from '../../main/electron/main-crash.ts';
import type { DisplayBlocker, PowerEvents } from '../../main/electron/power.ts';
import type { PreventableEvent, QuittableApp, QuittableWindow, Signals } from '../../main/electron/quit.ts';
import type { SystemKeyStore } from '../../main/electron/system-vault.ts';
import type { Updater } from '../../main/electron/updates.ts';
import type { Displays, KioskDisplay, KioskWindow } from '../../main/electron/windows.ts';
import type { Station } from '../../main/hosted-terminal.ts';
import type { Log } from '../../main/shell/log.ts';
import type { Standing } from '../../shared/contract.ts';

/**
 * What stands in for Electron: the interfaces that the modules of `main/electron/` declare, as plain objects
 * that remember what was done to them and say what a test has them say.
 */

type Listener = (...args: never[]) => void;

/** Events by name, as Node's emitter has them. */
class StandInEvents {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(event: string, listener: Listener): this {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(listener));
    return this;
  }

  off(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  emit(event: string, ...args: readonly unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }

  /** How many listen to anything. */
  listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }
}

export class StandInEvent implements PreventableEvent {
  isPrevented = false;

  preventDefault(): void {
    this.isPrevented = true;
  }
}

/** Lines that were logged, as they would be written. */
export class StandInLog implements Log {
  readonly lines: string[] = [];

  info(fields: object, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#write('error', fields, message);
  }

  text(): string {
    return this.lines.join('\n');
  }

  #write(level: string, fields: object, message: string): void {
    const told = JSON.stringify(fields, (_name, value: unknown) =>
      value instanceof Error ? { message: value.message, stack: value.stack } : value,
    );
    this.lines.push(`${level} ${message} ${told}`);
  }
}

export class StandInApp extends StandInEvents implements QuittableApp, ChildProcesses {
  readonly exits: number[] = [];
  readonly paths: (readonly [string, string])[] = [];
  isLocked = true;

  exit(exitCode = 0): void {
    this.exits.push(exitCode);
  }

  releaseSingleInstanceLock(): void {
    this.isLocked = false;
  }

  setPath(name: string, path: string): void {
    this.paths.push([name, path]);
  }

  /** As Electron does for Cmd+Q, `app.quit` and an installer. True when nobody kept it from quitting. */
  pressQuit(): boolean {
    const event = new StandInEvent();
    this.emit('before-quit', event);
    return !event.isPrevented;
  }
}

export class StandInProcess extends StandInEvents implements Signals, CrashingProcess {}

export interface StandInRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class StandInContents extends StandInEvents implements RecoverableContents {
  readonly id: number;
  crashes = 0;
  reloads = 0;

  constructor(id: number) {
    super();
    this.id = id;
  }

  reload(): void {
    this.reloads += 1;
  }

  /** As Electron: its process is gone a moment later, and says so. */
  forcefullyCrashRenderer(): void {
    this.crashes += 1;
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  }
}

export class StandInWindow extends StandInEvents implements KioskWindow, QuittableWindow {
  readonly webContents: StandInContents;
  readonly options: object;
  readonly urls: string[] = [];
  readonly deeds: string[] = [];
  isFound = true;
  #bounds: StandInRectangle;
  #isDestroyed = false;

  constructor(id: number, options: Partial<StandInRectangle> & object) {
    super();
    this.webContents = new StandInContents(id);
    this.options = options;
    this.#bounds = { x: 0, y: 0, width: 0, height: 0, ...pickBounds(options) };
  }

  get url(): string | undefined {
    return this.urls.at(-1);
  }

  loadURL(url: string): Promise<void> {
    this.urls.push(url);
    return this.isFound ? Promise.resolve() : Promise.reject(new Error('ERR_FAILED'));
  }

  show(): void {
    this.deeds.push('show');
  }

  focus(): void {
    this.deeds.push('focus');
  }

  isMinimized(): boolean {
    return this.deeds.at(-1) === 'minimize';
  }

  restore(): void {
    this.deeds.push('restore');
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.webContents.emit('destroyed');
    this.emit('closed');
  }

  getBounds(): StandInRectangle {
    return this.#bounds;
  }

  setBounds(bounds: StandInRectangle): void {
    this.#bounds = bounds;
    this.deeds.push(`move to ${bounds.x},${bounds.y} ${bounds.width}×${bounds.height}`);
  }

  setKiosk(flag: boolean): void {
    this.deeds.push(flag ? 'kiosk' : 'no kiosk');
  }

  /** The system puts it somewhere, and nobody asked. */
  isPutTo(bounds: StandInRectangle): void {
    this.#bounds = bounds;
  }

  /** Alt+F4, or `window.close()` of the page. True when nobody kept it from closing. */
  pressClose(): boolean {
    const event = new StandInEvent();
    this.emit('close', event);
    return !event.isPrevented;
  }
}

function pickBounds({ x, y, width, height }: Partial<StandInRectangle>): Partial<StandInRectangle> {
  return {
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  };
}

/** The first display is the primary one. */
export class StandInDisplays extends StandInEvents implements Displays {
  all: readonly KioskDisplay[];

  constructor(...all: readonly KioskDisplay[]) {
    super();
    this.all = all;
  }

  getAllDisplays(): readonly KioskDisplay[] {
    return this.all;
  }

  getDisplayMatching({ x, y }: StandInRectangle): KioskDisplay {
    return this.all.find(({ bounds }) => bounds.x === x && bounds.y === y) ?? this.getPrimaryDisplay();
  }

  getPrimaryDisplay(): KioskDisplay {
    const [primary] = this.all;
    if (primary === undefined) throw new Error('a machine without a display');
    return primary;
  }

  become(event: string, ...all: readonly KioskDisplay[]): void {
    this.all = all;
    this.emit(event, {}, all[0]);
  }
}

export class StandInPower extends StandInEvents implements PowerEvents {}

export class StandInBlocker implements DisplayBlocker {
  readonly started = new Set<number>();
  count = 0;

  start(): number {
    this.count += 1;
    this.started.add(this.count);
    return this.count;
  }

  stop(id: number): boolean {
    return this.started.delete(id);
  }

  isStarted(id: number): boolean {
    return this.started.has(id);
  }
}

/** A station that a test makes quiet or busy, and that stops when the test says so. */
export class StandInStation implements Pick<Station, 'isQuiet' | 'standing' | 'wake' | 'stop'> {
  standing: Standing = 'running';
  isIdle = true;
  wakes = 0;
  readonly stops: number[] = [];
  stopped: () => void = () => undefined;
  failStop: (error: Error) => void = () => undefined;

  isQuiet(): boolean {
    return this.isIdle;
  }

  wake(): void {
    this.wakes += 1;
  }

  stop(drainMs: number): Promise<void> {
    this.stops.push(drainMs);
    return new Promise((resolve, reject) => {
      this.stopped = resolve;
      this.failStop = reject;
    });
  }
}

/** Where releases lie, and what the installer does. */
export class StandInUpdater extends StandInEvents implements Updater {
  autoDownload = false;
  autoInstallOnAppQuit = true;
  disableWebInstaller = false;
  logger: Updater['logger'] = { info: print, warn: print, error: print };
  feed: string | null = null;
  checks = 0;
  /** What a check comes to. */
  offer: (updater: StandInUpdater) => ReturnType<Updater['checkForUpdates']> = () => Promise.resolve(null);
  readonly installs: (readonly [boolean | undefined, boolean | undefined])[] = [];
  isInstallable = true;

  setFeedURL({ url }: { readonly url: string }): void {
    this.feed = url;
  }

  checkForUpdates(): ReturnType<Updater['checkForUpdates']> {
    this.checks += 1;
    return this.offer(this);
  }

  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void {
    this.installs.push([isSilent, isForceRunAfter]);
    if (!this.isInstallable) this.emit('error', new Error('No update filepath provided'));
  }
}

function print(message?: unknown): void {
  throw new Error(`printed to the console: ${String(message)}`);
}

/** Seals by turning bits over, with a mark of the user and of the age of its key in front. */
export class StandInKeyStore implements SystemKeyStore {
  isAvailable = true;
  backend = 'gnome_libsecret';
  user = 'till';
  keyAge = 1;
  prefix = 'v11';
  isForgetful = false;

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isAvailable);
  }

  getSelectedStorageBackend(): string {
    return this.backend;
  }

  encryptStringAsync(plainText: string): Promise<Buffer> {
    const hidden = Buffer.from(plainText).map((byte) => byte ^ 0xff);
    return Promise.resolve(Buffer.concat([Buffer.from(`${this.prefix}${this.keyAge}${this.user};`), hidden]));
  }

  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const end = encrypted.indexOf(';');
    const head = encrypted.subarray(0, end).toString();
    if (this.isForgetful || end < 0 || head.slice(4) !== this.user) {
      throw new Error(`cannot decrypt ${encrypted.toString('hex')}`);
    }
    const result = Buffer.from(encrypted.subarray(end + 1).map((byte) => byte ^ 0xff)).toString();
    return Promise.resolve({ result, shouldReEncrypt: Number(head[3]) < this.keyAge });
  }
}
