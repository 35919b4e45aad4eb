import { httpDateMs } from '../shell/clock.ts';

/** HTTP dates have whole seconds; differences below this are noise. */
const NOISE_MS = 2000;

/**
 * The acquirer's clock minus ours, learnt from its replies. Day windows go by it, because the day a
 * cancel is accepted on is the acquirer's.
 */
export class ServerClock {
  readonly #onChange: () => void;
  #offsetMs: number | null = null;

  /** @param onChange told in the middle of a call's answer, so it must only make a note of it */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** null until a reply has told, and again after our own clock was set. */
  get offsetMs(): number | null {
    return this.#offsetMs;
  }

  /** Learns from the `Date` header of a reply that was received at `atMs` on our clock. */
  learn(date: string | undefined, atMs: number): void {
    const serverMs = httpDateMs(date);
    if (serverMs === null) return;
    const offsetMs = serverMs + 500 - atMs;
    const before = this.#offsetMs;
    this.#offsetMs = Math.abs(offsetMs) < NOISE_MS ? 0 : offsetMs;
    if (before === null || Math.abs(this.#offsetMs - before) >= NOISE_MS) this.#onChange();
  }

  /** Our clock stepped: whether it was set or the machine slept, the old difference means nothing. */
  forget(): void {
    this.#offsetMs = null;
  }
}
