import { backoffMs } from '../../shared/order/backoff.ts';
import type { Acquirer } from '../acquirer/acquirer.ts';
import type { Random, Timers } from '../shell/clock.ts';

/**
 * While the network is down, a connection is tried every second at first, and then after half the time that the outage
 * has lasted: owed calls leave soon after a short outage, and a fleet does not come back from a long one in the same
 * second (ADR 0039).
 */
const SHORTEST_STEP_MS = 1000;
const LONGEST_STEP_MS = 180_000;
const SHORT_OUTAGE_MS = 10_000;
const SHARE_OF_OUTAGE = 1 / 2;
const PROBE_TIMEOUT_MS = 5000;

export interface NetworkWatchDependencies {
  readonly acquirer: Pick<Acquirer, 'probe'>;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
  readonly random: Random;
  readonly onChange: (online: boolean) => void;
}

/** Whether the acquirer can be reached, and when that was last seen; null where it never was. */
export interface NetworkSeen {
  readonly online: boolean;
  readonly lastReplyAtMs: number | null;
  readonly lastFailureAtMs: number | null;
}

/** Learns from real calls whether the acquirer can be reached, and looks out for it while it cannot. */
export class NetworkWatch {
  readonly #deps: NetworkWatchDependencies;
  #online = true;
  #lastReplyAtMs: number | null = null;
  #lastFailureAtMs: number | null = null;
  #stopped = false;
  #offlineSinceMs = 0;
  #cancelProbe: (() => void) | null = null;
  #abort: AbortController | null = null;

  constructor(dependencies: NetworkWatchDependencies) {
    this.#deps = dependencies;
  }

  get online(): boolean {
    return this.#online;
  }

  get seen(): NetworkSeen {
    return {
      online: this.#online,
      lastReplyAtMs: this.#lastReplyAtMs,
      lastFailureAtMs: this.#lastFailureAtMs,
    };
  }

  /** A call got through to the acquirer, or could not be sent at all. */
  saw(reached: boolean): void {
    if (this.#stopped) return;
    const atMs = this.#deps.clock.nowMs();
    if (reached) this.#lastReplyAtMs = atMs;
    else this.#lastFailureAtMs = atMs;
    const isChange = reached !== this.#online;
    if (isChange) this.#offlineSinceMs = atMs;
    this.#online = reached;
    this.#cancelProbe?.();
    // A call that could not be sent has looked out as well as a probe does, so the next look is later.
    if (!reached) this.#probeLater();
    if (isChange) this.#deps.onChange(reached);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelProbe?.();
    this.#abort?.abort();
  }

  #probeLater(): void {
    // The network may flap while a probe is out: its end plans the next one.
    if (this.#abort !== null) return;
    const { clock, timers, random } = this.#deps;
    const beyondMs = clock.nowMs() - this.#offlineSinceMs - SHORT_OUTAGE_MS;
    const stepMs = Math.min(LONGEST_STEP_MS, Math.max(SHORTEST_STEP_MS, beyondMs * SHARE_OF_OUTAGE));
    this.#cancelProbe = timers.after(backoffMs([stepMs], 0, random()), () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const cancelTimeout = this.#deps.timers.after(PROBE_TIMEOUT_MS, () => abort.abort());
    const reached = await this.#deps.acquirer.probe(abort.signal);
    cancelTimeout();
    this.#abort = null;
    if (this.#stopped || this.#online) return;
    this.saw(reached);
  }
}
