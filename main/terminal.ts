import { Calendar } from '../shared/business-day.ts';
import type { Settings } from '../shared/settings.ts';
import type { TerminalCallName } from '../shared/call-names.ts';
import type { Answer, CallArgs, OrderCard, Push, Snapshot, TerminalReport } from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import type { Actor, CollectRequested, OrderHappening } from '../shared/order/event.ts';
import type { Call, Order } from '../shared/order/order.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { ServerClock } from './acquirer/server-clock.ts';
import type { Dispatcher } from './acquirer/transport.ts';
import type { CheckinReport } from './acquirer/upay-acquirer.ts';
import { newClientSn, newRefundRequestId } from './client-sn.ts';
import { createHandlers, runCall, type CalledTerminal, type Handlers } from './contract-calls.ts';
import { CustomerCounter } from './counter.ts';
import { databaseFailure } from './database/open.ts';
import { DayWatch } from './day-watch.ts';
import type { HostedTerminal } from './hosted-terminal.ts';
import { InDoubtTally } from './in-doubt.ts';
import { LedgerChecker } from './ledger-check.ts';
import type { Change, CollectRefusal, Ledger } from './ledger/ledger.ts';
import { OrderBook } from './order-book.ts';
import { checkPayment, isPersonName, type PaymentInput } from './payment-input.ts';
import { PracticePanel } from './practice-panel.ts';
import type { Connection, ProtocolBinding } from './protocol-binding.ts';
import { refusedAnswer } from './refused-answer.ts';
import { Resolver } from './resolver/resolver.ts';
import { ScreenView } from './screen-view.ts';
import type { Random, Timers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import type { SteadyClock } from './shell/steady-clock.ts';
import { terminalReport, type TimedCheckin } from './terminal-report.ts';

/** More undecided orders than this on one counter means something else is wrong; nothing new starts. */
const MAX_UNDECIDED = 5000;
/** What changes at once for more orders than this is told as one snapshot; a stream takes only so much unread. */
const MANY_CHANGES = 100;
/** How long the first sale of a process waits at most for the acquirer's time. */
const READY_TIMEOUT_MS = 1000;

export interface TerminalDependencies {
  readonly settings: Settings;
  readonly practice: boolean;
  readonly ledger: Ledger;
  readonly binding: ProtocolBinding;
  readonly dispatcher: Dispatcher;
  readonly clock: SteadyClock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Owed calls in flight at once in each lane; the pool has a connection for each, and room for sales. */
  readonly concurrency: number;
  readonly osInfo: string;
  readonly version: string;
  readonly nodeVersion: string;
  /** The data directory; named in the report and nothing else. */
  readonly directory: string;
  /** The file that a thread checking the ledger runs. */
  readonly checkWorkerFile: string;
}

/**
 * The composition root: everything below receives its clock, timers, randomness, dispatcher, files and
 * log from here, and every host talks to the terminal through here.
 */
export class Terminal implements HostedTerminal, CalledTerminal {
  readonly #deps: TerminalDependencies;
  /** Of the shop. */
  readonly #calendar: Calendar;
  readonly #serverClock = new ServerClock(() => this.#dayWatch.lookSoon());
  readonly #book: OrderBook;
  readonly #connection: Connection;
  readonly #resolver: Resolver;
  readonly #view: ScreenView;
  readonly #counter: CustomerCounter;
  readonly #inDoubt: InDoubtTally;
  readonly #dayWatch: DayWatch;
  readonly #checker: LedgerChecker;
  readonly #startedAtMs: number;
  #lastCheckin: TimedCheckin | null = null;
  readonly #listeners = new Set<(push: Push) => void>();
  readonly #handlers: Handlers<TerminalCallName>;
  #stopped: Promise<void> | null = null;
  #isClosed = false;

  constructor(dependencies: TerminalDependencies) {
    this.#deps = dependencies;
    const { settings, practice, ledger, binding, dispatcher, clock, timers, random, log, osInfo, version } =
      dependencies;
    this.#calendar = new Calendar(settings.timeZone);
    const serverOffsetMs = (): number | null => this.#serverClock.offsetMs;
    this.#book = new OrderBook({ ledger, clock, random, serverOffsetMs });
    this.#connection = binding.connect({
      dispatcher,
      serverClock: this.#serverClock,
      clock,
      timers,
      osInfo,
      sdkVersion: `redress/${version}`,
      onCheckin: (report) => this.#onCheckin(report),
      onUnderstood: () => this.#resolver.obstacleCleared('configuration'),
    });
    this.#resolver = new Resolver({
      ledger,
      book: this.#book,
      acquirer: this.#connection.acquirer,
      clock,
      timers,
      random: dependencies.random,
      policy: settings.policy,
      concurrency: dependencies.concurrency,
      log,
      onOnline: (online) => this.#push({ type: 'online', online }),
      onClockChanged: () => {
        this.#serverClock.forget();
        void this.ready();
      },
    });
    this.#view = new ScreenView({
      settings,
      practice,
      terminalSn: binding.identity.terminalSn,
      calendar: this.#calendar,
      ledger,
      clock,
      serverClock: this.#serverClock,
    });
    this.#counter = new CustomerCounter({
      currency: settings.currency,
      find: (number) => ledger.find(number),
      onChange: (counter) => this.#push({ type: 'counter', counter }),
    });
    this.#inDoubt = new InDoubtTally(ledger.undecidedAmounts());
    this.#dayWatch = new DayWatch({
      clock,
      timers,
      timeZone: settings.timeZone,
      window: binding.window,
      serverOffsetMs,
      onChange: () => this.#pushSnapshot(),
      // A disk that cannot be read; anything else is a bug and is thrown again.
      onError: (error) => log.error({ code: databaseFailure(error).code }, 'a new day could not be shown'),
    });
    this.#checker = new LedgerChecker({
      file: ledger.file,
      workerFile: dependencies.checkWorkerFile,
      clock,
      timers,
    });
    this.#startedAtMs = clock.nowMs();
    this.#book.onChange((changes) => this.#onChanges(changes));
    this.#handlers = createHandlers({
      terminal: this,
      ledger,
      view: this.#view,
      counter: this.#counter,
      checker: this.#checker,
      practice: new PracticePanel({ practice, dispatcher, timers }),
    });
  }

  /** Recovers what a crash left behind and begins to send what is owed. */
  start(): void {
    const [newest] = this.#deps.ledger.undecided();
    // A customer who was waiting when the process ended still stands there.
    if (newest !== undefined && newest.attendedUntilMs > this.#deps.clock.nowMs())
      this.#counter.follow(newest);
    this.#resolver.start();
    this.#dayWatch.start();
  }

  /**
   * Learns the acquirer's time where it can be had soon, because the business day of the first sale is
   * the acquirer's. Never fails: without an answer the day goes by our clock, and no window is closed.
   */
  async ready(): Promise<void> {
    const abort = new AbortController();
    const cancelTimer = this.#deps.timers.after(READY_TIMEOUT_MS, () => abort.abort());
    await this.#connection.acquirer.probe(abort.signal);
    cancelTimer();
  }

  async call(name: string, args: unknown, actor: Actor): Promise<Answer<unknown>> {
    if (this.#isClosed) return refusedAnswer(failure('stopping'));
    const result = await runCall(this.#handlers, name, args, actor);
    return result.ok ? result : refusedAnswer(result.error);
  }

  subscribe(listener: (push: Push) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Records the intent to collect, then sends the pay call. The order returned is already on disk. */
  collect(input: PaymentInput, override: boolean, actor: Actor): Result<Order, Failure> {
    const { settings, ledger, random, clock, binding } = this.#deps;
    if (this.#stopped !== null) return err(failure('stopping'));
    this.#resolver.followClock();
    const payment = checkPayment({ ...input, operator: input.operator ?? actor.name }, settings.currency);
    if (!payment.ok) return payment;
    if (this.#inDoubt.totals().count >= MAX_UNDECIDED) return err(failure('too_many_undecided'));
    const { amountMinor, code, saleId, subject, operator } = payment.value;
    const { offsetMs } = this.#serverClock;
    const serverMs = clock.nowMs() + (offsetMs ?? 0);
    const clientSn = newClientSn(serverMs, this.#calendar, random, binding.nameMark);
    const intent: Omit<CollectRequested, 'overrides' | 'codeFingerprint' | 'type'> = {
      clientSn,
      saleId: saleId ?? clientSn,
      terminalSn: binding.identity.terminalSn,
      amountMinor,
      currency: settings.currency,
      subject: subject ?? settings.subject,
      operator,
      businessDay: this.#calendar.dayOf(serverMs),
      // A day end reckoned by a clock that nobody has confirmed could close the window too early.
      cancelUntilMs: offsetMs === null ? null : binding.window.cancelUntilMs(serverMs),
    };
    const collected = this.#resolver.submit(clientSn, code, () =>
      this.#book.collect(intent, code, override, actor),
    );
    if (!collected.ok) return err(collectFailure(collected.error));
    this.#counter.follow(collected.value.order);
    return ok(ledger.order(clientSn) ?? collected.value.order);
  }

  /** Runs a person's command on an order named by either of its numbers. */
  command(
    number: string,
    happening: Exclude<OrderHappening, CollectRequested>,
    actor: Actor,
  ): Result<Order, Failure> {
    const { ledger } = this.#deps;
    this.#resolver.followClock();
    const order = ledger.find(number);
    if (order === null) return err(failure('order_unknown'));
    const applied = this.#book.record(order.clientSn, happening, actor);
    if (!applied.ok) return applied;
    if (applied.value.kind === 'refused') return err(failure(applied.value.code));
    return ok(ledger.order(order.clientSn) ?? order);
  }

  revoke(number: string, revokeReason: string, actor: Actor): Result<Order, Failure> {
    const businessDay = this.#view.businessDay();
    return this.#giveBack(number, { type: 'revoke_requested', businessDay, revokeReason }, actor);
  }

  /** Gives the money back by refund, where no cancel or revoke can any more. */
  refund(number: string, refundReason: string, actor: Actor): Result<Order, Failure> {
    const { clock, random } = this.#deps;
    const businessDay = this.#view.businessDay();
    const requestId = newRefundRequestId(clock.nowMs(), this.#calendar, random);
    return this.#giveBack(number, { type: 'refund_requested', businessDay, requestId, refundReason }, actor);
  }

  #giveBack(
    number: string,
    happening: Extract<OrderHappening, { type: 'revoke_requested' | 'refund_requested' }>,
    actor: Actor,
  ): Result<Order, Failure> {
    const given = this.command(number, happening, actor);
    if (given.ok) this.#counter.follow(given.value);
    return given;
  }

  /** Closes an order by a person's word; the journal names the person where the host is not theirs alone. */
  settle(
    number: string,
    { charged, reason, person }: Omit<CallArgs<'order.settle'>, 'clientSn'>,
    actor: Actor,
  ): Result<Order, Failure> {
    const name = person?.trim();
    if (name !== undefined && !isPersonName(name)) {
      return err(failure('arguments_invalid', 'person: 1 to 32 printable characters'));
    }
    const by: Actor = name === undefined ? actor : { kind: 'operator', name };
    return this.command(number, { type: 'settled', charged, settleReason: reason }, by);
  }

  /** What merchant IT asks of a terminal. */
  report(): TerminalReport {
    const { settings, directory, binding, ledger, osInfo, version, nodeVersion } = this.#deps;
    return terminalReport({
      settings,
      directory,
      binding,
      ledger,
      startedAtMs: this.#startedAtMs,
      network: this.#resolver.networkSeen,
      lastCheckin: this.#lastCheckin,
      lastCheck: this.#checker.last,
      clockOffsetMs: this.#serverClock.offsetMs,
      versions: { redress: version, node: nodeVersion, system: osInfo },
    });
  }

  /** Rotates the key now, outside the daily turn. Fails with `checkin_unknown` where the protocol has none. */
  async checkin(): Promise<Result<CheckinReport, Failure>> {
    const { checkin } = this.#connection;
    return checkin === null ? err(failure('checkin_unknown')) : ok(await checkin());
  }

  /** One order by either of its numbers. */
  find(number: string): Result<Order, Failure> {
    const order = this.#deps.ledger.find(number);
    return order === null ? err(failure('order_unknown')) : ok(order);
  }

  /** One order as a screen shows it; null where there is none. */
  card(number: string): OrderCard | null {
    const order = this.#deps.ledger.find(number);
    return order === null ? null : this.#view.card(order);
  }

  /** How many calls are owed, and how many orders wait for a person. */
  standing(): { readonly owed: number; readonly attention: number } {
    const { ledger } = this.#deps;
    const attention = ledger.undecided().filter((order) => order.state === 'attention').length;
    return { owed: ledger.owedCount(), attention };
  }

  /** The call that is due first, and in how many milliseconds. */
  nextOwed(): { readonly clientSn: string; readonly call: Call; readonly inMs: number } | null {
    const { ledger, clock } = this.#deps;
    const [first] = ledger.owed();
    if (first === undefined) return null;
    return { clientSn: first.clientSn, call: first.call, inMs: Math.max(0, first.dueAtMs - clock.nowMs()) };
  }

  /** Nothing is owed and nothing is under way. */
  isIdle(): boolean {
    return this.#resolver.isIdle();
  }

  /** Nothing is owed or under way, and nobody is typing an amount. */
  isQuiet(): boolean {
    return this.isIdle() && this.#counter.shown.kind !== 'amount';
  }

  /** The machine woke, its clock was set, or its network came back: time and the outbox are looked at now. */
  wake(): void {
    if (this.#stopped !== null) return;
    this.#resolver.wake();
    void this.ready();
  }

  snapshot(): Snapshot {
    return this.#view.snapshot({
      online: this.#resolver.online,
      inDoubt: this.#inDoubt.totals(),
      counter: this.#counter.shown,
    });
  }

  /** Takes nothing new, waits at most `drainMs` for what is in flight, and lets the ledger go. */
  stop(drainMs: number): Promise<void> {
    this.#stopped ??= this.#stop(drainMs);
    return this.#stopped;
  }

  async #stop(drainMs: number): Promise<void> {
    this.#dayWatch.stop();
    await Promise.all([this.#resolver.stop(drainMs), this.#checker.stop()]);
    this.#isClosed = true;
    this.#deps.ledger.close();
    await this.#deps.dispatcher.destroy();
  }

  #onChanges(changes: readonly Change[]): void {
    for (const { order, alerts } of changes) {
      this.#inDoubt.move(order);
      if (alerts.length === 0) continue;
      const { clientSn, lastAnswer } = order;
      this.#deps.log.warn({ clientSn, alerts, code: lastAnswer?.code ?? null }, 'needs to be known');
    }
    if (changes.length > MANY_CHANGES) {
      this.#pushSnapshot();
      return;
    }
    if (this.#listeners.size === 0) return;
    const inDoubt = this.#inDoubt.totals();
    for (const { order } of changes) this.#push({ type: 'order', order: this.#view.card(order), inDoubt });
  }

  #onCheckin(report: CheckinReport): void {
    const { ledger, clock, log } = this.#deps;
    this.#lastCheckin = { ...report, atMs: clock.nowMs() };
    // Its call was cut when the terminal stopped; there is nothing left to write to.
    if (this.#isClosed) return;
    const detail = report.ok
      ? { businessDay: report.businessDay, isStored: report.isStored }
      : { code: report.code };
    const noted = ledger.note(report.ok ? 'checked_in' : 'checkin_failed', clock.nowMs(), detail);
    if (!noted.ok) log.error({ code: noted.error.code }, 'the check-in could not be journalled');
    if (report.ok && !report.isStored)
      log.error(detail, 'the new key could not be stored; it is used from memory');
    if (report.ok) this.#resolver.obstacleCleared('configuration');
    else log.warn(detail, 'the check-in failed; trades go on with the key there is');
  }

  #pushSnapshot(): void {
    if (this.#listeners.size > 0) this.#push({ type: 'snapshot', snapshot: this.snapshot() });
  }

  #push(push: Push): void {
    for (const listener of this.#listeners) listener(push);
  }
}

function collectFailure(refusal: CollectRefusal | Failure): Failure {
  if (!('kind' in refusal)) return refusal;
  const { kind, clientSn } = refusal;
  return { ...failure(kind, `order ${clientSn}`), clientSn };
}
