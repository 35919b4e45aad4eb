import { useId } from 'preact/hooks';
import type { VNode } from 'preact';

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  /** One choice for each, in this order. */
  readonly labels: Readonly<Record<Value, string>>;
  /** What follows from each. */
  readonly hints?: Readonly<Record<Value, string>>;
  /** The language of each label, where it is not that of the page. */
  readonly languages?: Readonly<Record<Value, string>>;
  /** Null where nothing is chosen yet. */
  readonly chosen: Value | null;
  readonly onChange: (value: Value) => void;
}

/** One of a few, as native radio buttons with room for a finger. */
export function Choices<Value extends string>(props: ChoicesProps<Value>): VNode {
  const { legend, labels, hints, languages, chosen, onChange } = props;
  const name = useId();
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div class="choices-list">
        {(Object.keys(labels) as Value[]).map((value) => (
          <label key={value} class="choice" lang={languages?.[value]}>
            <input
              type="radio"
              {...{ name, value }}
              checked={chosen === value}
              onChange={() => onChange(value)}
            />
            <span>
              {labels[value]}
              {hints !== undefined && <span class="choice-hint">{hints[value]}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
