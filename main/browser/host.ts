import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Failure, failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { HostedTerminal } from '../hosted-terminal.ts';
import { refusedAnswer } from '../refused-answer.ts';
import type { Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import { createEventStreams, type EventStreams } from './event-stream.ts';
import { createOneTimeTokens, type OneTimeTokens } from './one-time-tokens.ts';
import { REFUSAL_PAGE } from './refusal-page.ts';
import { refusalOf } from './request-guard.ts';
import { securityHeaders } from '../security-headers.ts';

const HEADERS = securityHeaders("'self'");
const LOOPBACK = '127.0.0.1';
const BODY_LIMIT_BYTES = 16 * 1024;
/** How long a request may take to arrive; everything comes from this machine. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How long `close` waits for answers under way before it cuts the connections. */
const CLOSE_GRACE_MS = 2000;

export interface BrowserHostOptions {
  readonly terminal: HostedTerminal;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built renderer: `dist/renderer`. */
  readonly assetsDir: string;
  /** Makes unguessable text for one-time addresses and session ids, for example 32 random bytes in hex. */
  readonly newToken: () => string;
  /** Signs session cookies. Where it survives a restart, open screens reconnect by themselves. */
  readonly sessionSecret: string;
  /** Who acts through this host. */
  readonly operator: string;
  readonly timers: Timers;
  readonly log: Log;
}

export interface BrowserHost {
  /** The first one-time address. */
  readonly url: string;
  readonly port: number;
  /** An address that opens one more session, once. */
  newOneTimeUrl(): string;
  /** What the screens show is no longer true; each asks anew, and says meanwhile that nobody answers. */
  dropScreens(): void;
  /** Ends streams and sockets within a bound. A second call gives the same promise. */
  close(): Promise<void>;
}

/** Serves the screen and the contract on the loopback interface only. Fails with `port_in_use`. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<Result<BrowserHost, Failure>> {
  const app = createServer();
  const tokens = createOneTimeTokens(options.newToken);
  const actor: Actor = { kind: 'operator', name: options.operator };
  const warn = options.log.warn.bind(options.log);
  const streams = createEventStreams({ terminal: options.terminal, actor, timers: options.timers, warn });

  await app.register(fastifyCookie, { secret: options.sessionSecret });
  guardEveryRequest(app, options.log);
  await app.register(fastifyStatic, {
    root: options.assetsDir,
    index: false,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: keepHashedAssets,
  });
  servePage(app, tokens, options);
  serveContract(app, streams, options.terminal, actor);
  answerErrors(app, options.log);

  const listening = await listen(app, options.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  options.log.info({ port }, 'The browser host is listening on the loopback interface');

  const newOneTimeUrl = () => `http://${LOOPBACK}:${port}/?token=${encodeURIComponent(tokens.issue())}`;
  let closing: Promise<void> | null = null;
  return ok({
    url: newOneTimeUrl(),
    port,
    newOneTimeUrl,
    dropScreens: () => streams.closeAll(),
    close: () => (closing ??= closeWithinBound(app, streams, options.timers)),
  });
}

function createServer(): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    frameworkErrors(_error, _request, reply) {
      refuse(reply.headers(HEADERS), 400, failure('arguments_invalid'));
    },
  });
  // JSON is the one body that a foreign page cannot send without asking first.
  app.removeContentTypeParser('text/plain');
  return app;
}

function guardEveryRequest(app: FastifyInstance, log: Log): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const { method, headers } = request;
    const path = pathOf(request);
    const refusal = refusalOf({ method, path, headers }, portOf(app));
    if (refusal !== null) {
      log.warn({ method, path, refusal }, 'A request was refused');
      return refuse(reply, 403, failure('not_allowed'));
    }
    if (isExchange(request) || hasSession(app, request)) return undefined;
    if (path.startsWith('/api/')) return refuse(reply, 403, failure('not_allowed'));
    return sendRefusalPage(reply);
  });
}

/** The one request that may come without a session: it brings a one-time token instead. */
function isExchange(request: FastifyRequest): boolean {
  return request.method === 'GET' && pathOf(request) === '/' && request.url.includes('?');
}

function hasSession(app: FastifyInstance, request: FastifyRequest): boolean {
  const cookie = request.cookies[cookieName(app)];
  // The library compares signatures in constant time.
  return cookie !== undefined && request.unsignCookie(cookie).valid;
}

const pageQuerySchema = z.strictObject({ token: z.string().max(256).optional() });

function servePage(app: FastifyInstance, tokens: OneTimeTokens, { newToken, log }: BrowserHostOptions): void {
  app.get('/', async (request, reply) => {
    const query = pageQuerySchema.safeParse(request.query);
    const token = query.success ? query.data.token : undefined;
    if (token === undefined) {
      return hasSession(app, request) ? reply.sendFile('index.html') : sendRefusalPage(reply);
    }
    if (!tokens.redeem(token)) {
      log.warn({}, 'A used or wrong one-time address was opened');
      return sendRefusalPage(reply);
    }
    log.info({}, 'A screen opened a session');
    // Without the redirect the token would stay in the address bar and in the history.
    return reply
      .setCookie(cookieName(app), newToken(), { path: '/', httpOnly: true, sameSite: 'strict', signed: true })
      .redirect('/', 303);
  });
}

const callBodySchema = z.strictObject({ name: z.string().max(64), args: z.unknown() });

function serveContract(
  app: FastifyInstance,
  streams: EventStreams,
  terminal: HostedTerminal,
  actor: Actor,
): void {
  app.post('/api/call', async (request, reply) => {
    const body = callBodySchema.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, failure('arguments_invalid'));
    return terminal.call(body.data.name, body.data.args, actor);
  });

  app.get('/api/events', (_request, reply) => {
    if (!streams.open(reply.raw)) {
      refuse(reply, 503, failure('not_allowed'));
      return;
    }
    reply.hijack();
  });
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, failure('call_unknown')));
  app.setErrorHandler((error: { readonly statusCode?: number }, request, reply) => {
    const { statusCode } = error;
    // Too large, not JSON, malformed JSON: the sender's fault, and the body is never repeated in a log.
    if (statusCode !== undefined && statusCode < 500)
      return refuse(reply, statusCode, failure('arguments_invalid'));
    log.error({ error, path: pathOf(request) }, 'A request met a bug');
    return refuse(reply, 500, failure('bug'));
  });
}

function refuse(reply: FastifyReply, status: number, refusal: Failure): FastifyReply {
  return reply.code(status).send(refusedAnswer(refusal));
}

function sendRefusalPage(reply: FastifyReply): FastifyReply {
  return reply.code(403).type('text/html; charset=utf-8').send(REFUSAL_PAGE);
}

/** Vite puts the hash of the content into the name of everything below `assets/`. */
function keepHashedAssets(reply: FastifyReply, path: string): void {
  const isHashed = /[\\/]assets[\\/][^\\/]+$/.test(path);
  reply.header('cache-control', isHashed ? 'private, max-age=31536000, immutable' : 'no-store');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}

/** Cookies do not know ports, so two terminals on one machine would overwrite each other's session. */
function cookieName(app: FastifyInstance): string {
  return `redress_session_${portOf(app)}`;
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return isInet(address) ? address.port : 0;
}

function isInet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function listen(app: FastifyInstance, port: number): Promise<Result<number, Failure>> {
  try {
    await app.listen({ host: LOOPBACK, port });
    return ok(portOf(app));
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE' || code === 'EACCES') return err(failure('port_in_use', `${port}: ${code}`));
    throw error;
  }
}

async function closeWithinBound(app: FastifyInstance, streams: EventStreams, timers: Timers): Promise<void> {
  streams.closeAll();
  const cancel = timers.after(CLOSE_GRACE_MS, () => app.server.closeAllConnections());
  await app.close();
  cancel();
}
