import { createHmac } from 'node:crypto';
import { assertNever } from '../../shared/assert.ts';
import { businessDayOf } from '../../shared/business-day.ts';
import type { Random } from '../shell/clock.ts';
import type { ConditionStore } from './conditions.ts';
import type { Action, FaultName, OrderTrouble } from './faults.ts';
import type { OrderStore } from './orders.ts';
import { ruleOnRefund, ruleOnReversal, type PracticeOrder } from './practice-order.ts';
import { failed, fault, orderData, refusal, success, unclear, type Reply } from './replies.ts';
import { readMinor, type RequestBody } from './request-body.ts';

/** The documents disagree between 32 and 64; the longer one is accepted (upay.md 5, row 1). */
const LONGEST_CLIENT_SN = 64;

interface TradeDependencies {
  readonly orders: OrderStore;
  readonly conditions: ConditionStore;
  readonly random: Random;
  readonly codeSalt: string;
  readonly timeZone: string;
  /** The practice clock in epoch milliseconds, shift included. */
  readonly nowMs: () => number;
}

/** What a pay came to: `entered` says whether an order was made, so that its trouble applies. */
interface PayResult {
  readonly reply: Reply | null;
  readonly entered: boolean;
}

export type Trades = ReturnType<typeof trades>;

/** The four trades on orders, each faithful unless the action bends it (upay.md 2.3 to 2.7). */
export function trades(dependencies: TradeDependencies) {
  const { orders, conditions, nowMs } = dependencies;

  const enter = (
    wanted: PaymentRequest,
    terminalSn: string,
    trouble: OrderTrouble,
    name: FaultName | null,
  ) => {
    const createdAtMs = nowMs();
    orders.useCode(digestOf(wanted.dynamicId, dependencies.codeSalt));
    orders.add({
      ...startOf(trouble.pay, createdAtMs, conditions),
      clientSn: wanted.clientSn,
      terminalSn,
      totalMinor: wanted.totalMinor,
      payway: wanted.payway,
      subject: wanted.subject,
      operator: wanted.operator,
      reflect: wanted.reflect,
      createdAtMs,
      fault: name,
      lineDead: trouble.lineDead,
      snDigits: String(Math.floor(dependencies.random() * 10_000)).padStart(4, '0'),
    });
  };

  return {
    pay(body: RequestBody, terminalSn: string, trouble: OrderTrouble, name: FaultName | null): PayResult {
      const wanted = readPayment(body);
      if (wanted === undefined) return { reply: INVALID_PARAMS, entered: false };
      const refused = refusePayment(wanted, dependencies);
      if (refused !== undefined) return { reply: refused, entered: false };
      enter(wanted, terminalSn, trouble, name);
      const order = orders.find({ clientSn: wanted.clientSn });
      return {
        reply: order === undefined ? null : payReply(order, trouble.pay.echoExtraMinor ?? 0),
        entered: true,
      };
    },

    query(order: PracticeOrder, action: Action): Reply {
      return success('SUCCESS', orderData(order, action.echoExtraMinor ?? 0));
    },

    /** Cancel and revoke: the same rules and the same codes (upay.md 2.7). */
    reverse(order: PracticeOrder, action: Action): Reply {
      orders.countReversal(order.id);
      const ruling = ruleOnReversal(order, isSameDay(order, dependencies));
      switch (ruling) {
        case 'cancel':
        case 'abort':
          return carryOut(order, ruling, action, dependencies);
        case 'running':
          return success('CANCEL_IN_PROGRESS', orderData(order, 0));
        case 'already':
          return refusal('UPAY_CANCEL_ORDER_NOOP', 'The order is already cancelled.');
        case 'invalid_state':
          return refusal(
            'UPAY_CANCEL_INVALID_ORDER_STATE',
            `The order cannot be cancelled: its state is ${order.status}.`,
          );
        case 'window_closed':
          return refusal(
            'UPAY_CANCEL_INVALID_ORDER_STATE',
            'The order cannot be cancelled: only orders of the same calendar day can.',
          );
        default:
          return assertNever(ruling);
      }
    },

    refund(order: PracticeOrder, body: RequestBody, action: Action): Reply {
      const amountMinor = readMinor(body.refund_amount ?? '');
      const requestNo = body.refund_request_no;
      if (amountMinor === undefined || requestNo === undefined || body.operator === undefined) {
        return INVALID_PARAMS;
      }
      if (orders.hasRefund(order.id, requestNo)) {
        return refusal('UPAY_REFUND_ORDER_NOOP', 'This refund was done before.');
      }
      const ruling = ruleOnRefund(order, amountMinor);
      switch (ruling) {
        case 'refund':
          orders.refund(order, requestNo, amountMinor, nowMs());
          return success('REFUND_SUCCESS', orderData(again(order, orders), action.echoExtraMinor ?? 0));
        case 'invalid_state':
          return refusal(
            'UPAY_REFUND_INVALID_ORDER_STATE',
            `The order cannot be refunded: its state is ${order.status}.`,
          );
        case 'not_enough':
          return refusal(
            'REFUNDABLE_AMOUNT_NOT_ENOUGH',
            'The refund is larger than what is left of the order.',
          );
        default:
          return assertNever(ruling);
      }
    },
  };
}

export const INVALID_PARAMS = fault('400', 'INVALID_PARAMS', 'A required parameter is missing or malformed.');

interface PaymentRequest {
  readonly clientSn: string;
  readonly totalMinor: number;
  readonly dynamicId: string;
  readonly subject: string;
  readonly operator: string;
  readonly payway: string;
  readonly reflect: string | null;
}

function readPayment(body: RequestBody): PaymentRequest | undefined {
  const { client_sn: clientSn, dynamic_id: dynamicId, subject, operator } = body;
  const totalMinor = readMinor(body.total_amount ?? '');
  if (clientSn === undefined || clientSn.length > LONGEST_CLIENT_SN || totalMinor === undefined)
    return undefined;
  if (dynamicId === undefined || subject === undefined || operator === undefined) return undefined;
  const payway = body.payway ?? paywayOf(dynamicId);
  return { clientSn, totalMinor, dynamicId, subject, operator, payway, reflect: body.reflect ?? null };
}

/** A refusal leaves no order behind, so the same `client_sn` stays free (upay.md 3.1, FAIL). */
function refusePayment(wanted: PaymentRequest, { orders, codeSalt }: TradeDependencies): Reply | undefined {
  if (orders.find({ clientSn: wanted.clientSn }) !== undefined) {
    return refusal('CLIENT_SN_CONFLICT', 'This client_sn already exists.');
  }
  if (!/^[0-9]{16,24}$/.test(wanted.dynamicId)) {
    return refusal('INVALID_BARCODE', 'The payment code is not valid.');
  }
  if (orders.isCodeUsed(digestOf(wanted.dynamicId, codeSalt))) {
    return refusal('EXPIRED_BARCODE', 'The payment code was used before or has expired.');
  }
  return undefined;
}

function startOf(action: Action, nowMs: number, conditions: ConditionStore) {
  const { pendingMs, landAfterMs } = conditions.current();
  switch (action.work) {
    case 'pending_then_paid':
      return { status: 'CREATED', dueAtMs: nowMs + pendingMs } as const;
    case 'pending_for_ever':
      return { status: 'CREATED', dueAtMs: null } as const;
    case 'declined':
      return { status: 'PAY_CANCELED', dueAtMs: null } as const;
    case 'land_later':
      return { status: 'IN_FLIGHT', dueAtMs: nowMs + landAfterMs } as const;
    case 'normal':
    case 'none':
    case 'refused_by_campaign':
    case 'in_progress':
    case 'abort_error':
      return { status: 'PAID', dueAtMs: null } as const;
    default:
      return assertNever(action.work);
  }
}

function payReply(order: PracticeOrder, echoExtraMinor: number): Reply | null {
  const data = orderData(order, echoExtraMinor);
  if (order.status === 'IN_FLIGHT') return null;
  if (order.status === 'CREATED') return success('PAY_IN_PROGRESS', data);
  if (order.status === 'PAY_CANCELED') {
    return failed('PAY_FAIL', 'INSUFFICIENT_FUND', 'The wallet has not enough money.', data);
  }
  return success('PAY_SUCCESS', data);
}

function carryOut(
  order: PracticeOrder,
  ruling: 'cancel' | 'abort',
  action: Action,
  { orders, conditions, nowMs }: TradeDependencies,
): Reply {
  const isAbort = ruling === 'abort';
  const echoExtraMinor = action.echoExtraMinor ?? 0;
  switch (action.work) {
    case 'refused_by_campaign':
      return unclear(
        'CANCEL_ERROR',
        'UPAY_TCP_ORDER_NOT_REFUNDABLE',
        'The order took part in a campaign and cannot be cancelled.',
      );
    case 'abort_error':
      return unclear(
        'CANCEL_ABORT_ERROR',
        'UNEXPECTED_PROVIDER_ERROR',
        'The result of the cancel is not known.',
      );
    case 'in_progress':
      orders.beginCancel(order.id, nowMs() + conditions.current().pendingMs);
      return success(
        isAbort ? 'CANCEL_ABORT_IN_PROGRESS' : 'CANCEL_IN_PROGRESS',
        orderData(again(order, orders), echoExtraMinor),
      );
    case 'normal':
    case 'none':
    case 'pending_then_paid':
    case 'pending_for_ever':
    case 'declined':
    case 'land_later':
      orders.cancel(order.id, nowMs());
      return success(
        isAbort ? 'CANCEL_ABORT_SUCCESS' : 'CANCEL_SUCCESS',
        orderData(again(order, orders), echoExtraMinor),
      );
    default:
      return assertNever(action.work);
  }
}

/** The documents name the order's creation as the day that counts (upay.md 4.3). */
function isSameDay(order: PracticeOrder, { nowMs, timeZone }: TradeDependencies): boolean {
  return businessDayOf(order.createdAtMs, timeZone) === businessDayOf(nowMs(), timeZone);
}

function again(order: PracticeOrder, orders: OrderStore): PracticeOrder {
  return orders.find({ sn: order.sn }) ?? order;
}

/** A payment code is worth money for a minute, so only a salted digest of it is kept. */
function digestOf(dynamicId: string, salt: string): string {
  return createHmac('sha256', salt).update(dynamicId).digest('hex');
}

/** The first digits of a wallet code tell the wallet (upay.md 3.4). */
function paywayOf(dynamicId: string): string {
  if (/^(2[5-9]|30)/.test(dynamicId)) return '2';
  if (/^1[0-5]/.test(dynamicId)) return '3';
  return dynamicId.startsWith('62') ? '17' : '0';
}
