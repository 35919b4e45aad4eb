import { z } from 'zod';
import type { OrderName } from '../order-name.ts';

/**
 * Request bodies of Upay v2 (upay.md 2; seeds 000 to 002). Where the documents differ, the narrower
 * limit is sent: `client_sn` 32, `operator` 32, `device_id` 32, `subject` 64.
 */

const text = (max: number) => z.string().min(1).max(max);
const digits = (max: number) => z.string().regex(new RegExp(`^[0-9]{1,${max}}$`));

export const CLIENT_SN_PATTERN = /^[A-Za-z0-9_-]{1,32}$/;
const clientSn = z.string().regex(CLIENT_SN_PATTERN);
const terminalSn = text(32);

export const activateRequestSchema = z.strictObject({
  app_id: text(64),
  code: text(64),
  device_id: text(32),
  client_sn: text(32).optional(),
  name: text(128).optional(),
  os_info: text(45).optional(),
  sdk_version: text(45).optional(),
});

export const checkinRequestSchema = z.strictObject({
  terminal_sn: terminalSn,
  device_id: text(32),
  os_info: text(45).optional(),
  sdk_version: text(45).optional(),
});

export const payRequestSchema = z.strictObject({
  terminal_sn: terminalSn,
  client_sn: clientSn,
  total_amount: digits(10),
  dynamic_id: text(32),
  subject: text(64),
  operator: text(32),
  payway: digits(4).optional(),
  description: text(255).optional(),
  device_id: text(32).optional(),
  reflect: text(64).optional(),
});

/** Exactly one id is sent: the acquirer's own as soon as it is known (upay.md 2.0). */
const orderReference = {
  terminal_sn: terminalSn,
  sn: digits(16).optional(),
  client_sn: clientSn.optional(),
};
const hasOneId = (body: { sn?: string | undefined; client_sn?: string | undefined }): boolean =>
  (body.sn === undefined) !== (body.client_sn === undefined);
const ONE_ID = 'exactly one of sn and client_sn';

export const queryRequestSchema = z
  .strictObject({ ...orderReference, refund_request_no: text(20).optional() })
  .refine(hasOneId, ONE_ID);

export const cancelRequestSchema = z.strictObject(orderReference).refine(hasOneId, ONE_ID);

export const refundRequestSchema = z
  .strictObject({
    ...orderReference,
    refund_request_no: text(20),
    operator: text(32),
    refund_amount: digits(10),
  })
  .refine(hasOneId, ONE_ID);

export type ActivateRequest = z.infer<typeof activateRequestSchema>;
export type CheckinRequest = z.infer<typeof checkinRequestSchema>;
export type PayRequest = z.infer<typeof payRequestSchema>;
export type QueryRequest = z.infer<typeof queryRequestSchema>;
export type CancelRequest = z.infer<typeof cancelRequestSchema>;
export type RefundRequest = z.infer<typeof refundRequestSchema>;

/**
 * The id to send. A terminal always knows its own `clientSn`, and the acquirer's `sn` only as text
 * from a reply, so an `sn` outside the documented form is not sent back.
 */
function reference(terminal: string, order: OrderName): CancelRequest {
  const snUsable = order.sn !== null && /^[0-9]{1,16}$/.test(order.sn);
  return snUsable && order.sn !== null
    ? { terminal_sn: terminal, sn: order.sn }
    : { terminal_sn: terminal, client_sn: order.clientSn };
}

export function payRequest(input: {
  readonly terminalSn: string;
  readonly clientSn: string;
  readonly amountMinor: number;
  readonly dynamicId: string;
  readonly subject: string;
  readonly operator: string;
}): PayRequest {
  return payRequestSchema.parse({
    terminal_sn: input.terminalSn,
    client_sn: input.clientSn,
    total_amount: String(input.amountMinor),
    dynamic_id: input.dynamicId,
    subject: input.subject,
    operator: input.operator,
  });
}

export function queryRequest(terminal: string, order: OrderName): QueryRequest {
  return queryRequestSchema.parse(reference(terminal, order));
}

export function cancelRequest(terminal: string, order: OrderName): CancelRequest {
  return cancelRequestSchema.parse(reference(terminal, order));
}

export function revokeRequest(terminal: string, order: OrderName): CancelRequest {
  return cancelRequest(terminal, order);
}

/** `requestNo` is chosen once and kept on every retry: it is the refund's idempotency key. */
export function refundRequest(
  terminal: string,
  order: OrderName,
  refund: { readonly requestNo: string; readonly amountMinor: number; readonly operator: string },
): RefundRequest {
  return refundRequestSchema.parse({
    ...reference(terminal, order),
    refund_request_no: refund.requestNo,
    refund_amount: String(refund.amountMinor),
    operator: refund.operator,
  });
}

export function checkinRequest(identity: {
  readonly terminalSn: string;
  readonly deviceId: string;
  readonly osInfo?: string;
  readonly sdkVersion?: string;
}): CheckinRequest {
  return checkinRequestSchema.parse({
    terminal_sn: identity.terminalSn,
    device_id: identity.deviceId,
    ...(identity.osInfo === undefined ? {} : { os_info: identity.osInfo }),
    ...(identity.sdkVersion === undefined ? {} : { sdk_version: identity.sdkVersion }),
  });
}

export function activateRequest(input: {
  readonly appId: string;
  readonly code: string;
  readonly deviceId: string;
  readonly name?: string;
  readonly osInfo?: string;
  readonly sdkVersion?: string;
}): ActivateRequest {
  return activateRequestSchema.parse({
    app_id: input.appId,
    code: input.code,
    device_id: input.deviceId,
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.osInfo === undefined ? {} : { os_info: input.osInfo }),
    ...(input.sdkVersion === undefined ? {} : { sdk_version: input.sdkVersion }),
  });
}

/** Paths below the API domain (upay.md 2). */
export const UPAY_PATHS = {
  activate: '/terminal/activate',
  checkin: '/terminal/checkin',
  pay: '/upay/v2/pay',
  query: '/upay/v2/query',
  cancel: '/upay/v2/cancel',
  revoke: '/upay/v2/revoke',
  refund: '/upay/v2/refund',
} as const;
export type UpayCall = keyof typeof UPAY_PATHS;
