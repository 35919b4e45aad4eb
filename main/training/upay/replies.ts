import { assertNever } from '../../../shared/assert.ts';
import { netMinor, type PracticeOrder } from '../practice-order.ts';

/**
 * Replies as the acquirer writes them, with its peculiarities: every leaf is a string, amounts are
 * fen, and a fine answer carries empty error members on both levels (upay.md 2.0).
 */

type OrderData = Readonly<Record<string, string | readonly Readonly<Record<string, string>>[]>>;

interface BizReply {
  readonly result_code: string;
  readonly error_code: string;
  readonly error_message: string;
  /** Null in a refusal, absent in an unclear failure. */
  readonly data?: OrderData | null;
}

/** Activate and check-in answer flat, without a result of their own. */
type FlatReply = Readonly<Record<string, string>>;

export interface Reply {
  readonly result_code: '200' | '400' | '500';
  readonly error_code: string;
  readonly error_message: string;
  readonly biz_response?: BizReply | FlatReply;
}

export function flatReply(members: FlatReply): Reply {
  return { result_code: '200', error_code: '', error_message: '', biz_response: members };
}

export function success(resultCode: string, data: OrderData): Reply {
  return business({ result_code: resultCode, error_code: '', error_message: '', data });
}

/** The action failed and the order says how it stands now. */
export function failed(resultCode: string, errorCode: string, message: string, data: OrderData): Reply {
  return business({ result_code: resultCode, error_code: errorCode, error_message: message, data });
}

/** The operation was refused and the order is untouched. */
export function refusal(errorCode: string, message: string): Reply {
  return business({ result_code: 'FAIL', error_code: errorCode, error_message: message, data: null });
}

/** The operation ended without a clear result; the documents' own sample has no data. */
export function unclear(resultCode: string, errorCode: string, message: string): Reply {
  return business({ result_code: resultCode, error_code: errorCode, error_message: message });
}

/** The request as a whole was refused or failed. */
export function fault(resultCode: '400' | '500', errorCode: string, message: string): Reply {
  return { result_code: resultCode, error_code: errorCode, error_message: message };
}

export const ORDER_NOT_EXISTS = refusal('UPAY_ORDER_NOT_EXISTS', 'The order does not exist.');

/** `echoExtraMinor` falsifies the echoed amount only; the order keeps the true one. */
export function orderData(order: PracticeOrder, echoExtraMinor: number): OrderData {
  return {
    terminal_sn: order.terminalSn ?? '',
    sn: order.sn,
    client_sn: order.clientSn,
    client_tsn: order.clientTsn,
    trade_no: order.charges === 1 ? `20${order.sn}` : '',
    ctime: String(order.createdAtMs),
    status: transactionStatus(order),
    order_status: order.status,
    payway: order.payway,
    sub_payway: '1',
    total_amount: String(order.totalMinor + echoExtraMinor),
    net_amount: String(netMinor(order) + (netMinor(order) === 0 ? 0 : echoExtraMinor)),
    subject: order.subject,
    operator: order.operator,
    finish_time: order.finishedAtMs === null ? '' : String(order.finishedAtMs),
    channel_finish_time: order.finishedAtMs === null ? '' : String(order.finishedAtMs),
    ...(order.reflect === null ? {} : { reflect: order.reflect }),
    payment_list: [],
  };
}

/** The codes of a reply, outermost first, for the wire log. */
export function codesOf(reply: Reply): string {
  const biz: Readonly<Record<string, unknown>> = { ...reply.biz_response };
  const data = biz['data'];
  const status =
    typeof data === 'object' && data !== null && 'order_status' in data ? data.order_status : undefined;
  return [reply.result_code, reply.error_code, biz['result_code'], biz['error_code'], status]
    .filter((code) => typeof code === 'string' && code !== '')
    .join('/');
}

function business(biz: BizReply): Reply {
  return { result_code: '200', error_code: '', error_message: '', biz_response: biz };
}

function transactionStatus(order: PracticeOrder): string {
  switch (order.status) {
    case 'IN_FLIGHT':
    case 'CREATED':
    case 'CANCEL_INPROGRESS':
      return 'IN_PROG';
    case 'PAY_CANCELED':
      return 'FAIL_CANCELED';
    case 'PAID':
    case 'CANCELED':
    case 'REFUNDED':
    case 'PARTIAL_REFUNDED':
      return 'SUCCESS';
    default:
      return assertNever(order.status);
  }
}
