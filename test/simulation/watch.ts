import { isUndecided, type Order } from '../../shared/order/order.ts';
import type { OrderEvent } from '../../shared/order/event.ts';
import type { Change } from '../../main/ledger/ledger.ts';
import type { SentCall } from '../checker/history.ts';
import type { NamedCall } from './line.ts';
import type { Tally } from './tally.ts';

/** What must hold at every step of a run. The first thing that does not ends it. */
export interface WatchDependencies {
  readonly tally: Tally;
  readonly note: (text: string) => void;
  /** What the acquirer holds of an order now, in minor units; null where it knows none. */
  readonly netMinor: (clientSn: string) => number | null;
  /** The newest entry that another connection can read in the file. */
  readonly committedSeq: () => number;
}

/** Events that carry the acquirer's word. */
const ANSWERS: ReadonlySet<string> = new Set([
  'pay_answered',
  'query_answered',
  'cancel_answered',
  'revoke_answered',
  'refund_answered',
]);

/** What leads into these leads to the money's return, whatever is heard of the payment meanwhile. */
const REVERSAL: ReadonlySet<string> = new Set(['reversing', 'verifying', 'reversed']);

export class Watch {
  readonly #deps: WatchDependencies;
  /** Every order as the newest commit left it. */
  readonly orders = new Map<string, Order>();
  readonly sent: SentCall[] = [];
  readonly #inFlight = new Map<string, NamedCall>();
  /** What does not hold, in words; null while everything does. */
  violation: string | null = null;

  constructor(dependencies: WatchDependencies) {
    this.#deps = dependencies;
  }

  /** By either of its numbers. */
  find(number: string): Order | undefined {
    return this.orders.get(number) ?? [...this.orders.values()].find(({ sn }) => sn === number);
  }

  /** A new process has nothing in flight, whatever still travels for the one before it. */
  processStarted(): void {
    this.#inFlight.clear();
  }

  /** The ledger has committed an intent to collect; `override` where the cashier went past what is undecided. */
  collected(event: OrderEvent, change: Change, override: boolean): void {
    const { clientSn, saleId } = change.order;
    for (const other of this.orders.values()) {
      if (other.saleId !== saleId || other.clientSn === clientSn) continue;
      if (other.state === 'paid' || (isUndecided(other.state) && !override))
        this.#violate(`${clientSn} was begun while ${other.clientSn} of its sale is ${other.state}`);
    }
    this.committed(event, [change]);
  }

  /** The ledger has committed what this event came to. */
  committed(event: OrderEvent, changes: readonly Change[]): void {
    for (const { order, alerts } of changes) {
      const before = this.orders.get(order.clientSn);
      this.orders.set(order.clientSn, order);
      this.#look(before, order, event);
      const owes = order.owed === null ? 'owes nothing' : `owes ${order.owed.call}`;
      const told = alerts.length === 0 ? '' : `, alerts ${alerts.join(' ')}`;
      this.#deps.note(
        `${order.clientSn}: ${happened(event)} → ${order.state}, charged ${order.charged}, ${owes}${told}`,
      );
      this.#deps.tally.pair(before?.state ?? 'none', happened(event));
    }
  }

  #look(before: Order | undefined, order: Order, event: OrderEvent): void {
    const { clientSn, state, charged, owed } = order;
    if (charged === 'unknown' && owed === null && state !== 'attention')
      this.#violate(`${clientSn} is in doubt, and neither a call is owed nor a person asked`);
    if (before !== undefined && order.revision <= before.revision)
      this.#violate(`${clientSn} was written over by an older order`);
    if (state === 'reversed' && owed === null && event.atMs < order.inFlightUntilMs)
      this.#violate(`${clientSn} is reversed before its horizon, and no look back is owed`);
    if (before === undefined || before.state === state) return;
    if (state === 'paid' && REVERSAL.has(before.state))
      this.#violate(`${clientSn} was being reversed, and is paid`);
    if (isUndecided(before.state) && !isUndecided(state)) {
      const isByPerson = event.type === 'settled' && event.actor.kind === 'operator';
      if (!ANSWERS.has(event.type) && !isByPerson)
        this.#violate(`${clientSn} left ${before.state} for ${state} by ${event.type}`);
    }
    this.#compare(order, event);
  }

  /** At the instant of a decision, what the ledger says is what the acquirer holds. */
  #compare({ clientSn, state, charged, amountMinor, reason }: Order, event: OrderEvent): void {
    const net = this.#deps.netMinor(clientSn);
    if (state === 'resolved' && (net ?? 0) !== (charged === 'yes' ? amountMinor : 0))
      this.#violate(`${clientSn} is settled as charged ${charged}, and the acquirer holds ${net}`);
    if (state === 'paid' && event.type !== 'revoke_answered' && net !== amountMinor)
      this.#violate(`${clientSn} is paid, and the acquirer holds ${net} of ${amountMinor}`);
    const isReturned = state === 'declined' || state === 'reversed' || state === 'revoked';
    if (isReturned && (net ?? 0) !== 0)
      this.#violate(`${clientSn} is ${state}, and the acquirer holds ${net} of ${amountMinor}`);
    if (state === 'declined' && reason === 'not_sent' && net !== null)
      this.#violate(`${clientSn} is said not to be sent, and the acquirer has it`);
  }

  /** A request about an order leaves the process. */
  leaves(named: NamedCall): void {
    const { call, clientSn } = named;
    this.#deps.tally.counts.calls += 1;
    this.sent.push({ call, clientSn, committedSeq: this.#deps.committedSeq() });
    this.#deps.note(`${clientSn}: ${call} leaves`);
    const order = this.find(clientSn);
    if (order === undefined) {
      this.#violate(`${call} of ${clientSn} left before its intent was committed`);
      return;
    }
    const owed = order.owed?.call;
    const isOwed = owed === call || (owed === 'revoke' && call === 'cancel');
    if (!isOwed) this.#violate(`${call} of ${clientSn} left while ${owed ?? 'nothing'} was owed`);
    const other = this.#inFlight.get(clientSn);
    if (other !== undefined)
      this.#violate(`${call} of ${clientSn} left while its ${other.call} was in flight`);
    this.#inFlight.set(clientSn, named);
  }

  /** A call of a process that died ends after the next one of its order may have begun. */
  ended(named: NamedCall): void {
    const { clientSn } = named;
    if (this.#inFlight.get(clientSn) === named) this.#inFlight.delete(clientSn);
  }

  #violate(what: string): void {
    this.violation ??= what;
    this.#deps.note(`VIOLATION: ${what}`);
  }

  fail(what: string): void {
    this.#violate(what);
  }
}

function happened(event: OrderEvent): string {
  if (!('outcome' in event)) return event.type;
  return `${event.type} ${event.outcome.kind}`;
}
