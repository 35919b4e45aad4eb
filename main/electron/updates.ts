import { z } from 'zod';
import { messageOf } from '../../shared/errors.ts';
import type { Station } from '../hosted-terminal.ts';
import { readJson, removeFile, writeJson } from '../settings/files.ts';
import type { Clock, Random, Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import { within } from './within.ts';

interface UpdaterLog {
  info(message?: unknown): void;
  warn(message?: unknown): void;
  error(message?: unknown): void;
}

/** What is used of electron-updater's `autoUpdater`. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  disableWebInstaller: boolean;
  logger: UpdaterLog | null;
  setFeedURL(feed: { readonly provider: 'generic'; readonly url: string }): void;
  checkForUpdates(): Promise<{ readonly downloadPromise?: Promise<unknown> | null } | null>;
  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void;
  on(event: 'update-downloaded', listener: (update: { readonly version: string }) => void): unknown;
  on(event: 'update-not-available', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'update-downloaded', listener: (update: { readonly version: string }) => void): unknown;
  off(event: 'update-not-available', listener: () => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

export interface UpdatesDependencies {
  /** Asked for only where updates are on, because the real one looks about in the package when it is made. */
  readonly updater: () => Updater;
  /** Where releases lie; https. Updates are off without it. */
  readonly updateUrl: string | undefined;
  /** From `canInstallAlone`. Updates are off without it. */
  readonly canInstall: boolean;
  readonly station: Pick<Station, 'isQuiet' | 'standing'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Remembers across starts which download is complete, and which was tried. */
  readonly file: string;
  /** Of the program that runs. */
  readonly version: string;
  /** Ends this process in order with `install` as the last thing; see `OrderlyQuit.quitThen`. */
  readonly leave: (install: () => boolean) => void;
}

const CHECK_MS = 4 * 3_600_000;
/** Terminals of one shop that start together must not ask together for ever. */
const CHECK_JITTER = 0.25;
const LOOK_MS = 5000;
const QUIET_MS = 5 * 60_000;

const markerSchema = z.strictObject({ version: z.string().min(1), isTried: z.boolean() });
type Marker = z.infer<typeof markerSchema>;

/**
 * Whether an update can replace this program without a person: a package of a Linux distribution asks for
 * the password of an administrator, in a dialog that nobody at a till can answer, while everything waits.
 */
export function canInstallAlone(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return platform !== 'linux' || (environment['APPIMAGE'] ?? '') !== '';
}

/**
 * Keeps the program up to date without anybody at the counter noticing: loads in the background, and
 * installs only when the station has been quiet for a while, or before the terminal opens. Every download
 * is tried once, so that a broken one cannot restart the till again and again. No error of it gets
 * further than the log.
 */
export class Updates {
  readonly #deps: UpdatesDependencies;
  readonly #feedUrl: string | null;
  #updater: Updater | null = null;
  #cancelCheck: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  /** Told what a check at start found; null when nobody waits for it. */
  #onFound: ((version: string | null) => void) | null = null;
  #hasFailed = false;
  #isLeaving = false;

  constructor(dependencies: UpdatesDependencies) {
    this.#deps = dependencies;
    this.#feedUrl = feedUrlOf(dependencies);
  }

  /** Checks now and every few hours from now on. Does nothing where updates are off. */
  start(): void {
    if (this.#isLeaving || !this.#open()) return;
    this.#checkAndArm();
  }

  stop(): void {
    this.#cancelCheck();
    this.#cancelLook();
    const updater = this.#updater;
    if (updater === null) return;
    this.#updater = null;
    updater.off('update-downloaded', this.#onDownloaded);
    updater.off('update-not-available', this.#onNothing);
    updater.off('error', this.#onError);
  }

  /**
   * Before the terminal opens: installs an update whose download was complete. True where this process is
   * about to end for it; false, within about `boundMs`, where the till should open.
   */
  async applyAtStart({ boundMs }: { readonly boundMs: number }): Promise<boolean> {
    const marker = this.#readMarker();
    if (marker === null) return false;
    if (marker.version === this.#deps.version) {
      this.#deps.log.info({ version: marker.version }, 'The update is installed');
      this.#forget();
      return false;
    }
    if (marker.isTried || !this.#open()) return false;
    const version = await this.#find(boundMs);
    return version !== null && this.#apply(version);
  }

  readonly #onDownloaded = ({ version }: { readonly version: string }): void => {
    const { log, file } = this.#deps;
    const marker = this.#readMarker();
    if (marker?.version === version && marker.isTried) {
      log.warn({ version }, 'This update was tried and did not take; it is not tried again');
      this.#tell(null);
      return;
    }
    log.info({ version }, 'An update is ready');
    const written = writeJson(file, { version, isTried: false } satisfies Marker);
    if (!written.ok) log.warn({ code: written.error.code }, messageOf(written.error));
    if (!this.#tell(version)) this.#applyWhenQuiet(version);
  };

  readonly #onNothing = (): void => {
    this.#tell(null);
  };

  readonly #onError = (error: Error): void => {
    this.#hasFailed = true;
    this.#deps.log.warn({ said: textOf(error) }, 'An update failed');
    this.#tell(null);
  };

  /** Makes the updater ready. False where updates are off. */
  #open(): boolean {
    if (this.#updater !== null) return true;
    const { log } = this.#deps;
    if (this.#feedUrl === null) return false;
    try {
      const updater = this.#deps.updater();
      updater.logger = logOf(log);
      updater.autoDownload = true;
      // An installer that begins while the machine is switched off is cut short, and leaves half a program.
      updater.autoInstallOnAppQuit = false;
      updater.disableWebInstaller = true;
      updater.setFeedURL({ provider: 'generic', url: this.#feedUrl });
      updater.on('update-downloaded', this.#onDownloaded);
      updater.on('update-not-available', this.#onNothing);
      updater.on('error', this.#onError);
      this.#updater = updater;
      return true;
    } catch (error) {
      log.warn({ said: textOf(error) }, 'Updates are off: the updater does not start');
      return false;
    }
  }

  #checkAndArm(): void {
    const { timers, random, station } = this.#deps;
    const jitter = 1 - CHECK_JITTER + 2 * CHECK_JITTER * random();
    this.#cancelCheck = timers.after(CHECK_MS * jitter, () => this.#checkAndArm());
    // Practice is for looking around: nothing of it replaces a program.
    if (station.standing !== 'practice') void this.#check();
  }

  async #check(): Promise<void> {
    try {
      const found = await this.#updater?.checkForUpdates();
      // This promise fails on its own, after the event that tells of it, and nobody else would catch it.
      found?.downloadPromise?.catch(() => undefined);
      if (found === null) this.#tell(null);
    } catch {
      // The event came first, with what went wrong.
      this.#tell(null);
    }
  }

  /** The version that is ready, or null when there is none within the bound. */
  async #find(boundMs: number): Promise<string | null> {
    let version: string | null = null;
    const answered = new Promise<void>((resolve) => {
      this.#onFound = (found) => {
        version = found;
        resolve();
      };
    });
    void this.#check();
    const isInTime = await within(answered, boundMs, this.#deps.timers);
    this.#onFound = null;
    if (!isInTime) this.#deps.log.warn({ boundMs }, 'The update was not there in time; the till opens');
    return version;
  }

  #tell(version: string | null): boolean {
    const listener = this.#onFound;
    this.#onFound = null;
    listener?.(version);
    return listener !== null;
  }

  /** Looks every few seconds; one busy look begins the wait anew. */
  #applyWhenQuiet(version: string): void {
    const { station, clock, timers } = this.#deps;
    this.#cancelLook();
    let quietSinceMs: number | null = null;
    const look = (): void => {
      const nowMs = clock.monotonicMs();
      if (!station.isQuiet() || station.standing === 'practice') quietSinceMs = null;
      else quietSinceMs ??= nowMs;
      if (quietSinceMs !== null && nowMs - quietSinceMs >= QUIET_MS) this.#apply(version);
      else this.#cancelLook = timers.after(LOOK_MS, look);
    };
    look();
  }

  /** Remembers first that it was tried. False, with nothing done, where that cannot be remembered. */
  #apply(version: string): boolean {
    const { file, log, leave } = this.#deps;
    if (this.#isLeaving) return true;
    const written = writeJson(file, { version, isTried: true } satisfies Marker);
    if (!written.ok) {
      log.warn({ code: written.error.code }, `The update waits. ${messageOf(written.error)}`);
      return false;
    }
    log.info({ version }, 'The update is installed now');
    this.#isLeaving = true;
    this.#cancelCheck();
    this.#cancelLook();
    leave(() => this.#install());
    return true;
  }

  /** False where the installer has told at once that it did not begin. */
  #install(): boolean {
    this.#hasFailed = false;
    // Silent, and the new program starts: the till is back without a person.
    this.#updater?.quitAndInstall(true, true);
    return this.#updater !== null && !this.#hasFailed;
  }

  /** Null also where it cannot be read: an update then waits for its next download. */
  #readMarker(): Marker | null {
    const read = readJson(this.#deps.file);
    const marker = markerSchema.safeParse(read.ok ? read.value : null);
    return marker.success ? marker.data : null;
  }

  #forget(): void {
    const removed = removeFile(this.#deps.file);
    if (!removed.ok) this.#deps.log.warn({ code: removed.error.code }, messageOf(removed.error));
  }
}

/** Null where updates are off. The address is not logged: it may carry a password. */
function feedUrlOf({ updateUrl, canInstall, log }: UpdatesDependencies): string | null {
  if (updateUrl === undefined || updateUrl === '') return null;
  if (!URL.canParse(updateUrl) || new URL(updateUrl).protocol !== 'https:') {
    log.warn({}, 'Updates are off: the address is not one of https');
    return null;
  }
  if (!canInstall) {
    log.info({}, 'Updates are off: the package manager of this system installs them');
    return null;
  }
  return updateUrl;
}

/** The updater would print to the console. Every failure comes as an event as well. */
function logOf(log: Log): UpdaterLog {
  return {
    info: () => undefined,
    warn: (message) => log.warn({ said: textOf(message) }, 'The updater warns'),
    error: () => undefined,
  };
}

const LONGEST_SAYING = 500;

function textOf(message: unknown): string {
  const text = message instanceof Error ? message.message : String(message);
  // An address may carry a password in front of its host.
  return text.replaceAll(/\/\/[^/\s@]*@/g, '//').slice(0, LONGEST_SAYING);
}
