import Fastify, { type FastifyInstance } from 'fastify';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { databaseFailure, openDatabase, type DatabaseHandle } from '../database/open.ts';
import type { Clock, Random, Timers } from '../shell/clock.ts';
import { acquirer, type Acquirer } from './acquirer.ts';
import { CALLS, PATHS } from './call.ts';
import { conditionStore } from './conditions.ts';
import { registerControl } from './control.ts';
import { deliver, type DeliveryDependencies } from './delivery.ts';
import { faultScript } from './fault-script.ts';
import { httpDate } from './http-date.ts';
import { MIGRATIONS } from './migrations.ts';
import { orderStore } from './orders.ts';
import { terminalStore, type GatewayCredentials } from './terminals.ts';
import { trades } from './trades.ts';
import { wireLog } from './wire-log.ts';

export type { GatewayCredentials } from './terminals.ts';

export interface GatewayOptions {
  /** TCP port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Path of the SQLite file, or `:memory:`. */
  readonly file: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** IANA zone in which a calendar day is counted; Asia/Shanghai unless given. */
  readonly timeZone?: string;
}

export interface Gateway {
  /** Without a trailing slash, for example `http://127.0.0.1:8466`. */
  readonly url: string;
  readonly port: number;
  readonly credentials: GatewayCredentials;
  /** Ends at once, silent connections included, and closes the file. */
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';
const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Starts the practice gateway: a faithful Upay acquirer with faults, on the loopback interface only.
 *
 * Fails with `port_in_use`, or with what `openDatabase` says about the file.
 */
export async function startGateway(options: GatewayOptions): Promise<Result<Gateway, Failure>> {
  const opened = openDatabase(options.file, MIGRATIONS);
  if (!opened.ok) return opened;
  const database = opened.value;
  const assembled = tryAssemble(database, options);
  if (!assembled.ok) return assembled;
  const { app, credentials } = assembled.value;
  try {
    await app.listen({ host: HOST, port: options.port });
  } catch (error) {
    await app.close();
    database.close();
    if (isPortTaken(error)) return err(failure('port_in_use', String(options.port)));
    throw error;
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return ok({
    url: `http://${HOST}:${port}`,
    port,
    credentials,
    async close() {
      await app.close();
      if (database.open) database.close();
    },
  });
}

interface Assembled {
  readonly app: FastifyInstance;
  readonly credentials: GatewayCredentials;
}

/** A new file is written to here, which a full or read-only disk refuses. */
function tryAssemble(database: DatabaseHandle, options: GatewayOptions): Result<Assembled, Failure> {
  try {
    return ok(assemble(database, options));
  } catch (error) {
    database.close();
    return err(databaseFailure(error));
  }
}

function assemble(
  database: DatabaseHandle,
  { clock, timers, random, timeZone = 'Asia/Shanghai' }: GatewayOptions,
): Assembled {
  const conditions = conditionStore();
  const script = faultScript();
  const orders = orderStore(database);
  const terminals = terminalStore(database, random);
  const log = wireLog(database, clock);
  const nowMs = (): number => clock.nowMs() + conditions.offsetMs();
  const { codeSalt } = terminals;
  const acquiring = acquirer({
    orders,
    terminals,
    trades: trades({ orders, conditions, random, codeSalt, timeZone, nowMs }),
    log,
    script,
    conditions,
    nowMs,
    atomically: (run) => database.transaction(run).immediate(),
  });
  const credentials = terminals.credentials();
  const practiceTerminalSn = credentials.terminalSn;

  const app = bareServer(nowMs);
  registerCalls(app, acquiring, { log, timers, conditions });
  void app.register(async (scope) =>
    registerControl(scope, { orders, terminals, log, script, conditions, practiceTerminalSn, nowMs }),
  );
  return { app, credentials };
}

/** A server that hands every body over as the bytes that came, because the signature covers them. */
function bareServer(nowMs: () => number): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (_request, reply) => {
    // Set on the raw response too, where an answer that is broken off takes its header from.
    reply.raw.setHeader('date', httpDate(nowMs()));
  });
  return app;
}

function registerCalls(app: FastifyInstance, acquiring: Acquirer, dependencies: DeliveryDependencies): void {
  for (const call of CALLS) {
    app.post(PATHS[call], (request, reply) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
      const { authorization } = request.headers;
      return deliver(acquiring.handle(call, { raw, authorization }), reply, dependencies);
    });
  }
}

function isPortTaken(error: unknown): boolean {
  // A privileged port is as unusable as a taken one, and the way out is the same: choose another.
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
