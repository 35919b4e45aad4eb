import type { Clock, Timers } from '../../main/shell/clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** More turns of the microtask queue than any chain of promises here is long. */
const TURNS = 100;

/**
 * Time that moves only when a test says so. Timers run one by one in the order they fall due; between
 * two of them only microtasks run, so that what must happen "in the same turn" either does or is seen not to.
 */
export class FakeTime implements Clock, Timers {
  #monotonicMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(nowMs: number) {
    this.#wallOffsetMs = nowMs;
  }

  nowMs(): number {
    return this.#wallOffsetMs + this.#monotonicMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, run: () => void): () => void {
    this.#order += 1;
    const alarm: Alarm = { atMs: this.#monotonicMs + Math.max(0, ms), order: this.#order, run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** Somebody sets the machine's clock. */
  stepWallClock(deltaMs: number): void {
    this.#wallOffsetMs += deltaMs;
  }

  /** Milliseconds until each pending timer. */
  pending(): readonly number[] {
    return [...this.#alarms].map((alarm) => alarm.atMs - this.#monotonicMs).toSorted((a, b) => a - b);
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settled();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#alarms.delete(next);
      this.#monotonicMs = next.atMs;
      next.run();
      await settled();
    }
    this.#monotonicMs = untilMs;
  }

  #next(untilMs: number): Alarm | undefined {
    return [...this.#alarms]
      .filter((alarm) => alarm.atMs <= untilMs)
      .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** Lets every promise that can settle do so, without letting one macrotask pass. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}
