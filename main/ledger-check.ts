import { Worker } from 'node:worker_threads';
import type { LedgerCheck } from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { LedgerReport } from './ledger/verify.ts';
import type { Timers } from './shell/clock.ts';

/** More lines than anybody reads; the rest is counted. */
const SHOWN_PROBLEMS = 100;
/** A thread in the middle of a long read ends when the read does; nobody waits longer for it. */
const STOP_MS = 2000;
/** A check that needs more is broken off, and the terminal goes on. */
const HEAP_MB = 1024;

export interface LedgerCheckDependencies {
  /** The ledger's file. */
  readonly file: string;
  /** The built or source file of `ledger/check-worker.ts`. */
  readonly workerFile: string;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
}

/**
 * Checks the whole ledger in a thread of its own, because reading all of it takes as long as the ledger
 * is large and a payment must not wait for that (docs/adr/0014).
 */
export class LedgerChecker {
  readonly #deps: LedgerCheckDependencies;
  #running: Promise<Result<LedgerCheck, Failure>> | null = null;
  #worker: Worker | null = null;
  #last: LedgerCheck | null = null;
  #isStopped = false;

  constructor(dependencies: LedgerCheckDependencies) {
    this.#deps = dependencies;
  }

  /** What the last check of this process found; null before the first. */
  get last(): LedgerCheck | null {
    return this.#last;
  }

  /** Checks now; whoever asks during a check is told of that one. */
  check(): Promise<Result<LedgerCheck, Failure>> {
    this.#running ??= this.#check().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Breaks off a check under way and waits, within a bound, until its thread has let the file go. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#worker === null) return;
    let cancelTimer: () => void = () => undefined;
    const timeUp = new Promise<void>((resolve) => {
      cancelTimer = this.#deps.timers.after(STOP_MS, resolve);
    });
    await Promise.race([this.#worker.terminate(), timeUp]);
    cancelTimer();
  }

  async #check(): Promise<Result<LedgerCheck, Failure>> {
    if (this.#isStopped) return err(failure('stopping'));
    const atMs = this.#deps.clock.nowMs();
    const verified = await this.#verify();
    if (this.#isStopped) return err(failure('stopping'));
    if (!verified.ok) return verified;
    const { entries, orders, problems } = verified.value;
    this.#last = { atMs, entries, orders, problems: shortened(problems) };
    return ok(this.#last);
  }

  /** A thread that ends without an answer, for want of memory or of its file, is a failure like another. */
  #verify(): Promise<Result<LedgerReport, Failure>> {
    const { file, workerFile } = this.#deps;
    return new Promise((resolve) => {
      const worker = new Worker(workerFile, {
        workerData: file,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      this.#worker = worker;
      worker.once('message', (answer: Result<LedgerReport, Failure>) => resolve(answer));
      worker.once('error', (error: unknown) => resolve(err(failure('data_unavailable', reasonOf(error)))));
      worker.once('exit', () => {
        if (this.#worker === worker) this.#worker = null;
        resolve(err(failure('data_unavailable', 'the check ended without an answer')));
      });
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the check failed';
  return 'code' in error ? String(error.code) : error.name;
}

function shortened(problems: readonly string[]): string[] {
  const more = problems.length - SHOWN_PROBLEMS;
  return more <= 0 ? [...problems] : [...problems.slice(0, SHOWN_PROBLEMS), `and ${more} more`];
}
