import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { explain } from '../explain.ts';
import { useLanguage } from '../language.ts';
import { goTo } from '../route.ts';
import { findOrder } from '../state.ts';
import { useFormats, useTill } from '../till.ts';
import { Choices } from './choices.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { OrderEvidence } from './order-evidence.tsx';
import { WordField } from './word-field.tsx';

type Charged = 'yes' | 'no';

/** A named person closes a case that the terminal cannot: nothing is chosen beforehand, nothing may be left out. */
export function SettleDialog({ order: asked }: { readonly order: OrderCard }): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const [charged, setCharged] = useState<Charged | null>(null);
  const [person, setPerson] = useState('');
  const [reason, setReason] = useState('');
  const words = strings.inDoubt;
  const order = findOrder(state, asked.clientSn) ?? asked;
  const isNeeded = order.waysOut.includes('settle');
  const word = { person: person.trim(), reason: reason.trim() };
  const isComplete = charged !== null && word.person !== '' && word.reason !== '';
  return (
    <Dialog
      title={words.settleTitle(formats.amount(order.amount, order.currency))}
      onClose={actions.closeQuestion}
    >
      <div class="dialog-evidence">
        <p>{explain(order, strings)}</p>
        <OrderEvidence order={order} formats={formats} />
      </div>
      <p>{words.settleSentence}</p>
      <ChargedChoice known={order.charged} charged={charged} onChange={setCharged} />
      <WordField label={words.person} value={person} maxLength={32} isRequired onText={setPerson} />
      <WordField
        label={words.reason}
        value={reason}
        maxLength={256}
        isRequired
        onText={setReason}
        placeholder={words.reasonHint}
      />
      {!isNeeded && <p role="alert">{words.notNeeded}</p>}
      <DialogActions
        tone="person"
        cancel={words.leave}
        confirm={words.settleConfirm}
        isDisabled={!isComplete || !isNeeded}
        onCancel={actions.closeQuestion}
        onConfirm={() => {
          if (charged === null) return;
          actions.settle(order, { charged, ...word });
          // What to do with the goods stands there.
          goTo({ screen: 'order', clientSn: order.clientSn });
        }}
      />
    </Dialog>
  );
}

interface ChargedChoiceProps {
  readonly known: OrderCard['charged'];
  readonly charged: Charged | null;
  readonly onChange: (charged: Charged) => void;
}

/** Each answer with what it means for the goods, and a warning where the evidence says the opposite. */
function ChargedChoice({ known, charged, onChange }: ChargedChoiceProps): VNode {
  const { strings } = useLanguage();
  const words = strings.inDoubt;
  const isContradiction = charged !== null && known !== 'unknown' && charged !== known;
  return (
    <>
      <Choices
        legend={words.settleQuestion}
        labels={words.settleCharged}
        hints={words.settleConsequence}
        chosen={charged}
        onChange={onChange}
      />
      <div aria-live="polite">
        {isContradiction && (
          <p class="doubt-window" data-level="soon">
            <Icon name="in_doubt" />
            {words.settleContradicts(strings.order.charged[known])}
          </p>
        )}
      </div>
    </>
  );
}
