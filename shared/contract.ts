import { z } from 'zod';
import type { CallName } from './call-names.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { CURRENCIES, type Currency } from './money.ts';
import { REFUSALS } from './order/effect.ts';
import { CALLS, CHARGED, INSTRUCTIONS, ORDER_STATES, REASONS, WAITING_FOR } from './order/order.ts';
import { WAYS_OUT } from './order/ways-out.ts';

/**
 * The one contract between the terminal and whoever drives it: the kiosk, the browser host and other
 * till programs. Handlers, clients and tests derive their types from `CONTRACT`; a call without a schema, or a
 * schema without a name in `call-names.ts`, does not compile.
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
  /** The acquirer's last words, with its raw codes. */
  lastAnswer: z
    .strictObject({
      call: z.enum(CALLS),
      kind: z.string(),
      code: z.string(),
      message: z.string().nullable(),
      atMs: epochMs,
    })
    .nullable(),
  refusal: z.strictObject({ code: z.string(), message: z.string().nullable() }).nullable(),
  /** null where a revoke is allowed, else why it is not. */
  revokeRefusal: z.enum(REFUSALS).nullable(),
  /** null where a refund is allowed, else why it is not. */
  refundRefusal: z.enum(REFUSALS).nullable(),
  /** When confirming ends by itself; null once it has ended. */
  confirmUntilMs: epochMs.nullable(),
  /** From when giving up takes effect at once; null where there is nothing to give up. */
  giveUpFromMs: epochMs.nullable(),
  /** When the acquirer stops taking this order's money back, by our clock; null where only it can say. */
  windowClosesAtMs: epochMs.nullable(),
  /** What a person may do about an order in `attention`; empty in every other state. */
  waysOut: z.array(z.enum(WAYS_OUT)),
});
export type OrderCard = z.infer<typeof orderCardSchema>;

export const timelineEntrySchema = z.strictObject({
  seq: z.number().int(),
  atMs: epochMs,
  event: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** Everything undecided on this terminal, also what does not fit into a snapshot. */
export const inDoubtSchema = z.strictObject({
  count: z.number().int(),
  /** Minor units whose whereabouts are not settled. */
  amount: z.number().int(),
});
export type InDoubt = z.infer<typeof inDoubtSchema>;

/** What the customer is being shown: nothing, what is to be paid, or how an order stands. */
export const counterSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('idle') }),
  z.strictObject({ kind: z.literal('amount'), amount: z.number().int() }),
  z.strictObject({ kind: z.literal('order'), clientSn: z.string() }),
]);
export type Counter = z.infer<typeof counterSchema>;

export const snapshotSchema = z.strictObject({
  practice: z.boolean(),
  terminalSn: z.string(),
  currency,
  timeZone: z.string(),
  businessDay: z.string(),
  nowMs: epochMs,
  online: z.boolean(),
  inDoubt: inDoubtSchema,
  counter: counterSchema,
  /** The newest of all and the newest in doubt or still owing a call; the rest is found by `orders.search`. */
  orders: z.array(orderCardSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A check of the whole ledger: file, hash chain and projections. */
export const ledgerCheckSchema = z.strictObject({
  atMs: epochMs,
  entries: z.number().int(),
  orders: z.number().int(),
  /** Empty where everything holds. */
  problems: z.array(z.string()),
});
export type LedgerCheck = z.infer<typeof ledgerCheckSchema>;

/** What merchant IT asks of a terminal. Nothing in it is secret. */
export const terminalReportSchema = z.strictObject({
  protocol: z.string(),
  apiDomain: z.string(),
  terminalSn: z.string(),
  /** null where the settings name no device. */
  deviceId: z.string().nullable(),
  dataDirectory: z.string(),
  startedAtMs: epochMs,
  /** As learnt from real calls. */
  network: z.strictObject({
    online: z.boolean(),
    lastReplyAtMs: epochMs.nullable(),
    lastFailureAtMs: epochMs.nullable(),
  }),
  key: z.strictObject({
    /** The business day of the check-in that gave the key; null where it came with the settings. */
    checkedInDay: z.string().nullable(),
    isStored: z.boolean(),
    /** The last check-in of this process. */
    lastCheckin: z.strictObject({ atMs: epochMs, ok: z.boolean(), code: z.string().nullable() }).nullable(),
  }),
  /** The acquirer's clock minus ours; null until a reply has told. */
  clockOffsetMs: z.number().int().nullable(),
  ledger: z.strictObject({
    /** The file and its write-ahead log together. */
    sizeBytes: z.number().int(),
    entries: z.number().int(),
    lastCheck: ledgerCheckSchema.nullable(),
  }),
  owedCalls: z.number().int(),
  versions: z.strictObject({ redress: z.string(), node: z.string(), sqlite: z.string(), system: z.string() }),
});
export type TerminalReport = z.infer<typeof terminalReportSchema>;

/** What the practice gateway can be told to do, and what it holds. */
export const practiceReportSchema = z.strictObject({
  faults: z.array(
    z.strictObject({
      name: z.string(),
      words: z.strictObject({ en: z.string(), zh: z.string() }),
      calls: z.array(z.string()),
    }),
  ),
  pending: z.array(z.strictObject({ fault: z.string(), call: z.string(), times: z.number().int() })),
  /** The acquirer's truth, newest first. */
  orders: z.array(
    z.strictObject({
      clientSn: z.string(),
      sn: z.string(),
      status: z.string(),
      totalAmount: z.number().int(),
      /** What the customer has really paid and not got back. */
      capturedAmount: z.number().int(),
    }),
  ),
});
export type PracticeReport = z.infer<typeof practiceReportSchema>;

const searchResultSchema = z.strictObject({
  businessDay: z.string(),
  /** Newest first. */
  orders: z.array(orderCardSchema),
  /** False where older ones match as well; ask again with `beforeMs`. */
  isComplete: z.boolean(),
});
export type SearchResult = z.infer<typeof searchResultSchema>;

/** What can be reached at an acquirer's address. */
export const connectionTestSchema = z.strictObject({
  reachable: z.boolean(),
  /** Why not, in the network's own code; null where it answered. */
  code: z.string().nullable(),
  latencyMs: z.number().int().nullable(),
  /** Its clock minus ours; null where it told none. */
  clockOffsetMs: z.number().int().nullable(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** `practice` works without settings, `running` works for real, `halted` cannot work until its problem is gone. */
export const STANDINGS = ['practice', 'running', 'halted'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How a terminal stands before and beside its payments. Nothing in it is secret. */
export const setupReportSchema = z.strictObject({
  standing: z.enum(STANDINGS),
  /** Why it is halted, and what to do. */
  problem: z
    .strictObject({
      code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      detail: z.string().optional(),
    })
    .nullable(),
  /** What a form begins with: the settings there are, else what this machine suggests. */
  form: z.strictObject({
    protocol: z.enum(['upay', 'alipayplus', 'miniprogram']),
    apiDomain: z.string(),
    timeZone: z.string(),
    /** Of `upay`. */
    vendorSn: z.string(),
    appId: z.string(),
    vendorKeyFile: z.string(),
    deviceId: z.string(),
    deviceName: z.string(),
    /** Of the protocols that sign with a key pair. */
    clientId: z.string(),
    keyVersion: z.string(),
    /** For each of them, because each has a usual one of its own. */
    alipayplusPathPrefix: z.string(),
    miniprogramPathPrefix: z.string(),
    /** Of `alipayplus`; both or neither. */
    acquirerId: z.string(),
    pspId: z.string(),
    clientKeyFile: z.string(),
  }),
  /** Whether a file lies at `form.vendorKeyFile`, and at `form.clientKeyFile`. */
  isVendorKeyThere: z.boolean(),
  isClientKeyThere: z.boolean(),
  terminalSn: z.string().nullable(),
  dataDirectory: z.string(),
  version: z.string(),
});
export type SetupReport = z.infer<typeof setupReportSchema>;

const setupOfAll = { apiDomain: z.string().max(256), timeZone: z.string().max(64) };
const setupOfClient = {
  ...setupOfAll,
  clientId: z.string().max(128),
  keyVersion: z.string().max(16),
  pathPrefix: z.string().max(256),
  keyFile: z.string().max(1024),
};

/** What a person fills in at first run. Keys are named by their file, so that no page ever holds one. */
export const setupArgsSchema = z.discriminatedUnion('protocol', [
  z.strictObject({
    protocol: z.literal('upay'),
    ...setupOfAll,
    vendorSn: z.string().max(64),
    appId: z.string().max(128),
    vendorKeyFile: z.string().max(1024),
    activationCode: z.string().max(128),
    deviceId: z.string().max(64),
    deviceName: z.string().max(128).optional(),
  }),
  z.strictObject({
    protocol: z.literal('alipayplus'),
    ...setupOfClient,
    acquirerId: z.string().max(128).optional(),
    pspId: z.string().max(128).optional(),
  }),
  z.strictObject({ protocol: z.literal('miniprogram'), ...setupOfClient }),
]);
export type SetupArgs = z.infer<typeof setupArgsSchema>;

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
  /** Gives the money back where no cancel or revoke can any more. */
  'order.refund': {
    args: byOrder.extend({ reason: z.string().max(256).optional() }),
    result: orderCardSchema,
  },
  'order.retry': { args: byOrder, result: orderCardSchema },
  'order.reverse': { args: byOrder, result: orderCardSchema },
  'order.settle': {
    args: byOrder.extend({
      charged: z.enum(['yes', 'no']),
      reason: z.string().min(1).max(256),
      /** Who takes the word for it; the host's operator where nobody is named. */
      person: z.string().min(1).max(32).optional(),
    }),
    result: orderCardSchema,
  },
  'order.show': {
    args: byOrder,
    result: z.strictObject({ order: orderCardSchema, timeline: z.array(timelineEntrySchema) }),
  },
  'orders.search': {
    args: z.strictObject({
      /**
       * An amount (`12.34`), a time of day (`14:05`), or a number: whole on any day, in part on this day.
       * Absent or empty lists the day.
       */
      text: z.string().max(128).optional(),
      /** `YYYY-MM-DD`; today where absent. */
      businessDay: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/)
        .optional(),
      limit: z.number().int().min(1).max(200).optional(),
      /** Only orders begun at or before this instant: the `createdAtMs` of the last one received. */
      beforeMs: epochMs.optional(),
    }),
    result: searchResultSchema,
  },
  /** What the customer display shows; it follows collect and revoke by itself. */
  'counter.show': {
    args: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('idle') }),
      /** As typed; anything that is no amount yet shows nothing. */
      z.strictObject({ kind: z.literal('amount'), amount: z.string().max(32) }),
      z.strictObject({ kind: z.literal('order'), clientSn }),
    ]),
    result: nothing,
  },
  'terminal.get': { args: nothing, result: terminalReportSchema },
  /** Reads the whole ledger beside the running one; takes as long as the ledger is large. */
  'ledger.check': { args: nothing, result: ledgerCheckSchema },
  /** Practice mode only, like the two after it. */
  'practice.get': { args: nothing, result: practiceReportSchema },
  /** Queues a fault for the next calls it can happen to. */
  'practice.fault': {
    args: z.strictObject({ fault: z.string().max(64), times: z.number().int().min(1).max(100).optional() }),
    result: practiceReportSchema,
  },
  'practice.clear': { args: nothing, result: practiceReportSchema },
  'setup.get': { args: nothing, result: setupReportSchema },
  /** Asks an acquirer's address for nothing but an answer; moves no money and needs no key. */
  'setup.test': { args: z.strictObject({ apiDomain: z.string().max(256) }), result: connectionTestSchema },
  /**
   * Stores settings and key, then begins to work for real; where the acquirer makes the key, activates with
   * it first. Answers with the number that the acquirer knows this terminal by.
   */
  'setup.apply': { args: setupArgsSchema, result: z.strictObject({ terminalSn: z.string() }) },
  /** Writes a support bundle into the data directory. */
  'diagnostics.write': {
    args: nothing,
    result: z.strictObject({ file: z.string(), sizeBytes: z.number().int() }),
  },
} as const satisfies Readonly<Record<CallName, { readonly args: z.ZodType; readonly result: z.ZodType }>>;

export type CallArgs<Name extends CallName> = z.infer<(typeof CONTRACT)[Name]['args']>;
export type CallResult<Name extends CallName> = z.infer<(typeof CONTRACT)[Name]['result']>;

/** What the terminal pushes to every screen; a screen never polls. */
export type Push =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'order'; readonly order: OrderCard; readonly inDoubt: InDoubt }
  | { readonly type: 'online'; readonly online: boolean }
  | { readonly type: 'counter'; readonly counter: Counter };

export interface CallError {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the message says in its brackets: a field, a path, the acquirer's own code. */
  readonly detail?: string;
  /** The order that stands in the way. */
  readonly clientSn?: string;
}
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: CallError };
