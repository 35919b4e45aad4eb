import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { explain } from '../explain.ts';
import { useLanguage } from '../language.ts';
import { findOrder } from '../state.ts';
import { useFormats, useTill } from '../till.ts';
import { Dialog, DialogActions } from './dialog.tsx';

/** A person has the cancel sent again. The order is shown as it stands now, not as it was when asked about. */
export function ReverseDialog({ order: asked }: { readonly order: OrderCard }): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const words = strings.inDoubt;
  const order = findOrder(state, asked.clientSn) ?? asked;
  const amount = formats.amount(order.amount, order.currency);
  const isNeeded = order.waysOut.includes('reverse');
  return (
    <Dialog title={words.reverseTitle(amount)} onClose={actions.closeQuestion}>
      <p class="dialog-evidence">{explain(order, strings)}</p>
      <p>{words.reverseSentence(amount)}</p>
      <p>
        <strong>{words.reverseGoods}</strong>
      </p>
      {!isNeeded && <p role="alert">{words.notNeeded}</p>}
      <DialogActions
        tone="danger"
        cancel={words.leave}
        confirm={words.reverse}
        isDisabled={!isNeeded}
        onCancel={actions.closeQuestion}
        onConfirm={() => actions.reverse(order)}
      />
    </Dialog>
  );
}
