import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { canGiveUp, canTryNow } from '../allowed.ts';
import { explain, isRefund, stateName } from '../explain.ts';
import { shortSn } from '../format.ts';
import { doubtGroupOf, windowLevel } from '../in-doubt.ts';
import { useLanguage } from '../language.ts';
import { memo } from '../memo.ts';
import { hrefOf } from '../route.ts';
import type { Formats, TillActions } from '../till.ts';
import { nextStep } from './countdown.tsx';
import { Icon, type IconName } from './icon.tsx';
import { OrderEvidence } from './order-evidence.tsx';

interface InDoubtCardProps {
  readonly order: OrderCard;
  /** Changes only when a number of the card does; see `drawnAtMs`. */
  readonly nowMs: number;
  /** Must be the same object at every drawing, like the actions; see `memo`. */
  readonly formats: Formats;
  readonly actions: TillActions;
  readonly isBusy: boolean;
}

/** One order without a final word: how it stands, what comes next, until when, what a person may do. */
export const InDoubtCard = memo(function InDoubtCard(props: InDoubtCardProps): VNode {
  const { order, nowMs, formats } = props;
  const { strings } = useLanguage();
  // A refund under way is bound to no day.
  const hasWindow = order.state === 'attention' || (doubtGroupOf(order) === 'settling' && !isRefund(order));
  return (
    <li
      class="doubt"
      data-client-sn={order.clientSn}
      data-state={order.state}
      data-instruction={order.instruction}
    >
      <h3>
        <a class="doubt-link" href={hrefOf({ screen: 'order', clientSn: order.clientSn })}>
          <span class="doubt-amount">{formats.amount(order.amount, order.currency)}</span>
          <span class="doubt-state">
            <Icon name={order.instruction} />
            {stateName(order, strings)}
          </span>
          <span class="doubt-instruction">{strings.order.shortInstructions[order.instruction]}</span>
        </a>
      </h3>
      <p class="doubt-meta">
        {strings.inDoubt.begun(formats.time(order.createdAtMs), formats.duration(nowMs - order.createdAtMs))}
        {' · '}
        {order.operator}
        {' · '}
        {order.saleId === order.clientSn ? shortSn(order.clientSn) : order.saleId}
      </p>
      <p class="doubt-explanation">{explain(order, strings)}</p>
      <OrderEvidence order={order} formats={formats} />
      {hasWindow && <DayWindow order={order} nowMs={nowMs} formats={formats} />}
      <NextStep order={order} nowMs={nowMs} formats={formats} />
      <CardActions {...props} />
    </li>
  );
});

type TimedProps = Pick<InDoubtCardProps, 'order' | 'nowMs' | 'formats'>;

function NextStep({ order, nowMs, formats }: TimedProps): VNode | null {
  const { strings } = useLanguage();
  const { next, confirmUntilMs, giveUpFromMs } = order;
  if (next === null && confirmUntilMs === null) return null;
  return (
    <div class="doubt-next" role="timer">
      {next !== null && <p>{nextStep(next, nowMs, strings, formats)}</p>}
      {confirmUntilMs !== null && (
        <p>{strings.order.decidedWithin(formats.duration(confirmUntilMs - nowMs))}</p>
      )}
      {giveUpFromMs !== null && giveUpFromMs > nowMs && (
        <p>{strings.order.giveUpIn(formats.duration(giveUpFromMs - nowMs))}</p>
      )}
    </div>
  );
}

const WINDOW_ICONS = {
  unknown: 'wait',
  open: 'wait',
  soon: 'in_doubt',
  now: 'in_doubt',
  closed: 'do_not_hand_over',
} as const satisfies Record<string, IconName>;

/** How long the money can still come back by itself. */
function DayWindow({ order, nowMs, formats }: TimedProps): VNode {
  const { strings } = useLanguage();
  const words = strings.inDoubt;
  const level = windowLevel(order, nowMs);
  const closesAtMs = order.windowClosesAtMs ?? nowMs;
  return (
    <p class="doubt-window" data-level={level}>
      <Icon name={WINDOW_ICONS[level]} />
      {level === 'unknown'
        ? words.windowByAcquirer
        : words.window[level](
            formats.duration(closesAtMs - nowMs),
            formats[level === 'closed' ? 'closing' : 'until'](closesAtMs),
          )}
      {level === 'closed' && order.waysOut.includes('refund') && words.refundInstead}
    </p>
  );
}

function CardActions({ order, nowMs, actions, isBusy }: InDoubtCardProps): VNode {
  const { strings } = useLanguage();
  const words = strings.inDoubt;
  const { waysOut } = order;
  // A press while a call runs is dropped by the actions; a disabled button would lose its keyboard focus.
  const action = (label: string, onClick: () => void, kind = ''): VNode => (
    <button type="button" class={`button ${kind}`} aria-disabled={isBusy} onClick={onClick}>
      {label}
    </button>
  );
  return (
    <div class="doubt-actions">
      {canTryNow(order) && action(strings.order.tryNow, () => actions.retry(order))}
      {canGiveUp(order, nowMs) && action(strings.order.giveUp, () => actions.giveUp(order))}
      {waysOut.includes('reverse') && action(words.reverse, () => actions.ask({ type: 'reverse', order }))}
      {waysOut.includes('refund') &&
        action(strings.order.refund, () => actions.ask({ type: 'refund', order }))}
      {waysOut.includes('settle') &&
        action(words.settle, () => actions.ask({ type: 'settle', order }), 'button-person')}
      {waysOut.includes('check_again') && <p class="doubt-hint">{words.checkHint}</p>}
    </div>
  );
}
