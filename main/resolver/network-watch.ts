import type { Acquirer } from '../acquirer/acquirer.ts';
import type { Timers } from '../shell/clock.ts';

/** While the network is down, a connection is tried this often, so that owed calls leave soon after it returns. */
const PROBE_INTERVAL_MS = 1000;
const PROBE_TIMEOUT_MS = 5000;

export interface NetworkWatchDependencies {
  readonly acquirer: Pick<Acquirer, 'probe'>;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
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
    if (reached === this.#online) return;
    this.#online = reached;
    this.#cancelProbe?.();
    if (!reached) this.#probeLater();
    this.#deps.onChange(reached);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelProbe?.();
    this.#abort?.abort();
  }

  #probeLater(): void {
    // The network may flap while a probe is out; only one next probe is ever planned.
    this.#cancelProbe?.();
    this.#cancelProbe = this.#deps.timers.after(PROBE_INTERVAL_MS, () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const cancelTimeout = this.#deps.timers.after(PROBE_TIMEOUT_MS, () => abort.abort());
    const reached = await this.#deps.acquirer.probe(abort.signal);
    cancelTimeout();
    if (this.#stopped || this.#online) return;
    this.saw(reached);
    if (!reached) this.#probeLater();
  }
}
