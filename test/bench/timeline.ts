import type { Timers } from '../../main/shell/clock.ts';

/** Simulated time for millions of timers; each millisecond's run in the order they were set. */
export class Timeline implements Timers {
  #nowMs: number;
  readonly #due = new Map<number, (() => void)[]>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    let isCancelled = false;
    const atMs = Math.ceil(this.#nowMs + Math.max(0, ms));
    const timer = () => {
      if (!isCancelled) run();
    };
    const due = this.#due.get(atMs);
    if (due === undefined) this.#due.set(atMs, [timer]);
    else due.push(timer);
    return () => {
      isCancelled = true;
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  async runUntil(endMs: number, isOver: () => boolean): Promise<void> {
    for (; this.#nowMs < endMs && !isOver(); this.#nowMs += 1) {
      for (let due = this.#take(); due !== undefined; due = this.#take()) {
        for (const run of due) run();
        await settled();
      }
    }
  }

  #take(): (() => void)[] | undefined {
    const due = this.#due.get(this.#nowMs);
    this.#due.delete(this.#nowMs);
    return due;
  }
}

/** More turns than a probe's chain of promises is long. */
const TURNS = 6;

async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}
