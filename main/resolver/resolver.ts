import { assertNever } from '../../shared/assert.ts';
import type { OrderHappening } from '../../shared/order/event.ts';
import { callTimeoutMs } from '../../shared/order/deadline.ts';
import type { Call, Order } from '../../shared/order/order.ts';
import type { Policy } from '../../shared/order/policy.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { INTERRUPTED, TIMED_OUT, type Acquirer } from '../acquirer/acquirer.ts';
import { databaseFailure } from '../database/open.ts';
import type { Change, Ledger } from '../ledger/ledger.ts';
import type { OrderBook, OrderHappened } from '../order-book.ts';
import type { Log } from '../shell/log.ts';
import type { Random, Timers } from '../shell/clock.ts';
import { InFlightCalls, type Flight, type Lane } from './in-flight-calls.ts';
import { NetworkWatch, type NetworkSeen } from './network-watch.ts';

/** What a call comes to. */
type Answered = Extract<OrderHappening, { readonly outcome: object }>;

/** A call that is over, and what was heard. */
interface Answer {
  readonly order: Order;
  readonly call: Call;
  readonly flight: Flight;
  readonly answered: Answered;
}

type HappeningToMany = Extract<OrderHappening, { type: 'restarted' | 'obstacle_cleared' | 'clock_changed' }>;

/** After a refused commit one call is tried at a time, after these waits, until an answer is kept again. */
const LEDGER_RETRIES_MS = [1000, 2000, 5000, 10_000, 30_000] as const;

export interface ResolverDependencies {
  readonly ledger: Ledger;
  readonly book: OrderBook;
  readonly acquirer: Acquirer;
  readonly clock: { nowMs(): number; resync(): number };
  readonly timers: Timers;
  readonly random: Random;
  readonly policy: Policy;
  /**
   * Owed calls in flight at once while somebody waits for them, and as many again for old debts; pay
   * calls of new sales wait for neither.
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
  /** Commits that were refused since one was kept. */
  #refusals = 0;
  /** By how much the clock has stepped and no order knows yet. */
  #steppedMs = 0;
  /** What has happened to many orders and is not on disk yet. */
  readonly #toRecord: { readonly clientSns: readonly string[]; readonly happening: HappeningToMany }[] = [];
  /** What has come in and waits for the rest of it: one sync of the disk serves all. */
  readonly #arrived: { readonly answer: Answer; readonly settle: () => void }[] = [];
  #stopListening: (() => void) | null = null;
  #state: 'new' | 'running' | 'stopping' = 'new';
  #pumping = false;

  constructor(dependencies: ResolverDependencies) {
    this.#deps = dependencies;
    this.#network = new NetworkWatch({
      acquirer: dependencies.acquirer,
      clock: dependencies.clock,
      timers: dependencies.timers,
      random: dependencies.random,
      onChange: (online) => this.#onNetwork(online),
    });
  }

  get online(): boolean {
    return this.#network.online;
  }

  /** When the acquirer was last reached and last not. */
  get networkSeen(): NetworkSeen {
    return this.#network.seen;
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
    let isCommitted = false;
    try {
      const committed = commit();
      isCommitted = committed.ok;
      return committed;
    } finally {
      if (!isCommitted) this.#codes.delete(clientSn);
    }
  }

  /** Looks at the clock and the outbox now, whatever timers a sleeping machine has missed. */
  wake(): void {
    this.#pump();
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
    // Of a drain that reached its bound an answer can be left that was heard and is not on disk yet.
    this.#finishArrived();
    this.#stopListening?.();
  }

  #pump(): void {
    if (this.#state !== 'running' || this.#pumping) return;
    this.#pumping = true;
    try {
      this.followClock();
      if (this.#isWaitingForLedger()) {
        // A timer can fire a millisecond early, so it is set again and never only waited for. While a call is
        // out its end comes here by itself, and a time that has passed would only come round at once.
        if (this.#inFlight.size === 0) this.#armTimer(this.#deps.clock.nowMs());
        return;
      }
      if (!this.#flushToRecord()) return;
      this.#retryAtMs = null;
      // One reading for both: a call that falls due between two would be neither sent nor slept for.
      const atMs = this.#deps.clock.nowMs();
      for (const { clientSn, lane } of this.#startable(atMs)) {
        this.#launch(clientSn, lane);
        // Only an answer that is kept shows that the disk is back, so one call tries it for all.
        if (this.#refusals > 0) break;
      }
      this.#armTimer(atMs);
    } catch (error) {
      // A disk that cannot even be read; anything else is a bug and is thrown again.
      this.#onRefusal(databaseFailure(error).code);
    } finally {
      this.#pumping = false;
    }
  }

  /** While commits are refused, the next try has its time, and the one before it must be over. */
  #isWaitingForLedger(): boolean {
    if (this.#refusals === 0) return false;
    if (this.#inFlight.size > 0) return true;
    return this.#retryAtMs !== null && this.#deps.clock.nowMs() < this.#retryAtMs;
  }

  /** New sales first and without a limit; then who waits at the counter; then old debts in their own room. */
  #startable(atMs: number): readonly { readonly clientSn: string; readonly lane: Lane }[] {
    const { ledger, concurrency } = this.#deps;
    const sales = [...this.#codes.keys()].filter((clientSn) => !this.#inFlight.has(clientSn));
    const due = ledger.due(atMs, concurrency + this.#inFlight.size + sales.length);
    const inLane = (lane: 'attended' | 'unattended') =>
      due[lane]
        .filter(({ clientSn }) => !this.#inFlight.has(clientSn) && !this.#codes.has(clientSn))
        .slice(0, Math.max(0, concurrency - this.#inFlight.countIn(lane)))
        .map(({ clientSn }) => ({ clientSn, lane }));
    return [
      ...sales.map((clientSn) => ({ clientSn, lane: 'sale' as const })),
      ...inLane('attended'),
      ...inLane('unattended'),
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
      .then(async (answered) => this.#arrive({ order, call, flight, answered }))
      .catch((error: unknown) => this.#onBug([{ order, flight }], error));
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
      case 'refund':
        return { type: 'refund_answered', outcome: await acquirer.refund(order, signal) };
      default:
        return assertNever(call);
    }
  }

  /** An answer that no other can join is kept at once; others wait until all that has come in was heard. */
  async #arrive(answer: Answer): Promise<void> {
    if (this.#inFlight.size === 1) return this.#finish([answer]);
    return new Promise((settle) => {
      this.#arrived.push({ answer, settle });
      if (this.#arrived.length === 1) this.#deps.timers.soon(() => this.#finishArrived());
    });
  }

  #finishArrived(): void {
    const arrived = this.#arrived.splice(0);
    if (arrived.length === 0) return;
    const { ledger } = this.#deps;
    const answers = arrived.map(({ answer }) => answer);
    const lastSeq = ledger.lastSeq();
    try {
      this.#finish(answers);
    } catch (error) {
      this.#onBug(answers, error);
      // With nothing of it on disk, it was one of them that met the bug, and the others are not to be lost by it.
      if (ledger.lastSeq() === lastSeq) this.#finishApart(answers);
    } finally {
      for (const { settle } of arrived) settle();
    }
  }

  /** Records answers in one commit and, in the same turn of the event loop, sends whatever became due by them. */
  #finish(answers: readonly Answer[]): void {
    const { log, book } = this.#deps;
    for (const { order, call, flight, answered } of answers) {
      const { clientSn } = order;
      const { kind, evidence } = answered.outcome;
      this.#inFlight.end(clientSn, flight);
      log.info({ clientSn, call, kind, code: evidence.code }, 'answer');
    }
    const heard = answers.filter(isHeard);
    const recorded = book.recordTogether(heard.map(happenedBy));
    if (!recorded.ok && heard.length > 1) {
      log.warn({ code: recorded.error.code, answers: heard.length }, 'refused together; each by itself');
      this.#finishApart(answers);
      return;
    }
    this.#afterCommit(heard, recorded);
    // What answers changed was looked at as soon as it was on disk; only those that changed nothing are left.
    if (recorded.ok && recorded.value.length === 0) this.#pump();
  }

  /** What cannot be kept of one order, or has no room in one commit, must not hold up the others. */
  #finishApart(answers: readonly Answer[]): void {
    // No order is looked at before its own answer has had its turn.
    this.#pumping = true;
    try {
      for (const answer of answers.filter(isHeard)) this.#finishOne(answer);
    } finally {
      this.#pumping = false;
    }
    this.#pump();
  }

  #finishOne(answer: Answer): void {
    try {
      this.#afterCommit([answer], this.#deps.book.recordTogether([happenedBy(answer)]));
    } catch (error) {
      this.#onBug([answer], error);
    }
  }

  #afterCommit(heard: readonly Answer[], recorded: Result<unknown, Failure>): void {
    const lost = this.#recorded(recorded) ? [] : heard.filter(({ call }) => call === 'pay');
    for (const { order } of lost) {
      const { clientSn } = order;
      this.#deps.log.warn({ clientSn }, 'the answer to pay could not be recorded; it will be asked for');
    }
    // Only now: a returning network sends what waits, and no call that is over must be among it once more.
    const looked = heard.filter(({ answered }) => answered.outcome.evidence.code !== TIMED_OUT);
    if (looked.length === 0) return;
    // One call that was answered shows the network, whatever became of those beside it.
    this.#network.saw(looked.some(({ answered }) => answered.outcome.kind !== 'not_sent'));
  }

  #onBug(answers: readonly Pick<Answer, 'order' | 'flight'>[], error: unknown): void {
    for (const { order, flight } of answers) {
      const { clientSn } = order;
      this.#inFlight.end(clientSn, flight);
      this.#deps.log.error({ clientSn, error }, 'a call ended in a bug; the order stays owed');
    }
    this.#retryLater(LEDGER_RETRIES_MS[0]);
  }

  /** A failed commit leaves the order as it was, still owed; the disk is given time. */
  #recorded(result: Result<unknown, Failure>): boolean {
    if (!result.ok) this.#onRefusal(result.error.code);
    return result.ok;
  }

  #onRefusal(code: string): void {
    this.#deps.log.error({ code }, 'the ledger refused; one call at a time until it keeps an answer');
    const waitMs = LEDGER_RETRIES_MS[Math.min(this.#refusals, LEDGER_RETRIES_MS.length - 1)] ?? 0;
    this.#refusals += 1;
    this.#retryLater(waitMs);
  }

  #retryLater(ms: number): void {
    const atMs = this.#deps.clock.nowMs();
    this.#retryAtMs = atMs + ms;
    this.#armTimer(atMs);
  }

  /** A person or an answer changed an order: a call in flight may be unwanted now, or due earlier. */
  #onChanges(changes: readonly Change[]): void {
    const { clock, policy, timers } = this.#deps;
    // Whoever wrote it, the ledger has kept something: an event that changes nothing comes to no listener.
    this.#refusals = 0;
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
    // An answer that has come in already may be what waits for this obstacle.
    this.#finishArrived();
    const waiting = this.#deps.ledger.owed().filter((row) => row.waitingFor === obstacle);
    this.#recordForMany(
      waiting.map((row) => row.clientSn),
      { type: 'obstacle_cleared', obstacle },
    );
  }

  /** Notices that the machine's clock was set, before anything is dated by it. */
  followClock(): void {
    const { clock, ledger, log, onClockChanged } = this.#deps;
    this.#steppedMs += clock.resync();
    const deltaMs = this.#steppedMs;
    if (deltaMs === 0) return;
    // The step is forgotten only once the orders it concerns are named, which takes a readable disk.
    const clientSns = ledger.owed().map((row) => row.clientSn);
    this.#steppedMs = 0;
    log.warn({ deltaMs }, 'the clock was set; waits keep their length');
    onClockChanged(deltaMs);
    if (clientSns.length === 0) return;
    // What waits for the disk is stamped when it is recorded, by the clock as it is then: the step comes before it.
    this.#toRecord.unshift({ clientSns, happening: { type: 'clock_changed', deltaMs } });
    this.#flushToRecord();
  }

  /** Remembers it until it is on disk: the orders are named now, for later ones it has not happened to. */
  #recordForMany(clientSns: readonly string[], happening: HappeningToMany): void {
    if (clientSns.length === 0) return;
    this.#toRecord.push({ clientSns, happening });
    this.#flushToRecord();
  }

  #flushToRecord(): boolean {
    for (let next = this.#toRecord.shift(); next !== undefined; next = this.#toRecord.shift()) {
      const { clientSns, happening } = next;
      const happened = clientSns.map((clientSn) => ({ clientSn, happening }));
      if (this.#recorded(this.#deps.book.recordTogether(happened))) continue;
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

/** A call that we cut short ourselves says nothing of the order. */
function isHeard({ answered }: Answer): boolean {
  return answered.outcome.evidence.code !== INTERRUPTED;
}

function happenedBy({ order, answered }: Answer): OrderHappened {
  return { clientSn: order.clientSn, happening: answered };
}
