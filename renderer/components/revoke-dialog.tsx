import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { OrderCard } from '../../shared/contract.ts';
import { shortSn } from '../format.ts';
import { useLanguage } from '../language.ts';
import { findOrder } from '../state.ts';
import type { RevokePreset } from '../strings/orders.ts';
import { useFormats, useTill } from '../till.ts';
import { Choices } from './choices.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { WordField } from './word-field.tsx';

/** Asks before all of a payment goes back, and why it does; the journal keeps the reason. */
export function RevokeDialog({ order: asked }: { readonly order: OrderCard }): VNode {
  const { state, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const [preset, setPreset] = useState<RevokePreset | null>(null);
  const [note, setNote] = useState('');
  const words = strings.orders;
  // It may have changed since the question was asked.
  const order = findOrder(state, asked.clientSn) ?? asked;
  const amount = formats.amount(order.amount, order.currency);
  const isNoteMissing = preset === 'other' && note.trim() === '';
  const chosen = preset === null ? '' : words.presets[preset];
  const remark = note.trim();
  const reason = chosen === '' || remark === '' ? chosen + remark : words.reasonWithNote(chosen, remark);
  return (
    <Dialog title={words.revokeTitle(amount)} onClose={actions.closeQuestion}>
      <p>{words.revokeSentence}</p>
      <p class="dialog-evidence">
        <strong>{formats.time(order.createdAtMs)}</strong>
        {order.saleId !== order.clientSn && ` · ${strings.order.sale} ${order.saleId}`}
        {` · ${words.orderTitle(shortSn(order.clientSn))}`}
      </p>
      <div class="revoke-reasons">
        <Choices legend={words.revokeWhy} labels={words.presets} chosen={preset} onChange={setPreset} />
      </div>
      <WordField
        label={preset === 'other' ? words.noteRequired : words.note}
        value={note}
        maxLength={200}
        isRequired={preset === 'other'}
        onText={setNote}
      />
      {order.revokeRefusal !== null && (
        <p class="notice" role="alert">
          {words.noRevoke(strings.order.revokeRefusals[order.revokeRefusal])}
        </p>
      )}
      <DialogActions
        tone="danger"
        cancel={words.keepPayment}
        confirm={words.revokeAmount(amount)}
        isDisabled={isNoteMissing || order.revokeRefusal !== null || state.isBusy}
        onCancel={actions.closeQuestion}
        onConfirm={() => actions.revoke(order, reason)}
      />
    </Dialog>
  );
}
