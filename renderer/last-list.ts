import type { Found } from './use-search.ts';
import { hrefOf, type Route } from './route.ts';

/** How the list of orders was left, so that the way back from an order leads to the same rows. */
export interface LastList {
  /** Which search on which day. */
  readonly route: ListRoute;
  /** What was found; shown again while it is read again. */
  readonly found: Found | null;
  /** How far which list was scrolled when one of its orders was opened. */
  readonly place: { readonly href: string; readonly top: number } | null;
}

export type ListRoute = Extract<Route, { screen: 'orders' }>;

export const NO_LAST_LIST: LastList = { route: { screen: 'orders', text: '' }, found: null, place: null };

/** How far to scroll a list: to where it was left for one of its orders, and to the newest on every other way in. */
export function placeIn({ place }: LastList, route: ListRoute): number {
  return place?.href === hrefOf(route) ? place.top : 0;
}
