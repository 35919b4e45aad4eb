import { meaningOf, type PaymentState } from '../alipay/outcome.ts';
import type { AlipayReply } from '../alipay/reply.ts';

/** The state that an inquiry gives as a `paymentResult`, the form of Alipay+ (alipayplus.md 2.2). */
export function stateByPaymentResult({ paymentResult }: AlipayReply): PaymentState {
  if (paymentResult === undefined) return 'unknown';
  const meaning = meaningOf(paymentResult, ({ payment }) => payment, 'not_charged');
  if (meaning === 'success') return 'charged';
  // U is the documented word for a payment that still runs, whatever its code; SUCCESS contradicts it.
  const { resultStatus, resultCode } = paymentResult;
  const runs = meaning === 'unknown' && resultStatus === 'U' && resultCode !== 'SUCCESS';
  return runs ? 'pending' : meaning;
}
