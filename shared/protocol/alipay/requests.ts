import { z } from 'zod';
import { CURRENCIES, type Currency } from '../../money.ts';
import type { OrderName } from '../order-name.ts';
import type { Shop } from './client.ts';

/**
 * What the request bodies of both RSA protocols are made of (alipayplus.md 2, 3.1; seeds 003 and 004). An
 * optional member is left out, never "" or null; `clientSn` travels as `paymentRequestId`, and `sn` as
 * `paymentId`.
 */

export const text = (max: number) => z.string().min(1).max(max);

/** Documented as free of special characters. */
export const paymentRequestId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const PAYMENT_ID = /^[\x21-\x7e]{1,64}$/;
export const paymentId = z.string().regex(PAYMENT_ID);
export const refundRequestId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const currencies = Object.keys(CURRENCIES) as [Currency, ...Currency[]];
/** Smallest units as a string of digits; every protocol of the terminal carries at most ten. */
export const amountSchema = z.strictObject({
  currency: z.enum(currencies),
  value: z.string().regex(/^[1-9][0-9]{0,9}$/),
});

const storeSchema = z.strictObject({
  referenceStoreId: text(64).optional(),
  storeName: text(256).optional(),
  storeMCC: text(32).optional(),
  storeTerminalId: text(64).optional(),
});

export const orderSchema = z.strictObject({
  referenceOrderId: paymentRequestId,
  orderDescription: text(256),
  orderAmount: amountSchema,
  merchant: z
    .strictObject({
      referenceMerchantId: text(64).optional(),
      merchantName: text(256).optional(),
      merchantMCC: text(32).optional(),
      store: storeSchema.optional(),
    })
    .optional(),
  env: z.strictObject({ storeTerminalId: text(64), storeTerminalRequestTime: text(64) }).optional(),
});

/** What a pay call says of an order; `amountMinor` in minor units. */
export interface PayableOrder {
  readonly clientSn: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly subject: string;
}

/** A sum and its currency, in minor units. */
export interface Sum {
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** Instants as ISO 8601 with an offset, whatever form `Request-Time` has. */
export interface PayTimes {
  readonly time: string;
  readonly expiry: string;
}

export function amountOf({ amountMinor, currency }: Sum): z.input<typeof amountSchema> {
  return { currency, value: String(amountMinor) };
}

/** The `order` member of a pay call. */
export function orderOf(
  order: PayableOrder,
  { merchant, store }: Shop,
  time: string,
): z.input<typeof orderSchema> {
  const seller = present({ ...merchant, store: presentOrNothing(store ?? {}) });
  const terminal = store?.storeTerminalId;
  return present({
    referenceOrderId: order.clientSn,
    orderDescription: order.subject,
    orderAmount: amountOf(order),
    merchant: presentOrNothing(seller),
    env: terminal === undefined ? undefined : { storeTerminalId: terminal, storeTerminalRequestTime: time },
  });
}

/**
 * The acquirer's name for an order where it may be sent. It is text from a reply, so one outside the
 * documented form is not sent back.
 */
export function usablePaymentId({ sn }: OrderName): string | undefined {
  return sn !== null && PAYMENT_ID.test(sn) ? sn : undefined;
}

/** Exactly one id: the acquirer's own as soon as it is known. */
export function oneIdOf(order: OrderName): { paymentId: string } | { paymentRequestId: string } {
  const known = usablePaymentId(order);
  return known === undefined ? { paymentRequestId: order.clientSn } : { paymentId: known };
}

/** The members that name the payment of an inquiry, a cancel or a refund. */
export const idMembers = {
  paymentId: paymentId.optional(),
  paymentRequestId: paymentRequestId.optional(),
};
type Ids = { readonly [Name in keyof typeof idMembers]?: string | undefined };
export const hasOneId = (ids: Ids): boolean =>
  (ids.paymentId === undefined) !== (ids.paymentRequestId === undefined);
export const ONE_ID = 'exactly one of paymentId and paymentRequestId';
export const hasAnId = (ids: Ids): boolean =>
  ids.paymentId !== undefined || ids.paymentRequestId !== undefined;
export const ANY_ID = 'paymentId or paymentRequestId';

/** The members of a refund beside those that name the payment; repeated unchanged on every try. */
export const refundMembers = {
  refundRequestId,
  refundAmount: amountSchema,
  refundReason: text(256).optional(),
};

export function refundOf(
  order: Sum,
  requestId: string,
  reason: string | undefined,
): Readonly<Record<string, unknown>> {
  return present({
    refundRequestId: requestId,
    refundAmount: amountOf(order),
    refundReason: reason === '' ? undefined : reason,
  });
}

/** The members that have a value; one that is undefined would still be there for whoever lists them. */
function present<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}

function presentOrNothing<Members extends object>(members: Members): Members | undefined {
  const kept = present(members);
  return Object.keys(kept).length === 0 ? undefined : kept;
}
