import type { Evidence, PayOutcome, QueryOutcome, ReversalOutcome } from '../../order/outcome.ts';
import { assertNever } from '../../assert.ts';
import { lookUp } from '../look-up.ts';
import {
  BUSINESS_ERRORS,
  ENVELOPE_ERRORS,
  ORDER_STATUS,
  PAY_RESULTS,
  QUERY_RESULTS,
  REFUND_RESULTS,
  REVERSAL_RESULTS,
} from './codes.ts';
import type { UpayData, UpayReply } from './reply.ts';

/**
 * From a Upay reply to the one vocabulary: the envelope first, then what happened to this action,
 * then the state of the order (upay.md 2.0). A reply about another order than the one asked for is
 * `unknown`.
 */

/** The order a reply must be about. */
export interface Expected {
  readonly clientSn: string;
  readonly sn: string | null;
}

export function payOutcome(reply: UpayReply, expected: Expected): PayOutcome {
  const evidence = evidenceOf(reply, expected);
  const envelope = envelopeFault(reply);
  // INVALID_PARAMS and its kin were refused before anything was done.
  if (envelope === 'not_executed') return { kind: 'declined', evidence };
  if (envelope === 'config') return { kind: 'config', evidence };
  if (envelope !== undefined || isAboutAnother(reply, expected)) return { kind: 'unknown', evidence };

  const status = lookUp(ORDER_STATUS, dataOf(reply).order_status);
  const result = lookUp(PAY_RESULTS, reply.biz_response?.result_code);
  switch (result) {
    case 'success':
      return { kind: status === 'charged' ? 'approved' : 'pending', evidence };
    case 'failed':
      // "Failed and already reversed", unless the order's own state says otherwise.
      return { kind: status === undefined || status === 'not_charged' ? 'declined' : 'unknown', evidence };
    case 'refused': {
      const code = reply.biz_response?.error_code;
      const meaning = lookUp(BUSINESS_ERRORS, code)?.pay ?? 'unknown';
      // A refusal beside an order that is alive contradicts itself, so it is a question.
      const alive = status !== undefined && status !== 'not_charged';
      return { kind: alive ? 'unknown' : meaning, evidence };
    }
    case 'pending':
      return { kind: 'pending', evidence };
    case 'unknown':
    case undefined:
      return { kind: 'unknown', evidence };
    default:
      return assertNever(result);
  }
}

export function queryOutcome(reply: UpayReply, expected: Expected): QueryOutcome {
  const evidence = evidenceOf(reply, expected);
  const envelope = envelopeFault(reply);
  if (envelope === 'config') return { kind: 'config', evidence };
  if (envelope !== undefined || isAboutAnother(reply, expected)) return { kind: 'unknown', evidence };

  const result = lookUp(QUERY_RESULTS, reply.biz_response?.result_code);
  switch (result) {
    case 'success': {
      const status = lookUp(ORDER_STATUS, dataOf(reply).order_status);
      return { kind: status ?? 'unknown', evidence };
    }
    case 'refused':
      return { kind: lookUp(BUSINESS_ERRORS, reply.biz_response?.error_code)?.query ?? 'unknown', evidence };
    case undefined:
      return { kind: 'unknown', evidence };
    default:
      return assertNever(result);
  }
}

/** Cancel and revoke share one logic and one set of codes on the acquirer's side (upay.md 2.7). */
export function reversalOutcome(reply: UpayReply, expected: Expected): ReversalOutcome {
  return returnOutcome(reply, expected, lookUp(REVERSAL_RESULTS, reply.biz_response?.result_code));
}

/**
 * The answer to a refund, in the same vocabulary: a repeated `refund_request_no` answers NOOP, which
 * means the refund was done before (upay.md 2.5).
 */
export function refundOutcome(reply: UpayReply, expected: Expected): ReversalOutcome {
  const result = lookUp(REFUND_RESULTS, reply.biz_response?.result_code);
  const isRepeated = result === 'refused' && reply.biz_response?.error_code === 'UPAY_REFUND_ORDER_NOOP';
  return returnOutcome(reply, expected, isRepeated ? 'already' : result);
}

/** What the answer to a call that gives money back means, once its own result code has been looked up. */
function returnOutcome(
  reply: UpayReply,
  expected: Expected,
  result: 'success' | 'already' | 'pending' | 'refused' | 'unknown' | undefined,
): ReversalOutcome {
  const evidence = evidenceOf(reply, expected);
  const fault = envelopeReversalFault(reply);
  if (fault !== undefined) return { kind: fault, evidence };
  if (isAboutAnother(reply, expected)) return { kind: 'unknown', evidence };

  const code = reply.biz_response?.error_code;
  switch (result) {
    case 'success':
      return { kind: 'accepted', evidence };
    case 'already':
      return { kind: 'already', evidence };
    case 'pending':
      return { kind: 'pending', evidence };
    case 'refused':
      return { kind: lookUp(BUSINESS_ERRORS, code)?.reversal ?? 'unknown', evidence };
    case 'unknown':
      // CANCEL_ERROR is uncertain by itself; a code that names a definite rule makes it definite.
      return { kind: code === 'UPAY_TCP_ORDER_NOT_REFUNDABLE' ? 'refused' : 'unknown', evidence };
    case undefined:
      return { kind: 'unknown', evidence };
    default:
      return assertNever(result);
  }
}

/** What a body that is no envelope, or no body at all, amounts to. */
export function unreadable(code: string): { readonly kind: 'unknown'; readonly evidence: Evidence } {
  return { kind: 'unknown', evidence: { code } };
}

/** Whether the acquirer refused our signature, which the other stored key or a check-in may repair. */
export function isIllegalSign(reply: UpayReply): boolean {
  return reply.result_code !== '200' && reply.error_code === 'ILLEGAL_SIGN';
}

function envelopeFault(reply: UpayReply): (typeof ENVELOPE_ERRORS)[keyof typeof ENVELOPE_ERRORS] | undefined {
  if (reply.result_code === '200') return undefined;
  return lookUp(ENVELOPE_ERRORS, reply.error_code) ?? 'unknown';
}

function envelopeReversalFault(reply: UpayReply): ReversalOutcome['kind'] | undefined {
  const fault = envelopeFault(reply);
  return fault === 'not_executed' ? 'refused' : fault;
}

function isAboutAnother(reply: UpayReply, expected: Expected): boolean {
  const data = dataOf(reply);
  if (data.client_sn !== undefined && data.client_sn !== expected.clientSn) return true;
  return data.sn !== undefined && expected.sn !== null && data.sn !== expected.sn;
}

function evidenceOf(reply: UpayReply, expected: Expected): Evidence {
  const biz = reply.biz_response;
  // Another order's number must never become ours: the next cancel would hit that order.
  const data = isAboutAnother(reply, expected) ? {} : dataOf(reply);
  const codes = [reply.result_code, reply.error_code, biz?.result_code, biz?.error_code, data.order_status];
  const message = biz?.error_message ?? reply.error_message;
  const amountMinor = amountOf(data);
  return {
    code: codes.filter((code) => code !== undefined).join('/'),
    ...(message === undefined ? {} : { message }),
    ...(data.sn === undefined ? {} : { sn: data.sn }),
    ...(amountMinor === undefined ? {} : { amountMinor }),
  };
}

/** Present but unreadable is not the amount we asked for. */
function amountOf(data: UpayData): number | null | undefined {
  const text = data.total_amount;
  if (text === undefined) return undefined;
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : null;
}

function dataOf(reply: UpayReply): UpayData {
  return reply.biz_response?.data ?? {};
}
