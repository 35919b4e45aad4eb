import { assertNever } from '../../shared/assert.ts';
import type { OrderHappening } from '../../shared/order/event.ts';
import { callTimeoutMs } from '../../shared/order/deadline.ts';
import type { Call, Order } from '../../shared/order/order.ts';
import type { Policy } from '../../shared/order/policy.ts';
import type { Result } from '../../shared/result.ts';
import { INTERRUPTED, TIMED_OUT, type Acquirer } from '../acquirer/acquirer.ts';
import { databaseFailure } from '../database/open.ts';
import type { Change, Ledger } from '../ledger/ledger.ts';
import type { OwedRow } from '../ledger/projections.ts';
import type { OrderBook } from '../order-book.ts';
import type { Log } from '../shell/log.ts';
import type { Timers } from '../shell/clock.ts';
import { InFlightCalls, type Lane } from './in-flight-calls.ts';
import { NetworkWatch } from './network-watch.ts';

/** What a call comes to. */
type Answered = Extract<OrderHappening, { readonly outcome: object }>;

type HappeningToMany = Extract<OrderHappening, { type: 'restarted' | 'obstacle_cleared' | 'clock_changed' }>;

/** A disk that refused a commit is tried again after these waits; until it accepts one, nothing is sent. */
const LEDGER_RETRIES_MS = [1000, 2000, 5000, 10_000, 30_000] as const;

export interface ResolverDependencies {
  readonly ledger: Ledger;
  readonly book: OrderBook;
  readonly acquirer: Acquirer;
  readonly clock: { nowMs(): number; resync(): number };
  readonly timers: Timers;
  readonly policy: Policy;
  /**
   * Owed calls in flight at once, for young orders and as many again for old ones; pay calls of new
   * sales wait for neither.
   */
  readonly concurrency: number;
  readonly log: Log;
  readonly onOnline: (online: boolean) => void;
  /** The machine's clock was set by this much, or the machine slept. */
  readonly onClockChanged: (deltaMs: number) => void;
}

/**
 * Drains the outbox: sleeps until the next call is due, sends it, and records what came of it. At most
 * one call per order is in flight. It decides nothing; every answer goes through the order book.
 */
export class Resolver {
  readonly #deps: ResolverDependencies;
  readonly #inFlight = new InFlightCalls();
  readonly #network: NetworkWatch;
  /** Payment codes of pay calls that have not left yet. They live nowhere else. */
  readonly #codes = new Map<string, string>();
  #cancelTimer: (() => void) | null = null;
  /** When a refused commit is tried again; no other reason to wake or sleep may push it aside. */
  #retryAtMs: number | null = null;
  /** Commits that were refused in a row. */
  #refusals = 0;
  /** What has happened to many orders and is not on disk yet. */
  readonly #toRecord: { readonly clientSns: readonly string[]; readonly happening: HappeningToMany }[] = [];
  #stopListening: (() => void) | null = null;
  #state: 'new' | 'running' | 'stopping' = 'new';
  #pumping = false;

  constructor(dependencies: ResolverDependencies) {
    this.#deps = dependencies;
    this.#network = new NetworkWatch({
      acquirer: dependencies.acquirer,
      timers: dependencies.timers,
      onChange: (online) => this.#onNetwork(online),
    });
  }

  get online(): boolean {
    return this.#network.online;
  }

  /** Recovers what a crash left behind, then starts sending. */
  start(): void {
    const { book, ledger } = this.#deps;
    this.#stopListening = book.onChange((changes) => this.#onChanges(changes));
    this.#state = 'running';
    this.#recordForMany(
      ledger.owed().map((row) => row.clientSn),
      { type: 'restarted' },
    );
    this.#pump();
  }

  /**
   * Commits an intent while holding its payment code ready: the pay call leaves in the same turn of the
   * event loop as the commit, and the code is dropped where there is no commit.
   */
  submit<Value, Refused>(
    clientSn: string,
    code: string,
    commit: () => Result<Value, Refused>,
  ): Result<Value, Refused> {
    this.#codes.set(clientSn, code);
    const committed = commit();
    if (!committed.ok) this.#codes.delete(clientSn);
    return committed;
  }

  /** Nothing owed is left, and nothing is under way. */
  isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#deps.ledger.owedCount() === 0;
  }

  /**
   * Stops sending and waits, at most `drainMs`, for what is in flight. What is still unanswered then is
   * cut off and stays owed on disk.
   */
  async stop(drainMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    this.#cancelTimer?.();
    this.#network.stop();
    await this.#inFlight.drain(drainMs, this.#deps.timers);
    this.#stopListening?.();
  }

  #pump(): void {
    if (this.#state !== 'running' || this.#pumping) return;
    this.#pumping = true;
    try {
      this.#retryAtMs = null;
      if (!this.#isLedgerAccepting()) return;
      this.followClock();
      if (this.#refusals > 0) return;
      // One reading for both: a call that falls due between two would be neither sent nor slept for.
      const atMs = this.#deps.clock.nowMs();
      for (const { clientSn, lane } of this.#startable(atMs)) this.#launch(clientSn, lane);
      this.#armTimer(atMs);
    } catch (error) {
      // A disk that cannot even be read; anything else is a bug and is thrown again.
      this.#recorded({ ok: false, error: databaseFailure(error) });
    } finally {
      this.#pumping = false;
    }
  }

  /**
   * After a refused commit only a real write proves that the next answer can be kept; and what was not
   * recorded then comes first.
   */
  #isLedgerAccepting(): boolean {
    const { ledger, clock, log } = this.#deps;
    if (this.#refusals > 0) {
      const written = ledger.note('ledger_accepts_again', clock.nowMs(), { refusals: this.#refusals });
      if (!this.#recorded(written)) return false;
      log.info({ refusals: this.#refusals }, 'the ledger accepts commits again');
      this.#refusals = 0;
    }
    return this.#flushToRecord();
  }

  /** New sales first and without a limit; then customers at the counter; then old debts in their own room. */
  #startable(atMs: number): readonly { readonly clientSn: string; readonly lane: Lane }[] {
    const { ledger, concurrency, policy } = this.#deps;
    const sales = [...this.#codes.keys()].filter((clientSn) => !this.#inFlight.has(clientSn));
    const { young, old } = ledger.due(
      atMs,
      atMs - policy.inFlightHorizonMs,
      concurrency + this.#inFlight.size + sales.length,
    );
    const inLane = (lane: 'young' | 'old', rows: readonly OwedRow[]) =>
      rows
        .filter(({ clientSn }) => !this.#inFlight.has(clientSn) && !this.#codes.has(clientSn))
        .slice(0, Math.max(0, concurrency - this.#inFlight.countIn(lane)))
        .map(({ clientSn }) => ({ clientSn, lane }));
    return [
      ...sales.map((clientSn) => ({ clientSn, lane: 'sale' as const })),
      ...inLane('young', young),
      ...inLane('old', old),
    ];
  }

  #launch(clientSn: string, lane: Lane): void {
    const { book, ledger, clock, policy, timers } = this.#deps;
    if (!this.#recorded(book.record(clientSn, { type: 'call_due' }))) return;
    const order = ledger.order(clientSn);
    const atMs = clock.nowMs();
    if (order === null || order.owed === null || order.owed.dueAtMs > atMs) return;
    const { call } = order.owed;
    const code = this.#codes.get(clientSn);
    this.#codes.delete(clientSn);
    if (call === 'pay' && code === undefined) {
      // The code died with the process that scanned it: the pay becomes a question.
      if (this.#recorded(book.record(clientSn, { type: 'restarted' }))) this.#retryLater(0);
      return;
    }
    const flight = this.#inFlight.begin(clientSn, call, lane);
    flight.limit(callTimeoutMs(order, atMs, policy), timers, TIMED_OUT);
    const sent = this.#ask(order, call, code ?? '', flight.signal)
      .then((answered) => this.#finish(order, call, answered))
      .catch((error: unknown) => this.#onBug(order, error));
    flight.settles(sent);
  }

  /** Sends the owed call; what comes of it is an event. */
  async #ask(order: Order, call: Call, code: string, signal: AbortSignal): Promise<Answered> {
    const { acquirer } = this.#deps;
    switch (call) {
      case 'pay':
        return { type: 'pay_answered', outcome: await acquirer.pay(order, code, signal) };
      case 'query':
        return { type: 'query_answered', outcome: await acquirer.query(order, signal) };
      case 'cancel':
        return { type: 'cancel_answered', outcome: await acquirer.cancel(order, signal) };
      case 'revoke':
        return { type: 'revoke_answered', outcome: await acquirer.revoke(order, signal) };
      default:
        return assertNever(call);
    }
  }

  /** Records the answer and, in the same turn of the event loop, sends whatever became due by it. */
  #finish(order: Order, call: Call, answered: Answered): void {
    const { log, book } = this.#deps;
    const { clientSn } = order;
    const { kind, evidence } = answered.outcome;
    this.#inFlight.end(clientSn);
    log.info({ clientSn, call, kind, code: evidence.code }, 'answer');
    // A call that we cut short ourselves says nothing of the order.
    const isRecorded = evidence.code === INTERRUPTED || this.#recorded(book.record(clientSn, answered));
    if (!isRecorded && call === 'pay') {
      log.warn({ clientSn }, 'the answer to pay could not be recorded; it will be asked for');
    }
    // Only now: a returning network sends what waits, and this call must not be among it once more.
    if (evidence.code !== INTERRUPTED && evidence.code !== TIMED_OUT) this.#network.saw(kind !== 'not_sent');
    if (isRecorded) this.#pump();
  }

  #onBug(order: Order, error: unknown): void {
    this.#inFlight.end(order.clientSn);
    this.#deps.log.error({ clientSn: order.clientSn, error }, 'a call ended in a bug; the order stays owed');
    this.#retryLater(LEDGER_RETRIES_MS[0]);
  }

  /** A failed commit leaves the order as it was, still owed; the disk is given time. */
  #recorded(
    result: { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } },
  ): boolean {
    if (result.ok) return true;
    this.#deps.log.error(
      { code: result.error.code },
      'the ledger refused a commit; nothing is sent until it accepts one',
    );
    const wait = LEDGER_RETRIES_MS[Math.min(this.#refusals, LEDGER_RETRIES_MS.length - 1)] ?? 0;
    this.#refusals += 1;
    this.#retryLater(wait);
    return false;
  }

  #retryLater(ms: number): void {
    const atMs = this.#deps.clock.nowMs();
    this.#retryAtMs = Math.min(this.#retryAtMs ?? Infinity, atMs + ms);
    this.#armTimer(atMs);
  }

  /** A person or an answer changed an order: a call in flight may be unwanted now, or due earlier. */
  #onChanges(changes: readonly Change[]): void {
    const { clock, policy, timers } = this.#deps;
    for (const { order } of changes) {
      const flight = this.#inFlight.get(order.clientSn);
      if (flight === undefined) continue;
      if (order.owed?.call !== flight.call) flight.interrupt(INTERRUPTED);
      else flight.limit(callTimeoutMs(order, clock.nowMs(), policy), timers, TIMED_OUT);
    }
    this.#pump();
  }

  #onNetwork(online: boolean): void {
    if (this.#state !== 'running') return;
    this.#deps.log.info(
      { online },
      online ? 'the acquirer can be reached' : 'the acquirer cannot be reached',
    );
    this.#deps.onOnline(online);
    if (online) this.obstacleCleared('network');
  }

  /** What calls were waiting for is back, so they are sent without waiting out their backoff. */
  obstacleCleared(obstacle: 'network' | 'configuration'): void {
    const waiting = this.#deps.ledger.owed().filter((row) => row.waitingFor === obstacle);
    this.#recordForMany(
      waiting.map((row) => row.clientSn),
      { type: 'obstacle_cleared', obstacle },
    );
  }

  /** Notices that the machine's clock was set, before anything is dated by it. */
  followClock(): void {
    const deltaMs = this.#deps.clock.resync();
    if (deltaMs === 0) return;
    this.#deps.log.warn({ deltaMs }, 'the clock was set; waits keep their length');
    this.#deps.onClockChanged(deltaMs);
    this.#recordForMany(
      this.#deps.ledger.owed().map((row) => row.clientSn),
      { type: 'clock_changed', deltaMs },
    );
  }

  /** Remembers it until it is on disk: the orders are named now, for later ones it has not happened to. */
  #recordForMany(clientSns: readonly string[], happening: HappeningToMany): void {
    if (clientSns.length === 0) return;
    this.#toRecord.push({ clientSns, happening });
    this.#flushToRecord();
  }

  #flushToRecord(): boolean {
    for (let next = this.#toRecord.shift(); next !== undefined; next = this.#toRecord.shift()) {
      if (this.#recorded(this.#deps.book.recordForAll(next.clientSns, next.happening))) continue;
      this.#toRecord.unshift(next);
      return false;
    }
    return true;
  }

  /** Sleeps until the first call that falls due after `atMs`, when the due ones were last looked for. */
  #armTimer(atMs: number): void {
    if (this.#state !== 'running') return;
    const { ledger, clock, timers } = this.#deps;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const nextDueMs = this.#refusals > 0 ? null : ledger.nextDueAtMs(atMs);
    const nextMs = Math.min(nextDueMs ?? Infinity, this.#retryAtMs ?? Infinity);
    if (nextMs !== Infinity) this.#cancelTimer = timers.after(nextMs - clock.nowMs(), () => this.#pump());
  }
}
