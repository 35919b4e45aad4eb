import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { stateName } from '../explain.ts';
import { formatAmount, formatDay, formatTime, shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { memo } from '../memo.ts';
import { hrefOf } from '../route.ts';
import { Icon } from './icon.tsx';

interface OrderRowProps {
  readonly order: OrderCard;
  readonly timeZone: string;
  /** The day the reader takes for granted; an order of another one shows its own. */
  readonly businessDay?: string;
  /** Must be the same function at every drawing; see `memo`. */
  readonly onRevoke: (order: OrderCard) => void;
}

/** One order in a list: when, how much, how it stands, what to do, who. Leads to its page. */
export const OrderRow = memo(function OrderRow(props: OrderRowProps): VNode {
  const { order, timeZone, businessDay = order.businessDay, onRevoke } = props;
  const { strings, language } = useLanguage();
  const words = strings.order;
  const amountId = `amount-of-${order.clientSn}`;
  return (
    <li
      class="order"
      data-client-sn={order.clientSn}
      data-state={order.state}
      data-instruction={order.instruction}
    >
      <a class="order-link" href={hrefOf({ screen: 'order', clientSn: order.clientSn })}>
        <span class="order-time">
          <time>{formatTime(order.createdAtMs, timeZone, language)}</time>
          {order.businessDay !== businessDay && (
            <span class="order-day">{formatDay(order.businessDay, language)}</span>
          )}
        </span>
        <span class="order-amount" id={amountId}>
          {formatAmount(order.amount, order.currency, language)}
        </span>
        <span class="order-state">
          <Icon name={order.instruction} />
          {stateName(order, strings)}
        </span>
        <span class="order-instruction">{words.shortInstructions[order.instruction]}</span>
        <span class="order-operator">{order.operator}</span>
        <span class="order-sn">{shortSn(order.clientSn)}</span>
      </a>
      {order.revokeRefusal === null ? (
        <button
          type="button"
          class="button order-revoke"
          aria-describedby={amountId}
          onClick={() => onRevoke(order)}
        >
          {words.revoke}
        </button>
      ) : (
        <span class="order-refusal">{words.refusals[order.revokeRefusal]}</span>
      )}
    </li>
  );
});
