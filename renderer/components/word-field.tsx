import { useId } from 'preact/hooks';
import type { VNode } from 'preact';

interface WordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly isRequired: boolean;
  readonly onText: (text: string) => void;
  readonly placeholder?: string;
}

/** A line of words in a question; a fast text may be meant for it, so a scan of one stays in it. */
export function WordField({ label, isRequired, onText, ...rest }: WordFieldProps): VNode {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        required={isRequired}
        data-scan="words"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onText(event.currentTarget.value)}
        {...rest}
      />
    </div>
  );
}
