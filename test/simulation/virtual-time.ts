import type { Timers } from '../../main/shell/clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/**
 * Time that passes only when it is told to: a queue of what is to happen, run one by one in the order it falls
 * due, and in the order it was asked for where two fall due together.
 */
export class VirtualTime implements Timers {
  #nowMs = 0;
  #asked = 0;
  /** A binary heap by instant and order. */
  readonly #alarms: Alarm[] = [];

  /** Milliseconds since the simulation began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    this.#asked += 1;
    const alarm: Alarm = { atMs: this.#nowMs + Math.max(0, ms), order: this.#asked, run };
    this.#push(alarm);
    return () => {
      alarm.run = null;
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** Runs the next thing that falls due by `untilMs`; false where there is none, and then it is that late. */
  step(untilMs: number): boolean {
    for (let next = this.#alarms[0]; next !== undefined && next.atMs <= untilMs; next = this.#alarms[0]) {
      this.#pop();
      if (next.run === null) continue;
      this.#nowMs = next.atMs;
      next.run();
      return true;
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    return false;
  }

  #push(alarm: Alarm): void {
    let index = this.#alarms.push(alarm) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #pop(): void {
    const last = this.#alarms.pop();
    if (last === undefined || this.#alarms.length === 0) return;
    this.#alarms[0] = last;
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (left < this.#alarms.length && this.#isBefore(left, first)) first = left;
      if (right < this.#alarms.length && this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#alarms[one], this.#alarms[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#alarms[one], this.#alarms[other]];
    if (a === undefined || b === undefined) return;
    this.#alarms[one] = b;
    this.#alarms[other] = a;
  }
}

/**
 * Lets whatever has begun run as far as it can: every promise, and what streams put off to a later turn. Turns
 * are counted and never timed, so that the same history comes out on a busy machine.
 */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
}

/** A reply's stream is closed in a turn of its own, and its reader goes on in the next. */
const TURNS = 2;
