/**
 * Every code of upay.md section 3 as data. A code that is not in a table is `unknown`, never a
 * failure: the vendor's lists are open (upay.md 3.1, 3.6).
 */

/** 3.1: what happened to this action, by the action it can answer. */
export const PAY_RESULTS = {
  PAY_SUCCESS: 'success',
  PAY_FAIL: 'failed',
  PAY_IN_PROGRESS: 'pending',
  PAY_FAIL_IN_PROGRESS: 'unknown',
  PAY_FAIL_ERROR: 'unknown',
  FAIL: 'refused',
} as const;

export const QUERY_RESULTS = { SUCCESS: 'success', FAIL: 'refused' } as const;

export const REVERSAL_RESULTS = {
  CANCEL_SUCCESS: 'success',
  CANCEL_ABORT_SUCCESS: 'success',
  CANCEL_IN_PROGRESS: 'pending',
  CANCEL_ABORT_IN_PROGRESS: 'pending',
  CANCEL_ERROR: 'unknown',
  // Two vendor texts disagree; a definite failure would end a reversal that may still be needed.
  CANCEL_ABORT_ERROR: 'unknown',
  FAIL: 'refused',
} as const;

export const REFUND_RESULTS = {
  REFUND_SUCCESS: 'success',
  REFUND_IN_PROGRESS: 'pending',
  REFUND_ERROR: 'unknown',
  REFUND_FAIL_ERROR: 'unknown',
  REFUND_FAIL: 'refused',
  FAIL: 'refused',
} as const;

/** Result codes of a product this terminal does not use; here so that the list is whole. */
export const PRECREATE_RESULTS = {
  PRECREATE_SUCCESS: 'success',
  PRECREATE_FAIL: 'failed',
  PRECREATE_FAIL_ERROR: 'unknown',
  PRECREATE_FAIL_IN_PROGRESS: 'unknown',
} as const;

/** 3.2: is the customer charged? Only five states are final. */
export const ORDER_STATUS = {
  PAID: 'charged',
  PARTIAL_REFUNDED: 'charged',
  PAY_CANCELED: 'not_charged',
  CANCELED: 'not_charged',
  REFUNDED: 'not_charged',
  CREATED: 'pending',
  REFUND_INPROGRESS: 'pending',
  CANCEL_INPROGRESS: 'pending',
  PAY_ERROR: 'pending',
  REFUND_ERROR: 'pending',
  CANCEL_ERROR: 'pending',
  INVALID_STATUS_CODE: 'pending',
} as const;

/** 3.3: state of the transaction. Informational: money is decided by the order status alone. */
export const TRANSACTION_STATUS = {
  SUCCESS: 'success',
  FAIL_CANCELED: 'failed',
  FAIL_PROTOCOL_1: 'failed_unclear',
  FAIL_PROTOCOL_2: 'failed_unclear',
  FAIL_PROTOCOL_3: 'failed_unclear',
  FAIL_IO_1: 'failed_unclear',
  FAIL_IO_2: 'failed_unclear',
  FAIL_ERROR: 'failed_unclear',
  CANCEL_ERROR: 'failed_unclear',
  REFUND_ERROR: 'failed_unclear',
  CREATED: 'running',
  IN_PROG: 'running',
  ERROR_RECOVERY: 'running',
  PRE_SUCCESS: 'running',
  ABORTED: 'running',
} as const;

/** 3.4: the wallet or channel behind an order. */
export const PAYWAYS = {
  '0': 'unspecified',
  '1': 'alipay_v1',
  '2': 'alipay',
  '3': 'wechat',
  '4': 'baidu',
  '5': 'jd',
  '6': 'qq',
  '7': 'nfc',
  '8': 'lakala',
  '9': 'hebao',
  '15': 'lakala_wechat',
  '16': 'cmb',
  '17': 'unionpay',
  '18': 'bestpay',
  '19': 'wechat_local',
  '20': 'alipay_global',
  '22': 'sodexo',
  '100': 'stored_value',
  '101': 'gift_card',
  '2001': 'partner_wallet',
} as const;

export const SUB_PAYWAYS = {
  '1': 'barcode',
  '2': 'qrcode',
  '3': 'wap',
  '4': 'mini_program',
  '5': 'app',
  '6': 'h5',
} as const;

/**
 * 3.5: faults of the whole request. `not_executed` is our mistake in the body, `config` a fault of
 * key, terminal or access; `unknown` may have moved money.
 */
export const ENVELOPE_ERRORS = {
  INVALID_PARAMS: 'not_executed',
  INVALID_PARAMETER: 'not_executed',
  INVALID_TERMINAL: 'config',
  TERMINAL_NOT_EXISTS: 'config',
  ILLEGAL_SIGN: 'config',
  ACTIVATE_FAIL: 'config',
  PAY_STATUS_CLOSED: 'config',
  UNKNOWN_SYSTEM_ERROR: 'unknown',
  MAINTENANCE_INPROGRESS: 'throttled',
  REQUEST_FAIL: 'throttled',
  EXTERNAL_SERVICE_EXCEPTION: 'unknown',
} as const;

/**
 * 3.6: refusals inside `biz_response`. The three columns say what the code means as an answer to
 * pay, to query, and to cancel or revoke.
 */
export const BUSINESS_ERRORS = {
  INVALID_BARCODE: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  INSUFFICIENT_FUND: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  EXPIRED_BARCODE: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  AUTHCODE_EXPIRE: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  BUYER_OVER_DAILY_LIMIT: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  BUYER_OVER_TRANSACTION_LIMIT: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  SELLER_OVER_DAILY_LIMIT: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  UPAY_STORE_OVER_DAILY_LIMIT: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  TRADE_FAILED: { pay: 'declined', query: 'unknown', reversal: 'unknown' },
  // Timed out and reversed by the acquirer itself, in its own words; a query settles it.
  TRADE_TIMEOUT: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
  // Also seen when a customer closes the password page, so it proves nothing.
  UNEXPECTED_PROVIDER_ERROR: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
  TRADE_HAS_SUCCESS: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
  TRADE_NOT_EXIST: { pay: 'unknown', query: 'not_found', reversal: 'not_found' },
  // The order exists already: the money may be there, so it is a question and not a failure.
  CLIENT_SN_CONFLICT: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
  UPAY_ORDER_NOT_EXISTS: { pay: 'unknown', query: 'not_found', reversal: 'not_found' },
  UPAY_ORDER_NOT_EXIST: { pay: 'unknown', query: 'not_found', reversal: 'not_found' },
  UPAY_TERMINAL_NOT_EXISTS: { pay: 'config', query: 'config', reversal: 'config' },
  UPAY_TERMINAL_STATUS_ABNORMAL: { pay: 'config', query: 'config', reversal: 'config' },
  UPAY_MERCHANT_NOT_EXISTS: { pay: 'config', query: 'config', reversal: 'config' },
  UPAY_CANCEL_ORDER_NOOP: { pay: 'unknown', query: 'unknown', reversal: 'already' },
  UPAY_CANCEL_INVALID_ORDER_STATE: { pay: 'unknown', query: 'unknown', reversal: 'refused' },
  UPAY_TCP_ORDER_NOT_REFUNDABLE: { pay: 'unknown', query: 'unknown', reversal: 'refused' },
  SELLER_BALANCE_NOT_ENOUGH: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  ACCOUNT_BALANCE_NOT_ENOUGH: { pay: 'declined', query: 'unknown', reversal: 'refused' },
  REFUNDABLE_AMOUNT_NOT_ENOUGH: { pay: 'unknown', query: 'unknown', reversal: 'refused' },
  REFUND_AMT_NOT_EQUAL_TOTAL: { pay: 'unknown', query: 'unknown', reversal: 'refused' },
  UPAY_REFUND_ORDER_NOOP: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
  UPAY_REFUND_INVALID_ORDER_STATE: { pay: 'unknown', query: 'unknown', reversal: 'refused' },
  REFUND_REQUEST_CONFLICT: { pay: 'unknown', query: 'unknown', reversal: 'unknown' },
} as const;
