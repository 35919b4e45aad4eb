import type { Station } from '../hosted-terminal.ts';
import type { Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import { within } from './within.ts';

/** An event of Electron whose usual consequence can be kept from happening. */
export interface PreventableEvent {
  preventDefault(): void;
}

/** What is used of Electron's `app`. */
export interface QuittableApp {
  on(event: 'before-quit', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  off(event: 'before-quit', listener: (event: PreventableEvent) => void): unknown;
  off(event: 'window-all-closed', listener: () => void): unknown;
  exit(exitCode?: number): void;
  releaseSingleInstanceLock(): void;
}

/** What is used of a `BrowserWindow`. */
export interface QuittableWindow {
  on(event: 'close', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'session-end', listener: () => void): unknown;
}

/** What is used of `process`. */
export interface Signals {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface QuitDependencies {
  readonly app: QuittableApp;
  readonly station: Pick<Station, 'stop'>;
  readonly signals: Signals;
  readonly timers: Timers;
  readonly log: Log;
  readonly isProduction: boolean;
  /** For what is in flight. */
  readonly drainMs: number;
  /** For all of stopping; longer than `drainMs`. Then the process ends anyway. */
  readonly boundMs: number;
  /** Writes what the log still holds in memory. */
  readonly flush: () => Promise<void>;
  /** Has this program started again once the process has ended. */
  readonly relaunch: () => void;
}

/** For the last lines of the log. */
const FLUSH_MS = 1000;
/** An installer that has begun ends this process well before. */
const INSTALL_MS = 15_000;

/**
 * The one way out. The process ends when the station has let go of everything or the bound is over, once,
 * however often and from wherever it is asked: what is owed is on disk and goes out at the next start.
 */
export class OrderlyQuit {
  readonly #deps: QuitDependencies;
  #phase: 'running' | 'stopping' | 'installing' = 'running';

  readonly #onBeforeQuit = (event: PreventableEvent): void => {
    // The installer asks Electron to quit, and by then nothing is left that could be waited for.
    if (this.#phase === 'installing') return;
    event.preventDefault();
    this.quit();
  };
  readonly #onQuitWish = (): void => this.quit();

  constructor(dependencies: QuitDependencies) {
    this.#deps = dependencies;
    const { app, signals } = dependencies;
    app.on('before-quit', this.#onBeforeQuit);
    app.on('window-all-closed', this.#onQuitWish);
    signals.on('SIGINT', this.#onQuitWish);
    signals.on('SIGTERM', this.#onQuitWish);
  }

  /** Lets go of the events it listens to; an end that has begun goes on. */
  stop(): void {
    const { app, signals } = this.#deps;
    app.off('before-quit', this.#onBeforeQuit);
    app.off('window-all-closed', this.#onQuitWish);
    signals.off('SIGINT', this.#onQuitWish);
    signals.off('SIGTERM', this.#onQuitWish);
  }

  /** Stops the station and ends the process. */
  quit(): void {
    this.#end(() => this.#deps.app.exit(0));
  }

  /**
   * Stops the station and then has an installer replace this program: it would not wait for what is in
   * flight. Where `install` answers false, or the process still lives a while later, the program that
   * there is starts again.
   */
  quitThen(install: () => boolean): void {
    this.#end(() => this.#install(install));
  }

  /**
   * Has a window follow: in production neither its page nor a key closes it, and Windows ending the session
   * ends this process in order. Not at the question whether it may end: another program may say no, and then
   * there would be no till. Little time is left after it, and what is owed is on disk anyway.
   */
  guard(window: QuittableWindow): void {
    window.on('close', (event) => {
      if (this.#deps.isProduction && this.#phase === 'running') event.preventDefault();
    });
    window.on('session-end', this.#onQuitWish);
  }

  #end(last: () => void): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'stopping';
    void this.#stopStation().then(last);
  }

  async #stopStation(): Promise<void> {
    const { station, timers, log, drainMs, boundMs, flush } = this.#deps;
    log.info({ drainMs }, 'Quitting');
    try {
      const isStopped = await within(station.stop(drainMs), boundMs, timers);
      if (!isStopped) log.warn({ boundMs }, 'The terminal did not stop in time; what is owed is on disk');
    } catch (error) {
      log.error({ error }, 'The terminal did not stop in order');
    }
    // Nobody is left to be told that the log cannot be written.
    await within(flush(), FLUSH_MS, timers).catch(() => false);
  }

  #install(install: () => boolean): void {
    const { app, timers, log } = this.#deps;
    this.#phase = 'installing';
    // The new program starts while this one ends, and would take itself for the second.
    app.releaseSingleInstanceLock();
    timers.after(INSTALL_MS, () => this.#startAgain());
    try {
      if (install()) return;
    } catch (error) {
      log.error({ error }, 'The update could not be installed');
    }
    this.#startAgain();
  }

  #startAgain(): void {
    const { app, log, relaunch } = this.#deps;
    log.error({}, 'The installer did not begin; this version starts again');
    relaunch();
    app.exit(0);
  }
}
