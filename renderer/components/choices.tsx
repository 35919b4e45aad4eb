import { useId } from 'preact/hooks';
import type { VNode } from 'preact';

interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
  /** What follows from it. */
  readonly hint?: string;
  /** The language of the label, where it is not that of the page. */
  readonly lang?: string;
}

interface ChoicesProps<Value> {
  readonly legend: string;
  readonly choices: readonly Choice<Value>[];
  /** Null where nothing is chosen yet. */
  readonly chosen: Value | null;
  readonly onChange: (value: Value) => void;
}

/** One of a few, as native radio buttons with room for a finger. */
export function Choices<Value extends string>(props: ChoicesProps<Value>): VNode {
  const { legend, choices, chosen, onChange } = props;
  const name = useId();
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div class="choices-list">
        {choices.map(({ value, label, hint, lang }) => (
          <label key={value} class="choice" lang={lang}>
            <input
              type="radio"
              {...{ name, value }}
              checked={chosen === value}
              onChange={() => onChange(value)}
            />
            <span>
              {label}
              {hint !== undefined && <span class="choice-hint">{hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
