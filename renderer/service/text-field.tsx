import { useId } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onText: (text: string) => void;
  readonly hint?: string | undefined;
  readonly isOptional?: boolean;
  /** What the text must look like, as a pattern and in words. */
  readonly form?: { readonly pattern: string; readonly words: string };
  readonly children?: ComponentChildren;
}

/** One line of set-up, with what it is for below it. */
export function TextField({
  label,
  value,
  hint,
  onText,
  isOptional = false,
  ...rest
}: TextFieldProps): VNode {
  const { maxLength, form, children } = rest;
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...{ id, value, maxLength }}
        type="text"
        required={!isOptional}
        pattern={form?.pattern}
        title={form?.words}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby={hint === undefined ? undefined : hintId}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p class="field-hint" id={hintId}>
          {hint}
        </p>
      )}
      {children}
    </div>
  );
}
