import { useCallback, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Ref, TargetedEvent, TargetedKeyboardEvent, VNode } from 'preact';
import { parseAmount } from '../../shared/money.ts';
import { ERASE, KEYS } from '../input/amount-keys.ts';
import { EMPTY_DRAFT, useDraft } from '../input/draft.ts';
import { useLanguage } from '../language.ts';
import { withoutControlCharacters } from '../input/scanner.ts';
import { memo } from '../memo.ts';
import { useFormats, useTill } from '../till.ts';
import { Icon } from './icon.tsx';
import { NoticeBox } from './notice-box.tsx';

/** Amount, code and sale. The terminal judges what was entered; this form only carries it there. */
export function SaleForm(): VNode {
  const { state, snapshot, actions, draft: store } = useTill();
  const { strings } = useLanguage();
  const formats = useFormats();
  const draft = useDraft(store);
  const { notice } = state;
  const words = strings.collect;
  const form = useRef<HTMLFormElement>(null);
  const amountField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const [isMoreOpen, setMoreOpen] = useState(false);
  const parsed = parseAmount(draft.amount, snapshot.currency);

  // Before the screen is painted: a fast scanner may type as soon as it sees the answer.
  useLayoutEffect(() => {
    if (draft === EMPTY_DRAFT) amountField.current?.focus();
  }, [draft === EMPTY_DRAFT]);
  useLayoutEffect(() => {
    if (notice !== null) (notice.code.startsWith('code_') ? codeField : amountField).current?.focus();
  }, [notice]);

  const enterInAmount = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || draft.code !== '') return;
    event.preventDefault();
    codeField.current?.focus();
  };
  const press = useCallback((key: string) => {
    if (document.activeElement === codeField.current) {
      const { code } = store.current;
      actions.prepare({ code: key === ERASE ? code.slice(0, -1) : code + key });
      return;
    }
    actions.key(key);
    amountField.current?.focus();
  }, []);

  return (
    <form
      ref={form}
      class="sale"
      aria-label={words.newSale}
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        actions.collect();
      }}
    >
      <Field
        label={words.amount}
        class="field field-amount"
        value={draft.amount}
        onText={(text) => actions.prepare({ amount: withAsciiDigits(text) })}
        onKeyDown={enterInAmount}
        scan="amount"
        inputRef={amountField}
        inputMode="none"
        placeholder="0.00"
        readout={parsed.ok ? formats.amount(parsed.value) : null}
        maxLength={32}
      />
      <Field
        label={words.code}
        class="field field-code"
        value={draft.code}
        onText={(text) => actions.prepare({ code: withoutControlCharacters(text) })}
        inputRef={codeField}
        scan="words"
        inputMode="none"
        placeholder={words.codeHint}
        maxLength={512}
      />
      {draft.code !== '' && !parsed.ok && <p class="field-hint">{words.codeHeld}</p>}
      <Keypad onKey={press} />
      <button type="submit" class="button button-primary" aria-disabled={state.isBusy}>
        {words.collect}
      </button>
      {notice !== null && <NoticeBox notice={notice} onDismiss={actions.closeNotice} />}
      <details
        class="more"
        open={isMoreOpen || draft.saleId !== '' || draft.subject !== ''}
        onToggle={(event) => setMoreOpen(event.currentTarget.open)}
      >
        <summary>{words.more}</summary>
        <Field
          label={words.saleId}
          class="field"
          value={draft.saleId}
          onText={(saleId) => actions.prepare({ saleId })}
          scan="words"
          maxLength={256}
        />
        <Field
          label={words.subject}
          class="field"
          value={draft.subject}
          onText={(subject) => actions.prepare({ subject })}
          scan="words"
          maxLength={64}
        />
      </details>
    </form>
  );
}

/** Drawn once: twelve keys need not be drawn again for each press of one. */
const Keypad = memo(function Keypad({ onKey }: { readonly onKey: (key: string) => void }): VNode {
  const { strings } = useLanguage();
  return (
    <div class="keypad" role="group" aria-label={strings.collect.keypad}>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          class="key"
          aria-label={key === ERASE ? strings.collect.erase : undefined}
          // The field keeps its focus, so that the scanner and Enter go on where they were.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onKey(key)}
        >
          {key === ERASE ? <Icon name="erase" /> : key}
        </button>
      ))}
    </div>
  );
});

/** A Chinese input method types full-width digits and its own full stop; they are the same keys. */
function withAsciiDigits(text: string): string {
  return text.normalize('NFKC').replaceAll('。', '.');
}

interface FieldProps {
  readonly label: string;
  readonly class: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onText: (text: string) => void;
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLInputElement>) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly inputMode?: 'none' | 'text';
  /** What a burst of keys in this field is; see `use-scanner.ts`. */
  readonly scan: 'amount' | 'words';
  readonly placeholder?: string;
  readonly readout?: string | null;
}

function Field(props: FieldProps): VNode {
  const id = useId();
  return (
    <div class={props.class}>
      <div class="field-head">
        <label for={id}>{props.label}</label>
        {/* What was typed as it will be charged, with currency and separators. */}
        {typeof props.readout === 'string' && <span class="readout">{props.readout}</span>}
      </div>
      <input
        id={id}
        ref={props.inputRef ?? null}
        type="text"
        inputMode={props.inputMode ?? 'text'}
        data-scan={props.scan}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={props.maxLength}
        placeholder={props.placeholder}
        value={props.value}
        onInput={(event: TargetedEvent<HTMLInputElement>) => props.onText(event.currentTarget.value)}
        onKeyDown={props.onKeyDown}
      />
    </div>
  );
}
