import type { CallArgs, OrderCard, Push, Snapshot } from '../shared/contract.ts';
import { assertNever } from '../shared/assert.ts';
import { isUndecided } from '../shared/order/order.ts';
import type { Connection, Reply } from './bridge.ts';

/**
 * Everything the screen shows. Orders are copies of what the terminal committed; nothing here decides
 * about money, and a new snapshot replaces all of it.
 */
export interface ScreenState {
  readonly connection: Connection;
  readonly snapshot: Snapshot | null;
  /** The terminal's clock minus this page's clock, so that countdowns go by the terminal. */
  readonly clockOffsetMs: number;
  /** The order in the middle of the screen. */
  readonly focus: string | null;
  /** A call is under way and no second one may start. */
  readonly isBusy: boolean;
  readonly notice: Notice | null;
  /** A sale that the guard stopped, waiting for a deliberate word. */
  readonly guarded: GuardedSale | null;
}

/** What a refused or unanswered call has to say. */
export type Notice = Extract<Reply<never>, { ok: false }>['error'];

export interface GuardedSale {
  readonly args: CallArgs<'sale.collect'>;
  readonly notice: Notice;
}

export type Action =
  | { readonly type: 'pushed'; readonly push: Push; readonly nowMs: number }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'call_started' }
  | { readonly type: 'order_answered'; readonly reply: Reply<OrderCard> }
  | { readonly type: 'sale_guarded'; readonly guarded: GuardedSale }
  | { readonly type: 'guard_closed' }
  | { readonly type: 'focused'; readonly clientSn: string }
  /** The cashier has turned to the next customer. */
  | { readonly type: 'next_sale_begun' }
  | { readonly type: 'notice_closed' };

export const INITIAL_STATE: ScreenState = {
  connection: 'connecting',
  snapshot: null,
  clockOffsetMs: 0,
  focus: null,
  isBusy: false,
  notice: null,
  guarded: null,
};

export function reduce(state: ScreenState, action: Action): ScreenState {
  switch (action.type) {
    case 'pushed':
      return onPush(state, action.push, action.nowMs);
    case 'connection':
      return { ...state, connection: action.connection };
    case 'call_started':
      return { ...state, isBusy: true, notice: null, guarded: null };
    case 'order_answered':
      if (!action.reply.ok) return { ...state, isBusy: false, notice: action.reply.error };
      return { ...withOrder(state, action.reply.value), isBusy: false, focus: action.reply.value.clientSn };
    case 'sale_guarded':
      return { ...state, isBusy: false, guarded: action.guarded };
    case 'guard_closed':
      return { ...state, guarded: null };
    case 'focused':
      return { ...state, focus: action.clientSn };
    case 'next_sale_begun':
      return isFocusDecided(state) ? { ...state, focus: null } : state;
    case 'notice_closed':
      return { ...state, notice: null };
    default:
      return assertNever(action);
  }
}

function onPush(state: ScreenState, push: Push, nowMs: number): ScreenState {
  switch (push.type) {
    case 'snapshot':
      return {
        ...state,
        snapshot: push.snapshot,
        clockOffsetMs: push.snapshot.nowMs - nowMs,
        focus: state.focus ?? newestUndecided(push.snapshot.orders),
      };
    case 'order': {
      const isNew = findOrder(state, push.order.clientSn) === null;
      const next = withOrder(state, push.order);
      // Another till program may have begun it; it takes the middle unless someone is being waited for.
      const isBegun = isNew && push.order.instruction === 'wait';
      return isBegun && isFocusDecided(state) ? { ...next, focus: push.order.clientSn } : next;
    }
    case 'online':
      if (state.snapshot === null) return state;
      return { ...state, snapshot: { ...state.snapshot, online: push.online } };
    default:
      return assertNever(push);
  }
}

/** The answer to a call and the push of what it led to may cross, so an older copy never replaces a newer one. */
function withOrder(state: ScreenState, order: OrderCard): ScreenState {
  if (state.snapshot === null) return state;
  const known = findOrder(state, order.clientSn);
  if (known !== null && known.revision >= order.revision) return state;
  const others = state.snapshot.orders.filter(({ clientSn }) => clientSn !== order.clientSn);
  const orders = [...others, order].toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  return { ...state, snapshot: { ...state.snapshot, orders } };
}

export function findOrder(state: ScreenState, clientSn: string | null): OrderCard | null {
  return state.snapshot?.orders.find((order) => order.clientSn === clientSn) ?? null;
}

function isFocusDecided(state: ScreenState): boolean {
  const order = findOrder(state, state.focus);
  return order === null || !isUndecided(order.state) || order.state === 'attention';
}

function newestUndecided(orders: readonly OrderCard[]): string | null {
  return orders.find(({ state }) => isUndecided(state))?.clientSn ?? null;
}

/** What is in doubt right now, for the one line that must never be missed. */
export function inDoubt(orders: readonly OrderCard[]): { readonly count: number; readonly amount: number } {
  const undecided = orders.filter(({ state }) => isUndecided(state));
  return { count: undecided.length, amount: undecided.reduce((sum, { amount }) => sum + amount, 0) };
}
