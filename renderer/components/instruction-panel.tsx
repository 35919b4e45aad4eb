import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { formatAmount, shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { explain } from '../strings.ts';
import { Countdown } from './countdown.tsx';
import { Icon } from './icon.tsx';

interface InstructionPanelProps {
  /** null between customers. */
  readonly order: OrderCard | null;
  readonly clockOffsetMs: number;
  readonly isBusy: boolean;
  readonly onGiveUp: (order: OrderCard) => void;
  readonly onRetry: (order: OrderCard) => void;
}

/** The one thing the cashier does next, in words, colour and a sign. */
export function InstructionPanel({ order, clockOffsetMs, ...actions }: InstructionPanelProps): VNode {
  const { strings, language } = useLanguage();
  return (
    <section
      class="instruction"
      aria-label={strings.instruction}
      data-state={order?.state ?? 'idle'}
      data-instruction={order?.instruction ?? 'ready'}
    >
      {order !== null && (
        <p class="instruction-amount">{formatAmount(order.amount, order.currency, language)}</p>
      )}
      <output class="instruction-words" aria-live="assertive" aria-atomic="true">
        <Icon name={order?.instruction ?? 'ready'} />
        <strong class="instruction-headline">
          {order === null ? strings.idleHeadline : strings.headlines[order.instruction]}
        </strong>
        <span class="instruction-sentence">
          {order === null ? strings.idleSentence : explain(order, strings)}
        </span>
      </output>
      {order !== null && (
        <>
          <Countdown order={order} clockOffsetMs={clockOffsetMs} />
          <Actions order={order} {...actions} />
          <Details order={order} />
        </>
      )}
    </section>
  );
}

type ActionsProps = Pick<InstructionPanelProps, 'isBusy' | 'onGiveUp' | 'onRetry'> & {
  readonly order: OrderCard;
};

function Actions({ order, isBusy, onGiveUp, onRetry }: ActionsProps): VNode {
  const { strings } = useLanguage();
  return (
    <div class="instruction-actions">
      {order.canGiveUp && (
        <button type="button" class="button button-quiet" disabled={isBusy} onClick={() => onGiveUp(order)}>
          {strings.giveUp}
        </button>
      )}
      {canTryNow(order) && (
        <button type="button" class="button button-quiet" disabled={isBusy} onClick={() => onRetry(order)}>
          {strings.tryNow}
        </button>
      )}
    </div>
  );
}

/** Where waiting alone may not help: a person has repaired something, or wants the evidence checked. */
function canTryNow({ state, next }: OrderCard): boolean {
  return state === 'attention' || (next !== null && next.waitingFor !== 'time');
}

function Details({ order }: { readonly order: OrderCard }): VNode {
  const { strings } = useLanguage();
  const said = acquirerWords(order);
  return (
    <dl class="instruction-details">
      {order.saleId !== order.clientSn && order.saleId !== '' && (
        <div>
          <dt>{strings.sale}</dt>
          <dd>{order.saleId}</dd>
        </div>
      )}
      <div>
        <dt>{strings.order}</dt>
        <dd title={order.clientSn}>{shortSn(order.clientSn)}</dd>
      </div>
      {said !== null && (
        <div>
          <dt>{strings.acquirerSaid}</dt>
          <dd>{said}</dd>
        </div>
      )}
    </dl>
  );
}

/** The raw words, for whoever has to ask the acquirer about them; where all went well they are noise. */
function acquirerWords({ state, refusal, lastCode }: OrderCard): string | null {
  if (refusal !== null) return refusal.message ?? refusal.code;
  return state === 'declined' || state === 'attention' ? lastCode : null;
}
