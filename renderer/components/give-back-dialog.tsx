import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { findOrder, type WayBack } from '../state.ts';
import type { RevokePreset } from '../strings/orders.ts';
import { useFormats, useTill } from '../till.ts';
import { Choices } from './choices.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { WordField } from './word-field.tsx';

interface GiveBackDialogProps {
  readonly by: WayBack;
  readonly order: OrderCard;
}

/** Asks before all of a payment goes back, by what, and why it does; the journal keeps the reason. */
export function GiveBackDialog({ by, order: asked }: GiveBackDialogProps): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const [preset, setPreset] = useState<RevokePreset | null>(null);
  const [note, setNote] = useState('');
  const words = strings.orders;
  // It may have changed since the question was asked.
  const order = findOrder(state, asked.clientSn) ?? asked;
  const amount = formats.amount(order.amount, order.currency);
  const refusal = order[`${by}Refusal`];
  const isNoteMissing = preset === 'other' && note.trim() === '';
  const chosen = preset === null ? '' : words.presets[preset];
  const remark = note.trim();
  const reason = chosen === '' || remark === '' ? chosen + remark : words.reasonWithNote(chosen, remark);
  return (
    <Dialog title={words.giveBackTitle[by](amount)} onClose={actions.closeQuestion}>
      {words.giveBackSentences[by].map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>
        <strong>{asked.state === 'paid' ? words.goodsBack : strings.inDoubt.reverseGoods}</strong>
      </p>
      <p class="dialog-evidence">
        <strong>{formats.moment(order.createdAtMs)}</strong>
        {order.saleId !== order.clientSn && ` · ${strings.order.sale} ${order.saleId}`}
        {` · ${words.orderTitle(shortSn(order.clientSn))}`}
      </p>
      <div class="revoke-reasons">
        <Choices legend={words.giveBackWhy} labels={words.presets} chosen={preset} onChange={setPreset} />
      </div>
      <WordField
        label={preset === 'other' ? words.noteRequired : words.note}
        value={note}
        maxLength={200}
        isRequired={preset === 'other'}
        onText={setNote}
      />
      {refusal !== null && (
        <p class="notice" role="alert">
          {words.refused[by](strings.order.refusals[refusal])}
        </p>
      )}
      <DialogActions
        tone="danger"
        cancel={asked.state === 'paid' ? words.keepPayment : strings.inDoubt.leave}
        confirm={words.giveBack[by](amount)}
        isDisabled={isNoteMissing || refusal !== null || state.isBusy}
        onCancel={actions.closeQuestion}
        onConfirm={() => actions.giveBack(by, order, reason)}
      />
    </Dialog>
  );
}
