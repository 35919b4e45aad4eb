import type { Failure } from '../shared/errors.ts';
import {
  TERMINAL_ACTOR,
  type Actor,
  type CollectRequested,
  type OrderHappening,
  type Stamp,
} from '../shared/order/event.ts';
import { ok, type Result } from '../shared/result.ts';
import { changesOf, type Applied, type Change, type CollectRefusal, type Ledger } from './ledger/ledger.ts';
import type { Random } from './shell/clock.ts';

type Happening = Exclude<OrderHappening, CollectRequested>;

/** What happened to one order. */
export interface OrderHappened {
  readonly clientSn: string;
  readonly happening: Happening;
}

export interface OrderBookDependencies {
  readonly ledger: Ledger;
  readonly clock: { nowMs(): number };
  readonly random: Random;
  readonly serverOffsetMs: () => number | null;
}

/**
 * The only door through which anything happens to an order: it stamps the event, has the ledger commit
 * it, and only then tells those who listen. Nothing is shown or sent before it is on disk.
 */
export class OrderBook {
  readonly #deps: OrderBookDependencies;
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();

  constructor(dependencies: OrderBookDependencies) {
    this.#deps = dependencies;
  }

  collect(
    intent: Omit<CollectRequested, 'overrides' | 'codeFingerprint' | 'type'>,
    code: string,
    override: boolean,
    actor: Actor,
  ): Result<Change, CollectRefusal | Failure> {
    const event = { type: 'collect_requested' as const, ...intent, ...this.#stamp(actor) };
    const collected = this.#deps.ledger.collect(event, code, override);
    if (collected.ok) this.#tell([collected.value]);
    return collected;
  }

  record(clientSn: string, happening: Happening, actor = TERMINAL_ACTOR): Result<Applied, Failure> {
    const applied = this.#deps.ledger.apply(clientSn, { ...happening, ...this.#stamp(actor) });
    if (applied.ok && applied.value.kind === 'changed') this.#tell(applied.value.changes);
    return applied;
  }

  /** What happened to several orders, in one commit: all of it is on disk, or none. */
  recordTogether(happened: readonly OrderHappened[]): Result<readonly Change[], Failure> {
    const applied = this.#deps.ledger.applyTogether(
      happened.map(({ clientSn, happening }) => ({
        clientSn,
        event: { ...happening, ...this.#stamp(TERMINAL_ACTOR) },
      })),
    );
    if (!applied.ok) return applied;
    const changes = changesOf(applied.value);
    if (changes.length > 0) this.#tell(changes);
    return ok(changes);
  }

  /** Called after every commit with the orders it changed. Returns the function that ends it. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stamp(actor: Actor): Stamp {
    const { clock, random, serverOffsetMs } = this.#deps;
    return { atMs: clock.nowMs(), serverOffsetMs: serverOffsetMs(), random: random(), actor };
  }

  #tell(changes: readonly Change[]): void {
    for (const listener of this.#listeners) listener(changes);
  }
}
