import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { type Agreement, agreementOf, type HeldOrder } from '../agreement.ts';
import { stateName } from '../explain.ts';
import { shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { hrefOf } from '../route.ts';
import { findOrder } from '../state.ts';
import { useFormats, useTill } from '../till.ts';
import { useTerminalWords } from '../terminal-words.ts';
import { Icon, type IconName } from './icon.tsx';

const FEW = 8;

/** The acquirer's truth beside the terminal's, order by order: that they end up equal is the lesson. */
export function PracticeOrders({ orders }: { readonly orders: readonly HeldOrder[] }): VNode {
  const { state } = useTill();
  const { strings } = useLanguage();
  const words = useTerminalWords();
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? orders : orders.slice(0, FEW);
  return (
    <div class="practice-orders">
      <h3>{words.compare}</h3>
      {orders.length === 0 ? (
        <p class="terminal-hint">{strings.collect.noRecent}</p>
      ) : (
        <ol>
          {shown.map((held) => (
            <HeldRow key={held.clientSn} held={held} order={findOrder(state, held.clientSn)} />
          ))}
        </ol>
      )}
      {orders.length > shown.length && (
        <button type="button" class="button" onClick={() => setShowsAll(true)}>
          {words.showAll(orders.length)}
        </button>
      )}
    </div>
  );
}

const ICONS: Readonly<Record<Agreement, IconName>> = {
  agree: 'hand_over',
  settling: 'wait',
  disagree: 'in_doubt',
  unlisted: 'orders',
};

function HeldRow({ held, order }: { readonly held: HeldOrder; readonly order: OrderCard | null }): VNode {
  const { strings } = useLanguage();
  const formats = useFormats();
  const words = useTerminalWords();
  const agreement = agreementOf(held, order);
  return (
    <li class="held" data-agreement={agreement}>
      <a class="held-link" href={hrefOf({ screen: 'order', clientSn: held.clientSn })}>
        {shortSn(held.clientSn)} · {formats.amount(held.totalAmount)}
      </a>
      <span>
        <span class="held-side">{words.gatewaySide}</span>{' '}
        {held.capturedAmount === 0 ? words.holdsNothing : words.holds(formats.amount(held.capturedAmount))}{' '}
        <code>{held.status}</code>
      </span>
      <span>
        <span class="held-side">{strings.shell.terminal}</span>{' '}
        {order === null
          ? words.unlistedHere
          : `${stateName(order, strings)} · ${strings.order.charged[order.charged]}`}
      </span>
      <strong class="held-agreement">
        <Icon name={ICONS[agreement]} />
        {words.agreement[agreement]}
      </strong>
    </li>
  );
}
