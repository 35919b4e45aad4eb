import { z } from 'zod';
import type { DatabaseHandle } from '../database/open.ts';
import { PROTOCOLS, type Protocol } from './call.ts';
import { isFaultName, type FaultName } from './faults.ts';
import type { OrderStatus, PracticeOrder, PracticeRefund } from './practice-order.ts';

/** What a new order starts with; times in epoch milliseconds, amounts in minor units. */
interface NewOrder {
  readonly protocol: Protocol;
  readonly clientSn: string;
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  readonly status: 'IN_FLIGHT' | 'CREATED' | 'PAID' | 'PAY_CANCELED';
  readonly totalMinor: number;
  readonly currency: string;
  readonly payway: string;
  readonly subject: string;
  readonly operator: string;
  readonly reflect: string | null;
  readonly contentDigest: string | null;
  readonly createdAtMs: number;
  readonly dueAtMs: number | null;
  readonly fault: FaultName | null;
  readonly lineDead: boolean;
  /** Four random digits, so that numbers of two practice files rarely meet. */
  readonly snDigits: string;
}

const status = z.enum([
  'IN_FLIGHT',
  'CREATED',
  'PAID',
  'PAY_CANCELED',
  'CANCELED',
  'CANCEL_INPROGRESS',
  'REFUNDED',
  'PARTIAL_REFUNDED',
]) satisfies z.ZodType<OrderStatus>;

const rowSchema = z
  .object({
    id: z.number(),
    protocol: z.enum(PROTOCOLS),
    sn: z.string(),
    client_sn: z.string(),
    client_tsn: z.string(),
    terminal_sn: z.string().nullable(),
    client_id: z.string().nullable(),
    status,
    total_minor: z.number(),
    refunded_minor: z.number(),
    currency: z.string(),
    charges: z.union([z.literal(0), z.literal(1)]),
    payway: z.string(),
    subject: z.string(),
    operator: z.string(),
    reflect: z.string().nullable(),
    content_digest: z.string().nullable(),
    created_at_ms: z.number(),
    paid_at_ms: z.number().nullable(),
    finished_at_ms: z.number().nullable(),
    due_at_ms: z.number().nullable(),
    due_status: z.enum(['PAID', 'CANCELED']).nullable(),
    fault: z.string().nullable(),
    line_dead: z.number(),
    reversals: z.number(),
  })
  .transform((row): PracticeOrder => ({
    id: row.id,
    protocol: row.protocol,
    sn: row.sn,
    clientSn: row.client_sn,
    clientTsn: row.client_tsn,
    terminalSn: row.terminal_sn,
    clientId: row.client_id,
    status: row.status,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    currency: row.currency,
    charges: row.charges,
    payway: row.payway,
    subject: row.subject,
    operator: row.operator,
    reflect: row.reflect,
    contentDigest: row.content_digest,
    createdAtMs: row.created_at_ms,
    paidAtMs: row.paid_at_ms,
    finishedAtMs: row.finished_at_ms,
    due:
      row.due_at_ms === null || row.due_status === null
        ? null
        : { atMs: row.due_at_ms, status: row.due_status },
    fault: row.fault !== null && isFaultName(row.fault) ? row.fault : null,
    lineDead: row.line_dead === 1,
    reversals: row.reversals,
  }));

const refundSchema = z
  .object({
    id: z.number(),
    order_id: z.number(),
    request_no: z.string(),
    amount_minor: z.number(),
    refunded_at_ms: z.number(),
  })
  .transform((row): PracticeRefund => ({
    id: row.id,
    orderId: row.order_id,
    requestNo: row.request_no,
    amountMinor: row.amount_minor,
    refundedAtMs: row.refunded_at_ms,
  }));

export type OrderStore = ReturnType<typeof orderStore>;

/** The acquirer's orders. Every method is one statement; callers open the transactions. */
export function orderStore(database: DatabaseHandle) {
  const bySn = database.prepare('SELECT * FROM orders WHERE sn = ?');
  const byClientSn = database.prepare('SELECT * FROM orders WHERE client_sn = ? ORDER BY id DESC LIMIT 1');
  const byOwnName = database.prepare('SELECT * FROM orders WHERE protocol = ? AND client_sn = ?');
  const newestOrders = database.prepare('SELECT * FROM orders ORDER BY id DESC LIMIT ?');
  const everyOrder = database.prepare('SELECT * FROM orders ORDER BY id');
  const land = database.prepare(`
    UPDATE orders SET status = 'PAID', charges = 1, paid_at_ms = due_at_ms, finished_at_ms = due_at_ms,
      created_at_ms = CASE status WHEN 'IN_FLIGHT' THEN due_at_ms ELSE created_at_ms END,
      due_at_ms = NULL, due_status = NULL
    WHERE due_status = 'PAID' AND due_at_ms <= ?`);
  const finishCancels = database.prepare(`
    UPDATE orders SET status = 'CANCELED', finished_at_ms = due_at_ms, due_at_ms = NULL, due_status = NULL
    WHERE due_status = 'CANCELED' AND due_at_ms <= ?`);
  const nextId = database.prepare('SELECT coalesce(max(id), 0) + 1 FROM orders').pluck();
  const insert = database.prepare(`
    INSERT INTO orders (id, protocol, sn, client_sn, client_tsn, terminal_sn, client_id, status, total_minor, currency,
      charges, payway, subject, operator, reflect, content_digest, created_at_ms, paid_at_ms, finished_at_ms,
      due_at_ms, due_status, fault, line_dead)
    VALUES (@id, @protocol, @sn, @clientSn, @clientSn, @terminalSn, @clientId, @status, @totalMinor, @currency,
      @charges, @payway, @subject, @operator, @reflect, @contentDigest, @createdAtMs, @paidAtMs, @finishedAtMs,
      @dueAtMs, @dueStatus, @fault, @lineDead)`);
  const cancel = database.prepare(`
    UPDATE orders SET status = 'CANCELED', finished_at_ms = ?, due_at_ms = NULL, due_status = NULL WHERE id = ?`);
  const beginCancel = database.prepare(`
    UPDATE orders SET status = 'CANCEL_INPROGRESS', due_at_ms = ?, due_status = 'CANCELED' WHERE id = ?`);
  const refund = database.prepare(`
    UPDATE orders SET refunded_minor = refunded_minor + @amountMinor, client_tsn = @clientTsn,
      status = CASE WHEN refunded_minor + @amountMinor = total_minor THEN 'REFUNDED' ELSE 'PARTIAL_REFUNDED' END,
      finished_at_ms = @nowMs
    WHERE id = @id`);
  const insertRefund = database.prepare(
    'INSERT INTO refunds (order_id, request_no, amount_minor, refunded_at_ms) VALUES (?, ?, ?, ?)',
  );
  const refundsOf = database.prepare('SELECT * FROM refunds WHERE order_id = ? ORDER BY id');
  const refundByNo = database.prepare(`
    SELECT refunds.* FROM refunds JOIN orders ON orders.id = order_id
    WHERE protocol = ? AND request_no = ? ORDER BY refunds.id`);
  const revive = database.prepare('UPDATE orders SET line_dead = 0 WHERE id = ?');
  const countReversal = database.prepare('UPDATE orders SET reversals = reversals + 1 WHERE id = ?');
  const useCode = database.prepare('INSERT OR IGNORE INTO used_codes (digest) VALUES (?)');
  const usedCode = database.prepare('SELECT 1 FROM used_codes WHERE digest = ?').pluck();

  const read = (row: unknown): PracticeOrder | undefined =>
    row === undefined ? undefined : rowSchema.parse(row);

  return {
    /** By the acquirer's number first, as the documents say; in-flight orders included. */
    find(
      protocol: Protocol,
      name: { readonly sn?: string | undefined; readonly clientSn?: string | undefined },
    ) {
      if (name.sn === undefined && name.clientSn === undefined) return undefined;
      const order =
        name.sn === undefined ? read(byOwnName.get(protocol, name.clientSn)) : read(bySn.get(name.sn));
      return order?.protocol === protocol ? order : undefined;
    },
    /** By the terminal's name for it; where two protocols have one, the newer. */
    named: (clientSn: string) => read(byClientSn.get(clientSn)),
    all: (): readonly PracticeOrder[] => everyOrder.all().map((row) => rowSchema.parse(row)),
    /** Newest first. */
    newest: (limit: number): readonly PracticeOrder[] =>
      newestOrders.all(limit).map((row) => rowSchema.parse(row)),
    /** Carries out what time alone changes: confirmations, landings and running cancels. */
    settle(nowMs: number): void {
      land.run(nowMs);
      finishCancels.run(nowMs);
    },
    add(order: NewOrder): void {
      const id = z.number().parse(nextId.get());
      const isFinal = order.status === 'PAID' || order.status === 'PAY_CANCELED';
      const { snDigits, ...columns } = order;
      insert.run({
        ...columns,
        id,
        sn: `789${snDigits}${String(id).padStart(9, '0')}`,
        charges: order.status === 'PAID' ? 1 : 0,
        paidAtMs: order.status === 'PAID' ? order.createdAtMs : null,
        finishedAtMs: isFinal ? order.createdAtMs : null,
        dueStatus: order.dueAtMs === null ? null : 'PAID',
        lineDead: order.lineDead ? 1 : 0,
      });
    },
    cancel: (id: number, nowMs: number): void => void cancel.run(nowMs, id),
    beginCancel: (id: number, doneAtMs: number): void => void beginCancel.run(doneAtMs, id),
    refund(order: PracticeOrder, requestNo: string, amountMinor: number, nowMs: number): PracticeRefund {
      const id = Number(insertRefund.run(order.id, requestNo, amountMinor, nowMs).lastInsertRowid);
      refund.run({ id: order.id, amountMinor, nowMs, clientTsn: `${order.clientSn}-${requestNo}` });
      return { id, orderId: order.id, requestNo, amountMinor, refundedAtMs: nowMs };
    },
    /** Oldest first. */
    refundsOf: (id: number): readonly PracticeRefund[] =>
      refundsOf.all(id).map((row) => refundSchema.parse(row)),
    /** Every refund of a protocol's orders with this name; Upay counts names for each order. */
    refundsNamed: (protocol: Protocol, requestNo: string): readonly PracticeRefund[] =>
      refundByNo.all(protocol, requestNo).map((row) => refundSchema.parse(row)),
    revive: (id: number): void => void revive.run(id),
    countReversal: (id: number): void => void countReversal.run(id),
    useCode: (digest: string): void => void useCode.run(digest),
    isCodeUsed: (digest: string): boolean => usedCode.get(digest) !== undefined,
  };
}
