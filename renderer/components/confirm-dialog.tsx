import { useEffect, useId, useRef } from 'preact/hooks';
import type { VNode } from 'preact';

interface ConfirmDialogProps {
  readonly question: string;
  readonly explanation: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** A second, deliberate step. `showModal` focuses the first button, which is the safe answer, so that a stray Enter changes nothing. */
export function ConfirmDialog(props: ConfirmDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={`${id}q`}
      aria-describedby={`${id}e`}
      onClose={props.onCancel}
    >
      <h2 id={`${id}q`}>{props.question}</h2>
      <p id={`${id}e`}>{props.explanation}</p>
      <div class="confirm-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {props.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={props.onConfirm}>
          {props.confirm}
        </button>
      </div>
    </dialog>
  );
}
