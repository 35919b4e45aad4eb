import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Escape, and whatever else closes it without an answer. */
  readonly onClose: () => void;
}

/** A question in front of everything else. What is behind it can neither be pressed nor reached. */
export function Dialog({ title, children, onClose }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isAnswered = useRef(false);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The safe answer is focused at the end of a long question, which is read from its beginning.
    if (element !== null) element.scrollTop = 0;
    return () => {
      // While it still stands in the page, closing gives the focus back to what opened it. It may not answer
      // for a later question.
      isAnswered.current = true;
      element?.close();
    };
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={() => isAnswered.current || onClose()}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface DialogActionsProps {
  readonly cancel: string;
  readonly confirm: string;
  /** `danger` where money goes back, `person` where somebody gives their word. */
  readonly tone: 'danger' | 'person';
  readonly isDisabled?: boolean;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** The safe answer first: it is focused, so that a stray Enter or scan changes nothing. */
export function DialogActions(props: DialogActionsProps): VNode {
  return (
    <div class="dialog-actions">
      <button type="button" class="button" data-answer="no" autofocus onClick={props.onCancel}>
        {props.cancel}
      </button>
      <button
        type="button"
        class={`button button-${props.tone}`}
        data-answer="yes"
        disabled={props.isDisabled ?? false}
        onClick={props.onConfirm}
      >
        {props.confirm}
      </button>
    </div>
  );
}
