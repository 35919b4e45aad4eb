import { z } from 'zod';
import {
  amountOf,
  amountSchema,
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
  type PayableOrder,
  type PayTimes,
  type Sum,
} from '../alipay/requests.ts';
import type { OrderName } from '../order-name.ts';
import type { AlipayplusClient } from './client.ts';

/**
 * Request bodies of Alipay+ (alipayplus.md 2, 3; seed 004), each in the acquirer's form or in the one that
 * names the two parties. Every value is a string.
 */

/** The two ids that the second form adds to every body. */
const parties = { acquirerId: text(64), pspId: text(64) };
type Parties = { readonly [Name in keyof typeof parties]: string };

const payMembers = {
  paymentRequestId,
  paymentAmount: amountSchema,
  order: orderSchema,
  paymentMethod: z.strictObject({
    paymentMethodType: z.literal('CONNECT_WALLET'),
    paymentMethodId: text(128),
  }),
  paymentFactor: z.strictObject({
    isInStorePayment: z.literal('true'),
    inStorePaymentScenario: z.literal('PaymentCode'),
  }),
  paymentExpiryTime: text(64),
};

export const payRequestSchema = z.strictObject(payMembers);
export const partiesPayRequestSchema = z.strictObject({
  ...parties,
  productCode: z.literal('IN_STORE_PAYMENT'),
  ...payMembers,
});

/** An inquiry and a cancel both only name the payment. */
const namedPaymentSchema = z.strictObject(idMembers).refine(hasOneId, ONE_ID);
export const refundRequestSchema = z
  .strictObject({ ...refundMembers, ...idMembers })
  .refine(hasOneId, ONE_ID);

/** Seed 004 exactly; an inquiry in this form has the same three ids (alipayplus.md 0). */
export const partiesCancelRequestSchema = z.strictObject({ ...parties, paymentRequestId });
export const partiesRefundRequestSchema = z.strictObject({
  ...parties,
  paymentRequestId,
  ...refundMembers,
});

function partiesOf({ acquirerId, pspId }: AlipayplusClient): Parties | undefined {
  return acquirerId === undefined || pspId === undefined ? undefined : { acquirerId, pspId };
}

export function payRequest(
  client: AlipayplusClient,
  order: PayableOrder,
  code: string,
  at: PayTimes,
): z.infer<typeof payRequestSchema> | z.infer<typeof partiesPayRequestSchema> {
  const named = partiesOf(client);
  const body = {
    paymentRequestId: order.clientSn,
    paymentAmount: amountOf(order),
    order: orderOf(order, client, at.time),
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    paymentExpiryTime: at.expiry,
  };
  return named === undefined
    ? payRequestSchema.parse(body)
    : partiesPayRequestSchema.parse({ ...named, productCode: 'IN_STORE_PAYMENT', ...body });
}

type NamedPayment = z.infer<typeof namedPaymentSchema> | z.infer<typeof partiesCancelRequestSchema>;

export function inquiryRequest(client: AlipayplusClient, order: OrderName): NamedPayment {
  return namedPayment(client, order);
}

export function cancelRequest(client: AlipayplusClient, order: OrderName): NamedPayment {
  return namedPayment(client, order);
}

export function refundRequest(
  client: AlipayplusClient,
  order: OrderName & Sum,
  requestId: string,
  reason?: string,
): z.infer<typeof refundRequestSchema> | z.infer<typeof partiesRefundRequestSchema> {
  const named = partiesOf(client);
  const refund = refundOf(order, requestId, reason);
  return named === undefined
    ? refundRequestSchema.parse({ ...oneIdOf(order), ...refund })
    : partiesRefundRequestSchema.parse({ ...named, paymentRequestId: order.clientSn, ...refund });
}

function namedPayment(client: AlipayplusClient, order: OrderName): NamedPayment {
  const named = partiesOf(client);
  return named === undefined
    ? namedPaymentSchema.parse(oneIdOf(order))
    : partiesCancelRequestSchema.parse({ ...named, paymentRequestId: order.clientSn });
}
