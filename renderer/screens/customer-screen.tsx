import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Counter, OrderCard } from '../../shared/contract.ts';
import type { Currency } from '../../shared/money.ts';
import { isUndecided, type OrderState } from '../../shared/order/order.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { isRefund } from '../explain.ts';
import { formatAmount } from '../format.ts';
import { useLanguage } from '../language.ts';
import { findOrder, type ScreenState } from '../state.ts';
import type { CustomerView } from '../strings/customer.ts';
import { useIsOver } from '../use-is-over.ts';

/** How long a decided order stays for its customer to read. */
const DECIDED_STAYS_MS = 60_000;

/** What stands on the display: one message, the money and the order it is about. */
interface Shown {
  readonly view: CustomerView;
  readonly price?: { readonly amount: number; readonly currency: Currency };
  readonly order?: OrderCard;
}

interface CustomerScreenProps {
  readonly state: ScreenState;
  /** What the terminal says is to be shown. */
  readonly counter: Counter;
}

/**
 * The display that faces the customer. It says only what is true of the customer's own money, and nothing
 * while the terminal cannot be heard.
 */
export function CustomerScreen({ state, counter }: CustomerScreenProps): VNode {
  const { strings } = useLanguage();
  const { snapshot } = state;
  const order = counter.kind === 'order' ? findOrder(state, counter.clientSn) : null;
  const isOver = useIsOver(useDecidedUntilMs(order, state.clockOffsetMs));
  const shown = shownOf(state, counter, isOver ? null : order);
  useTitle(strings.customer.title);
  return (
    <main class="customer" data-view={shown.view}>
      {snapshot?.practice === true && <p class="customer-practice">{strings.shell.practice}</p>}
      <Message {...shown} />
    </main>
  );
}

function Message({ view, price, order }: Shown): VNode {
  const { strings, language } = useLanguage();
  const words = strings.customer;
  const amount = price && formatAmount(price.amount, price.currency, language);
  return (
    <div class="customer-message" aria-live="polite" aria-atomic="true">
      <Icon name={ICONS[view]} />
      <h1 class="customer-headline">{words.headlines[view]}</h1>
      {amount !== undefined && (
        <p class="customer-amount" data-is-long={amount.length > LONG_AMOUNT}>
          {amount}
        </p>
      )}
      <p class="customer-sentence">{words.sentences[view]}</p>
      {order !== undefined && needsNumber(order) && <Numbers order={order} />}
    </div>
  );
}

/** Past this many characters an amount is set smaller, so that it stays on one line. */
const LONG_AMOUNT = 10;

/** What the customer needs to ask anybody about this payment later, whole and large enough for a photo. */
function Numbers({ order }: { readonly order: OrderCard }): VNode {
  const words = useLanguage().strings.customer;
  return (
    <>
      <dl class="customer-numbers">
        <div>
          <dt>{words.order}</dt>
          <dd>{order.clientSn}</dd>
        </div>
        {order.sn !== null && (
          <div>
            <dt>{words.acquirerNumber}</dt>
            <dd>{order.sn}</dd>
          </div>
        )}
      </dl>
      <p class="customer-keep">{words.takePhoto}</p>
    </>
  );
}

const ICONS: Readonly<Record<CustomerView, IconName>> = {
  idle: 'ready',
  moment: 'wait',
  amount: 'ready',
  wait: 'phone',
  paid: 'hand_over',
  not_charged: 'do_not_hand_over',
  reversing: 'goods_back',
  revoking: 'goods_back',
  revoked: 'hand_over',
  staff: 'call_shift_lead',
};

function shownOf({ connection, snapshot }: ScreenState, counter: Counter, order: OrderCard | null): Shown {
  // An amount from before the silence may be another customer's by now.
  if (connection !== 'live' || snapshot === null) return { view: 'moment' };
  if (order !== null) return { view: viewOf(order), price: order, order };
  if (counter.kind !== 'amount') return { view: 'idle' };
  return { view: 'amount', price: { amount: counter.amount, currency: snapshot.currency } };
}

const VIEWS: Readonly<Record<Exclude<OrderState, 'resolved'>, CustomerView>> = {
  collecting: 'wait',
  confirming: 'wait',
  paid: 'paid',
  declined: 'not_charged',
  reversing: 'reversing',
  verifying: 'reversing',
  reversed: 'not_charged',
  revoking: 'revoking',
  revoked: 'revoked',
  attention: 'staff',
};

const RESOLVED = { yes: 'paid', no: 'not_charged', unknown: 'staff' } as const;

function viewOf(order: OrderCard): CustomerView {
  const { state, charged } = order;
  // Nothing is charged any more, but something was.
  if (state === 'reversed' && isRefund(order)) return 'revoked';
  return state === 'resolved' ? RESOLVED[charged] : VIEWS[state];
}

/** Where money may have moved in a way that the customer has to follow up. */
function needsNumber(order: OrderCard): boolean {
  return order.state === 'reversed' || FOLLOWED_UP.has(viewOf(order));
}

const FOLLOWED_UP: ReadonlySet<CustomerView> = new Set(['reversing', 'revoking', 'revoked', 'staff']);

/**
 * Until when, by this page's clock, a decided order stays; null while its money's way is not known. Counted
 * from when it was first seen decided, because an order changes once more when the terminal looks back.
 */
function useDecidedUntilMs(order: OrderCard | null, clockOffsetMs: number): number | null {
  const first = useRef({ key: '', atMs: 0 });
  if (order === null || isUndecided(order.state)) return null;
  const key = `${order.clientSn} ${order.state}`;
  if (first.current.key !== key)
    first.current = { key, atMs: Math.min(Date.now(), order.updatedAtMs - clockOffsetMs) };
  return first.current.atMs + DECIDED_STAYS_MS;
}

function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
}
