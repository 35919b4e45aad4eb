import type { DatabaseHandle, Statement } from '../database/open.ts';
import type { Order, OwedCall } from '../../shared/order/order.ts';

/** A row of the outbox: the one call an order owes. */
export interface OwedRow extends OwedCall {
  readonly clientSn: string;
}

interface BodyRow {
  readonly body: string;
}

const UNDECIDED = `state IN ('collecting', 'confirming', 'reversing', 'verifying', 'revoking', 'attention')`;

/**
 * The two tables derived from the journal: what each order is now, and what is owed for it. Every
 * statement is prepared once; writes happen only inside the ledger's transaction.
 */
export class Projections {
  readonly #database: DatabaseHandle;
  readonly #putOrder: Statement<[string, string | null, string, string, string, number, string, number, string]>;
  readonly #putOwed: Statement<[string, string, number, string]>;
  readonly #dropOwed: Statement<[string]>;
  readonly #order: Statement<[string], BodyRow>;
  readonly #bySn: Statement<[string], BodyRow>;
  readonly #ofSale: Statement<[string], BodyRow>;
  readonly #ofDay: Statement<[string, number], BodyRow>;
  readonly #recent: Statement<[number], BodyRow>;
  readonly #undecided: Statement<[], BodyRow>;
  readonly #undecidedCount: Statement<[], { count: number }>;
  readonly #due: Statement<[number, number], OwedRow>;
  readonly #owed: Statement<[], OwedRow>;
  readonly #nextDue: Statement<[number], { dueAtMs: number }>;

  constructor(database: DatabaseHandle) {
    const owedColumns = 'client_sn AS clientSn, call, due_at_ms AS dueAtMs, waiting_for AS waitingFor';
    this.#database = database;
    this.#putOrder = database.prepare(
      `INSERT INTO orders (client_sn, sn, sale_id, state, charged, amount_minor, business_day, created_at_ms, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (client_sn) DO UPDATE SET
         sn = excluded.sn, state = excluded.state, charged = excluded.charged, body = excluded.body`,
    );
    this.#putOwed = database.prepare(
      `INSERT INTO outbox (client_sn, call, due_at_ms, waiting_for) VALUES (?, ?, ?, ?)
       ON CONFLICT (client_sn) DO UPDATE SET
         call = excluded.call, due_at_ms = excluded.due_at_ms, waiting_for = excluded.waiting_for`,
    );
    this.#dropOwed = database.prepare('DELETE FROM outbox WHERE client_sn = ?');
    this.#order = database.prepare('SELECT body FROM orders WHERE client_sn = ?');
    this.#bySn = database.prepare('SELECT body FROM orders WHERE sn = ? ORDER BY created_at_ms DESC LIMIT 1');
    this.#ofSale = database.prepare('SELECT body FROM orders WHERE sale_id = ? ORDER BY created_at_ms, client_sn');
    this.#ofDay = database.prepare(
      'SELECT body FROM orders WHERE business_day = ? ORDER BY created_at_ms DESC, client_sn DESC LIMIT ?',
    );
    this.#recent = database.prepare(
      'SELECT body FROM orders ORDER BY business_day DESC, created_at_ms DESC, client_sn DESC LIMIT ?',
    );
    this.#undecided = database.prepare(`SELECT body FROM orders WHERE ${UNDECIDED} ORDER BY created_at_ms DESC`);
    this.#undecidedCount = database.prepare(`SELECT count(*) AS count FROM orders WHERE ${UNDECIDED}`);
    this.#due = database.prepare(
      `SELECT ${owedColumns} FROM outbox WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?`,
    );
    this.#owed = database.prepare(`SELECT ${owedColumns} FROM outbox ORDER BY due_at_ms`);
    this.#nextDue = database.prepare(
      'SELECT due_at_ms AS dueAtMs FROM outbox WHERE due_at_ms > ? ORDER BY due_at_ms LIMIT 1',
    );
  }

  put(order: Order): void {
    const { clientSn, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs, owed } = order;
    const body = JSON.stringify(order);
    this.#putOrder.run(clientSn, sn, saleId, state, charged, amountMinor, businessDay, createdAtMs, body);
    if (owed === null) this.#dropOwed.run(clientSn);
    else this.#putOwed.run(clientSn, owed.call, owed.dueAtMs, owed.waitingFor);
  }

  clear(): void {
    this.#database.exec('DELETE FROM outbox; DELETE FROM orders;');
  }

  order(clientSn: string): Order | null {
    return readBody(this.#order.get(clientSn));
  }

  bySn(sn: string): Order | null {
    return readBody(this.#bySn.get(sn));
  }

  ofSale(saleId: string): Order[] {
    return this.#ofSale.all(saleId).map(parseBody);
  }

  ofDay(businessDay: string, limit: number): Order[] {
    return this.#ofDay.all(businessDay, limit).map(parseBody);
  }

  recent(limit: number): Order[] {
    return this.#recent.all(limit).map(parseBody);
  }

  undecided(): Order[] {
    return this.#undecided.all().map(parseBody);
  }

  undecidedCount(): number {
    return this.#undecidedCount.get()?.count ?? 0;
  }

  due(atMs: number, limit: number): OwedRow[] {
    return this.#due.all(atMs, limit);
  }

  owed(): OwedRow[] {
    return this.#owed.all();
  }

  /** The next instant after `atMs` at which something falls due, or null. */
  nextDueAtMs(atMs: number): number | null {
    return this.#nextDue.get(atMs)?.dueAtMs ?? null;
  }

  *allOrders(): Generator<Order> {
    for (const row of this.#database.prepare<[], BodyRow>('SELECT body FROM orders').iterate()) {
      yield parseBody(row);
    }
  }
}

function readBody(row: BodyRow | undefined): Order | null {
  return row === undefined ? null : parseBody(row);
}

/** The ledger wrote this text itself, under the hash chain's eye. */
function parseBody(row: BodyRow): Order {
  return JSON.parse(row.body) as Order;
}
