import type { Order } from '../../shared/order/order.ts';

/** An order as its last journal entry left it, with that entry's number. */
export interface StandingOrder {
  readonly order: Order;
  readonly seq: number;
}

/** What an outage of hours leaves owed; beyond it an order is read from the disk, as every closed one is. */
const KEPT_ORDERS = 1024;

/**
 * Orders that owe a call, as they are on disk: each is asked for three times for each of its calls, and reading
 * and parsing it cost as much as committing the answer. Forgotten after a transaction that was rolled back.
 */
export class OpenOrders {
  readonly #kept = new Map<string, StandingOrder>();

  get(clientSn: string): StandingOrder | undefined {
    return this.#kept.get(clientSn);
  }

  put(standing: StandingOrder): void {
    const { clientSn, owed } = standing.order;
    this.#kept.delete(clientSn);
    if (owed === null) return;
    this.#kept.set(clientSn, standing);
    if (this.#kept.size <= KEPT_ORDERS) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  /** What was written since may not be on disk. */
  forget(): void {
    this.#kept.clear();
  }
}
