import { useEffect, useState } from 'preact/hooks';
import { assertNever } from '../shared/assert.ts';

/**
 * Which screen this window shows. It lives in the address, so that a reload comes back to it and a second
 * window can show another one, the customer display for instance.
 */
export type Route =
  | { readonly screen: 'collect' }
  /** `text` is what to look for; empty lists the day. */
  | { readonly screen: 'orders'; readonly text: string }
  | { readonly screen: 'order'; readonly clientSn: string }
  | { readonly screen: 'in-doubt' }
  | { readonly screen: 'terminal' }
  | { readonly screen: 'commands' }
  | { readonly screen: 'customer' };

export const COLLECT: Route = { screen: 'collect' };

export function hrefOf(route: Route): string {
  switch (route.screen) {
    case 'collect':
      return '#/';
    case 'orders':
      return route.text === '' ? '#/orders' : `#/find/${encodeURIComponent(route.text)}`;
    case 'order':
      return `#/orders/${encodeURIComponent(route.clientSn)}`;
    case 'in-doubt':
    case 'terminal':
    case 'commands':
    case 'customer':
      return `#/${route.screen}`;
    default:
      return assertNever(route);
  }
}

/** An address that names no screen leads to Collect. */
export function parseRoute(hash: string): Route {
  const [screen = '', argument = ''] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  switch (screen) {
    case 'orders':
      return argument === '' ? { screen, text: '' } : { screen: 'order', clientSn: argument };
    case 'find':
      return { screen: 'orders', text: argument };
    case 'in-doubt':
    case 'terminal':
    case 'commands':
    case 'customer':
      return { screen };
    default:
      return COLLECT;
  }
}

export function goTo(route: Route): void {
  window.location.hash = hrefOf(route);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(window.location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(window.location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return route;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
