import { businessDayEndMs, businessDayOf } from '../shared/business-day.ts';
import { cancelUntilMs } from '../shared/protocol/upay/window.ts';
import type { Timers } from './shell/clock.ts';

/** The acquirer's clock may move what day it is at any moment, so it is looked at this often. */
const LOOK_MS = 10_000;
/** A smaller change of the acquirer's clock is the travelling time of a reply. */
const NOTICED_OFFSET_MS = 60_000;

export interface DayWatchDependencies {
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
  readonly timeZone: string;
  /** The acquirer's clock minus ours; null while nothing is known. */
  readonly serverOffsetMs: () => number | null;
  /** Another day, or another clock to tell it by. Where this throws, it is told again at the next look. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** What the days of a screen go by. */
interface DaySeen {
  readonly businessDay: string;
  /** When the acquirer's own day ends: another instant where the shop is in another zone. */
  readonly windowEndMs: number;
  readonly serverOffsetMs: number | null;
}

/** Notices that what may be revoked has changed by time alone, of which no event tells. */
export class DayWatch {
  readonly #deps: DayWatchDependencies;
  #seen: DaySeen | null = null;
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;

  constructor(dependencies: DayWatchDependencies) {
    this.#deps = dependencies;
  }

  start(): void {
    this.#isRunning = true;
    this.#seen = this.#read();
    this.#lookAgain();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
  }

  /** Looks as soon as whatever is being done is done: the acquirer's clock has become known. */
  lookSoon(): void {
    if (this.#isRunning) this.#lookIn(0);
  }

  #look(): void {
    const now = this.#read();
    try {
      if (hasChanged(this.#seen, now)) {
        this.#deps.onChange();
        this.#seen = now;
      }
    } catch (error) {
      this.#deps.onError(error);
    } finally {
      this.#lookAgain();
    }
  }

  /** The ends of both days are met to the millisecond; between them a look now and then is enough. */
  #lookAgain(): void {
    const serverMs = this.#serverMs();
    const dayEndMs = businessDayEndMs(serverMs, this.#deps.timeZone);
    this.#lookIn(Math.min(LOOK_MS, dayEndMs - serverMs, cancelUntilMs(serverMs) - serverMs));
  }

  #lookIn(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.timers.after(ms, () => this.#look());
  }

  #read(): DaySeen {
    const serverMs = this.#serverMs();
    return {
      businessDay: businessDayOf(serverMs, this.#deps.timeZone),
      windowEndMs: cancelUntilMs(serverMs),
      serverOffsetMs: this.#deps.serverOffsetMs(),
    };
  }

  #serverMs(): number {
    return this.#deps.clock.nowMs() + (this.#deps.serverOffsetMs() ?? 0);
  }
}

function hasChanged(before: DaySeen | null, now: DaySeen): boolean {
  if (before === null) return true;
  if (before.businessDay !== now.businessDay || before.windowEndMs !== now.windowEndMs) return true;
  const [was, is] = [before.serverOffsetMs, now.serverOffsetMs];
  if (was === null || is === null) return was !== is;
  return Math.abs(is - was) >= NOTICED_OFFSET_MS;
}
