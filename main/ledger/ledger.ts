import { databaseFailure, openDatabase, type DatabaseHandle, type Migration } from '../database/open.ts';
import { invariant } from '../../shared/assert.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Alert, Effect, RefusalCode } from '../../shared/order/effect.ts';
import { EVENT_VERSION, type CollectRequested, type OrderEvent, type Stamp } from '../../shared/order/event.ts';
import { isUndecided, type Order } from '../../shared/order/order.ts';
import type { Policy } from '../../shared/order/policy.ts';
import { laterDuplicates } from '../../shared/order/sale.ts';
import { transition } from '../../shared/order/transition.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { firstBrokenSeq, Journal, type JournalEntry } from './journal.ts';
import { migrate0001 } from './migrations/0001-first.ts';
import { Projections, type OwedRow } from './projections.ts';
import { ScannedCodes } from './scanned-codes.ts';

const MIGRATIONS: readonly Migration[] = [migrate0001];

/** An order as one commit left it, with what a person must hear about. */
export interface Change {
  readonly order: Order;
  readonly alerts: readonly Alert[];
}

/** What an event came to: every order the same transaction changed, or the refusal of a command. */
export type Applied =
  | { readonly kind: 'changed'; readonly changes: readonly Change[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

/** What the journal stores for an order: the event, and the order it led to. */
export interface JournalBody {
  readonly event: OrderEvent;
  readonly order: Order;
  readonly alerts: readonly Alert[];
}

export type CollectRefusal =
  | { readonly kind: 'code_scanned_twice'; readonly clientSn: string }
  | { readonly kind: 'sale_undecided'; readonly clientSn: string }
  | { readonly kind: 'sale_already_paid'; readonly clientSn: string };

/**
 * The durable memory of the terminal. Every change is one transaction at synchronous=FULL: journal
 * entry, order row and outbox row together, or nothing (DESIGN section 5).
 */
export class Ledger {
  readonly #database: DatabaseHandle;
  readonly #journal: Journal;
  readonly #projections: Projections;
  readonly #codes: ScannedCodes;
  readonly #policy: Policy;
  readonly #inTransaction: (work: () => void) => void;

  private constructor(database: DatabaseHandle, policy: Policy) {
    this.#database = database;
    this.#policy = policy;
    this.#journal = new Journal(database);
    this.#projections = new Projections(database);
    this.#codes = new ScannedCodes(database);
    const transaction = database.transaction((work: () => void) => work());
    this.#inTransaction = (work) => transaction.immediate(work);
  }

  /** Opens or creates the file. Damage, a full or read-only disk and newer schemas are failures. */
  static open(file: string, policy: Policy): Result<Ledger, Failure> {
    const opened = openDatabase(file, MIGRATIONS);
    if (!opened.ok) return opened;
    try {
      const ledger = new Ledger(opened.value, policy);
      ledger.#quickCheck();
      return ok(ledger);
    } catch (error) {
      opened.value.close();
      return err(databaseFailure(error));
    }
  }

  /**
   * Records the intent to collect, unless the code was just used or the sale is guarded. When this
   * returns, the obligation is on disk.
   */
  collect(
    event: Omit<CollectRequested, 'overrides'> & Stamp,
    code: string,
    override: boolean,
  ): Result<Change, CollectRefusal | Failure> {
    let outcome: Result<Change, CollectRefusal> | undefined;
    const committed = this.#commit(() => {
      outcome = this.#collectInTransaction(event, code, override);
    });
    if (!committed.ok) return committed;
    invariant(outcome !== undefined, 'a committed collect has an outcome');
    return outcome;
  }

  #collectInTransaction(
    event: Omit<CollectRequested, 'overrides'> & Stamp,
    code: string,
    override: boolean,
  ): Result<Change, CollectRefusal> {
    const lastUse = this.#codes.lastUse(code, event.atMs);
    if (lastUse !== null) return err({ kind: 'code_scanned_twice', clientSn: lastUse });
    const standing = this.#projections
      .ofSale(event.saleId)
      .filter((order) => isUndecided(order.state) || order.charged === 'yes');
    const blocking = standing.find((order) => isUndecided(order.state)) ?? standing[0];
    if (blocking !== undefined && !override) {
      const kind = isUndecided(blocking.state) ? 'sale_undecided' : 'sale_already_paid';
      return err({ kind, clientSn: blocking.clientSn });
    }
    this.#codes.remember(code, event.clientSn, event.atMs);
    const overrides = standing.map((order) => order.clientSn);
    const { order, effects } = transition(null, { ...event, overrides }, this.#policy);
    return ok(this.#write({ ...event, overrides }, order, effects));
  }

  /** Feeds one event to the order and commits what follows from it, for its sale as well. */
  apply(clientSn: string, event: OrderEvent): Result<Applied, Failure> {
    let applied: Applied = { kind: 'unchanged' };
    const committed = this.#commit(() => {
      applied = this.#applyInTransaction(clientSn, event);
    });
    return committed.ok ? ok(applied) : committed;
  }

  /** One event for each of many orders, in one commit: a start, or a network that came back. */
  applyToAll(clientSns: readonly string[], eventOf: () => OrderEvent): Result<readonly Change[], Failure> {
    const changes: Change[] = [];
    const committed = this.#commit(() => {
      for (const clientSn of clientSns) {
        const applied = this.#applyInTransaction(clientSn, eventOf());
        if (applied.kind === 'changed') changes.push(...applied.changes);
      }
    });
    return committed.ok ? ok(changes) : committed;
  }

  #applyInTransaction(clientSn: string, event: OrderEvent): Applied {
    const before = this.#projections.order(clientSn);
    invariant(before !== null, 'events are only applied to orders on disk');
    const { order, effects } = transition(before, event, this.#policy);
    const refusal = effects.find((effect) => effect.type === 'refused');
    if (refusal !== undefined) return { kind: 'refused', code: refusal.code };
    if (order === before && effects.length === 0) return { kind: 'unchanged' };
    const changes = [this.#write(event, order, effects)];
    if (effects.some((effect) => effect.type === 'check_sale')) changes.push(...this.#reverseDuplicates(order, event));
    return { kind: 'changed', changes };
  }

  /** At most one order of a sale stays charged: later ones are given back in the same transaction. */
  #reverseDuplicates(paid: Order, stamp: Stamp): Change[] {
    const { atMs, serverOffsetMs, random, actor } = stamp;
    return laterDuplicates(this.#projections.ofSale(paid.saleId)).map(({ duplicate, first }) => {
      const event: OrderEvent = {
        type: 'duplicate_charge_found',
        otherClientSn: first.clientSn,
        atMs,
        serverOffsetMs,
        random,
        actor,
      };
      const { order, effects } = transition(duplicate, event, this.#policy);
      return this.#write(event, order, effects);
    });
  }

  #write(event: OrderEvent, order: Order, effects: readonly Effect[]): Change {
    const alerts = effects.flatMap((effect) => (effect.type === 'alert' ? [effect.alert] : []));
    const body: JournalBody = { event, order, alerts };
    this.#journal.append({
      clientSn: order.clientSn,
      atMs: event.atMs,
      event: event.type,
      version: EVENT_VERSION,
      body: JSON.stringify(body),
    });
    this.#projections.put(order);
    return { order, alerts };
  }

  /** Records something that happened to the terminal rather than to an order, such as a check-in. */
  note(event: string, atMs: number, detail: Readonly<Record<string, string | number | boolean>>): Result<void, Failure> {
    return this.#commit(() => {
      this.#journal.append({
        clientSn: null,
        atMs,
        event,
        version: EVENT_VERSION,
        body: JSON.stringify(detail),
      });
    });
  }

  #commit(work: () => void): Result<void, Failure> {
    try {
      this.#inTransaction(work);
      return ok(undefined);
    } catch (error) {
      this.#journal.forgetUncommitted();
      return err(databaseFailure(error));
    }
  }

  order(clientSn: string): Order | null {
    return this.#projections.order(clientSn);
  }

  /** By our name or by the acquirer's, whichever the text is. */
  find(number: string): Order | null {
    return this.#projections.order(number) ?? this.#projections.bySn(number);
  }

  ofDay(businessDay: string, limit: number): Order[] {
    return this.#projections.ofDay(businessDay, limit);
  }

  recent(limit: number): Order[] {
    return this.#projections.recent(limit);
  }

  undecided(): Order[] {
    return this.#projections.undecided();
  }

  undecidedCount(): number {
    return this.#projections.undecidedCount();
  }

  due(atMs: number, limit: number): OwedRow[] {
    return this.#projections.due(atMs, limit);
  }

  owed(): OwedRow[] {
    return this.#projections.owed();
  }

  nextDueAtMs(atMs: number): number | null {
    return this.#projections.nextDueAtMs(atMs);
  }

  timeline(clientSn: string): JournalEntry[] {
    return this.#journal.ofOrder(clientSn);
  }

  journal(): Generator<JournalEntry> {
    return this.#journal.entries();
  }

  /** Checks the file, the hash chain and that the projections are what the journal says. */
  verify(): LedgerReport {
    const problems: string[] = [];
    const integrity = this.#database.pragma('integrity_check(10)', { simple: true });
    if (integrity !== 'ok') problems.push(`file: ${String(integrity)}`);
    const brokenSeq = firstBrokenSeq(this.#journal.entries());
    if (brokenSeq !== null) problems.push(`journal: entry ${brokenSeq} does not follow from the one before it`);
    const expected = lastOrders(this.#journal.entries());
    for (const order of this.#projections.allOrders()) {
      const truth = expected.orders.get(order.clientSn);
      if (truth === undefined || truth !== JSON.stringify(order)) problems.push(`order ${order.clientSn}: differs`);
      expected.orders.delete(order.clientSn);
    }
    for (const clientSn of expected.orders.keys()) problems.push(`order ${clientSn}: missing`);
    for (const row of this.#projections.owed()) {
      const owed = expected.owed.get(row.clientSn);
      const same = owed?.call === row.call && owed.dueAtMs === row.dueAtMs && owed.waitingFor === row.waitingFor;
      if (!same) problems.push(`outbox ${row.clientSn}: differs`);
      expected.owed.delete(row.clientSn);
    }
    for (const clientSn of expected.owed.keys()) problems.push(`outbox ${clientSn}: missing`);
    return { entries: expected.entries, orders: expected.orderCount, problems };
  }

  /** Rebuilds `orders` and `outbox` from the journal, which must verify first. */
  rebuild(): Result<void, Failure> {
    return this.#commit(() => {
      invariant(firstBrokenSeq(this.#journal.entries()) === null, 'only an intact journal is rebuilt from');
      this.#projections.clear();
      for (const body of lastOrders(this.#journal.entries()).bodies()) this.#projections.put(body);
    });
  }

  close(): void {
    this.#database.close();
  }

  /** A damaged file is found before a payment starts, not in the middle of one. */
  #quickCheck(): void {
    this.#database.prepare('SELECT count(*) FROM sqlite_schema').get();
    this.#projections.owed();
    this.#projections.undecided();
    this.#projections.recent(1);
  }
}

export interface LedgerReport {
  readonly entries: number;
  readonly orders: number;
  /** Empty when the ledger is sound; at most one line for each thing that is not. */
  readonly problems: readonly string[];
}

function lastOrders(entries: Iterable<JournalEntry>) {
  const orders = new Map<string, string>();
  let count = 0;
  for (const entry of entries) {
    count += 1;
    if (entry.clientSn === null) continue;
    const { order } = JSON.parse(entry.body) as JournalBody;
    orders.set(entry.clientSn, JSON.stringify(order));
  }
  const owed = new Map<string, NonNullable<Order['owed']>>();
  for (const [clientSn, text] of orders) {
    const order = JSON.parse(text) as Order;
    if (order.owed !== null) owed.set(clientSn, order.owed);
  }
  return {
    entries: count,
    orderCount: orders.size,
    orders,
    owed,
    bodies: () => [...orders.values()].map((text) => JSON.parse(text) as Order),
  };
}
