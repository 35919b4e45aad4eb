import type { CallArgs, InDoubt, OrderCard, Push, Snapshot } from '../shared/contract.ts';
import { assertNever } from '../shared/assert.ts';
import { isUndecided } from '../shared/order/order.ts';
import type { Connection, Reply } from '../shared/bridge.ts';

/**
 * Everything the screens share. Orders are copies of what the terminal committed; nothing here decides
 * about money, and a new snapshot replaces all of it.
 */
export interface ScreenState {
  readonly connection: Connection;
  readonly snapshot: Snapshot | null;
  /** The terminal's clock minus this page's clock, so that countdowns go by the terminal. */
  readonly clockOffsetMs: number;
  /** The order the instruction is about. */
  readonly focus: string | null;
  /** A sale is being prepared here, so nobody else's order takes the instruction. */
  readonly isPreparing: boolean;
  /** A call is under way and no second one may start. */
  readonly isBusy: boolean;
  readonly notice: Notice | null;
  /** The one question that waits for a deliberate word. */
  readonly question: Question | null;
}

/** What a refused or unanswered call has to say. */
export type Notice = Extract<Reply<never>, { ok: false }>['error'];

/** By what all of a payment goes back at a person's word. */
export type WayBack = 'revoke' | 'refund';

/** What a person is asked before money moves or a case is closed. */
export type Question =
  | { readonly type: 'guard'; readonly args: CallArgs<'sale.collect'>; readonly notice: Notice }
  | { readonly type: WayBack; readonly order: OrderCard }
  | { readonly type: 'reverse'; readonly order: OrderCard }
  | { readonly type: 'settle'; readonly order: OrderCard }
  | { readonly type: 'shortcuts' };

export type Action =
  | { readonly type: 'pushed'; readonly push: Push; readonly nowMs: number }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'call_started' }
  | { readonly type: 'sale_answered'; readonly reply: Reply<OrderCard> }
  | { readonly type: 'order_answered'; readonly reply: Reply<OrderCard> }
  /** The answer to a sale is a question. */
  | { readonly type: 'guarded'; readonly question: Question }
  | { readonly type: 'asked'; readonly question: Question }
  | { readonly type: 'question_closed' }
  | { readonly type: 'preparing'; readonly isPreparing: boolean }
  /** The cashier has turned to the next customer. */
  | { readonly type: 'next_sale_begun' }
  | { readonly type: 'noticed'; readonly notice: Notice }
  | { readonly type: 'notice_closed' };

export const INITIAL_STATE: ScreenState = {
  connection: 'connecting',
  snapshot: null,
  clockOffsetMs: 0,
  focus: null,
  isPreparing: false,
  isBusy: false,
  notice: null,
  question: null,
};

export function reduce(state: ScreenState, action: Action): ScreenState {
  switch (action.type) {
    case 'pushed':
      return onPush(state, action.push, action.nowMs);
    case 'connection':
      return { ...state, connection: action.connection };
    case 'call_started':
      return { ...state, isBusy: true, notice: null, question: null };
    case 'sale_answered':
      return onAnswer(state, action.reply, true);
    case 'order_answered':
      return onAnswer(state, action.reply, isFocusDecided(state));
    case 'guarded':
      return { ...state, isBusy: false, question: action.question };
    case 'asked':
      return { ...state, question: action.question };
    case 'question_closed':
      return { ...state, question: null };
    case 'preparing':
      return state.isPreparing === action.isPreparing ? state : { ...state, isPreparing: action.isPreparing };
    case 'next_sale_begun':
      return isFocusDecided(state) && (state.focus !== null || state.notice !== null)
        ? { ...state, focus: null, notice: null }
        : state;
    case 'noticed':
      return { ...state, notice: action.notice };
    case 'notice_closed':
      return { ...state, notice: null };
    default:
      return assertNever(action);
  }
}

/** A new sale takes the instruction; anything else only where nobody waits at the counter for theirs. */
function onAnswer(state: ScreenState, reply: Reply<OrderCard>, takesFocus: boolean): ScreenState {
  if (!reply.ok) return { ...state, isBusy: false, notice: reply.error };
  const focus = takesFocus ? reply.value.clientSn : state.focus;
  return { ...withOrder(state, reply.value), isBusy: false, focus };
}

function onPush(state: ScreenState, push: Push, nowMs: number): ScreenState {
  switch (push.type) {
    case 'snapshot':
      return {
        ...state,
        snapshot: push.snapshot,
        clockOffsetMs: push.snapshot.nowMs - nowMs,
        focus: state.focus ?? orderAtTheCounter(push.snapshot),
      };
    case 'order': {
      const isNew = findOrder(state, push.order.clientSn) === null;
      const next = withOrder(withInDoubt(state, push.inDoubt), push.order);
      // Another till program may have begun it; it takes the middle unless this window has a customer of its own.
      const isBegun = isNew && push.order.instruction === 'wait';
      const isFree = isFocusDecided(state) && !state.isPreparing && !state.isBusy;
      return isBegun && isFree ? { ...next, focus: push.order.clientSn } : next;
    }
    case 'online':
      if (state.snapshot === null) return state;
      return { ...state, snapshot: { ...state.snapshot, online: push.online } };
    case 'counter':
      // Only the customer display shows it; see `app.tsx`.
      return state;
    default:
      return assertNever(push);
  }
}

function withInDoubt(state: ScreenState, inDoubt: InDoubt): ScreenState {
  return state.snapshot === null ? state : { ...state, snapshot: { ...state.snapshot, inDoubt } };
}

/** The most orders a window keeps; a decided one leaves first, and search still finds it. */
const MAX_ORDERS = 600;

/** The answer to a call and the push of what it led to may cross, so an older copy never replaces a newer one. */
function withOrder(state: ScreenState, order: OrderCard): ScreenState {
  const { snapshot } = state;
  if (snapshot === null) return state;
  const index = snapshot.orders.findIndex(({ clientSn }) => clientSn === order.clientSn);
  const known = snapshot.orders[index];
  if (known === undefined)
    return { ...state, snapshot: { ...snapshot, orders: withNew(snapshot.orders, order) } };
  if (known.revision >= order.revision) return state;
  return { ...state, snapshot: { ...snapshot, orders: snapshot.orders.with(index, order) } };
}

function withNew(orders: readonly OrderCard[], order: OrderCard): OrderCard[] {
  const sorted = [order, ...orders].toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  if (sorted.length <= MAX_ORDERS) return sorted;
  const leaving = sorted.findLast(({ state, next }) => !isUndecided(state) && next === null);
  return sorted.filter((kept) => kept !== leaving);
}

export function findOrder(state: Pick<ScreenState, 'snapshot'>, clientSn: string | null): OrderCard | null {
  return state.snapshot?.orders.find((order) => order.clientSn === clientSn) ?? null;
}

/** Nobody has to wait for the order in the middle any more. */
export function isFocusDecided(state: ScreenState): boolean {
  const order = findOrder(state, state.focus);
  return order === null || order.instruction !== 'wait';
}

/** After a reload the screen turns to whoever still stands at the counter. */
function orderAtTheCounter({ counter, orders }: Snapshot): string | null {
  if (counter.kind === 'order') return counter.clientSn;
  return orders.find(({ state }) => isUndecided(state))?.clientSn ?? null;
}
