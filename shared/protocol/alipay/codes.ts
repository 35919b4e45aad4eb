/**
 * Every result code of alipayplus.md 3.3 and 5 and of seeds 003 and 004, as data. The lists are open: what
 * a code that is not here means follows from its status alone (alipayplus.md 3.3).
 */

export const RESULT_STATUSES = ['S', 'F', 'U', 'A'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

export type PayMeaning = 'declined' | 'pending' | 'config' | 'throttled' | 'unknown';
export type InquiryMeaning = 'pending' | 'not_found' | 'config' | 'throttled' | 'unknown';
export type ReturnMeaning =
  'already' | 'pending' | 'not_found' | 'refused' | 'window_closed' | 'config' | 'throttled' | 'unknown';
export type PaymentMeaning = 'not_charged' | 'pending' | 'not_found' | 'unknown';

/**
 * What a code means where it fails: as the answer to each call, and as the state of a payment that an
 * inquiry found. Success is no meaning of a code alone, it needs its status too.
 */
export interface CodeMeaning {
  /** The statuses that the documents give with this code; they contradict one another. */
  readonly statuses: readonly ResultStatus[];
  readonly pay: PayMeaning;
  readonly inquiry: InquiryMeaning;
  readonly cancel: ReturnMeaning;
  readonly refund: ReturnMeaning;
  readonly payment: PaymentMeaning;
}

/** Says nothing about this call; an inquiry decides. */
const OPEN = {
  statuses: ['F'],
  pay: 'unknown',
  inquiry: 'unknown',
  cancel: 'unknown',
  refund: 'unknown',
  payment: 'unknown',
} as const satisfies CodeMeaning;

/** A definite no to whatever was asked. */
const REFUSAL = {
  ...OPEN,
  pay: 'declined',
  cancel: 'refused',
  refund: 'refused',
  payment: 'not_charged',
} as const satisfies CodeMeaning;

/** Identity, contract, access or path: IT must act before anything works. */
const CONFIG = {
  ...OPEN,
  pay: 'config',
  inquiry: 'config',
  cancel: 'config',
  refund: 'config',
  payment: 'not_charged',
} as const satisfies CodeMeaning;

/** A refusal of a call that returns money: as the answer to a pay it makes no sense, and is a question. */
const RETURN_REFUSAL = { ...OPEN, cancel: 'refused', refund: 'refused' } as const satisfies CodeMeaning;

const ABSENCE = {
  ...OPEN,
  inquiry: 'not_found',
  cancel: 'not_found',
  refund: 'not_found',
  payment: 'not_found',
} as const satisfies CodeMeaning;

/** Codes that mean the same whatever their status. */
const UNCERTAIN = {
  SUCCESS: { ...OPEN, statuses: ['S'] },
  ACCEPT: { ...OPEN, statuses: ['A'], pay: 'pending', payment: 'pending' },
  UNKNOWN_EXCEPTION: { ...OPEN, statuses: ['U'], payment: 'pending' },
  // The mini-program's common list has F, every other list U: it is throttled by its code.
  REQUEST_TRAFFIC_EXCEED_LIMIT: {
    statuses: ['F', 'U'],
    pay: 'throttled',
    inquiry: 'throttled',
    cancel: 'throttled',
    refund: 'throttled',
    payment: 'pending',
  },
  PAYMENT_IN_PROCESS: {
    statuses: ['U'],
    pay: 'pending',
    inquiry: 'pending',
    cancel: 'pending',
    refund: 'pending',
    payment: 'pending',
  },
  // The payment was made under this id with other contents: whether it was charged is the question.
  REPEAT_REQ_INCONSISTENT: OPEN,
} as const satisfies Readonly<Record<string, CodeMeaning>>;

const CONFIGURATION = {
  INVALID_SIGNATURE: CONFIG,
  SIGNATURE_INVALID: CONFIG,
  KEY_NOT_FOUND: CONFIG,
  CLIENT_INVALID: CONFIG,
  INVALID_CLIENT: CONFIG,
  TIMESTAMP_INVALID: CONFIG,
  ACCESS_DENIED: CONFIG,
  INVALID_API: CONFIG,
  NO_INTERFACE_DEF: CONFIG,
  METHOD_NOT_SUPPORTED: CONFIG,
  MEDIA_TYPE_NOT_ACCEPTABLE: CONFIG,
  PARTNER_NOT_EXIST: CONFIG,
  PARTNER_STATUS_ABNORMAL: CONFIG,
  INVALID_CONTRACT: CONFIG,
  INVALID_MERCHANT_STATUS: CONFIG,
  MERCHANT_NOT_REGISTERED: CONFIG,
  SETTLE_CONTRACT_NOT_MATCH: CONFIG,
  INVALID_ACCESS_TOKEN: CONFIG,
  EXPIRED_ACCESS_TOKEN: CONFIG,
  INVALID_AGENT_TOKEN: CONFIG,
  EXPIRED_AGENT_TOKEN: CONFIG,
} as const satisfies Readonly<Record<string, CodeMeaning>>;

const REFUSALS = {
  PARAM_ILLEGAL: REFUSAL,
  PROCESS_FAIL: REFUSAL,
  PAYMENT_AMOUNT_EXCEED_LIMIT: REFUSAL,
  PAYMENT_COUNT_EXCEED_LIMIT: REFUSAL,
  USER_NOT_EXIST: REFUSAL,
  USER_STATUS_ABNORMAL: REFUSAL,
  USER_BALANCE_NOT_ENOUGH: REFUSAL,
  USER_AMOUNT_EXCEED_LIMIT: REFUSAL,
  USER_KYC_NOT_QUALIFIED: REFUSAL,
  USER_PAYMENT_VERIFICATION_FAILED: REFUSAL,
  RISK_REJECT: REFUSAL,
  FRAUD_REJECT: REFUSAL,
  REGULATION_RESTRICTION: REFUSAL,
  CURRENCY_NOT_SUPPORT: REFUSAL,
  BUSINESS_NOT_SUPPORT: REFUSAL,
  NO_PAY_OPTIONS: REFUSAL,
  UNAVAILABLE_PAYMENT_METHOD: REFUSAL,
  AUTH_CODE_ALREADY_USED: REFUSAL,
  INVALID_CODE: REFUSAL,
  INVALID_PAYMENT_CODE: REFUSAL,
  EXPIRED_CODE: REFUSAL,
} as const satisfies Readonly<Record<string, CodeMeaning>>;

/** What is said of an order that exists, or does not; only an inquiry tells what it comes to. */
const ORDERS = {
  ORDER_NOT_EXIST: ABSENCE,
  ORDER_STATUS_INVALID: RETURN_REFUSAL,
  // One wallet has it for completed or cancelled alike (alipayplus.md 3.3); found in an inquiry it is closed.
  ORDER_IS_CLOSED: { ...RETURN_REFUSAL, payment: 'not_charged' },
  ORDER_IS_CANCELED: { ...RETURN_REFUSAL, cancel: 'already', payment: 'not_charged' },
  CANCEL_WINDOW_EXCEED: { ...RETURN_REFUSAL, cancel: 'window_closed' },
  CANCEL_NOT_ALLOWED: RETURN_REFUSAL,
  MERCHANT_BALANCE_NOT_ENOUGH: RETURN_REFUSAL,
  REFUND_WINDOW_EXCEED: { ...RETURN_REFUSAL, refund: 'window_closed' },
  REFUND_AMOUNT_EXCEED: RETURN_REFUSAL,
  REFUND_NOT_EXIST: OPEN,
  REFUND_IN_PROCESS: { ...OPEN, statuses: ['U'], refund: 'pending' },
  // In an unofficial list only, so they are tolerated (alipayplus.md 3.3).
  PAYMENT_ALREADY_CANCELLED: { ...RETURN_REFUSAL, cancel: 'already', payment: 'not_charged' },
  PAYMENT_NOT_FOUND: ABSENCE,
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export const RESULT_CODES: Readonly<Record<string, CodeMeaning>> = {
  ...UNCERTAIN,
  ...CONFIGURATION,
  ...REFUSALS,
  ...ORDERS,
};

/**
 * Complaints about who we are and how we sign. A gateway that cannot verify a request may answer without a
 * signature (alipayplus.md 1), so these are heard from a reply that proves nothing.
 */
export const IDENTITY_CODES: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'SIGNATURE_INVALID',
  'KEY_NOT_FOUND',
  'CLIENT_INVALID',
  'INVALID_CLIENT',
  'TIMESTAMP_INVALID',
]);

/** The rows of `transactions` that give money back. */
export const RETURNING_TRANSACTIONS = { CANCEL: 'whole', VOID: 'whole', REFUND: 'part' } as const;

export const TRANSACTION_STATUSES = {
  SUCCESS: 'done',
  FAIL: 'undone',
  CANCELLED: 'undone',
  PROCESSING: 'running',
} as const;

/** The same as a `transactionResult`. */
export const TRANSACTION_RESULTS = { S: 'done', F: 'undone', U: 'running', A: 'running' } as const;

/** The states of a payment in a mini-program inquiry; authorisations have more (alipayplus.md 2.2). */
export const PAYMENT_STATUSES = {
  SUCCESS: 'charged',
  FAIL: 'not_charged',
  CANCELLED: 'not_charged',
  PROCESSING: 'pending',
  AUTH_SUCCESS: 'pending',
} as const;
