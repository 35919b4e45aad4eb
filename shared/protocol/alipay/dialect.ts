import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../order/outcome.ts';
import type { OrderName } from '../order-name.ts';
import type { ExpectedOrder, Trust } from './outcome.ts';
import type { AlipayReply } from './reply.ts';
import type { PayableOrder, PayTimes, Sum } from './requests.ts';

/** The calls of an RSA protocol, whatever its paths call them. */
export const ALIPAY_CALLS = ['pay', 'inquiry', 'cancel', 'refund'] as const;
export type AlipayCall = (typeof ALIPAY_CALLS)[number];

/**
 * What one RSA protocol says and understands; signing and sending are the same for all. A builder throws
 * for values that no document allows: that is a bug of whoever let them in.
 */
export interface Dialect {
  /** Full path as signed and sent, prefix included. */
  readonly paths: Readonly<Record<AlipayCall, string>>;
  /** `code` is the scanned payment code; the body that holds it is never stored. */
  payRequest(order: PayableOrder, code: string, at: PayTimes): object;
  inquiryRequest(order: OrderName): object;
  cancelRequest(order: OrderName): object;
  /** `requestId` is chosen once and kept on every retry: it is the refund's idempotency key. */
  refundRequest(order: OrderName & Sum, requestId: string, reason?: string): object;
  payOutcome(reply: AlipayReply, order: ExpectedOrder, trust: Trust): PayOutcome;
  queryOutcome(reply: AlipayReply, order: ExpectedOrder, trust: Trust): QueryOutcome;
  cancelOutcome(reply: AlipayReply, order: ExpectedOrder, trust: Trust): ReversalOutcome;
  refundOutcome(reply: AlipayReply, order: ExpectedOrder, requestId: string, trust: Trust): ReversalOutcome;
}
