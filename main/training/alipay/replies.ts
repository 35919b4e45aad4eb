import { assertNever } from '../../../shared/assert.ts';
import type { RsaProtocol } from '../call.ts';
import type { PracticeOrder, PracticeRefund } from '../practice-order.ts';
import { writeTime } from './wire-time.ts';

/** How a call ended, as every answer says it. */
interface ReplyResult {
  readonly resultCode: string;
  readonly resultStatus: string;
  readonly resultMessage: string;
}

/** An answer before it is written: an unsigned one is for somebody whom the gateway could not identify. */
export interface Reply {
  readonly isSigned: boolean;
  readonly result: ReplyResult;
  readonly members: Members;
}

/** What stands beside the result; the two that are named say how the payment itself stands. */
interface Members {
  readonly paymentResult?: ReplyResult;
  readonly paymentStatus?: string;
  readonly [name: string]: unknown;
}

/** The acquirer and the wallet behind the gateway, by the numbers of the documents' samples. */
const ACQUIRER_ID = '1022188000000000001';
const PSP_ID = '1022172000000000001';

export const SUCCESS: ReplyResult = resultOf('S', 'SUCCESS', 'Success');
export const IN_PROCESS: ReplyResult = resultOf('U', 'PAYMENT_IN_PROCESS', 'The payment is being processed.');
export const UNKNOWN: ReplyResult = resultOf(
  'U',
  'UNKNOWN_EXCEPTION',
  'An API call failed, which is caused by unknown reasons.',
);
export const CLOSED: ReplyResult = resultOf('F', 'ORDER_IS_CLOSED', 'The order is closed.');
export const DECLINED: ReplyResult = resultOf(
  'F',
  'USER_BALANCE_NOT_ENOUGH',
  'The wallet has not enough money.',
);

export function resultOf(resultStatus: string, resultCode: string, resultMessage: string): ReplyResult {
  return { resultCode, resultStatus, resultMessage };
}

export function signed(result: ReplyResult, members: Members = {}): Reply {
  return { isSigned: true, result, members };
}

export function failed(code: string, message: string): Reply {
  return signed(resultOf('F', code, message));
}

export function unsigned(code: string, message: string): Reply {
  return { isSigned: false, result: resultOf('F', code, message), members: {} };
}

/** The codes of a reply, outermost first, for the wire log. */
export function codesOf({ result, members: { paymentResult, paymentStatus } }: Reply): string {
  const { resultStatus, resultCode } = result;
  return [resultStatus, resultCode, paymentResult?.resultStatus, paymentResult?.resultCode, paymentStatus]
    .filter((code) => code !== undefined)
    .join('/');
}

/** What an answer to pay says of the order; `echoExtraMinor` falsifies the amount only. */
export function payMembers(protocol: RsaProtocol, order: PracticeOrder, echoExtraMinor: number): Members {
  const isCharged = order.charges === 1;
  return {
    paymentId: order.sn,
    ...(protocol === 'miniprogram' ? { paymentRequestId: order.clientSn } : {}),
    paymentAmount: amountOf(order, order.totalMinor + echoExtraMinor),
    ...(order.paidAtMs === null ? {} : { paymentTime: writeTime(order.paidAtMs) }),
    ...(protocol === 'alipayplus' ? agents() : {}),
    ...(protocol === 'alipayplus' && isCharged
      ? { walletBrandName: 'Practice wallet', customerId: '2160220000000001' }
      : {}),
  };
}

/** What an answer to inquiryPayment says of the order, refunds oldest first. */
export function inquiryMembers(
  protocol: RsaProtocol,
  order: PracticeOrder,
  refunds: readonly PracticeRefund[],
  echoExtraMinor: number,
): Members {
  const transactions = transactionsOf(order, refunds);
  return {
    ...(protocol === 'alipayplus'
      ? { paymentResult: paymentResultOf(order), ...agents() }
      : { paymentStatus: paymentStatusOf(order), ...failReasonOf(order) }),
    paymentId: order.sn,
    paymentRequestId: order.clientSn,
    paymentAmount: amountOf(order, order.totalMinor + echoExtraMinor),
    ...(order.paidAtMs === null ? {} : { paymentTime: writeTime(order.paidAtMs) }),
    ...(transactions.length === 0 ? {} : { transactions }),
  };
}

/** What an answer to a cancel that is done says; the form of seed 004 says nothing but the result. */
export function cancelMembers(protocol: RsaProtocol, order: PracticeOrder, isAcquirerForm: boolean): Members {
  if (protocol === 'alipayplus') return isAcquirerForm ? {} : agents();
  return {
    paymentId: order.sn,
    paymentRequestId: order.clientSn,
    ...(order.finishedAtMs === null ? {} : { cancelTime: writeTime(order.finishedAtMs) }),
  };
}

export function refundMembers(
  protocol: RsaProtocol,
  order: PracticeOrder,
  refund: PracticeRefund,
  echoExtraMinor: number,
): Members {
  return {
    refundId: refundIdOf(order, refund),
    refundRequestId: refund.requestNo,
    refundAmount: amountOf(order, refund.amountMinor + echoExtraMinor),
    refundTime: writeTime(refund.refundedAtMs),
    paymentId: order.sn,
    paymentRequestId: order.clientSn,
    ...(protocol === 'alipayplus' ? agents() : {}),
  };
}

/** How the payment itself stands: a cancelled one is a closed order (alipayplus.md 2.2). */
export function paymentResultOf(order: PracticeOrder): ReplyResult {
  switch (order.status) {
    case 'IN_FLIGHT':
    case 'CREATED':
      return IN_PROCESS;
    case 'PAY_CANCELED':
      return DECLINED;
    case 'CANCELED':
      return CLOSED;
    case 'CANCEL_INPROGRESS':
      return order.charges === 1 ? SUCCESS : IN_PROCESS;
    case 'PAID':
    case 'REFUNDED':
    case 'PARTIAL_REFUNDED':
      return SUCCESS;
    default:
      return assertNever(order.status);
  }
}

function paymentStatusOf(order: PracticeOrder): 'SUCCESS' | 'FAIL' | 'PROCESSING' | 'CANCELLED' {
  const { resultStatus } = paymentResultOf(order);
  if (order.status === 'CANCELED') return 'CANCELLED';
  if (resultStatus === 'U') return 'PROCESSING';
  return resultStatus === 'S' ? 'SUCCESS' : 'FAIL';
}

function failReasonOf(order: PracticeOrder): Members {
  return order.status === 'PAY_CANCELED' ? { paymentFailReason: DECLINED.resultCode } : {};
}

function transactionsOf(order: PracticeOrder, refunds: readonly PracticeRefund[]): readonly Members[] {
  const amount = amountOf(order, order.totalMinor);
  const row = (type: string, status: string, requestId: string, atMs: number | null): Members => ({
    transactionType: type,
    transactionStatus: status,
    transactionRequestId: requestId,
    transactionAmount: amount,
    ...(atMs === null ? {} : { transactionTime: writeTime(atMs) }),
  });
  const isCancelling = order.status === 'CANCEL_INPROGRESS';
  return [
    ...(order.charges === 1 ? [row('PAYMENT', 'SUCCESS', order.clientSn, order.paidAtMs)] : []),
    ...(order.status === 'CANCELED' ? [row('CANCEL', 'SUCCESS', order.clientSn, order.finishedAtMs)] : []),
    ...(isCancelling ? [row('CANCEL', 'PROCESSING', order.clientSn, null)] : []),
    ...refunds.map((refund) => ({
      ...row('REFUND', 'SUCCESS', refund.requestNo, refund.refundedAtMs),
      transactionId: refundIdOf(order, refund),
      transactionAmount: amountOf(order, refund.amountMinor),
    })),
  ];
}

function agents(): Members {
  return { acquirerId: ACQUIRER_ID, pspId: PSP_ID };
}

/** Amounts are text of minor units (alipayplus.md 2.1). */
function amountOf({ currency }: PracticeOrder, minor: number): Members {
  return { currency, value: String(minor) };
}

function refundIdOf(order: PracticeOrder, refund: PracticeRefund): string {
  return `${order.sn}${String(refund.id).padStart(6, '0')}`;
}
