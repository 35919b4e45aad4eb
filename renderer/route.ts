import { useState } from 'preact/hooks';
import { assertNever } from '../shared/assert.ts';
import { useWindowEvent } from './use-window-event.ts';

/**
 * Which screen this window shows. It lives in the address, so that a reload comes back to it and a second
 * window can show another one, the customer display for instance.
 */
export type Route =
  | { readonly screen: 'collect' }
  /** `text` is what to look for; empty lists the day, which is today where none is named. */
  | { readonly screen: 'orders'; readonly text: string; readonly businessDay?: string | undefined }
  | { readonly screen: 'order'; readonly clientSn: string }
  | { readonly screen: 'in-doubt' }
  | { readonly screen: 'terminal' }
  | { readonly screen: 'customer' };

export const COLLECT: Route = { screen: 'collect' };

export function hrefOf(route: Route): string {
  switch (route.screen) {
    case 'collect':
      return '#/';
    case 'orders':
      return hrefOfList(route.text, route.businessDay);
    case 'order':
      return `#/orders/${encodeURIComponent(route.clientSn)}`;
    case 'in-doubt':
    case 'terminal':
    case 'customer':
      return `#/${route.screen}`;
    default:
      return assertNever(route);
  }
}

function hrefOfList(text: string, businessDay: string | undefined): string {
  const words = encodeURIComponent(text);
  if (businessDay !== undefined) return `#/day/${businessDay}${words && `/${words}`}`;
  return words === '' ? '#/orders' : `#/find/${words}`;
}

const BUSINESS_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** An address that names no screen leads to Collect. */
export function parseRoute(hash: string): Route {
  const [screen = '', argument = '', rest = ''] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  switch (screen) {
    case 'day':
      return BUSINESS_DAY.test(argument)
        ? { screen: 'orders', text: rest, businessDay: argument }
        : { screen: 'orders', text: rest };
    case 'orders':
      return argument === '' ? { screen, text: '' } : { screen: 'order', clientSn: argument };
    case 'find':
      return { screen: 'orders', text: argument };
    case 'in-doubt':
    case 'terminal':
    case 'customer':
      return { screen };
    default:
      return COLLECT;
  }
}

export function goTo(route: Route): void {
  window.location.hash = hrefOf(route);
}

/** Turns to another screen in the place of this one, so that the way back leads past it. */
export function replaceWith(route: Route): void {
  window.location.replace(hrefOf(route));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(window.location.hash));
  useWindowEvent('hashchange', () => setRoute(parseRoute(window.location.hash)));
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
