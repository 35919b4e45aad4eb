import type { IncomingHttpHeaders } from 'node:http';

/**
 * Which requests may be looked at at all, before any session is considered. A web page somewhere else
 * can make a browser on this machine send requests here; these headers give it away.
 */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is refused, in words for the log; null where it may go on. */
export function refusalOf(arrival: Arrival, port: number): string | null {
  const { host, origin } = arrival.headers;
  // A foreign name that resolves to 127.0.0.1 (DNS rebinding) still sends its own name here.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 'the Host header is foreign';
  if (origin !== undefined && origin !== `http://${host}`) return 'the Origin header is foreign';
  if (arrival.method === 'POST' && origin === undefined) return 'a POST came without an Origin header';
  if (arrival.path.startsWith('/api/') && isFromAnotherSite(arrival.headers['sec-fetch-site'])) {
    return 'the request was started by another site';
  }
  return null;
}

/** Browsers say who started a request; another port of this machine is `same-site`, not `same-origin`. */
function isFromAnotherSite(site: string | string[] | undefined): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
