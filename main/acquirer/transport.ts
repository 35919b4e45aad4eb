import { buildConnector, Pool, type Dispatcher } from 'undici';
import { INTERRUPTED, TIMED_OUT } from './acquirer.ts';

export type { Dispatcher } from 'undici';

/** The largest reply that is read; the documented ones stay far below. */
export const MAX_REPLY_BYTES = 256 * 1024;

/** A failure before anything was written carries this code, whatever the network called it. */
const NOT_CONNECTED = 'REDRESS_NOT_CONNECTED';

/** What a dispatcher fails with when it could not connect, and so has written nothing. */
export class NotConnectedError extends Error {
  readonly code = NOT_CONNECTED;
  constructor(cause: Error) {
    super('No connection to the acquirer', { cause });
  }
}

export interface PoolOptions {
  readonly origin: string;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** The longest any call may wait for its reply; callers cut shorter with their signal. */
  readonly replyTimeoutMs: number;
}

/**
 * The one pool all calls go through. Every error of the connect phase (refused, DNS, TLS, time-out) is
 * marked by the connector itself, so "nothing was sent" never depends on guessing from error names.
 */
export function createPool(options: PoolOptions): Dispatcher {
  const connect = buildConnector({ timeout: options.connectTimeoutMs, rejectUnauthorized: true });
  return new Pool(options.origin, {
    connections: options.connections,
    // A connection serves one call: a reply that comes twice would be taken for the next call's answer, and
    // nothing in it need say whose it is.
    pipelining: 0,
    headersTimeout: options.replyTimeoutMs,
    bodyTimeout: options.replyTimeoutMs,
    maxResponseSize: MAX_REPLY_BYTES,
    connect: (connectOptions, callback) =>
      connect(connectOptions, (...result) => {
        const [error, socket] = result;
        if (error === null) callback(null, socket);
        else callback(new NotConnectedError(error), null);
      }),
  });
}

/** What became of one HTTP exchange. */
export type Exchange =
  | {
      readonly kind: 'reply';
      readonly status: number;
      /** The body as it came; a signature covers exactly these bytes. */
      readonly body: Uint8Array;
      /** By lower-case name; a header that came more than once is absent, because nobody can say which one counts. */
      readonly headers: ReadonlyMap<string, string>;
      /** The acquirer's own clock; undefined for a page out of a cache, which carries the date of its making. */
      readonly date: string | undefined;
    }
  | { readonly kind: 'not_sent'; readonly code: string }
  | { readonly kind: 'no_answer'; readonly code: string };

/** Sends one request and reads its reply. Never follows a redirect and never sends twice. */
export async function exchange(
  dispatcher: Dispatcher,
  request: {
    readonly method: 'POST' | 'HEAD' | 'GET' | 'DELETE';
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  },
  signal: AbortSignal,
): Promise<Exchange> {
  try {
    const { method, path, headers, body } = request;
    const response = await dispatcher.request({
      method,
      path,
      headers: { ...headers },
      body: body ?? null,
      signal,
    });
    const bytes = await response.body.bytes();
    const once = singleHeaders(response.headers);
    const date = response.headers['age'] === undefined ? once.get('date') : undefined;
    return { kind: 'reply', status: response.statusCode, body: bytes, headers: once, date };
  } catch (error) {
    if (codeOf(error) === NOT_CONNECTED) {
      const cause = error instanceof Error ? error.cause : undefined;
      return { kind: 'not_sent', code: `network/${codeOf(cause) ?? 'NOT_CONNECTED'}` };
    }
    if (signal.aborted) {
      return { kind: 'no_answer', code: signal.reason === INTERRUPTED ? INTERRUPTED : TIMED_OUT };
    }
    return { kind: 'no_answer', code: `network/${codeOf(error) ?? 'FAILED'}` };
  }
}

/** The body as text; bytes that are no UTF-8 are replaced. */
export function textOf({ body }: { readonly body: Uint8Array }): string {
  return new TextDecoder().decode(body);
}

/** One request that carries no identity and moves no money: whether there is anybody, and what time it is there. */
export function knock(dispatcher: Dispatcher, signal: AbortSignal): Promise<Exchange> {
  return exchange(dispatcher, { method: 'HEAD', path: '/' }, signal);
}

function singleHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ReadonlyMap<string, string> {
  const single = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') single.set(name, value);
  }
  return single;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
