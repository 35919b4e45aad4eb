import { INTERRUPTED } from '../acquirer/acquirer.ts';
import type { Call } from '../../shared/order/order.ts';
import { invariant } from '../../shared/assert.ts';
import type { Timers } from '../shell/clock.ts';

/** How long a call that was cut short may take to notice. */
const CUT_GRACE_MS = 1000;

/**
 * Which calls a call shares its room with: pay calls of new sales, calls somebody at the counter may be
 * waiting for, and old debts. A backlog must not make a customer wait.
 */
export type Lane = 'sale' | 'attended' | 'unattended';

/** One call on the wire: what it is, and the means to cut it short. */
export class Flight {
  readonly call: Call;
  readonly lane: Lane;
  readonly #abort = new AbortController();
  #cancelLimit: (() => void) | null = null;
  #settled: Promise<void> = Promise.resolve();

  constructor(call: Call, lane: Lane) {
    this.call = call;
    this.lane = lane;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Replaces the time after which the call is cut short. */
  limit(ms: number, timers: Timers, reason: string): void {
    this.#cancelLimit?.();
    this.#cancelLimit = timers.after(ms, () => this.#abort.abort(reason));
  }

  interrupt(reason: string): void {
    this.#abort.abort(reason);
  }

  settles(promise: Promise<void>): void {
    this.#settled = promise;
  }

  end(): void {
    this.#cancelLimit?.();
  }
}

/** The calls on the wire, at most one for each order. */
export class InFlightCalls {
  readonly #flights = new Map<string, Flight>();

  get size(): number {
    return this.#flights.size;
  }

  has(clientSn: string): boolean {
    return this.#flights.has(clientSn);
  }

  get(clientSn: string): Flight | undefined {
    return this.#flights.get(clientSn);
  }

  countIn(lane: Lane): number {
    return [...this.#flights.values()].filter((flight) => flight.lane === lane).length;
  }

  begin(clientSn: string, call: Call, lane: Lane): Flight {
    invariant(!this.#flights.has(clientSn), 'at most one call per order is in flight');
    const flight = new Flight(call, lane);
    this.#flights.set(clientSn, flight);
    return flight;
  }

  /** Ends this flight of the order, and no later one that may have begun since. */
  end(clientSn: string, flight: Flight): void {
    flight.end();
    if (this.#flights.get(clientSn) === flight) this.#flights.delete(clientSn);
  }

  /** Waits for all of them; cuts the rest short at the bound, and leaves behind what ignores even that. */
  async drain(boundMs: number, timers: Timers): Promise<void> {
    const all = [...this.#flights.values()];
    if (all.length === 0) return;
    const cancelCut = timers.after(boundMs, () => {
      for (const flight of all) flight.interrupt(INTERRUPTED);
    });
    let cancelEnd: () => void = () => undefined;
    const isOver = new Promise<void>((resolve) => {
      cancelEnd = timers.after(boundMs + CUT_GRACE_MS, resolve);
    });
    await Promise.race([Promise.all(all.map((flight) => flight.settled)), isOver]);
    cancelCut();
    cancelEnd();
  }
}
