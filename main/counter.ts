import { assertNever } from '../shared/assert.ts';
import type { CallArgs, Counter } from '../shared/contract.ts';
import { failure, type Failure } from '../shared/errors.ts';
import { parseAmount, type Currency } from '../shared/money.ts';
import type { Order } from '../shared/order/order.ts';
import { err, ok, type Result } from '../shared/result.ts';

export interface CustomerCounterDependencies {
  readonly currency: Currency;
  readonly find: (number: string) => Order | null;
  /** Told only where something else is shown than before. */
  readonly onChange: (counter: Counter) => void;
}

/**
 * What the customer is shown. It belongs to the terminal and not to a screen, because the display beside
 * the till is another page than the one the cashier types on.
 */
export class CustomerCounter {
  readonly #deps: CustomerCounterDependencies;
  #shown: Counter = { kind: 'idle' };

  constructor(dependencies: CustomerCounterDependencies) {
    this.#deps = dependencies;
  }

  get shown(): Counter {
    return this.#shown;
  }

  /** Shows what a host asks for. */
  show(wanted: CallArgs<'counter.show'>): Result<void, Failure> {
    switch (wanted.kind) {
      case 'idle':
        this.#turnTo({ kind: 'idle' });
        return ok(undefined);
      case 'amount':
        this.#turnTo(this.#amountTyped(wanted.amount));
        return ok(undefined);
      case 'order': {
        const order = this.#deps.find(wanted.clientSn);
        if (order === null) return err(failure('order_unknown'));
        this.follow(order);
        return ok(undefined);
      }
      default:
        return assertNever(wanted);
    }
  }

  /** Shows an order that has just been asked for money, or to give it back. */
  follow({ clientSn }: Pick<Order, 'clientSn'>): void {
    this.#turnTo({ kind: 'order', clientSn });
  }

  /** Half an amount, such as `12.`, is nothing to show to anybody yet. */
  #amountTyped(text: string): Counter {
    const amount = parseAmount(text, this.#deps.currency);
    return amount.ok ? { kind: 'amount', amount: amount.value } : { kind: 'idle' };
  }

  #turnTo(counter: Counter): void {
    if (isSame(this.#shown, counter)) return;
    this.#shown = counter;
    this.#deps.onChange(counter);
  }
}

function isSame(one: Counter, other: Counter): boolean {
  switch (one.kind) {
    case 'idle':
      return other.kind === 'idle';
    case 'amount':
      return other.kind === 'amount' && other.amount === one.amount;
    case 'order':
      return other.kind === 'order' && other.clientSn === one.clientSn;
    default:
      return assertNever(one);
  }
}
