import { useEffect, useId, useRef } from 'preact/hooks';
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
  useEffect(() => {
    const asker = document.activeElement;
    dialog.current?.showModal();
    // The browser gives the focus back only to a dialog that is closed, and this one is taken away.
    return () => {
      if (asker instanceof HTMLElement) asker.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
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
