import type { DatabaseHandle, Statement } from '../database/open.ts';
import type { Span } from '../../shared/business-day.ts';
import { isUndecided, type Order, type OwedCall } from '../../shared/order/order.ts';
import { parseBody } from './journal.ts';
import { OpenOrders, type StandingOrder } from './open-orders.ts';
import { OwedCalls } from './owed-calls.ts';

/** A row of the outbox: the one call an order owes. */
export interface OwedRow extends OwedCall {
  readonly clientSn: string;
  /** Until when somebody may be waiting at the counter, who goes before an old debt. */
  readonly attendedUntilMs: number;
}

/** A row of `orders`: where the order's last journal entry is, and what orders are searched by. */
export interface OrderRow {
  readonly clientSn: string;
  readonly seq: number;
  readonly sn: string | null;
  readonly saleId: string;
  readonly state: string;
  readonly charged: string;
  readonly amountMinor: number;
  readonly businessDay: string;
  readonly createdAtMs: number;
}

/** What of an undecided order its money is counted by. */
export interface UndecidedRow {
  readonly clientSn: string;
  readonly amountMinor: number;
}

/** What orders of a day are looked for by: any one of amount, minute or part of a number is enough. */
export interface OrderMatch {
  readonly businessDay: string;
  /** Only orders begun at or before this instant. */
  readonly untilMs: number;
  readonly limit: number;
  readonly amountMinor: number | null;
  readonly minutes: readonly Span[];
  /** Of our number, the acquirer's or the sale's; ASCII letters match in either case. */
  readonly part: string;
}

type MatchingParameters = Omit<OrderMatch, 'minutes'> & { readonly minutes: string };

/** The row of an order whose last entry is `seq`. */
export function orderRow(order: Order, seq: number): OrderRow {
  const { clientSn, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs } = order;
  return { clientSn, seq, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs };
}

/** The row of what an order owes, or null. */
export function owedRow({ clientSn, owed, attendedUntilMs }: Order): OwedRow | null {
  if (owed === null) return null;
  const { call, dueAtMs, waitingFor } = owed;
  return { clientSn, call, dueAtMs, waitingFor, attendedUntilMs };
}

interface BodyRow {
  readonly body: string;
}

type OrderColumns = [string, number, string | null, string, string, string, number, string, number];

/**
 * The two tables derived from the journal: where each order stands, and what is owed for it. Every
 * statement is prepared once; writes happen only inside the ledger's transaction.
 */
export class Projections {
  readonly #database: DatabaseHandle;
  readonly #addOrder: Statement<OrderColumns>;
  readonly #moveOrder: Statement<[number, string | null, string, string, string]>;
  readonly #addOwed: Statement<[string, string, number, string, number]>;
  readonly #moveOwed: Statement<[string, number, string, number, string]>;
  readonly #dropOwed: Statement<[string]>;
  readonly #order: Statement<[string], BodyRow & { readonly seq: number }>;
  readonly #bySn: Statement<[string], BodyRow>;
  readonly #ofSale: Statement<[{ saleId: string }], BodyRow>;
  readonly #ofDay: Statement<[string, number, number], BodyRow>;
  readonly #matching: Statement<[MatchingParameters], BodyRow>;
  readonly #recent: Statement<[number], BodyRow>;
  readonly #owing: Statement<[], BodyRow>;
  readonly #inAttention: Statement<[], BodyRow>;
  readonly #unfinished: Statement<[number], BodyRow>;
  readonly #undecidedAmounts: Statement<[], UndecidedRow>;
  readonly #undecidedCount: Statement<[], { count: number }>;
  readonly #owed: Statement<[], OwedRow>;
  readonly #rows: Statement<[], OrderRow>;
  readonly #owedCalls: OwedCalls;
  readonly #openOrders = new OpenOrders();

  constructor(database: DatabaseHandle) {
    const owed =
      'client_sn AS clientSn, call, due_at_ms AS dueAtMs, waiting_for AS waitingFor, attended_until_ms AS attendedUntilMs';
    const bodies = 'SELECT journal.body FROM orders JOIN journal USING (seq)';
    this.#database = database;
    this.#addOrder = database.prepare(
      `INSERT INTO orders (client_sn, seq, sn, sale_id, state, charged, amount_minor, business_day, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#moveOrder = database.prepare(
      'UPDATE orders SET seq = ?, sn = ?, state = ?, charged = ? WHERE client_sn = ?',
    );
    this.#addOwed = database.prepare(
      'INSERT INTO outbox (client_sn, call, due_at_ms, waiting_for, attended_until_ms) VALUES (?, ?, ?, ?, ?)',
    );
    this.#moveOwed = database.prepare(
      'UPDATE outbox SET call = ?, due_at_ms = ?, waiting_for = ?, attended_until_ms = ? WHERE client_sn = ?',
    );
    this.#dropOwed = database.prepare('DELETE FROM outbox WHERE client_sn = ?');
    this.#order = database.prepare(
      'SELECT seq, journal.body FROM orders JOIN journal USING (seq) WHERE orders.client_sn = ?',
    );
    this.#bySn = database.prepare(`${bodies} WHERE sn = ? ORDER BY created_at_ms DESC LIMIT 1`);
    // In two parts, so that the second can use the index of sales that have a name of their own.
    this.#ofSale = database.prepare(
      `${bodies} WHERE orders.client_sn = @saleId AND sale_id = @saleId
       UNION ALL ${bodies} WHERE sale_id = @saleId AND sale_id <> orders.client_sn`,
    );
    this.#ofDay = database.prepare(
      `${bodies} WHERE business_day = ? AND created_at_ms <= ? ORDER BY created_at_ms DESC LIMIT ?`,
    );
    // The day's index leads; what else is asked for is looked at row by row, and a day is not long.
    this.#matching = database.prepare(
      `${bodies} WHERE business_day = @businessDay AND created_at_ms <= @untilMs
         AND (amount_minor = @amountMinor
           OR orders.client_sn LIKE @part ESCAPE '\\' OR sn LIKE @part ESCAPE '\\' OR sale_id LIKE @part ESCAPE '\\'
           OR EXISTS (SELECT 1 FROM json_each(@minutes)
             WHERE created_at_ms >= value ->> 'fromMs' AND created_at_ms < value ->> 'untilMs'))
       ORDER BY created_at_ms DESC LIMIT @limit`,
    );
    this.#recent = database.prepare(`${bodies} ORDER BY business_day DESC, created_at_ms DESC LIMIT ?`);
    this.#owing = database.prepare(`${bodies} WHERE orders.client_sn IN (SELECT client_sn FROM outbox)`);
    this.#inAttention = database.prepare(`${bodies} WHERE state = 'attention'`);
    const newestUnfinished = `SELECT seq, created_at_ms FROM orders WHERE client_sn IN (SELECT client_sn FROM outbox)
       UNION SELECT seq, created_at_ms FROM orders WHERE state = 'attention'
       ORDER BY created_at_ms DESC LIMIT ?`;
    this.#unfinished = database.prepare(
      `SELECT journal.body FROM (${newestUnfinished}) JOIN journal USING (seq) ORDER BY created_at_ms DESC`,
    );
    // Every undecided order owes a call or is in attention, so this needs no index over all states.
    // CROSS JOIN reads the outbox first: it is short, and every payment counts, while orders only grow.
    const undecided = `SELECT client_sn AS clientSn, amount_minor AS amountMinor
       FROM outbox CROSS JOIN orders USING (client_sn) WHERE state NOT IN ('reversed', 'attention')
       UNION ALL SELECT client_sn, amount_minor FROM orders WHERE state = 'attention'`;
    this.#undecidedAmounts = database.prepare(undecided);
    this.#undecidedCount = database.prepare(`SELECT count(*) AS count FROM (${undecided})`);
    this.#owed = database.prepare(`SELECT ${owed} FROM outbox ORDER BY due_at_ms`);
    this.#owedCalls = new OwedCalls(() => this.#owed.all());
    this.#rows = database.prepare(
      `SELECT client_sn AS clientSn, seq, sn, sale_id AS saleId, state, charged, amount_minor AS amountMinor,
         business_day AS businessDay, created_at_ms AS createdAtMs FROM orders`,
    );
  }

  /** Adds the row of a new order. A name that was used before is refused by the primary key: a bug. */
  add(order: Order, seq: number): void {
    const { clientSn, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs } = order;
    this.#addOrder.run(clientSn, seq, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs);
    const owed = owedRow(order);
    if (owed !== null) this.#owe(owed);
    this.#openOrders.put({ order, seq });
  }

  /** Points the order's row at its newest journal entry and brings its owed call in line. */
  move(order: Order, seq: number): void {
    const { clientSn, sn, state, charged } = order;
    this.#moveOrder.run(seq, sn, state, charged, clientSn);
    const owed = owedRow(order);
    if (owed === null) this.#settle(clientSn);
    else this.#moveOrOwe(owed);
    this.#openOrders.put({ order, seq });
  }

  #moveOrOwe(row: OwedRow): void {
    const { clientSn, call, dueAtMs, waitingFor, attendedUntilMs } = row;
    const { changes } = this.#moveOwed.run(call, dueAtMs, waitingFor, attendedUntilMs, clientSn);
    if (changes === 0) this.#owe(row);
    else this.#owedCalls.set(row);
  }

  #owe(row: OwedRow): void {
    const { clientSn, call, dueAtMs, waitingFor, attendedUntilMs } = row;
    this.#addOwed.run(clientSn, call, dueAtMs, waitingFor, attendedUntilMs);
    this.#owedCalls.set(row);
  }

  #settle(clientSn: string): void {
    this.#dropOwed.run(clientSn);
    this.#owedCalls.drop(clientSn);
  }

  clear(): void {
    this.#database.exec('DELETE FROM outbox; DELETE FROM orders;');
    this.forgetUncommitted();
  }

  /** What a rolled-back transaction wrote must not stay in memory. */
  forgetUncommitted(): void {
    this.#owedCalls.forget();
    this.#openOrders.forget();
  }

  /** The order's last journal entry, or null for a new order. */
  lastSeq(clientSn: string): number | null {
    return this.#standing(clientSn)?.seq ?? null;
  }

  order(clientSn: string): Order | null {
    return this.#standing(clientSn)?.order ?? null;
  }

  #standing(clientSn: string): StandingOrder | null {
    const kept = this.#openOrders.get(clientSn);
    if (kept !== undefined) return kept;
    const row = this.#order.get(clientSn);
    if (row === undefined) return null;
    const standing = { order: orderIn(row), seq: row.seq };
    this.#openOrders.put(standing);
    return standing;
  }

  bySn(sn: string): Order | null {
    return readBody(this.#bySn.get(sn));
  }

  ofSale(saleId: string): Order[] {
    return this.#ofSale.all({ saleId }).map(orderIn);
  }

  /** The newest of a day begun at or before an instant, newest first. */
  ofDay(businessDay: string, untilMs: number, limit: number): Order[] {
    return this.#ofDay.all(businessDay, untilMs, limit).map(orderIn);
  }

  /** Orders of a day that match in any one way, newest first. */
  matching({ businessDay, untilMs, limit, amountMinor, minutes, part }: OrderMatch): Order[] {
    const escaped = part.replaceAll(/[\\%_]/g, '\\$&');
    const parameters = { businessDay, untilMs, limit, amountMinor, part: `%${escaped}%` };
    return this.#matching.all({ ...parameters, minutes: JSON.stringify(minutes) }).map(orderIn);
  }

  recent(limit: number): Order[] {
    return this.#recent.all(limit).map(orderIn);
  }

  /** Newest first. */
  undecided(): Order[] {
    const owing = this.#owing.all().map(orderIn);
    const undecided = owing.filter((order) => isUndecided(order.state) && order.state !== 'attention');
    return [...undecided, ...this.#inAttention.all().map(orderIn)].toSorted(
      (a, b) => b.createdAtMs - a.createdAtMs,
    );
  }

  /** In doubt, or done and still owing its last question; newest first. */
  unfinished(limit: number): Order[] {
    return this.#unfinished.all(limit).map(orderIn);
  }

  /** The same as `undecided` without reading a body. */
  undecidedAmounts(): UndecidedRow[] {
    return this.#undecidedAmounts.all();
  }

  undecidedCount(): number {
    return this.#undecidedCount.get()?.count ?? 0;
  }

  /** What is due while somebody may be waiting at the counter for it, oldest debt first. */
  dueAttended(atMs: number, limit: number): OwedRow[] {
    return this.#owedCalls.due(atMs, limit, 'attended');
  }

  /** What is due and nobody waits for, oldest debt first. */
  dueUnattended(atMs: number, limit: number): OwedRow[] {
    return this.#owedCalls.due(atMs, limit, 'unattended');
  }

  owed(): OwedRow[] {
    return this.#owed.all();
  }

  owedCount(): number {
    return this.#owedCalls.count;
  }

  /** The next instant after `atMs` at which something falls due, or null. */
  nextDueAtMs(atMs: number): number | null {
    return this.#owedCalls.nextDueAtMs(atMs);
  }

  rows(): IterableIterator<OrderRow> {
    return this.#rows.iterate();
  }
}

function readBody(row: BodyRow | undefined): Order | null {
  return row === undefined ? null : orderIn(row);
}

/** The ledger wrote this text itself, under the hash chain's eye. */
function orderIn(row: BodyRow): Order {
  return parseBody(row.body).order;
}
