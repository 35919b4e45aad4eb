import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import type { CallArgs } from '../../shared/contract.ts';
import { parseAmount } from '../../shared/money.ts';
import { explain } from '../explain.ts';
import { CODE_LIFE_MS } from '../input/draft.ts';
import { useLanguage } from '../language.ts';
import { goTo } from '../route.ts';
import { findOrder, type Notice } from '../state.ts';
import { useFormats, useTill } from '../till.ts';
import { Dialog, DialogActions } from './dialog.tsx';

interface GuardDialogProps {
  readonly args: CallArgs<'sale.collect'>;
  readonly notice: Notice;
}

/** Why the sale guard bites, what stands in the way, and the deliberate step past it. */
export function GuardDialog({ args, notice }: GuardDialogProps): VNode {
  const { state, snapshot, actions } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const words = strings.collect;
  const parsed = parseAmount(args.amount, snapshot.currency);
  const earlier = findOrder(state, notice.clientSn ?? null);
  useEffect(() => {
    // The question holds the payment code, which may not wait longer than a code lives.
    const timer = window.setTimeout(actions.closeQuestion, CODE_LIFE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <Dialog title={words.guardTitle} onClose={actions.closeQuestion}>
      {earlier !== null && (
        <p class="dialog-evidence">
          <strong>{formats.amount(earlier.amount, earlier.currency)}</strong>{' '}
          {formats.time(earlier.createdAtMs)} · {explain(earlier, strings)}
        </p>
      )}
      <p>{words.guardSentence}</p>
      {earlier !== null && (
        <button
          type="button"
          class="button"
          onClick={() => {
            actions.closeQuestion();
            goTo({ screen: 'order', clientSn: earlier.clientSn });
          }}
        >
          {words.showThatOrder}
        </button>
      )}
      <p>{words.guardQuestion(parsed.ok ? formats.amount(parsed.value) : args.amount)}</p>
      <DialogActions
        tone="danger"
        cancel={words.doNotCharge}
        confirm={words.chargeAnyway}
        onCancel={actions.closeQuestion}
        onConfirm={actions.collectAnyway}
      />
    </Dialog>
  );
}
