import type { Terminal } from '../../main/terminal.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import type { Sale } from './plan.ts';
import type { Tally } from './tally.ts';
import type { Till } from './till.ts';
import type { VirtualTime } from './virtual-time.ts';

const CASHIER: Actor = { kind: 'operator', name: 'cashier' };
const LEAD: Actor = { kind: 'operator', name: 'lead' };

export interface PeopleDependencies {
  readonly time: VirtualTime;
  readonly till: Till;
  readonly tally: Tally;
  readonly note: (text: string) => void;
  /** Wallet codes that were scanned; none of them may be found anywhere. */
  readonly codes: string[];
  /** What the acquirer's own portal shows of an order, in minor units. */
  readonly netMinor: (clientSn: string) => number | null;
  /** Something that must hold does not. */
  readonly fail: (what: string) => void;
}

/** Who stands at the counter: a cashier in a hurry, and a lead who settles what a machine cannot. */
export class People {
  readonly #deps: PeopleDependencies;
  #codesGiven = 0;
  /** How often the lead has tried to settle an order, gentlest way first. */
  readonly #visits = new Map<string, number>();

  constructor(dependencies: PeopleDependencies) {
    this.#deps = dependencies;
  }

  sell(sale: Sale): void {
    const { time, tally, till, fail } = this.#deps;
    const { terminal } = till;
    if (terminal === null) return;
    tally.counts.sales += 1;
    const code = this.#newCode();
    const clientSn = this.#collect(terminal, sale, code, false);
    const again = sale.isDoublePressed ? this.#collect(terminal, sale, code, false) : null;
    if (clientSn === null) return;
    if (again !== null) fail(`${again} was begun with the code of ${clientSn}`);
    if (sale.giveUpAfterMs !== null) time.after(sale.giveUpAfterMs, () => this.#giveUp(clientSn));
    const { again: secondTry } = sale;
    if (secondTry !== null)
      time.after(secondTry.afterMs, () => {
        const at = till.terminal;
        if (at === null || this.#order(clientSn)?.state === 'paid') return;
        this.#collect(at, sale, this.#newCode(), secondTry.override);
      });
    if (sale.giveBackAfterMs !== null)
      time.after(sale.giveBackAfterMs, () => this.#giveBack(clientSn, sale.givesBackBy));
  }

  #collect(terminal: Terminal, sale: Sale, code: string, override: boolean): string | null {
    const { till, time, note } = this.#deps;
    const amount = (sale.amountMinor / 100).toFixed(2);
    const collected = terminal.collect(
      { amount, code, ...(sale.saleId === null ? {} : { saleId: sale.saleId }) },
      override,
      CASHIER,
    );
    if (!collected.ok) {
      note(`cashier: ${amount} for ${sale.saleId ?? 'a sale'} is refused: ${collected.error.code}`);
      return null;
    }
    till.collectedAtMs.set(collected.value.clientSn, time.nowMs);
    return collected.value.clientSn;
  }

  #newCode(): string {
    this.#codesGiven += 1;
    const code = `28${String(4_071_369_000_000_000 + this.#codesGiven)}`;
    this.#deps.codes.push(code);
    return code;
  }

  #giveUp(clientSn: string): void {
    this.#command('gives up', clientSn, (terminal) =>
      terminal.command(clientSn, { type: 'gave_up' }, CASHIER),
    );
  }

  #giveBack(clientSn: string, by: 'revoke' | 'refund'): void {
    this.#command(by, clientSn, (terminal) =>
      by === 'revoke'
        ? terminal.revoke(clientSn, 'changed mind', CASHIER)
        : terminal.refund(clientSn, 'changed mind', CASHIER),
    );
  }

  /** Presses "try now" at the order that waits longest. */
  pressRetry(): void {
    const [first] = this.#deps.till.ledger?.owed() ?? [];
    if (first === undefined) return;
    this.#command('retry', first.clientSn, (terminal) =>
      terminal.command(first.clientSn, { type: 'retry_requested' }, CASHIER),
    );
  }

  /** Looks at every order that needs a person, and takes the next way out that it has not tried. */
  leadVisits(): void {
    const { till } = this.#deps;
    for (const order of till.ledger?.undecided() ?? []) if (order.state === 'attention') this.#settle(order);
  }

  #settle({ clientSn }: Order): void {
    const visit = this.#visits.get(clientSn) ?? 0;
    this.#visits.set(clientSn, visit + 1);
    switch (visit) {
      case 0:
        return this.#command('lead asks again', clientSn, (terminal) =>
          terminal.command(clientSn, { type: 'retry_requested' }, LEAD),
        );
      case 1:
        return this.#command('lead reverses', clientSn, (terminal) =>
          terminal.command(clientSn, { type: 'reversal_requested' }, LEAD),
        );
      case 2:
        return this.#command('lead refunds', clientSn, (terminal) =>
          terminal.refund(clientSn, 'by the lead', LEAD),
        );
      default: {
        const charged = (this.#deps.netMinor(clientSn) ?? 0) > 0 ? 'yes' : 'no';
        return this.#command('lead settles', clientSn, (terminal) =>
          terminal.settle(clientSn, { charged, reason: 'as the portal shows' }, LEAD),
        );
      }
    }
  }

  /** Whether the lead has something left to do; a lead who finds the terminal down comes again. */
  get isNeeded(): boolean {
    const { ledger } = this.#deps.till;
    return ledger === null || ledger.undecided().some(({ state }) => state === 'attention');
  }

  /** Whether the machine has something left to bring to an end; one that is down may have. */
  get isMoving(): boolean {
    return this.#deps.till.ledger === null || this.moving.length > 0;
  }

  /** Orders that the machine itself must still bring to an end. */
  get moving(): readonly Order[] {
    return (this.#deps.till.ledger?.undecided() ?? []).filter(({ state }) => state !== 'attention');
  }

  #order(clientSn: string): Order | null {
    return this.#deps.till.ledger?.order(clientSn) ?? null;
  }

  #command(
    what: string,
    clientSn: string,
    run: (terminal: Terminal) => { readonly ok: boolean; readonly error?: { readonly code: string } },
  ): void {
    const { till, note } = this.#deps;
    const { terminal } = till;
    if (terminal === null) return;
    const done = run(terminal);
    note(`${clientSn}: ${what}${done.ok ? '' : `, refused: ${done.error?.code ?? ''}`}`);
  }
}
