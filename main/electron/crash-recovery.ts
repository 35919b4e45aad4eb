import type { Details, RenderProcessGoneDetails } from 'electron';
import type { Clock, Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import type { ScreenRole } from './windows.ts';

type OnGone = (event: unknown, details: RenderProcessGoneDetails) => void;
type OnFailedLoad = (
  event: unknown,
  errorCode: number,
  errorDescription: string,
  url: string,
  isMainFrame: boolean,
) => void;
type OnPreloadError = (event: unknown, path: string, error: Error) => void;
type OnEvent = () => void;

/** What is used of a window's web contents. */
export interface RecoverableContents {
  on(event: 'render-process-gone', listener: OnGone): unknown;
  on(event: 'did-fail-load', listener: OnFailedLoad): unknown;
  on(event: 'preload-error', listener: OnPreloadError): unknown;
  on(event: 'did-finish-load', listener: OnEvent): unknown;
  on(event: 'unresponsive', listener: OnEvent): unknown;
  on(event: 'responsive', listener: OnEvent): unknown;
  on(event: 'destroyed', listener: OnEvent): unknown;
  off(event: 'render-process-gone', listener: OnGone): unknown;
  off(event: 'did-fail-load', listener: OnFailedLoad): unknown;
  off(event: 'preload-error', listener: OnPreloadError): unknown;
  off(event: 'did-finish-load', listener: OnEvent): unknown;
  off(event: 'unresponsive', listener: OnEvent): unknown;
  off(event: 'responsive', listener: OnEvent): unknown;
  off(event: 'destroyed', listener: OnEvent): unknown;
  forcefullyCrashRenderer(): void;
}

export interface RecoveryDependencies {
  readonly contents: RecoverableContents;
  /** The window's handle: what it should show, and what it shows when that was given up. */
  readonly screen: { readonly role: ScreenRole; reload(): void; showStopped(): void };
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly timers: Timers;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RELOADS_IN_A_MINUTE = 3;
const RELOADS_IN_AN_HOUR = 10;
/** Before the first, second and third reload within a minute; a load at once may go to the process that dies. */
const WAITS_MS = [500, 2000, 8000] as const;
/** How long a stopped screen is left alone before the page is tried again. */
const QUIET_MS = 5 * MINUTE_MS;
/** A page hangs for a while on a slow machine, and a person waits no longer than this. */
const HUNG_MS = 10_000;
/** A page of the same machine is there sooner, or the renderer did not start again. */
const LOAD_MS = 30_000;
/** Chromium's number for a load that another one replaced. */
const ABORTED = -3;

/**
 * Brings a screen back: reloads it when its process is gone, hangs, or does not load, within a budget; then
 * says that the screen stopped, and tries the page again after a quiet time. Nothing here touches the
 * terminal, which goes on settling whatever is owed.
 */
export class ScreenRecovery {
  readonly #deps: RecoveryDependencies;
  /** When the page was reloaded, within the last hour. */
  #reloadsMs: readonly number[] = [];
  #state: 'watching' | 'waiting' | 'loading' | 'stopped' | 'ended' = 'watching';
  #cancel: () => void = () => undefined;
  #cancelHung: () => void = () => undefined;

  readonly #onGone: OnGone = (_event, { reason, exitCode }) => {
    this.#cancelHung();
    if (reason !== 'clean-exit') this.#failed('render-process-gone', { reason, exitCode });
  };
  readonly #onFailedLoad: OnFailedLoad = (_event, exitCode, reason, _url, isMainFrame) => {
    if (isMainFrame && exitCode !== ABORTED) this.#failed('did-fail-load', { reason, exitCode });
  };
  readonly #onPreloadError: OnPreloadError = (_event, _path, error) => {
    this.#failed('preload-error', { reason: error.name, frames: framesOf(error) });
  };
  readonly #onLoaded = (): void => {
    if (this.#state !== 'loading') return;
    this.#cancel();
    this.#state = 'watching';
  };
  readonly #onUnresponsive = (): void => {
    this.#cancelHung();
    this.#cancelHung = this.#deps.timers.after(HUNG_MS, () => this.#kill('unresponsive'));
  };
  readonly #onResponsive = (): void => this.#cancelHung();
  readonly #onDestroyed = (): void => this.stop();

  constructor(dependencies: RecoveryDependencies) {
    this.#deps = dependencies;
    const { contents } = dependencies;
    contents.on('render-process-gone', this.#onGone);
    contents.on('did-fail-load', this.#onFailedLoad);
    contents.on('preload-error', this.#onPreloadError);
    contents.on('did-finish-load', this.#onLoaded);
    contents.on('unresponsive', this.#onUnresponsive);
    contents.on('responsive', this.#onResponsive);
    contents.on('destroyed', this.#onDestroyed);
  }

  stop(): void {
    const { contents } = this.#deps;
    this.#state = 'ended';
    this.#cancel();
    this.#cancelHung();
    contents.off('render-process-gone', this.#onGone);
    contents.off('did-fail-load', this.#onFailedLoad);
    contents.off('preload-error', this.#onPreloadError);
    contents.off('did-finish-load', this.#onLoaded);
    contents.off('unresponsive', this.#onUnresponsive);
    contents.off('responsive', this.#onResponsive);
    contents.off('destroyed', this.#onDestroyed);
  }

  /** The process that draws for every window is gone: what this one shows may be a picture of before. */
  drawingLost(): void {
    this.#failed('gpu-process-gone', {});
  }

  /** A renderer that hangs hears no reload, so its process is ended; that it is gone is then no news. */
  #kill(cause: string): void {
    if (this.#state === 'ended' || this.#state === 'stopped') return;
    this.#failed(cause, {});
    this.#deps.contents.forcefullyCrashRenderer();
  }

  #failed(cause: string, evidence: object): void {
    if (this.#state === 'ended') return;
    const { screen, log } = this.#deps;
    log.error({ role: screen.role, cause, ...evidence }, 'A screen failed');
    // One failure tells itself by several events, and a stopped screen has nothing left to lose.
    if (this.#state === 'waiting' || this.#state === 'stopped') return;
    this.#cancel();
    const waitMs = this.#nextWaitMs();
    if (waitMs === null) {
      this.#giveUp();
      return;
    }
    this.#state = 'waiting';
    this.#reloadAfter(waitMs);
  }

  /** Null when the budget is used up. */
  #nextWaitMs(): number | null {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#reloadsMs = this.#reloadsMs.filter((atMs) => nowMs - atMs < HOUR_MS);
    if (this.#reloadsMs.length >= RELOADS_IN_AN_HOUR) return null;
    const inMinute = this.#reloadsMs.filter((atMs) => nowMs - atMs < MINUTE_MS).length;
    return inMinute >= RELOADS_IN_A_MINUTE ? null : (WAITS_MS[inMinute] ?? null);
  }

  #giveUp(): void {
    const { screen, clock, timers, log } = this.#deps;
    const [oldestMs = 0] = this.#reloadsMs;
    const isHourUsed = this.#reloadsMs.length >= RELOADS_IN_AN_HOUR;
    const hourMs = isHourUsed ? oldestMs + HOUR_MS - clock.monotonicMs() : 0;
    const waitMs = Math.max(QUIET_MS, hourMs);
    log.error({ role: screen.role, code: 'screen_stopped', waitMs }, 'A screen is given up for a while');
    this.#state = 'stopped';
    this.#cancel = timers.after(WAITS_MS[0], () => {
      this.#reloadAfter(waitMs);
      screen.showStopped();
    });
  }

  #reloadAfter(waitMs: number): void {
    const { screen, clock, timers, log } = this.#deps;
    this.#cancel = timers.after(waitMs, () => {
      this.#reloadsMs = [...this.#reloadsMs, clock.monotonicMs()].slice(-RELOADS_IN_AN_HOUR);
      this.#state = 'loading';
      this.#cancel = timers.after(LOAD_MS, () => this.#kill('load-silent'));
      log.warn({ role: screen.role }, 'A screen is loaded again');
      screen.reload();
    });
  }
}

/** What is used of Electron's `app`. */
export interface ChildProcesses {
  on(event: 'child-process-gone', listener: (event: unknown, details: Details) => void): unknown;
  off(event: 'child-process-gone', listener: (event: unknown, details: Details) => void): unknown;
}

/**
 * Tells of the process that draws; Chromium starts it again by itself. The others are only logged.
 * Returns the function that ends it.
 */
export function watchChildProcesses(app: ChildProcesses, log: Log, onDrawingLost: () => void): () => void {
  const onGone = (_event: unknown, { type, reason, exitCode, name }: Details): void => {
    if (reason === 'clean-exit') return;
    log.error({ type, reason, exitCode, name }, 'A child process is gone');
    if (type === 'GPU') onDrawingLost();
  };
  app.on('child-process-gone', onGone);
  return () => {
    app.off('child-process-gone', onGone);
  };
}

/** Where it happened, without the words of the error, which may repeat what it was given. */
function framesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at ')).slice(0, 10);
}
