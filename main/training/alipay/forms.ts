import { z } from 'zod';
import { assertNever } from '../../../shared/assert.ts';
import type { OrderCall, RsaProtocol } from '../call.ts';

/**
 * What the documents ask of a request (alipayplus.md 2 and 3, seeds 003 and 004). Members that they do
 * not name are welcome; what they do name must be there and be what they say, or it is PARAM_ILLEGAL.
 */

/** A request body: any JSON object. */
export type Body = Readonly<Record<string, unknown>>;

const text = (max: number) => z.string().min(1).max(max);
/** "Special characters are not supported" (seed 003). */
const requestId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const amount = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  value: z.string().regex(/^[1-9][0-9]{0,9}$/),
});

const order = z.object({
  referenceOrderId: text(64),
  orderDescription: text(256),
  orderAmount: amount,
});

const alipayplusPay = z
  .object({
    paymentRequestId: requestId,
    paymentAmount: amount,
    order,
    paymentMethod: z.object({ paymentMethodType: text(64), paymentMethodId: text(128) }),
    paymentFactor: z.object({
      inStorePaymentScenario: z.literal('PaymentCode'),
      isInStorePayment: maybe(z.literal('true')),
    }),
    paymentExpiryTime: maybe(text(64)),
  })
  .transform((body) => ({ ...body, code: body.paymentMethod.paymentMethodId }));

const miniprogramRetailPay = z
  .object({
    productCode: text(32),
    paymentRequestId: requestId,
    paymentAuthCode: text(128),
    paymentAmount: amount,
    order: maybe(z.object({ orderDescription: maybe(text(256)) })),
  })
  .transform((body) => ({ ...body, code: body.paymentAuthCode }));

const miniprogramPay = z
  .object({
    paymentRequestId: requestId,
    paymentAuthCode: text(128),
    paymentAmount: amount,
    paymentFactor: z.object({ isPaymentCode: z.union([z.literal(true), z.literal('true')]) }),
    order: maybe(z.object({ orderDescription: maybe(text(256)) })),
  })
  .transform((body) => ({ ...body, code: body.paymentAuthCode }));

/** A pay request that has everything: the code to collect from, and what is collected. */
export type PayForm =
  z.infer<typeof alipayplusPay> | z.infer<typeof miniprogramRetailPay> | z.infer<typeof miniprogramPay>;

export function readPay(protocol: RsaProtocol, path: string, body: Body): PayForm | undefined {
  if (!hasFitLeaves(protocol, body)) return undefined;
  switch (protocol) {
    case 'alipayplus':
      return alipayplusPay.safeParse(body).data;
    case 'miniprogram':
      return (path.includes('/retailPay') ? miniprogramRetailPay : miniprogramPay).safeParse(body).data;
    default:
      return assertNever(protocol);
  }
}

const names = z
  .object({ paymentId: maybe(text(64)), paymentRequestId: maybe(requestId), extendInfo: maybe(text(4096)) })
  .refine(({ paymentId, paymentRequestId }) => (paymentId ?? paymentRequestId ?? null) !== null);

/** Seed 004: all three, whatever is asked about the payment. */
const acquirerNames = z.object({ acquirerId: text(64), pspId: text(64), paymentRequestId: requestId });

const refund = z.object({
  refundRequestId: requestId,
  refundAmount: amount,
  refundReason: maybe(text(256)),
});

/** Whether a request about an order names one as its form asks. */
export function namesOrder(
  protocol: RsaProtocol,
  call: OrderCall,
  isAcquirerForm: boolean,
  body: Body,
): boolean {
  if (!hasFitLeaves(protocol, body)) return false;
  const schema = isAcquirerForm && call !== 'refund' ? acquirerNames : names;
  return schema.safeParse(body).success;
}

export function readRefundForm(body: Body): z.infer<typeof refund> | undefined {
  return refund.safeParse(body).data;
}

/** Undefined when the bytes are no UTF-8 text of a JSON object. */
export function readBody(raw: Uint8Array): Body | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
    return z.record(z.string(), z.unknown()).safeParse(json).data;
  } catch {
    return undefined;
  }
}

/** Left out or null, never empty (seed 004). */
function maybe<Value>(schema: z.ZodType<Value>) {
  return schema.nullish();
}

/** A member as text, before the form is checked; undefined where it is anything else. */
export function textAt(body: Body | undefined, ...path: readonly string[]): string | undefined {
  let value: unknown = body;
  for (const name of path) {
    value = z.record(z.string(), z.unknown()).safeParse(value).data?.[name];
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Optional members are left out or null and never empty; in Alipay+ every other value is text, numbers
 * and truth values included (seed 004).
 */
function hasFitLeaves(protocol: RsaProtocol, value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  if (value === null) return true;
  if (typeof value === 'object')
    return Object.values(value).every((member) => hasFitLeaves(protocol, member));
  return protocol === 'miniprogram';
}
