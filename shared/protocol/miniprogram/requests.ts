import { z } from 'zod';
import {
  amountOf,
  amountSchema,
  ANY_ID,
  hasAnId,
  hasOneId,
  idMembers,
  ONE_ID,
  oneIdOf,
  orderOf,
  orderSchema,
  paymentRequestId,
  refundMembers,
  refundOf,
  text,
  usablePaymentId,
  type PayableOrder,
  type PayTimes,
  type Sum,
} from '../alipay/requests.ts';
import type { OrderName } from '../order-name.ts';
import type { MiniprogramClient } from './client.ts';

/** Request bodies of a mini-program wallet (alipayplus.md 2, 3.1; seed 003). */

/** The product of a code that the customer shows and the shop scans. */
const RETAIL_PRODUCT = '51051000101000100040';

const payMembers = {
  paymentRequestId,
  paymentAuthCode: text(128),
  paymentAmount: amountSchema,
  order: orderSchema,
};
export const retailPayRequestSchema = z.strictObject({
  productCode: z.literal(RETAIL_PRODUCT),
  ...payMembers,
});
export const codePayRequestSchema = z.strictObject({
  ...payMembers,
  paymentFactor: z.strictObject({ isPaymentCode: z.literal(true) }),
});

export const inquiryRequestSchema = z.strictObject(idMembers).refine(hasOneId, ONE_ID);

/** Seed 003: one id or both, and the wallet believes `paymentId`. */
export const cancelRequestSchema = z
  .strictObject({ ...idMembers, extendInfo: text(4096).optional() })
  .refine(hasAnId, ANY_ID);

export const refundRequestSchema = z
  .strictObject({ ...refundMembers, ...idMembers })
  .refine(hasOneId, ONE_ID);

export function payRequest(
  client: MiniprogramClient,
  order: PayableOrder,
  code: string,
  at: PayTimes,
): z.infer<typeof retailPayRequestSchema> | z.infer<typeof codePayRequestSchema> {
  const body = {
    paymentRequestId: order.clientSn,
    paymentAuthCode: code,
    paymentAmount: amountOf(order),
    order: orderOf(order, client, at.time),
  };
  switch (client.payForm) {
    case 'retail':
      return retailPayRequestSchema.parse({ productCode: RETAIL_PRODUCT, ...body });
    case 'paymentCode':
      return codePayRequestSchema.parse({ ...body, paymentFactor: { isPaymentCode: true } });
  }
}

export function inquiryRequest(order: OrderName): z.infer<typeof inquiryRequestSchema> {
  return inquiryRequestSchema.parse(oneIdOf(order));
}

/** `extendInfo` is JSON as a string, though the seed prints its example as an object (alipayplus.md 3.1). */
export function cancelRequest(order: OrderName, extendInfo?: string): z.infer<typeof cancelRequestSchema> {
  const known = usablePaymentId(order);
  return cancelRequestSchema.parse({
    ...(known === undefined ? {} : { paymentId: known }),
    paymentRequestId: order.clientSn,
    ...(extendInfo === undefined ? {} : { extendInfo }),
  });
}

export function refundRequest(
  order: OrderName & Sum,
  requestId: string,
  reason?: string,
): z.infer<typeof refundRequestSchema> {
  return refundRequestSchema.parse({ ...oneIdOf(order), ...refundOf(order, requestId, reason) });
}
