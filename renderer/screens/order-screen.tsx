import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import type { CallResult, OrderCard } from '../../shared/contract.ts';
import { isWorthTrying, useCanGiveUp } from '../allowed.ts';
import { Countdown } from '../components/countdown.tsx';
import { Icon } from '../components/icon.tsx';
import { NoticeBox } from '../components/notice-box.tsx';
import { PrintHead } from '../components/print-head.tsx';
import { Timeline } from '../components/timeline.tsx';
import { Unreadable } from '../components/unreadable.tsx';
import { acquirerWords, explain, headline, isRefund, rawWords, stateName } from '../explain.ts';
import { formatDay, shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { hrefOf, parseRoute } from '../route.ts';
import { findOrder, type Notice } from '../state.ts';
import { useFormats, useOnScreen, useTill } from '../till.ts';

/** One order with everything that is known about it, live until its money is settled; prints as a case file. */
export function OrderScreen({ clientSn }: { readonly clientSn: string }): VNode {
  const { state, actions, lastList } = useTill();
  const { strings } = useLanguage();
  const words = strings.orders;
  const { order, history, error, again } = useOrder(clientSn);
  useOnScreen(order);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    return () => {
      const isBack = parseRoute(window.location.hash).screen === 'orders';
      if (!isBack) lastList.current = { ...lastList.current, place: null };
    };
  }, []);
  return (
    <main class="screen order-screen">
      <header class="order-bar">
        <a class="button order-back" href={hrefOf(lastList.current.route)}>
          <Icon name="back" />
          {words.back}
        </a>
        <h1 ref={heading} tabIndex={-1}>
          {words.orderTitle(shortSn(order?.clientSn ?? clientSn))}
        </h1>
        {order !== null && (
          <button type="button" class="button" onClick={() => window.print()}>
            {words.print}
          </button>
        )}
      </header>
      <NoticeBox notice={state.notice} onDismiss={actions.closeNotice} />
      {error !== null && (
        <Unreadable
          title={error.code === 'order_unknown' ? words.unknownTitle : words.failed}
          notice={error}
          onAgain={again}
        />
      )}
      {order !== null && (
        <>
          <PrintHead />
          <Headline order={order} />
          <div class="order-case">
            <Facts order={order} />
            {history !== null && (
              <section class="panel order-timeline">
                <h2>{words.timeline}</h2>
                <Timeline order={order} entries={history.timeline} />
              </section>
            )}
          </div>
        </>
      )}
      {history === null && error === null && <p class="orders-hint">{words.reading}</p>}
    </main>
  );
}

type History = CallResult<'order.show'>;

interface OrderReading {
  readonly order: OrderCard | null;
  readonly history: History | null;
  readonly error: Notice | null;
  readonly again: () => void;
}

/** The order by either of its numbers, the newest copy there is, and its history as of that copy. */
function useOrder(number: string): OrderReading {
  const { state, snapshot, api } = useTill();
  const [history, setHistory] = useState<History | null>(null);
  const [error, setError] = useState<Notice | null>(null);
  const round = useRef(0);
  const pushed = findOrder(state, history?.order.clientSn ?? number);

  const read = () => {
    round.current += 1;
    const thisRound = round.current;
    void api['order.show']({ clientSn: number }).then((reply) => {
      if (thisRound !== round.current) return;
      setError(reply.ok ? null : reply.error);
      if (reply.ok) setHistory(reply.value);
    });
  };
  // Each change of the order adds a step, and a whole snapshot follows a lost connection.
  useEffect(() => {
    if (history === null || pushed === null || pushed.revision > history.order.revision) read();
  }, [pushed?.revision, snapshot.nowMs]);

  const shown = history?.order ?? null;
  const order = pushed !== null && (shown === null || pushed.revision >= shown.revision) ? pushed : shown;
  return { order, history, error, again: read };
}

function Headline({ order }: { readonly order: OrderCard }): VNode {
  const { strings } = useLanguage();
  const formats = useFormats();
  const said = acquirerWords(order);
  return (
    <section class="order-headline" data-instruction={order.instruction} data-state={order.state}>
      <p class="order-headline-amount">{formats.amount(order.amount, order.currency)}</p>
      <div class="order-headline-words" aria-live="polite" aria-atomic="true">
        <p class="order-headline-instruction">
          <Icon name={order.instruction} />
          {headline(order, strings)}
        </p>
        <p class="order-headline-state">{stateName(order, strings)}</p>
        <p>{explain(order, strings)}</p>
        {said !== null && <p>{said}</p>}
      </div>
      <RevokeSteps order={order} />
      <Countdown order={order} />
      <Actions order={order} />
    </section>
  );
}

/** How far the money is on its way back: pressed, answered, proved. */
function RevokeSteps({ order }: { readonly order: OrderCard }): VNode | null {
  const { strings } = useLanguage();
  if (!isBeingRevoked(order)) return null;
  const { state, next } = order;
  const done = state === 'revoked' ? 3 : next?.call === 'query' ? 2 : 1;
  return (
    <ol class="revoke-steps">
      {strings.orders.stepsBack[isRefund(order) ? 'refund' : 'revoke'].map((step, index) => (
        <li key={step} data-done={index < done} aria-current={index === done ? 'step' : undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}

function isBeingRevoked({ state }: OrderCard): boolean {
  return state === 'revoking' || state === 'revoked';
}

function isGivenBack(order: OrderCard): boolean {
  return isBeingRevoked(order) || (order.state === 'reversed' && isRefund(order));
}

function Actions({ order }: { readonly order: OrderCard }): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const words = strings.orders;
  const mayGiveUp = useCanGiveUp(order, state.clockOffsetMs);
  const { revokeRefusal, refundRefusal, windowClosesAtMs } = order;
  return (
    <div class="order-actions">
      {mayGiveUp && (
        <button type="button" class="button" disabled={state.isBusy} onClick={() => actions.giveUp(order)}>
          {strings.order.giveUp}
        </button>
      )}
      {isWorthTrying(order) && (
        <button type="button" class="button" disabled={state.isBusy} onClick={() => actions.retry(order)}>
          {strings.order.tryNow}
        </button>
      )}
      {order.waysOut.length > 0 && (
        <a class="button" href={hrefOf({ screen: 'in-doubt' })}>
          {words.settleInDoubt}
        </a>
      )}
      {revokeRefusal === null && (
        <button type="button" class="button" disabled={state.isBusy} onClick={() => actions.askRevoke(order)}>
          {strings.order.revoke}
        </button>
      )}
      {order.state === 'paid' && refundRefusal === null && (
        <button
          type="button"
          class="button"
          disabled={state.isBusy}
          onClick={() => actions.ask({ type: 'refund', order })}
        >
          {strings.order.refund}
        </button>
      )}
      {revokeRefusal === null ? (
        <p>
          {windowClosesAtMs === null
            ? words.revocableWhileAccepted
            : words.revocableUntil(formats.until(windowClosesAtMs))}
        </p>
      ) : (
        // The steps have told it already, or the name of the state.
        !isGivenBack(order) && <p>{words.refused.revoke(strings.order.refusals[revokeRefusal])}</p>
      )}
    </div>
  );
}

function Facts({ order }: { readonly order: OrderCard }): VNode {
  const { strings, language } = useLanguage();
  const formats = useFormats();
  const words = strings.orders;
  const names = strings.order;
  const { lastAnswer } = order;
  return (
    <section class="panel order-facts">
      <h2>{words.facts}</h2>
      <dl>
        <Fact name={names.order}>{order.clientSn}</Fact>
        <Fact name={names.acquirerNumber}>{order.sn ?? words.notTold}</Fact>
        {order.saleId !== order.clientSn && <Fact name={names.sale}>{order.saleId}</Fact>}
        <Fact name={names.subject}>{order.subject}</Fact>
        <Fact name={names.operator}>{order.operator}</Fact>
        <Fact name={words.charged}>{names.charged[order.charged]}</Fact>
        <Fact name={words.businessDay}>{formatDay(order.businessDay, language)}</Fact>
        <Fact name={words.begun}>{formats.dateTime(order.createdAtMs)}</Fact>
        <Fact name={words.lastChange}>{formats.dateTime(order.updatedAtMs)}</Fact>
        <Fact name={words.lastAnswer}>
          {lastAnswer === null ? (
            words.noAnswerYet
          ) : (
            <>
              {names.calls[lastAnswer.call]}, {formats.seconds(lastAnswer.atMs)}
              <code>{rawWords(lastAnswer.code, lastAnswer.message)}</code>
            </>
          )}
        </Fact>
      </dl>
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

function Fact({ name, children }: FactProps): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
