import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { useLanguage } from '../language.ts';
import type { Formats } from '../till.ts';

interface OrderEvidenceProps {
  readonly order: OrderCard;
  readonly formats: Formats;
}

/** What the terminal knows about one order and from whom, with the acquirer's raw words. */
export function OrderEvidence({ order, formats }: OrderEvidenceProps): VNode {
  const { strings } = useLanguage();
  const words = strings.inDoubt;
  const { lastAnswer, refusal } = order;
  return (
    <dl class="doubt-facts">
      {order.state === 'attention' && (
        <div>
          <dt>{words.whatIsKnown}</dt>
          <dd class="doubt-known">{words.known[order.charged]}</dd>
        </div>
      )}
      <div>
        <dt>{strings.orders.lastAnswer}</dt>
        {lastAnswer === null ? (
          <dd>{strings.orders.noAnswerYet}</dd>
        ) : (
          <dd>
            {words.answered(strings.order.calls[lastAnswer.call], formats.seconds(lastAnswer.atMs))}{' '}
            <Raw {...lastAnswer} />
          </dd>
        )}
      </div>
      {refusal !== null && (
        <div>
          <dt>{words.refusal}</dt>
          <dd>
            <Raw {...refusal} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** As the acquirer put it, for whoever has to ask there. */
function Raw({ code, message }: { readonly code: string; readonly message: string | null }): VNode {
  return (
    <>
      <code>{code}</code>
      {message !== null && message !== '' && ` ${message}`}
    </>
  );
}
