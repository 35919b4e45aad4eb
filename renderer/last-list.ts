import type { Route } from './route.ts';

type List = Extract<Route, { screen: 'orders' }>;

let last: List = { screen: 'orders', text: '' };

/** Notes which list is open, so that the way back from an order leads to the same search on the same day. */
export function rememberList(list: List): void {
  last = list;
}

/** The list that was open last in this window, or today's. */
export function lastList(): List {
  return last;
}
