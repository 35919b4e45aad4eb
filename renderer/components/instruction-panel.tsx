import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { isWorthTrying, useCanGiveUp } from '../allowed.ts';
import { acquirerWords, explain } from '../explain.ts';
import { useLanguage } from '../language.ts';
import { hrefOf } from '../route.ts';
import { shortSn } from '../format.ts';
import { useFormats, useTill } from '../till.ts';
import { Countdown } from './countdown.tsx';
import { Icon } from './icon.tsx';

/** The one thing the cashier does next, in words, colour and a sign, legible from two metres. */
export function InstructionPanel({ order }: { readonly order: OrderCard | null }): VNode {
  const { strings } = useLanguage();
  const formats = useFormats();
  return (
    <section class="stage" aria-label={strings.collect.instruction}>
      {order !== null && <p class="stage-amount">{formats.amount(order.amount, order.currency)}</p>}
      <div
        class="instruction"
        role="status"
        aria-live="assertive"
        aria-atomic="true"
        data-state={order?.state}
        data-instruction={order?.instruction}
      >
        <Icon name={order?.instruction ?? 'ready'} />
        <strong class="instruction-headline">
          {order === null ? strings.collect.idleHeadline : strings.order.headlines[order.instruction]}
        </strong>
        <span class="instruction-sentence">
          {order === null ? strings.collect.idleSentence : explain(order, strings)}
        </span>
      </div>
      {order !== null && (
        <>
          <Countdown order={order} />
          <StageActions order={order} />
          <StageDetails order={order} />
        </>
      )}
    </section>
  );
}

function StageActions({ order }: { readonly order: OrderCard }): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const words = strings.order;
  const mayGiveUp = useCanGiveUp(order, state.clockOffsetMs);
  return (
    <div class="stage-actions">
      {mayGiveUp && (
        <button
          type="button"
          class="button button-stage"
          disabled={state.isBusy}
          onClick={() => actions.giveUp(order)}
        >
          {words.giveUp}
        </button>
      )}
      {isWorthTrying(order) && (
        <button
          type="button"
          class="button button-stage"
          disabled={state.isBusy}
          onClick={() => actions.retry(order)}
        >
          {words.tryNow}
        </button>
      )}
      {order.instruction !== 'wait' && (
        <button type="button" class="button button-stage" onClick={actions.nextSale}>
          {strings.collect.nextSale}
        </button>
      )}
    </div>
  );
}

function StageDetails({ order }: { readonly order: OrderCard }): VNode {
  const { strings } = useLanguage();
  const said = acquirerWords(order);
  return (
    <dl class="stage-details">
      {order.saleId !== order.clientSn && (
        <div>
          <dt>{strings.order.sale}</dt>
          <dd>{order.saleId}</dd>
        </div>
      )}
      <div>
        <dt>{strings.order.order}</dt>
        <dd>
          <a href={hrefOf({ screen: 'order', clientSn: order.clientSn })}>{shortSn(order.clientSn)}</a>
        </dd>
      </div>
      {said !== null && (
        <div>
          <dt>{strings.order.acquirerSaid}</dt>
          <dd>{said}</dd>
        </div>
      )}
    </dl>
  );
}
