import type { Timeline } from './timeline.ts';

/** A terminal sells every half a minute in a busy hour, with three calls for two sales. */
const CALLS_PER_TERMINAL_PER_SECOND = 0.05;
const ROUND_TRIP_MS = 50;
/** Work that waits for longer than this is refused at once, as a server that protects itself does. */
const BACKLOG_MS = 5000;

type Answer = 'accepted' | 'charged' | 'not_charged' | 'not_sent' | 'unknown';

/** An acquirer that nobody reaches until the outage ends, and that does so many calls a second from then on. */
export class SimulatedAcquirer {
  readonly #timeline: Timeline;
  readonly #workMs: number;
  readonly #returnsAtMs: number;
  readonly #cancelled = new Set<string>();
  /** When everything that is waiting will have been done. */
  #freeAtMs = 0;
  /** Attempts in each second since the start, whether anybody heard them or not. */
  readonly loadPerSecond: number[] = [];

  constructor(timeline: Timeline, terminals: number, returnsAtMs: number) {
    this.#timeline = timeline;
    this.#workMs = 1000 / SimulatedAcquirer.callsPerSecond(terminals);
    this.#returnsAtMs = returnsAtMs;
  }

  static callsPerSecond(terminals: number): number {
    return terminals * CALLS_PER_TERMINAL_PER_SECOND;
  }

  /** Whether a connection can be had. */
  probe(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#attempt(Infinity, (outcome) => resolve(outcome !== 'not_sent'));
    });
  }

  call(clientSn: string, call: 'cancel' | 'query', timeoutMs: number, tell: (answer: Answer) => void): void {
    this.#attempt(timeoutMs, (outcome) => {
      if (outcome !== 'done') return tell(outcome);
      if (call === 'cancel') this.#cancelled.add(clientSn);
      if (call === 'cancel') tell('accepted');
      else tell(this.#cancelled.has(clientSn) ? 'not_charged' : 'charged');
    });
  }

  #attempt(timeoutMs: number, tell: (outcome: 'done' | 'not_sent' | 'unknown') => void): void {
    const nowMs = this.#timeline.nowMs();
    const second = Math.floor(nowMs / 1000);
    this.loadPerSecond[second] = (this.loadPerSecond[second] ?? 0) + 1;
    if (nowMs < this.#returnsAtMs) {
      this.#timeline.after(1, () => tell('not_sent'));
      return;
    }
    const startMs = Math.max(nowMs, this.#freeAtMs);
    if (startMs - nowMs > BACKLOG_MS) {
      this.#timeline.after(ROUND_TRIP_MS, () => tell('unknown'));
      return;
    }
    this.#freeAtMs = startMs + this.#workMs;
    const tookMs = this.#freeAtMs - nowMs + ROUND_TRIP_MS;
    if (tookMs > timeoutMs) this.#timeline.after(timeoutMs, () => tell('unknown'));
    else this.#timeline.after(tookMs, () => tell('done'));
  }
}
