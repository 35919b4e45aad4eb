import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Acquirer } from './acquirer.ts';
import type { Call } from './call.ts';
import { deliver, type DeliveryDependencies } from './delivery.ts';
import type { WireRequest } from './front.ts';
import { httpDate } from './http-date.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** A path the gateway answers on, and what is asked there. */
export interface Route {
  readonly path: string;
  readonly call: Call;
}

/** A server that hands every body over as the bytes that came, because the signature covers them. */
export function bareServer(nowMs: () => number): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (_request, reply) => {
    // Set on the raw response too, where an answer that is broken off takes its header from.
    reply.raw.setHeader('date', httpDate(nowMs()));
  });
  return app;
}

/** Hands a protocol's requests to its acquirer, once that is `ready` for them. */
export function registerCalls(
  app: FastifyInstance,
  routes: readonly Route[],
  acquiring: Acquirer,
  ready: () => Promise<boolean>,
  dependencies: DeliveryDependencies,
): void {
  for (const { path, call } of routes) {
    app.post(path, async (request, reply) => {
      if (!(await ready())) return reply.code(503).send();
      return deliver(acquiring.handle(call, wireRequest(request)), reply, dependencies);
    });
  }
}

function wireRequest(request: FastifyRequest): WireRequest {
  return {
    method: request.method,
    path: request.url,
    header(name) {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
    raw: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
  };
}
