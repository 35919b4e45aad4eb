import { createHmac } from 'node:crypto';
import { assertNever } from '../../shared/assert.ts';
import type { Random } from '../shell/clock.ts';
import type { Protocol } from './call.ts';
import { cancelUntilMs } from './cancel-window.ts';
import type { ConditionStore } from './conditions.ts';
import type { Action, OrderTrouble } from './fault.ts';
import type { FaultName } from './faults.ts';
import type { OrderStore } from './orders.ts';
import { ruleOnRefund, ruleOnReversal, type PracticeOrder } from './practice-order.ts';
import type { PayRuling, RefundRuling, ReversalKind, ReversalRuling } from './ruling.ts';

/** What a pay asks for; amounts in minor units. */
export interface Payment {
  readonly protocol: Protocol;
  readonly clientSn: string;
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  readonly totalMinor: number;
  readonly currency: string;
  /** The scanned payment code. */
  readonly code: string;
  readonly subject: string;
  readonly operator: string;
  /** The wallet, where the request names one. */
  readonly payway?: string | undefined;
  readonly reflect: string | null;
}

/** What a refund asks for, in minor units. */
export interface RefundRequest {
  readonly requestNo: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Among which refunds the name means one: those of its order, or all of the protocol's. */
  readonly nameScope: 'order' | 'protocol';
}

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
  readonly ruling: PayRuling;
  readonly entered: boolean;
}

export type Trades = ReturnType<typeof trades>;

/** The trades on orders, each faithful unless the action bends it (upay.md 2.3 to 2.7, alipayplus.md 2 to 4). */
export function trades(dependencies: TradeDependencies) {
  const { orders, conditions, nowMs } = dependencies;

  const enter = (wanted: Payment, trouble: OrderTrouble, name: FaultName | null) => {
    const createdAtMs = nowMs();
    const { code, payway, ...kept } = wanted;
    orders.useCode(digestOf(code, dependencies.codeSalt));
    orders.add({
      ...startOf(trouble.pay, createdAtMs, conditions),
      ...kept,
      payway: payway ?? paywayOf(code),
      contentDigest: contentDigestOf(wanted, dependencies.codeSalt),
      createdAtMs,
      fault: name,
      lineDead: trouble.lineDead,
      snDigits: String(Math.floor(dependencies.random() * 10_000)).padStart(4, '0'),
    });
  };

  return {
    pay(wanted: Payment, trouble: OrderTrouble, name: FaultName | null): PayResult {
      const refused = refusePayment(wanted, dependencies);
      if (refused !== undefined) return { ruling: refused, entered: false };
      enter(wanted, trouble, name);
      const order = orders.find(wanted.protocol, { clientSn: wanted.clientSn });
      if (order === undefined) throw new Error('an order that was just entered is gone');
      return { ruling: { kind: startKind(order), order }, entered: true };
    },

    /** Cancel and revoke: the same rules (upay.md 2.7). */
    reverse(order: PracticeOrder, action: Action): ReversalRuling {
      orders.countReversal(order.id);
      const ruling = ruleOnReversal(order, isWindowOpen(order, dependencies));
      const kind =
        ruling === 'cancel' || ruling === 'abort' ? carryOut(order, ruling, action, dependencies) : ruling;
      return { kind, order: again(order, orders) };
    },

    refund(order: PracticeOrder, wanted: RefundRequest): RefundRuling {
      const { requestNo, amountMinor } = wanted;
      const known = orders
        .refundsNamed(order.protocol, requestNo)
        .find(({ orderId }) => wanted.nameScope === 'protocol' || orderId === order.id);
      if (known !== undefined) {
        const isSame = known.orderId === order.id && known.amountMinor === amountMinor;
        return { kind: isSame ? 'repeated' : 'inconsistent', order, refund: known };
      }
      if (wanted.currency !== order.currency) return { kind: 'wrong_currency', order };
      const ruling = ruleOnRefund(order, amountMinor);
      if (ruling !== 'refund') return { kind: ruling, order };
      const refund = orders.refund(order, requestNo, amountMinor, nowMs());
      return { kind: 'refunded', order: again(order, orders), refund };
    },
  };
}

/** A refusal leaves no order behind, so the same name stays free (upay.md 3.1, FAIL). */
function refusePayment(wanted: Payment, { orders, codeSalt }: TradeDependencies): PayRuling | undefined {
  const known = orders.find(wanted.protocol, { clientSn: wanted.clientSn });
  if (known !== undefined) {
    const sameContent = known.contentDigest === contentDigestOf(wanted, codeSalt);
    return { kind: 'known', order: known, sameContent };
  }
  if (!/^[0-9]{16,24}$/.test(wanted.code)) return { kind: 'code_invalid' };
  return orders.isCodeUsed(digestOf(wanted.code, codeSalt)) ? { kind: 'code_used' } : undefined;
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
    case 'cancel_refused':
    case 'in_progress':
    case 'abort_error':
      return { status: 'PAID', dueAtMs: null } as const;
    default:
      return assertNever(action.work);
  }
}

function startKind({ status }: PracticeOrder): 'paid' | 'in_progress' | 'declined' | 'in_flight' {
  if (status === 'IN_FLIGHT') return 'in_flight';
  if (status === 'CREATED') return 'in_progress';
  return status === 'PAY_CANCELED' ? 'declined' : 'paid';
}

function carryOut(
  order: PracticeOrder,
  ruling: 'cancel' | 'abort',
  action: Action,
  { orders, conditions, nowMs }: TradeDependencies,
): ReversalKind {
  const isAbort = ruling === 'abort';
  switch (action.work) {
    case 'cancel_refused':
      return 'refused';
    case 'abort_error':
      return 'unclear';
    case 'in_progress':
      orders.beginCancel(order.id, nowMs() + conditions.current().pendingMs);
      return isAbort ? 'abort_begun' : 'cancel_begun';
    case 'normal':
    case 'none':
    case 'pending_then_paid':
    case 'pending_for_ever':
    case 'declined':
    case 'land_later':
      orders.cancel(order.id, nowMs());
      return isAbort ? 'aborted' : 'cancelled';
    default:
      return assertNever(action.work);
  }
}

function isWindowOpen(order: PracticeOrder, { nowMs, timeZone, conditions }: TradeDependencies): boolean {
  return nowMs() < cancelUntilMs(order, { timeZone, ...conditions.current() });
}

function again(order: PracticeOrder, orders: OrderStore): PracticeOrder {
  return orders.find(order.protocol, { sn: order.sn }) ?? order;
}

/** A payment code is worth money for a minute, so only a salted digest of it is kept. */
function digestOf(text: string, salt: string): string {
  return createHmac('sha256', salt).update(text).digest('hex');
}

/** What must be the same for a repeated pay to be the same pay (alipayplus.md 4.1). */
function contentDigestOf({ totalMinor, currency, code }: Payment, salt: string): string {
  return digestOf(JSON.stringify([totalMinor, currency, code]), salt);
}

/** The first digits of a wallet code tell the wallet (upay.md 3.4). */
function paywayOf(code: string): string {
  if (/^(2[5-9]|30)/.test(code)) return '2';
  if (/^1[0-5]/.test(code)) return '3';
  return code.startsWith('62') ? '17' : '0';
}
