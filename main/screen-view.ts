import type { Calendar } from '../shared/business-day.ts';
import type { Counter, InDoubt, OrderCard, SearchResult, Snapshot, CallArgs } from '../shared/contract.ts';
import type { Order } from '../shared/order/order.ts';
import type { Settings } from '../shared/settings.ts';
import type { ServerClock } from './acquirer/server-clock.ts';
import type { Ledger } from './ledger/ledger.ts';
import { searchOrders } from './order-search.ts';
import { orderCard, type OrderViewer } from './order-view.ts';
import { screenWindow } from './screen-window.ts';

/** What a search gives where no limit is asked for. */
const SEARCH_ROWS = 100;

export interface ScreenViewDependencies {
  readonly settings: Settings;
  readonly practice: boolean;
  readonly terminalSn: string;
  /** Of the shop. */
  readonly calendar: Calendar;
  readonly ledger: Ledger;
  readonly clock: { nowMs(): number };
  readonly serverClock: Pick<ServerClock, 'offsetMs'>;
}

/** What only the running terminal knows. */
export interface Standing {
  readonly online: boolean;
  readonly inDoubt: InDoubt;
  readonly counter: Counter;
}

/** Orders as screens see them: dated by the acquirer's clock as far as it is known. */
export class ScreenView {
  readonly #deps: ScreenViewDependencies;

  constructor(dependencies: ScreenViewDependencies) {
    this.#deps = dependencies;
  }

  /** Today, by the acquirer's clock as far as it is known. */
  businessDay(): string {
    const { clock, serverClock, calendar } = this.#deps;
    return calendar.dayOf(clock.nowMs() + (serverClock.offsetMs ?? 0));
  }

  card(order: Order): OrderCard {
    return orderCard(order, this.#viewer());
  }

  snapshot(standing: Standing): Snapshot {
    const { settings, practice, terminalSn, ledger } = this.#deps;
    const viewer = this.#viewer();
    const { businessDay, atMs: nowMs } = viewer;
    const { currency, timeZone } = settings;
    const orders = screenWindow(ledger).map((order) => orderCard(order, viewer));
    return { practice, terminalSn, currency, timeZone, businessDay, nowMs, ...standing, orders };
  }

  search({ text = '', limit = SEARCH_ROWS, ...wanted }: CallArgs<'orders.search'>): SearchResult {
    const { ledger, settings } = this.#deps;
    const viewer = this.#viewer();
    const { businessDay = viewer.businessDay, beforeMs } = wanted;
    const found = searchOrders(ledger, { text, businessDay, limit, beforeMs }, settings);
    const orders = found.orders.map((order) => orderCard(order, viewer));
    return { businessDay, orders, isComplete: found.isComplete };
  }

  #viewer(): OrderViewer {
    const { clock, serverClock, settings, calendar } = this.#deps;
    return {
      atMs: clock.nowMs(),
      serverOffsetMs: serverClock.offsetMs,
      businessDay: this.businessDay(),
      calendar,
      minReverseAgeMs: settings.policy.minReverseAgeMs,
    };
  }
}
