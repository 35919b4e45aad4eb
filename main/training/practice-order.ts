import { assertNever } from '../../shared/assert.ts';
import type { Protocol } from './call.ts';
import type { FaultName } from './faults.ts';

/**
 * States of an order. `IN_FLIGHT` never shows on the wire: the payment is on its way to the acquirer
 * and nobody knows it yet.
 */
export type OrderStatus =
  | 'IN_FLIGHT'
  | 'CREATED'
  | 'PAID'
  | 'PAY_CANCELED'
  | 'CANCELED'
  | 'CANCEL_INPROGRESS'
  | 'REFUNDED'
  | 'PARTIAL_REFUNDED';

/** One order as the acquirer keeps it; amounts in minor units, times in epoch milliseconds. */
export interface PracticeOrder {
  readonly id: number;
  readonly protocol: Protocol;
  readonly sn: string;
  readonly clientSn: string;
  /** Name of the latest transaction: the order's own, or its latest refund's. */
  readonly clientTsn: string;
  /** Whose order it is: a terminal of Upay, or a client of the RSA protocols. */
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  /** ISO 4217. */
  readonly currency: string;
  /** How often the customer was charged: never more than once. */
  readonly charges: 0 | 1;
  readonly payway: string;
  readonly subject: string;
  readonly operator: string;
  readonly reflect: string | null;
  /** Salted digest of what the pay asked for, where repeating it is allowed. */
  readonly contentDigest: string | null;
  readonly createdAtMs: number;
  readonly paidAtMs: number | null;
  readonly finishedAtMs: number | null;
  /** When the order changes by itself, and into what. */
  readonly due: { readonly atMs: number; readonly status: 'PAID' | 'CANCELED' } | null;
  readonly fault: FaultName | null;
  readonly lineDead: boolean;
  /** Cancels and revokes that passed the signature check. */
  readonly reversals: number;
}

/** Money given back, wholly or in part. */
export interface PracticeRefund {
  readonly id: number;
  readonly orderId: number;
  readonly requestNo: string;
  readonly amountMinor: number;
  readonly refundedAtMs: number;
}

/** What the customer is out of pocket, in minor units. */
export function netCapturedMinor(order: PracticeOrder): number {
  switch (order.status) {
    case 'IN_FLIGHT':
    case 'CREATED':
    case 'PAY_CANCELED':
    case 'CANCELED':
      return 0;
    case 'PAID':
    case 'REFUNDED':
    case 'PARTIAL_REFUNDED':
      return order.totalMinor - order.refundedMinor;
    case 'CANCEL_INPROGRESS':
      return order.charges === 1 ? order.totalMinor : 0;
    default:
      return assertNever(order.status);
  }
}

/** What is left of the order in minor units: the total less refunds, and 0 after a cancel. */
export function netMinor(order: PracticeOrder): number {
  return order.status === 'CANCELED' ? 0 : order.totalMinor - order.refundedMinor;
}

/** Whether and how an order may be cancelled or revoked now (upay.md 4.3, alipayplus.md 4.3). */
type ReversalRuling = 'cancel' | 'abort' | 'running' | 'already' | 'invalid_state' | 'window_closed';

export function ruleOnReversal(order: PracticeOrder, isWindowOpen: boolean): ReversalRuling {
  switch (order.status) {
    case 'PAID':
      return isWindowOpen ? 'cancel' : 'window_closed';
    case 'CREATED':
      return isWindowOpen ? 'abort' : 'window_closed';
    case 'CANCEL_INPROGRESS':
      return 'running';
    case 'CANCELED':
      return 'already';
    case 'IN_FLIGHT':
    case 'PAY_CANCELED':
    case 'REFUNDED':
    case 'PARTIAL_REFUNDED':
      return 'invalid_state';
    default:
      return assertNever(order.status);
  }
}

/** Whether this much of an order may be given back now (upay.md 2.5). */
export function ruleOnRefund(
  order: PracticeOrder,
  amountMinor: number,
): 'refund' | 'invalid_state' | 'not_enough' {
  if (order.status !== 'PAID' && order.status !== 'PARTIAL_REFUNDED') return 'invalid_state';
  return amountMinor <= order.totalMinor - order.refundedMinor ? 'refund' : 'not_enough';
}
