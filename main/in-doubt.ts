import type { InDoubt } from '../shared/contract.ts';
import { isUndecided, type Order } from '../shared/order/order.ts';

/** What of an order the tally keeps. */
export type InDoubtOrder = Pick<Order, 'clientSn' | 'amountMinor'>;

/**
 * How many orders are undecided and how much money that is. A screen holds only a window of them, so
 * the totals are kept here, filled from the ledger once and moved by every change.
 */
export class InDoubtTally {
  readonly #amounts = new Map<string, number>();
  #amount = 0;

  constructor(undecided: Iterable<InDoubtOrder>) {
    for (const order of undecided) this.#put(order);
  }

  /** Follows an order to where a commit left it. */
  move(order: InDoubtOrder & Pick<Order, 'state'>): void {
    this.#drop(order.clientSn);
    if (isUndecided(order.state)) this.#put(order);
  }

  totals(): InDoubt {
    return { count: this.#amounts.size, amount: this.#amount };
  }

  #put({ clientSn, amountMinor }: InDoubtOrder): void {
    this.#amounts.set(clientSn, amountMinor);
    this.#amount += amountMinor;
  }

  #drop(clientSn: string): void {
    this.#amount -= this.#amounts.get(clientSn) ?? 0;
    this.#amounts.delete(clientSn);
  }
}
