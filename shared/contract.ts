import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import { CURRENCIES, type Currency } from './money.ts';
import { REFUSALS } from './order/effect.ts';
import { CALLS, CHARGED, INSTRUCTIONS, ORDER_STATES, REASONS, WAITING_FOR } from './order/order.ts';

/**
 * The one contract between the terminal and whoever drives it: the kiosk, the browser host and other
 * till programs. Handlers, clients and tests derive their types from `CONTRACT`.
 */

const epochMs = z.number().int();
const currency = z.enum(Object.keys(CURRENCIES) as [Currency, ...Currency[]]);
const clientSn = z.string().min(1).max(64);

/** An order as every host prints it (DESIGN section 7); `amount` is in minor units. */
export const orderJsonSchema = z.strictObject({
  clientSn: z.string(),
  sn: z.string().nullable(),
  saleId: z.string(),
  state: z.enum(ORDER_STATES),
  charged: z.enum(CHARGED),
  instruction: z.enum(INSTRUCTIONS),
  amount: z.number().int(),
  currency,
  reason: z.enum(REASONS).nullable(),
  businessDay: z.string(),
  createdAtMs: epochMs,
  updatedAtMs: epochMs,
});
export type OrderJson = z.infer<typeof orderJsonSchema>;

/** What a screen needs besides: what happens next, what the acquirer said, what may be pressed. */
export const orderCardSchema = orderJsonSchema.extend({
  /** Of two copies of an order the one with the higher revision is newer; answers and pushes may cross. */
  revision: z.number().int(),
  subject: z.string(),
  operator: z.string(),
  next: z
    .strictObject({
      call: z.enum(CALLS),
      atMs: epochMs,
      waitingFor: z.enum(WAITING_FOR),
    })
    .nullable(),
  /** Raw codes of the last answer. */
  lastCode: z.string().nullable(),
  refusal: z.strictObject({ code: z.string(), message: z.string().nullable() }).nullable(),
  /** null where a revoke is allowed, else why it is not. */
  revokeRefusal: z.enum(REFUSALS).nullable(),
  /** When confirming ends by itself; null once it has ended. */
  confirmUntilMs: epochMs.nullable(),
  canGiveUp: z.boolean(),
});
export type OrderCard = z.infer<typeof orderCardSchema>;

export const timelineEntrySchema = z.strictObject({
  seq: z.number().int(),
  atMs: epochMs,
  event: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const snapshotSchema = z.strictObject({
  practice: z.boolean(),
  terminalSn: z.string(),
  currency,
  timeZone: z.string(),
  businessDay: z.string(),
  nowMs: epochMs,
  online: z.boolean(),
  /** Today's orders and every undecided one, newest first. */
  orders: z.array(orderCardSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

const nothing = z.strictObject({});
const byOrder = z.strictObject({ clientSn });

export const CONTRACT = {
  'state.get': { args: nothing, result: snapshotSchema },
  'sale.collect': {
    args: z.strictObject({
      /** As typed, for example `12.34`. */
      amount: z.string().max(32),
      /** The scanned wallet code. */
      code: z.string().max(512),
      saleId: z.string().max(256).optional(),
      subject: z.string().max(256).optional(),
      /** Goes past the sale guard deliberately; journalled. */
      override: z.boolean().optional(),
    }),
    result: orderCardSchema,
  },
  'order.giveUp': { args: byOrder, result: orderCardSchema },
  'order.revoke': {
    args: byOrder.extend({ reason: z.string().max(256).optional() }),
    result: orderCardSchema,
  },
  'order.retry': { args: byOrder, result: orderCardSchema },
  'order.reverse': { args: byOrder, result: orderCardSchema },
  'order.settle': {
    args: byOrder.extend({ charged: z.enum(['yes', 'no']), reason: z.string().min(1).max(256) }),
    result: orderCardSchema,
  },
  'order.show': {
    args: byOrder,
    result: z.strictObject({ order: orderCardSchema, timeline: z.array(timelineEntrySchema) }),
  },
} as const;

export type CallName = keyof typeof CONTRACT;
export type CallArgs<Name extends CallName> = z.infer<(typeof CONTRACT)[Name]['args']>;
export type CallResult<Name extends CallName> = z.infer<(typeof CONTRACT)[Name]['result']>;

/** What the terminal pushes to every screen; a screen never polls. */
export type Push =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'order'; readonly order: OrderCard }
  | { readonly type: 'online'; readonly online: boolean };

export interface CallError {
  readonly code: ErrorCode;
  readonly message: string;
}
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: CallError };
