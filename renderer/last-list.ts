import { hrefOf, type Route } from './route.ts';

type List = Extract<Route, { screen: 'orders' }>;

let last: List = { screen: 'orders', text: '' };
/** How far which list was scrolled when one of its orders was opened. */
let left: { readonly href: string; readonly top: number } | null = null;

/** Notes which list is open, so that the way back from an order leads to the same search on the same day. */
export function rememberList(list: List): void {
  last = list;
}

/** The list that was open last in this window, or today's. */
export function lastList(): List {
  return last;
}

/** Notes how far a list was scrolled when one of its orders was opened. */
export function rememberPlace(list: List, top: number): void {
  left = { href: hrefOf(list), top };
}

/** How far to scroll a list that is come back to; once, and zero for every other way into it. */
export function takePlace(list: List): number {
  const top = left?.href === hrefOf(list) ? left.top : 0;
  left = null;
  return top;
}

export function forgetPlace(): void {
  left = null;
}
