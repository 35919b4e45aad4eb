import { businessDayEndMs } from '../shared/business-day.ts';
import type { CancelWindow } from '../shared/protocol/window.ts';
import type { Timers } from './shell/clock.ts';

/** The acquirer's clock may move what day it is at any moment, so it is looked at this often. */
const LOOK_MS = 10_000;
/** A smaller change of the acquirer's clock is the travelling time of a reply. */
const NOTICED_OFFSET_MS = 60_000;

export interface DayWatchDependencies {
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
  readonly timeZone: string;
  readonly window: CancelWindow;
  /** The acquirer's clock minus ours; null while nothing is known. */
  readonly serverOffsetMs: () => number | null;
  /** Another day, or another clock to tell it by. Where this throws, it is told again at the next look. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** For how long, by the acquirer's clock, days are what they were when last looked at. */
interface DaySeen {
  readonly fromMs: number;
  /** The end of the shop's day or of a cancel window, whichever is first. */
  readonly untilMs: number;
  readonly serverOffsetMs: number | null;
}

/** Notices that what may be revoked has changed by time alone, of which no event tells. */
export class DayWatch {
  readonly #deps: DayWatchDependencies;
  #seen: DaySeen;
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;

  constructor(dependencies: DayWatchDependencies) {
    this.#deps = dependencies;
    this.#seen = this.#read();
  }

  start(): void {
    this.#isRunning = true;
    this.#lookAgain();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
  }

  /** Looks as soon as whatever is being done is done: the acquirer's clock has become known. */
  lookSoon(): void {
    this.#lookIn(0);
  }

  #look(): void {
    try {
      if (this.#hasChanged()) {
        this.#deps.onChange();
        this.#seen = this.#read();
      }
    } catch (error) {
      this.#deps.onError(error);
    } finally {
      this.#lookAgain();
    }
  }

  #hasChanged(): boolean {
    const { fromMs, untilMs, serverOffsetMs: was } = this.#seen;
    const serverMs = this.#serverMs();
    if (serverMs < fromMs || serverMs >= untilMs) return true;
    const is = this.#deps.serverOffsetMs();
    if (was === null || is === null) return was !== is;
    return Math.abs(is - was) >= NOTICED_OFFSET_MS;
  }

  /** The end of a day is met to the millisecond; before it a look now and then is enough. */
  #lookAgain(): void {
    const leftMs = this.#seen.untilMs - this.#serverMs();
    this.#lookIn(leftMs > 0 ? Math.min(LOOK_MS, leftMs) : LOOK_MS);
  }

  #lookIn(ms: number): void {
    this.#cancelTimer();
    if (!this.#isRunning) return;
    this.#cancelTimer = this.#deps.timers.after(ms, () => this.#look());
  }

  #read(): DaySeen {
    const fromMs = this.#serverMs();
    const { timeZone, window } = this.#deps;
    const dayEndMs = businessDayEndMs(fromMs, timeZone);
    const untilMs = Math.min(dayEndMs, window.nextCloseMs(fromMs) ?? dayEndMs);
    return { fromMs, untilMs, serverOffsetMs: this.#deps.serverOffsetMs() };
  }

  #serverMs(): number {
    return this.#deps.clock.nowMs() + (this.#deps.serverOffsetMs() ?? 0);
  }
}
