import type { Evidence, PayOutcome, QueryOutcome, ReversalOutcome } from '../../order/outcome.ts';
import { lookUp } from '../look-up.ts';
import type { OrderName } from '../order-name.ts';
import {
  IDENTITY_CODES,
  PAYMENT_STATUSES,
  RESULT_CODES,
  RETURNING_TRANSACTIONS,
  TRANSACTION_RESULTS,
  TRANSACTION_STATUSES,
  type CodeMeaning,
} from './codes.ts';
import type { AlipayAmount, AlipayReply, AlipayResult, AlipayTransaction } from './reply.ts';
import type { Sum } from './requests.ts';

/**
 * From a reply of an RSA protocol to the one vocabulary: whose order it is about, whether it is proved, then
 * status and code together (alipayplus.md 3.2). Only status S with code SUCCESS is success, and only status F
 * is a definite no; wherever the two disagree, the answer is `unknown`.
 */

/** The order a reply must be about; the amount in minor units. */
export interface ExpectedOrder extends OrderName, Sum {}

/** Whether the acquirer's signature was verified over these bytes. */
export interface Trust {
  readonly authentic: boolean;
  /** It is signed for us in due form, and not by the key that we take for the acquirer's. */
  readonly isMisSigned?: boolean;
}

export function payOutcome(reply: AlipayReply, order: ExpectedOrder, trust: Trust): PayOutcome {
  const evidence = evidenceOf(reply, order, trust);
  if (isAboutAnother(reply, order)) return { kind: 'unknown', evidence };
  if (!trust.authentic) {
    const kind = unprovedMeaning(reply.result, trust);
    return { kind: kind === 'config' ? 'config_unverified' : kind, evidence };
  }
  const meaning = meaningOf(reply.result, ({ pay }) => pay, 'declined');
  if (meaning !== 'success') return { kind: meaning, evidence };
  return { kind: saidOfCharge(reply).includes(false) ? 'unknown' : 'approved', evidence };
}

/** What an inquiry found of the payment itself. */
export type PaymentState = 'charged' | 'not_charged' | 'pending' | 'not_found' | 'unknown';

/** `stateOf` reads the state of the payment from an inquiry that worked, as its protocol words it. */
export function queryOutcome(
  reply: AlipayReply,
  order: ExpectedOrder,
  trust: Trust,
  stateOf: (reply: AlipayReply) => PaymentState,
): QueryOutcome {
  const evidence = evidenceOf(reply, order, trust);
  if (isAboutAnother(reply, order)) return { kind: 'unknown', evidence };
  if (!trust.authentic) return { kind: unprovedMeaning(reply.result, trust), evidence };
  const meaning = meaningOf(reply.result, ({ inquiry }) => inquiry, 'unknown');
  if (meaning !== 'success') return { kind: meaning, evidence };
  const state = stateOf(reply);
  const isDefinite = state === 'charged' || state === 'not_charged';
  if (isDefinite && saidOfCharge(reply).includes(state !== 'charged')) return { kind: 'unknown', evidence };
  return { kind: state === 'charged' ? afterTransactions(reply.transactions ?? [], order) : state, evidence };
}

/**
 * Whether the customer is charged, once for each form in which the reply tells of the payment itself. A protocol
 * has one form, and a reply that has both, or has one beside a pay's own success, must not contradict itself.
 */
function saidOfCharge({ paymentResult, paymentStatus }: AlipayReply): readonly boolean[] {
  const byResult =
    paymentResult && meaningOf(paymentResult, ({ payment }) => payment, 'not_charged') === 'success';
  const byStatus = paymentStatus && lookUp(PAYMENT_STATUSES, paymentStatus) === 'charged';
  return [byResult, byStatus].filter((said) => typeof said === 'boolean');
}

export function cancelOutcome(reply: AlipayReply, order: ExpectedOrder, trust: Trust): ReversalOutcome {
  return returnOutcome(reply, order, trust, ({ cancel }) => cancel);
}

/** A refund is answered alike on every repeat of the same id, so only our own id and amount are believed. */
export function refundOutcome(
  reply: AlipayReply,
  order: ExpectedOrder,
  requestId: string,
  trust: Trust,
): ReversalOutcome {
  const isAnother =
    (reply.refundRequestId !== undefined && reply.refundRequestId !== requestId) ||
    (reply.refundAmount !== undefined && minorOf(reply.refundAmount, order) !== order.amountMinor);
  if (isAnother) return { kind: 'unknown', evidence: evidenceOf(reply, order, trust) };
  return returnOutcome(reply, order, trust, ({ refund }) => refund);
}

function returnOutcome(
  reply: AlipayReply,
  order: ExpectedOrder,
  trust: Trust,
  column: (row: CodeMeaning) => CodeMeaning['cancel'],
): ReversalOutcome {
  const evidence = evidenceOf(reply, order, trust);
  if (isAboutAnother(reply, order)) return { kind: 'unknown', evidence };
  if (!trust.authentic) return { kind: unprovedMeaning(reply.result, trust), evidence };
  const meaning = meaningOf(reply.result, column, 'refused');
  return { kind: meaning === 'success' ? 'accepted' : meaning, evidence };
}

/**
 * What status and code mean together. `unlisted` is what a failure with a code of no list amounts to
 * (alipayplus.md 3.3).
 */
export function meaningOf<Meaning extends string>(
  { resultCode, resultStatus }: AlipayResult,
  column: (row: CodeMeaning) => Meaning,
  unlisted: Meaning,
): Meaning | 'success' | 'pending' | 'unknown' {
  if (resultCode === undefined) return 'unknown';
  const row = lookUp(RESULT_CODES, resultCode);
  const meaning = row === undefined ? unlisted : column(row);
  if (meaning === 'throttled') return meaning;
  switch (resultStatus) {
    case 'F':
      return meaning;
    case 'S':
      if (resultCode === 'SUCCESS') return 'success';
      return meaning === 'pending' ? 'pending' : 'unknown';
    case 'U':
    case 'A':
      return meaning === 'pending' ? 'pending' : 'unknown';
    case undefined:
    default:
      return 'unknown';
  }
}

/**
 * What may be believed of a reply that nobody we know has signed: that we are not understood, that we do not
 * understand, or that we ask too often.
 */
function unprovedMeaning(
  { resultCode, resultStatus }: AlipayResult,
  { isMisSigned = false }: Trust,
): 'config' | 'throttled' | 'unknown' {
  if (resultCode === 'REQUEST_TRAFFIC_EXCEED_LIMIT') return 'throttled';
  // The stored public key may be of another environment, and then every reply is like this one.
  if (isMisSigned) return 'config';
  if (resultCode === undefined) return 'unknown';
  return resultStatus === 'F' && IDENTITY_CODES.has(resultCode) ? 'config' : 'unknown';
}

/** A payment that was made can have been given back since (alipayplus.md 2.2). */
function afterTransactions(rows: readonly AlipayTransaction[], order: ExpectedOrder): PaymentState {
  const returning = rows.flatMap((row) => {
    const extent = lookUp(RETURNING_TRANSACTIONS, row.transactionType);
    return extent === undefined ? [] : [{ row, extent, progress: progressOf(row) }];
  });
  const done = returning.filter(({ progress }) => progress === 'done');
  if (done.some(({ extent }) => extent === 'whole')) return 'not_charged';
  const sums = eachOnce(done.map(({ row }) => row)).map((row) => minorOf(row.transactionAmount, order));
  const refundedMinor = sums.reduce<number>((total, minor) => total + (minor ?? 0), 0);
  if (refundedMinor >= order.amountMinor) return 'not_charged';
  if (returning.some(({ progress }) => progress === 'running')) return 'pending';
  // A refund of nobody knows how much: what is left of the payment is not known either.
  return sums.includes(null) ? 'unknown' : 'charged';
}

/**
 * A refund that is listed twice was made once. Its rows may name it by either number, and the one with both
 * tells that the others are the same, so it comes first.
 */
function eachOnce(rows: readonly AlipayTransaction[]): readonly AlipayTransaction[] {
  const seen = new Set<string>();
  const named = rows.map((row) => ({ row, names: namesOf(row) }));
  return named
    .toSorted((a, b) => b.names.length - a.names.length)
    .flatMap(({ row, names }) => {
      const isNew = !names.some((name) => seen.has(name));
      for (const name of names) seen.add(name);
      return isNew ? [row] : [];
    });
}

function namesOf({ transactionId, transactionRequestId }: AlipayTransaction): readonly string[] {
  return [
    ...(transactionId === undefined ? [] : [`acquirer's ${transactionId}`]),
    ...(transactionRequestId === undefined ? [] : [`ours ${transactionRequestId}`]),
  ];
}

type Progress = (typeof TRANSACTION_STATUSES)[keyof typeof TRANSACTION_STATUSES];

/** A row is done or undone where all that it says of itself agrees; otherwise it still runs. */
function progressOf({ transactionStatus, transactionResult }: AlipayTransaction): Progress {
  const byStatus = lookUp(TRANSACTION_STATUSES, transactionStatus) ?? 'running';
  if (transactionResult === undefined) return byStatus;
  const byResult = progressOfResult(transactionResult);
  return transactionStatus === undefined || byStatus === byResult ? byResult : 'running';
}

function progressOfResult({ resultStatus, resultCode }: AlipayResult): Progress {
  const progress = lookUp(TRANSACTION_RESULTS, resultStatus) ?? 'running';
  const isContradicted = (progress === 'done') !== ((resultCode ?? 'SUCCESS') === 'SUCCESS');
  return resultCode !== undefined && isContradicted ? 'running' : progress;
}

function isAboutAnother(reply: AlipayReply, order: OrderName): boolean {
  if (reply.paymentRequestId !== undefined && reply.paymentRequestId !== order.clientSn) return true;
  return reply.paymentId !== undefined && order.sn !== null && reply.paymentId !== order.sn;
}

/** The codes are told whoever wrote them; a number or an amount is lent by a proved reply about us only. */
function evidenceOf(reply: AlipayReply, order: ExpectedOrder, trust: Trust): Evidence {
  const { authentic, isMisSigned = false } = trust;
  const { result, paymentResult, paymentStatus } = reply;
  const codes = [
    authentic ? undefined : isMisSigned ? 'missigned' : 'unverified',
    result.resultStatus,
    result.resultCode ?? 'NO_CODE',
    paymentResult?.resultStatus,
    paymentResult?.resultCode,
    paymentStatus,
  ];
  const message = paymentResult?.resultMessage ?? reply.paymentFailReason ?? result.resultMessage;
  const said = {
    code: codes
      .filter((code) => code !== undefined)
      .join('/')
      .slice(0, LONGEST_CODE),
    ...(message === undefined ? {} : { message }),
  };
  if (!authentic || isAboutAnother(reply, order)) return said;
  return {
    ...said,
    ...(reply.paymentId === undefined ? {} : { sn: reply.paymentId }),
    ...(reply.paymentAmount === undefined ? {} : { amountMinor: minorOf(reply.paymentAmount, order) }),
  };
}

/** Three documented codes and their statuses are far shorter. */
const LONGEST_CODE = 512;

/** Minor units; null for what is unreadable or in another currency, neither of which is our amount. */
function minorOf(amount: AlipayAmount | undefined, { currency }: Sum): number | null {
  const { value } = amount ?? {};
  if (amount?.currency !== currency || value === undefined) return null;
  return /^(?:0|[1-9][0-9]{0,9})$/.test(value) ? Number(value) : null;
}
