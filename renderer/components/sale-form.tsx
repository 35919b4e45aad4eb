import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TargetedEvent, TargetedKeyboardEvent, VNode } from 'preact';
import type { CallArgs } from '../../shared/contract.ts';
import type { Currency } from '../../shared/money.ts';
import { useLanguage } from '../language.ts';
import type { Notice } from '../state.ts';
import type { Strings } from '../strings.ts';
import { PracticeGuide } from './practice.tsx';

/** A scanner that reads one code twice does so within this time. */
const SAME_SCAN_MS = 2000;
/** More digits than any amount may have. */
const WALLET_CODE = /^\d{16,32}$/;

interface SaleFormProps {
  readonly practice: boolean;
  readonly currency: Currency;
  readonly isBusy: boolean;
  readonly notice: Notice | null;
  /** Grows with every accepted sale; the form is then emptied for the next customer. */
  readonly saleNumber: number;
  readonly onCollect: (args: CallArgs<'sale.collect'>) => void;
  /** The cashier has begun to type the next sale. */
  readonly onBegin: () => void;
  readonly onDismiss: () => void;
}

/** Amount, code and sale. The terminal judges what was entered; this form only carries it there. */
export function SaleForm(props: SaleFormProps): VNode {
  const { strings } = useLanguage();
  const [amount, setAmount] = useState('');
  const [code, setCode] = useState('');
  const [saleId, setSaleId] = useState('');
  const amountField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const scans = useRepeatedScan();

  // Before the screen is painted: a fast scanner may type as soon as it sees the answer.
  useLayoutEffect(() => {
    setAmount('');
    setSaleId('');
    amountField.current?.focus();
  }, [props.saleNumber]);
  useLayoutEffect(() => {
    if (props.notice === null) return;
    // Nothing was collected, so the same code may be scanned again at once.
    scans.forget();
    fieldToCorrect(props.notice, amountField, codeField)?.focus();
  }, [props.notice]);

  const submit = () => {
    // A payment code is as good as money for a minute: it leaves the screen before anything else happens.
    setCode('');
    if (props.isBusy || scans.isRepeated(code)) return;
    props.onCollect({ amount, code, ...(saleId.trim() === '' ? {} : { saleId: saleId.trim() }) });
  };
  const begin = (text: string) => {
    setAmount(text);
    props.onBegin();
  };
  const leaveAmountOnEnter = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && WALLET_CODE.test(amount)) {
      // The scanner typed into the wrong field. What it read does not stay there as an amount.
      event.preventDefault();
      setAmount('');
      if (!scans.isRecent(amount)) setCode(amount);
      return;
    }
    toCodeOnEnter(event);
  };
  const toCodeOnEnter = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || code !== '') return;
    event.preventDefault();
    codeField.current?.focus();
  };
  const submitOnEnter = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter') return;
    // Browsers submit nothing while the button is disabled, and the code would stay on screen.
    event.preventDefault();
    if (code !== '') submit();
  };

  return (
    <div class="sale">
      <form
        class="sale-form"
        aria-label={strings.newSale}
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={`${strings.amount} (${props.currency})`}
          class="field field-amount"
          value={amount}
          onText={begin}
          onKeyDown={leaveAmountOnEnter}
          inputRef={amountField}
          inputMode="decimal"
          placeholder="0.00"
          maxLength={32}
        />
        <Field
          label={strings.code}
          class="field"
          value={code}
          onText={(text) => setCode(withoutControlCharacters(text))}
          onKeyDown={submitOnEnter}
          inputRef={codeField}
          placeholder={strings.codeHint}
          maxLength={512}
        />
        <Field
          label={`${strings.saleId} (${strings.optional})`}
          class="field"
          value={saleId}
          onText={setSaleId}
          onKeyDown={toCodeOnEnter}
          maxLength={256}
        />
        <button type="submit" class="button button-primary" disabled={props.isBusy}>
          {props.isBusy ? strings.collecting : strings.collect}
        </button>
        {props.notice !== null && <NoticeBox notice={props.notice} onDismiss={props.onDismiss} />}
      </form>
      {props.practice && (
        <PracticeGuide
          onChoose={(practiceAmount, practiceCode) => {
            begin(practiceAmount);
            setCode(practiceCode);
          }}
        />
      )}
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly class: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement>) => void;
  readonly inputRef?: { current: HTMLInputElement | null };
  readonly inputMode?: 'decimal' | 'text';
  readonly placeholder?: string;
}

function Field(props: FieldProps): VNode {
  const id = useId();
  return (
    <div class={props.class}>
      <label for={id}>{props.label}</label>
      <input
        id={id}
        ref={props.inputRef ?? null}
        type="text"
        inputMode={props.inputMode ?? 'text'}
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

function NoticeBox({
  notice,
  onDismiss,
}: {
  readonly notice: Notice;
  readonly onDismiss: () => void;
}): VNode {
  const { strings } = useLanguage();
  return (
    <div class="notice" role="alert" data-code={notice.code}>
      <p>{noticeText(notice, strings)}</p>
      <button type="button" class="button button-quiet" onClick={onDismiss}>
        {strings.dismiss}
      </button>
    </div>
  );
}

/** The words for a refused or unanswered call; without words of our own the terminal's message is shown. */
export function noticeText(notice: Notice, strings: Strings): string {
  if (notice.code === 'no_reply') return strings.noReply;
  return strings.errors[notice.code] ?? notice.message;
}

type FieldRef = { readonly current: HTMLInputElement | null };

function fieldToCorrect(notice: Notice, amount: FieldRef, code: FieldRef): HTMLInputElement | null {
  if (notice.code.startsWith('amount_')) return amount.current;
  return notice.code.startsWith('code_') ? code.current : null;
}

interface RepeatedScans {
  /** True for the code that was submitted a moment ago. */
  isRecent(code: string): boolean;
  /** The same, and remembers a code that was not. */
  isRepeated(code: string): boolean;
  forget(): void;
}

function useRepeatedScan(): RepeatedScans {
  const last = useRef({ code: '', atMs: 0 });
  const isRecent = (code: string) =>
    code !== '' && code === last.current.code && Date.now() - last.current.atMs < SAME_SCAN_MS;
  return {
    isRecent,
    isRepeated(code) {
      if (isRecent(code)) return true;
      last.current = { code, atMs: Date.now() };
      return false;
    },
    forget() {
      last.current = { code: '', atMs: 0 };
    },
  };
}

/** Scanners frame codes with tabs, line ends and private control bytes; no wallet code contains one. */
function withoutControlCharacters(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
