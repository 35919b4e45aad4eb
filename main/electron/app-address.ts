/** The one origin that any window of the kiosk ever shows. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'kiosk';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What a link may name to have the customer's display opened. Nothing else opens a window. */
const CUSTOMER_DISPLAY_ADDRESSES = [`${APP_ORIGIN}/#/customer`, `${APP_ORIGIN}/index.html#/customer`];

/** Pages lie at the top; what they are made of lies below, and is no page. */
const PAGE_PATH = /^\/(?:[a-z]+(?:-[a-z]+)*\.html)?$/;

/** The address when it lies in the kiosk's own origin, with nothing hidden before the host; otherwise null. */
export function ownAddress(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOwn =
    url !== null &&
    url.protocol === `${APP_SCHEME}:` &&
    url.host === APP_HOST &&
    url.username === '' &&
    url.password === '';
  return isOwn ? url : null;
}

/** Whether a window may show this address. Which screen it is stands behind `#` and is the page's own affair. */
export function isOwnPage(address: string): boolean {
  const url = ownAddress(address);
  return url !== null && url.search === '' && PAGE_PATH.test(url.pathname);
}

export function isCustomerDisplay(address: string): boolean {
  return CUSTOMER_DISPLAY_ADDRESSES.includes(address);
}

export function isDevtoolsAddress(address: string): boolean {
  return address.startsWith('devtools://');
}

/** What a log may hold of a refused address: the rest may be anything, a scanned code included. */
export function schemeOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol.slice(0, 32) : 'malformed';
}
