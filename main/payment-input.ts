import { failure, type Failure } from '../shared/errors.ts';
import { parseAmount, type Currency } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** What a cashier or a script gives for one sale, before anything is believed of it. */
export interface PaymentInput {
  readonly amount: string;
  readonly code: string;
  readonly saleId?: string | undefined;
  readonly subject?: string | undefined;
  readonly operator?: string | undefined;
}

export interface CheckedPayment {
  readonly amountMinor: number;
  readonly code: string;
  readonly saleId: string | null;
  readonly subject: string | null;
  readonly operator: string;
}

/** Wallet codes are digits today; letters are let through for wallets to come (upay.md 2.3: 32 at most). */
const CODE = /^[A-Za-z0-9]{1,32}$/;
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

const MAX_PERSON = 32;

/** Whether a journal can name somebody so. */
export function isPersonName(name: string): boolean {
  return name.length <= MAX_PERSON && PRINTABLE.test(name);
}

/** Checks everything at once, first fault first. Failures never repeat a payment code. */
export function checkPayment(
  input: PaymentInput & { readonly operator: string },
  currency: Currency,
): Result<CheckedPayment, Failure> {
  const amount = parseAmount(input.amount, currency);
  if (!amount.ok) return err(failure(amount.error));
  // Scanners end a code with CR, LF or both, and some wrap it in control characters.
  const code = input.code.replace(/^[\p{Cc}\s]+|[\p{Cc}\s]+$/gu, '');
  if (code === '') return err(failure('code_missing'));
  if (!CODE.test(code)) return err(failure('code_malformed'));
  for (const [name, text, max] of [
    ['sale', input.saleId, 64],
    ['subject', input.subject, 64],
    ['operator', input.operator, MAX_PERSON],
  ] as const) {
    if (text !== undefined && (text.length > max || !PRINTABLE.test(text))) {
      return err(
        name === 'sale'
          ? failure('sale_id_malformed')
          : failure('arguments_invalid', `${name}: 1 to ${max} printable characters`),
      );
    }
  }
  return ok({
    amountMinor: amount.value,
    code,
    saleId: input.saleId ?? null,
    subject: input.subject ?? null,
    operator: input.operator,
  });
}
