import { z } from 'zod';
import type { DatabaseHandle } from '../database/open.ts';
import { isFaultName, type FaultName } from './faults.ts';
import type { OrderStatus, PracticeOrder } from './practice-order.ts';

/** What a new order starts with; times in epoch milliseconds, amounts in minor units. */
interface NewOrder {
  readonly clientSn: string;
  readonly terminalSn: string;
  readonly status: 'IN_FLIGHT' | 'CREATED' | 'PAID' | 'PAY_CANCELED';
  readonly totalMinor: number;
  readonly payway: string;
  readonly subject: string;
  readonly operator: string;
  readonly reflect: string | null;
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
    sn: z.string(),
    client_sn: z.string(),
    client_tsn: z.string(),
    terminal_sn: z.string(),
    status,
    total_minor: z.number(),
    refunded_minor: z.number(),
    charges: z.union([z.literal(0), z.literal(1)]),
    payway: z.string(),
    subject: z.string(),
    operator: z.string(),
    reflect: z.string().nullable(),
    created_at_ms: z.number(),
    finished_at_ms: z.number().nullable(),
    due_at_ms: z.number().nullable(),
    due_status: z.enum(['PAID', 'CANCELED']).nullable(),
    fault: z.string().nullable(),
    line_dead: z.number(),
    reversals: z.number(),
  })
  .transform((row): PracticeOrder => ({
    id: row.id,
    sn: row.sn,
    clientSn: row.client_sn,
    clientTsn: row.client_tsn,
    terminalSn: row.terminal_sn,
    status: row.status,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    charges: row.charges,
    payway: row.payway,
    subject: row.subject,
    operator: row.operator,
    reflect: row.reflect,
    createdAtMs: row.created_at_ms,
    finishedAtMs: row.finished_at_ms,
    due:
      row.due_at_ms === null || row.due_status === null
        ? null
        : { atMs: row.due_at_ms, status: row.due_status },
    fault: row.fault !== null && isFaultName(row.fault) ? row.fault : null,
    lineDead: row.line_dead === 1,
    reversals: row.reversals,
  }));

export type OrderStore = ReturnType<typeof orderStore>;

/** The acquirer's orders. Every method is one statement; callers open the transactions. */
export function orderStore(database: DatabaseHandle) {
  const bySn = database.prepare('SELECT * FROM orders WHERE sn = ?');
  const byClientSn = database.prepare('SELECT * FROM orders WHERE client_sn = ?');
  const newestOrders = database.prepare('SELECT * FROM orders ORDER BY id DESC LIMIT ?');
  const everyOrder = database.prepare('SELECT * FROM orders ORDER BY id');
  const land = database.prepare(`
    UPDATE orders SET status = 'PAID', charges = 1, finished_at_ms = due_at_ms,
      created_at_ms = CASE status WHEN 'IN_FLIGHT' THEN due_at_ms ELSE created_at_ms END,
      due_at_ms = NULL, due_status = NULL
    WHERE due_status = 'PAID' AND due_at_ms <= ?`);
  const finishCancels = database.prepare(`
    UPDATE orders SET status = 'CANCELED', finished_at_ms = due_at_ms, due_at_ms = NULL, due_status = NULL
    WHERE due_status = 'CANCELED' AND due_at_ms <= ?`);
  const nextId = database.prepare('SELECT coalesce(max(id), 0) + 1 FROM orders').pluck();
  const insert = database.prepare(`
    INSERT INTO orders (id, sn, client_sn, client_tsn, terminal_sn, status, total_minor, charges, payway, subject,
      operator, reflect, created_at_ms, finished_at_ms, due_at_ms, due_status, fault, line_dead)
    VALUES (@id, @sn, @clientSn, @clientSn, @terminalSn, @status, @totalMinor, @charges, @payway, @subject,
      @operator, @reflect, @createdAtMs, @finishedAtMs, @dueAtMs, @dueStatus, @fault, @lineDead)`);
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
    'INSERT INTO refunds (order_id, request_no, amount_minor) VALUES (?, ?, ?)',
  );
  const refundByNo = database.prepare('SELECT 1 FROM refunds WHERE order_id = ? AND request_no = ?').pluck();
  const revive = database.prepare('UPDATE orders SET line_dead = 0 WHERE id = ?');
  const countReversal = database.prepare('UPDATE orders SET reversals = reversals + 1 WHERE id = ?');
  const useCode = database.prepare('INSERT OR IGNORE INTO used_codes (digest) VALUES (?)');
  const usedCode = database.prepare('SELECT 1 FROM used_codes WHERE digest = ?').pluck();

  const read = (row: unknown): PracticeOrder | undefined =>
    row === undefined ? undefined : rowSchema.parse(row);

  return {
    /** By the acquirer's number first, as the English documents say; in-flight orders included. */
    find(name: { readonly sn?: string | undefined; readonly clientSn?: string | undefined }) {
      if (name.sn !== undefined) return read(bySn.get(name.sn));
      return name.clientSn === undefined ? undefined : read(byClientSn.get(name.clientSn));
    },
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
        finishedAtMs: isFinal ? order.createdAtMs : null,
        dueStatus: order.dueAtMs === null ? null : 'PAID',
        lineDead: order.lineDead ? 1 : 0,
      });
    },
    cancel: (id: number, nowMs: number): void => void cancel.run(nowMs, id),
    beginCancel: (id: number, doneAtMs: number): void => void beginCancel.run(doneAtMs, id),
    refund(order: PracticeOrder, requestNo: string, amountMinor: number, nowMs: number): void {
      insertRefund.run(order.id, requestNo, amountMinor);
      refund.run({ id: order.id, amountMinor, nowMs, clientTsn: `${order.clientSn}-${requestNo}` });
    },
    hasRefund: (id: number, requestNo: string): boolean => refundByNo.get(id, requestNo) !== undefined,
    revive: (id: number): void => void revive.run(id),
    countReversal: (id: number): void => void countReversal.run(id),
    useCode: (digest: string): void => void useCode.run(digest),
    isCodeUsed: (digest: string): boolean => usedCode.get(digest) !== undefined,
  };
}
