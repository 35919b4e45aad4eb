import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard, Snapshot } from '../../shared/contract.ts';
import { formatAmount, formatTime, shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { inDoubt } from '../state.ts';

/** Rows drawn at once, so that a busy day does not slow a small terminal down. */
const PAGE_SIZE = 40;

interface OrderListProps {
  readonly snapshot: Snapshot;
  readonly focus: string | null;
  readonly onShow: (order: OrderCard) => void;
  readonly onRevoke: (order: OrderCard) => void;
}

/** Today's orders, newest first, under the line that says what is in doubt. */
export function OrderList({ snapshot, focus, onShow, onRevoke }: OrderListProps): VNode {
  const { strings } = useLanguage();
  const [shown, setShown] = useState(PAGE_SIZE);
  const hidden = snapshot.orders.length - shown;
  return (
    <section class="orders" aria-label={strings.today}>
      <h2>{strings.today}</h2>
      <InDoubt snapshot={snapshot} />
      {snapshot.orders.length === 0 && <p class="orders-empty">{strings.noOrders}</p>}
      <ol class="orders-rows">
        {snapshot.orders.slice(0, shown).map((order) => (
          <OrderRow
            key={order.clientSn}
            order={order}
            timeZone={snapshot.timeZone}
            isFocused={order.clientSn === focus}
            onShow={onShow}
            onRevoke={onRevoke}
          />
        ))}
      </ol>
      {hidden > 0 && (
        <button type="button" class="button" onClick={() => setShown(shown + PAGE_SIZE)}>
          {strings.showMore(Math.min(hidden, PAGE_SIZE))}
        </button>
      )}
    </section>
  );
}

function InDoubt({ snapshot }: { readonly snapshot: Snapshot }): VNode {
  const { strings, language } = useLanguage();
  const { count, amount } = inDoubt(snapshot.orders);
  return (
    <output class="in-doubt" data-count={count}>
      {count === 0
        ? strings.nothingInDoubt
        : strings.inDoubt(count, formatAmount(amount, snapshot.currency, language))}
    </output>
  );
}

interface OrderRowProps {
  readonly order: OrderCard;
  readonly timeZone: string;
  readonly isFocused: boolean;
  readonly onShow: (order: OrderCard) => void;
  readonly onRevoke: (order: OrderCard) => void;
}

function OrderRow({ order, timeZone, isFocused, onShow, onRevoke }: OrderRowProps): VNode {
  const { strings, language } = useLanguage();
  return (
    <li
      class="order"
      data-state={order.state}
      data-instruction={order.instruction}
      data-client-sn={order.clientSn}
      aria-current={isFocused ? 'true' : undefined}
    >
      <button type="button" class="order-show" onClick={() => onShow(order)}>
        <span class="order-time">{formatTime(order.createdAtMs, timeZone, language)}</span>
        <span class="order-amount">{formatAmount(order.amount, order.currency, language)}</span>
        <span class="order-state">{strings.states[order.state]}</span>
        <span class="order-instruction">{strings.shortInstructions[order.instruction]}</span>
        <span class="order-sn">{shortSn(order.clientSn)}</span>
      </button>
      {order.revokeRefusal === null ? (
        <button type="button" class="button order-revoke" onClick={() => onRevoke(order)}>
          {strings.revoke}
        </button>
      ) : (
        <small class="order-refusal">{strings.revokeRefusals[order.revokeRefusal]}</small>
      )}
    </li>
  );
}
