import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashReporterStartOptions } from 'electron';
import { EXIT, messageOf } from '../../shared/errors.ts';
import { makeDirectory } from '../settings/files.ts';
import type { Clock, Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import { within } from './within.ts';

/** What is used of `process`. */
export interface CrashingProcess {
  on(event: 'uncaughtException', listener: (error: Error) => void): unknown;
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  off(event: 'uncaughtException', listener: (error: Error) => void): unknown;
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

export interface MainCrashDependencies {
  readonly process: CrashingProcess;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly timers: Timers;
  readonly log: Log;
  /** Writes what the log still holds in memory. */
  readonly flush: () => Promise<void>;
  /** How many starts in a row, before this one, ended in an early crash. */
  readonly earlyCrashes: number;
  /** Has this program started again once the process has ended, and told how many early crashes led to it. */
  readonly relaunch: (earlyCrashes: number) => void;
  readonly exit: (code: number) => void;
}

/** A process that did not live as long may crash again, and again, without ever showing anything. */
const LONG_ENOUGH_MS = 60_000;
/** One early crash must not close a till for the day, and one that always comes must not go on for ever. */
const EARLY_CRASHES = 3;
const FIRST_PAUSE_MS = 2000;
const FLUSH_MS = 2000;

/**
 * An exception that nobody caught is a bug, and what the process holds in memory is not to be trusted after
 * it; what is owed is on disk. So it is logged, and the process ends with 70 and starts again, unless it was
 * one too many in a row that crashed soon after its start. Returns the function that ends the watch.
 */
export function watchMainCrash(dependencies: MainCrashDependencies): () => void {
  const { process, clock } = dependencies;
  const startedMs = clock.monotonicMs();
  let isCrashed = false;
  const crash = (cause: string, error: unknown): void => {
    if (isCrashed) return;
    isCrashed = true;
    // A promise may be rejected with anything, and anything may hold a payment code.
    const known = error instanceof Error ? error : new Error(`${cause} without an error`);
    void end(dependencies, { cause, error: known, livedMs: clock.monotonicMs() - startedMs });
  };
  const onException = (error: Error): void => crash('uncaughtException', error);
  const onRejection = (reason: unknown): void => crash('unhandledRejection', reason);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

/**
 * How long a process that was started after early crashes waits before it does anything; 0 without any.
 * The one that crashed does not wait instead: what it holds in memory is not to be trusted, and would work on.
 */
export function pauseAfterCrashesMs(earlyCrashes: number): number {
  return earlyCrashes === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (Math.min(earlyCrashes, EARLY_CRASHES) - 1);
}

/** What the next process is told; null where there should be none. */
function nextEarlyCrashes(livedMs: number, earlyCrashes: number): number | null {
  if (livedMs >= LONG_ENOUGH_MS) return 0;
  return earlyCrashes < EARLY_CRASHES ? earlyCrashes + 1 : null;
}

async function end(
  { timers, log, flush, earlyCrashes, relaunch, exit }: MainCrashDependencies,
  crash: { readonly cause: string; readonly error: Error; readonly livedMs: number },
): Promise<void> {
  const next = nextEarlyCrashes(crash.livedMs, earlyCrashes);
  try {
    log.error({ ...crash, earlyCrashes, isRelaunched: next !== null }, 'The main process met a bug and ends');
    await within(flush(), FLUSH_MS, timers);
  } catch {
    // A log that fails as well must not keep a broken process alive.
  }
  try {
    if (next !== null) relaunch(next);
  } finally {
    exit(EXIT.bug);
  }
}

/** What is used of Electron's `app` and `crashReporter`. */
export interface CrashDumpDependencies {
  readonly app: { setPath(name: 'crashDumps', path: string): void };
  readonly crashReporter: { start(options?: CrashReporterStartOptions): void };
  readonly directory: string;
  readonly timers: Timers;
  readonly log: Log;
}

const KEPT_DUMPS = 5;
const PRUNE_MS = 3_600_000;

/**
 * Keeps dumps of crashed processes in a directory that only its owner reads, and never sends one anywhere:
 * a dump is memory, and memory may hold a key. Only the newest are kept. Called before Electron is ready.
 * Without a directory there are no dumps. Returns the function that ends the clearing away.
 */
export function keepCrashDumps(dependencies: CrashDumpDependencies): () => void {
  const { app, crashReporter, directory, timers, log } = dependencies;
  const made = makeDirectory(directory);
  if (!made.ok) {
    log.warn({ code: made.error.code }, `Crash dumps are not kept. ${messageOf(made.error)}`);
    return () => undefined;
  }
  app.setPath('crashDumps', directory);
  crashReporter.start({ uploadToServer: false });
  let cancel: () => void = () => undefined;
  const prune = (): void => {
    try {
      pruneCrashDumps(directory);
    } catch (error) {
      log.warn({ error }, 'Old crash dumps could not be removed');
    }
    cancel = timers.after(PRUNE_MS, prune);
  };
  prune();
  return () => cancel();
}

/** Removes all but the newest dumps, with what was noted beside them. */
function pruneCrashDumps(directory: string): void {
  const dumps = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.dmp'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, writtenMs: statSync(file).mtimeMs }))
    .toSorted((a, b) => b.writtenMs - a.writtenMs);
  for (const { file } of dumps.slice(KEPT_DUMPS)) {
    rmSync(file, { force: true });
    rmSync(file.replace(/\.dmp$/, '.meta'), { force: true });
  }
}
