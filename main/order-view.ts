import type { OrderCard, OrderJson, TimelineEntry } from '../shared/contract.ts';
import type { Calendar } from '../shared/business-day.ts';
import { assertNever } from '../shared/assert.ts';
import { instructionOf, isUndecided, type LastAnswer, type Order } from '../shared/order/order.ts';
import { refundRefusal } from '../shared/order/refund.ts';
import { revokeRefusal, type DayClock } from '../shared/order/revoke-refusal.ts';
import { waysOut } from '../shared/order/ways-out.ts';
import { parseBody, type JournaledEvent, type JournalEntry } from './ledger/journal.ts';

/** What a card depends on besides its order: what today is, by which clocks, and under which policy. */
export interface OrderViewer extends DayClock {
  readonly businessDay: string;
  /** Of the shop. */
  readonly calendar: Calendar;
  readonly minReverseAgeMs: number;
}

/** An order as the command line prints it (DESIGN section 7). */
export function orderJson(order: Order): OrderJson {
  const {
    clientSn,
    sn,
    saleId,
    state,
    charged,
    amountMinor,
    currency,
    reason,
    businessDay,
    createdAtMs,
    updatedAtMs,
  } = order;
  return {
    clientSn,
    sn,
    saleId,
    state,
    charged,
    instruction: instructionOf(order),
    amount: amountMinor,
    currency,
    reason,
    businessDay,
    createdAtMs,
    updatedAtMs,
  };
}

/** The same order with what a screen shows and offers. */
export function orderCard(order: Order, viewer: OrderViewer): OrderCard {
  const { owed, lastAnswer, refusal, state } = order;
  const isCollecting = state === 'collecting' || state === 'confirming';
  return {
    ...orderJson(order),
    revision: order.revision,
    subject: order.subject,
    operator: order.operator,
    next: owed === null ? null : { call: owed.call, atMs: owed.dueAtMs, waitingFor: owed.waitingFor },
    lastAnswer: lastAnswer === null ? null : lastWords(lastAnswer),
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message },
    revokeRefusal: revokeRefusal(order, viewer.businessDay, viewer),
    refundRefusal: refundRefusal(order, viewer.businessDay, viewer),
    confirmUntilMs: isCollecting ? order.confirmUntilMs : null,
    giveUpFromMs:
      isCollecting && order.reason !== 'given_up' ? order.paySentAtMs + viewer.minReverseAgeMs : null,
    windowClosesAtMs: windowClosesAtMs(order, viewer),
    waysOut: [...waysOut(order, viewer.businessDay, viewer)],
  };
}

/** Named one by one: an older version may have journalled more than the contract shows. */
function lastWords({ call, kind, code, message, atMs }: LastAnswer): LastAnswer {
  return { call, kind, code, message, atMs };
}

/** Until when the money can still come back by itself; of a decided order without money nobody asks. */
function windowClosesAtMs(order: Order, { serverOffsetMs, calendar }: OrderViewer): number | null {
  const { state, cancelUntilMs } = order;
  if (cancelUntilMs === null || serverOffsetMs === null) return null;
  if (isUndecided(state)) return cancelUntilMs - serverOffsetMs;
  if (state !== 'paid') return null;
  // A revoke ends with the shop's day as well, which may be over before the acquirer's window is.
  const paidOnMs = order.createdAtMs + serverOffsetMs;
  const isThatDay = calendar.dayOf(paidOnMs) === order.businessDay;
  const dayEndMs = isThatDay ? calendar.dayEndMs(paidOnMs) : cancelUntilMs;
  return Math.min(cancelUntilMs, dayEndMs) - serverOffsetMs;
}

/** One journal line as a person reads it: what happened, by whom, what it led to. */
export function timelineEntry(entry: JournalEntry): TimelineEntry {
  const { event, order, alerts } = parseBody(entry.body);
  return {
    seq: entry.seq,
    atMs: event.atMs,
    event: event.type,
    detail: {
      ...particulars(event, order),
      by: event.actor.kind === 'operator' ? event.actor.name : 'terminal',
      state: order.state,
      charged: order.charged,
      // Not `reason`, which is what a person said.
      ...(order.reason === null ? {} : { cause: order.reason }),
      ...(order.owed === null
        ? {}
        : { owed: order.owed.call, dueAtMs: order.owed.dueAtMs, waitingFor: order.owed.waitingFor }),
      ...(alerts.length === 0 ? {} : { alerts }),
    },
  };
}

/** What is particular to the kind of event. */
function particulars(event: JournaledEvent, order: Order): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'collect_requested': {
      const { saleId, terminalSn, amountMinor, currency, subject, operator, businessDay } = order;
      const { overrides } = event;
      return { saleId, terminalSn, amountMinor, currency, subject, operator, businessDay, overrides };
    }
    case 'pay_answered':
    case 'query_answered':
    case 'cancel_answered':
    case 'revoke_answered':
    case 'refund_answered':
      return { kind: event.outcome.kind, ...event.outcome.evidence };
    case 'obstacle_cleared':
      return { obstacle: event.obstacle };
    case 'clock_changed':
      return { deltaMs: event.deltaMs };
    case 'revoke_requested':
      return { reason: event.revokeReason };
    case 'refund_requested':
      return { reason: event.refundReason, requestId: order.refund?.requestId ?? event.requestId };
    case 'settled':
      return { charged: event.charged, reason: event.settleReason };
    case 'duplicate_charge_found':
      return { otherClientSn: event.otherClientSn };
    case 'call_due':
    case 'restarted':
    case 'gave_up':
    case 'retry_requested':
    case 'reversal_requested':
      return {};
    default:
      return assertNever(event);
  }
}
