import { z } from 'zod';
import { messageOf } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
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
  /** Where releases lie; https. Updates are off without it. Asked every time, for set-up may bring it. */
  readonly updateUrl: () => string | undefined;
  /** From `canInstallAlone`. Updates are off without it. Asked every time as well. */
  readonly canInstall: () => boolean;
  /** Keeps the program while an installer replaces it. */
  readonly program: { keep(): boolean; putBack(): void };
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
/** Whoever set the terminal up has the first minute. */
const SOON_MS = 60_000;
const LOOK_MS = 5000;
const QUIET_MS = 5 * 60_000;

const markerSchema = z.strictObject({ version: z.string().min(1), isTried: z.boolean() });
type Marker = z.infer<typeof markerSchema>;

/**
 * Whether an update can replace this program without a person. A package of a Linux distribution asks for the
 * password of an administrator, and the installer of Windows, which is for the whole machine, for his consent,
 * in a dialog that nobody at a till can answer. On Windows the program has ended by then, and an answer that
 * does not come leaves no till: so there the settings must say that this account is elevated without a question.
 */
export function canInstallAlone(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  { isElevated }: { readonly isElevated: boolean },
): boolean {
  if (platform === 'win32') return isElevated;
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
  #updater: Updater | null = null;
  #feedUrl: string | null = null;
  /** Why updates were off when last asked, so that the log says it once and not every few hours. */
  #reason: string | null = null;
  #isStarted = false;
  #hasChecked = false;
  #cancelCheck: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  /** Told what a check at start found; null when nobody waits for it. */
  #onFound: ((version: string | null) => void) | null = null;
  #hasFailed = false;
  #isLeaving = false;

  constructor(dependencies: UpdatesDependencies) {
    this.#deps = dependencies;
  }

  /** Checks now and every few hours from now on, whenever updates are on by then. */
  start(): void {
    if (this.#isLeaving) return;
    this.#isStarted = true;
    this.#checkAndArm();
  }

  /** The station began to run: the settings may be new. Does nothing where a check was made before. */
  checkSoon(): void {
    if (!this.#isStarted || this.#hasChecked || this.#isLeaving) return;
    this.#cancelCheck();
    this.#cancelCheck = this.#deps.timers.after(SOON_MS, () => this.#checkAndArm());
  }

  stop(): void {
    this.#isStarted = false;
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

  /** Makes the updater ready, with the address of now. False where updates are off. */
  #open(): boolean {
    const feed = feedOf(this.#deps);
    if (!feed.ok) {
      this.#sayOff(feed.error);
      return false;
    }
    this.#reason = null;
    if (this.#updater !== null && feed.value === this.#feedUrl) return true;
    try {
      const updater = this.#updater ?? this.#made();
      updater.setFeedURL({ provider: 'generic', url: feed.value });
      this.#feedUrl = feed.value;
      if (this.#updater === null) this.#listenTo(updater);
      return true;
    } catch (error) {
      this.#deps.log.warn({ said: textOf(error) }, 'Updates are off: the updater does not start');
      return false;
    }
  }

  #made(): Updater {
    const updater = this.#deps.updater();
    updater.logger = logOf(this.#deps.log);
    updater.autoDownload = true;
    // An installer that begins while the machine is switched off is cut short, and leaves half a program.
    updater.autoInstallOnAppQuit = false;
    updater.disableWebInstaller = true;
    return updater;
  }

  #listenTo(updater: Updater): void {
    updater.on('update-downloaded', this.#onDownloaded);
    updater.on('update-not-available', this.#onNothing);
    updater.on('error', this.#onError);
    this.#updater = updater;
  }

  #sayOff(reason: string): void {
    if (reason === this.#reason) return;
    this.#reason = reason;
    this.#deps.log.info({}, `Updates are off: ${reason}`);
  }

  #checkAndArm(): void {
    const { timers, random, station } = this.#deps;
    const jitter = 1 - CHECK_JITTER + 2 * CHECK_JITTER * random();
    this.#cancelCheck = timers.after(CHECK_MS * jitter, () => this.#checkAndArm());
    // Practice is for looking around: nothing of it replaces a program.
    if (station.standing === 'practice' || !this.#open()) return;
    this.#hasChecked = true;
    void this.#check();
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

  /**
   * Keeps the program and remembers that this was tried, both first. False, with nothing done, where that
   * cannot be.
   */
  #apply(version: string): boolean {
    const { file, log, program, leave } = this.#deps;
    if (this.#isLeaving) return true;
    if (!program.keep()) {
      log.warn({ version }, 'The update waits');
      return false;
    }
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
    let hasBegun = false;
    try {
      // Silent, and the new program starts: the till is back without a person.
      this.#updater?.quitAndInstall(true, true);
      hasBegun = this.#updater !== null && !this.#hasFailed;
    } finally {
      if (!hasBegun) this.#deps.program.putBack();
    }
    return hasBegun;
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

/** Where to look, or why updates are off. The address is not told: it may carry a password. */
function feedOf({ updateUrl, canInstall }: UpdatesDependencies): Result<string, string> {
  const url = updateUrl() ?? '';
  if (url === '') return err('the settings have no address');
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return err('the address is not one of https');
  if (!canInstall()) return err('installing needs a person here');
  return ok(url);
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
