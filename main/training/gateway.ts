import type { FastifyInstance } from 'fastify';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { databaseFailure, openDatabase, type DatabaseHandle } from '../database/open.ts';
import type { Clock, Random, Timers } from '../shell/clock.ts';
import { openAcquiring } from './acquiring.ts';
import type { RsaCredentials } from './alipay/clients.ts';
import type { RsaProtocol } from './call.ts';
import { registerControl } from './control.ts';
import { MIGRATIONS } from './migrations.ts';
import { bareServer, registerCalls } from './server.ts';
import type { GatewayCredentials } from './upay/terminals.ts';

export type { RsaCredentials } from './alipay/clients.ts';
export type { GatewayCredentials } from './upay/terminals.ts';

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
  /** For Upay. */
  readonly credentials: GatewayCredentials;
  /** For a protocol with RSA keys, which are made when they are first asked for. */
  readonly rsaCredentials: (protocol: RsaProtocol) => Promise<Result<RsaCredentials, Failure>>;
  /** Ends at once, silent connections included, and closes the file. */
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the practice gateway: a faithful acquirer with faults, on the loopback interface only.
 *
 * Fails with `port_in_use`, or with what `openDatabase` says about the file.
 */
export async function startGateway(options: GatewayOptions): Promise<Result<Gateway, Failure>> {
  const opened = openDatabase(options.file, MIGRATIONS);
  if (!opened.ok) return opened;
  const database = opened.value;
  const assembled = tryAssemble(database, options);
  if (!assembled.ok) return assembled;
  const { app, credentials, rsaCredentials } = assembled.value;
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
    rsaCredentials,
    async close() {
      await app.close();
      if (database.open) database.close();
    },
  });
}

interface Assembled extends Pick<Gateway, 'credentials' | 'rsaCredentials'> {
  readonly app: FastifyInstance;
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
  const acquiring = openAcquiring(database, { clock, random, timeZone });
  const { counterparts, orders, terminals, clients, log, script, conditions, nowMs } = acquiring;
  const credentials = terminals.credentials();
  const practiceTerminalSn = credentials.terminalSn;

  const app = bareServer(nowMs);
  const delivering = { log, timers, conditions };
  for (const { routes, acquirer, ready } of counterparts)
    registerCalls(app, routes, acquirer, ready, delivering);
  void app.register(async (scope) =>
    registerControl(scope, {
      orders,
      terminals,
      clients,
      log,
      script,
      conditions,
      practiceTerminalSn,
      nowMs,
    }),
  );
  return { app, credentials, rsaCredentials: (protocol) => clients.credentials(protocol) };
}

function isPortTaken(error: unknown): boolean {
  // A privileged port is as unusable as a taken one, and the way out is the same: choose another.
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
