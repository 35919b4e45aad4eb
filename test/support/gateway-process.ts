import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FaultName } from '../../main/training/faults.ts';
import { UPAY_PATHS, type UpayCall } from '../../shared/protocol/upay/requests.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';
import { inDatabase } from './database-file.ts';

/** Where the build puts the command line. */
export const REDRESS = join(import.meta.dirname, '../../dist/main/redress.js');

/** Longer than any start on a busy machine. */
const START_MS = 20_000;

/** The one JSON document `redress --json gateway` prints. */
interface Ready {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly settings: {
    readonly protocol: 'upay';
    readonly apiDomain: string;
    readonly terminal: { readonly terminalSn: string; readonly deviceId: string };
    readonly vendor: { readonly vendorSn: string; readonly appId: string };
  };
  readonly keyFile: { readonly terminalKey: string };
  readonly activation: { readonly code: string; readonly vendorKeyFile: { readonly vendorKey: string } };
  /** Absent where the gateway was started for Upay alone. */
  readonly protocols?: Readonly<Record<ClientProtocol, ClientConfig>>;
}

type ClientProtocol = 'alipayplus' | 'miniprogram';

/** What a terminal needs to speak a protocol that signs with a key pair. */
export interface ClientConfig {
  readonly settings: {
    readonly protocol: ClientProtocol;
    readonly apiDomain: string;
    readonly client: { readonly clientId: string };
  };
  readonly keyFile: { readonly privateKey: string; readonly publicKey: string };
}

/** The gateway's truth about one order. */
export interface GatewayOrder {
  readonly clientSn: string;
  readonly sn: string;
  readonly orderStatus: string;
  readonly totalMinor: number;
  readonly netCapturedMinor: number;
  readonly charges: number;
  readonly reversals: number;
}

/** One request as the gateway saw it arrive. */
export interface WireEntry {
  readonly seq: number;
  readonly atMs: number;
  /** Monotonic microseconds by the machine's clock, which every process of it reads alike. */
  readonly atUs: number;
  /** What the call is, whatever its path: `pay`, `query`, `cancel`, `revoke`, `refund` and so on. */
  readonly call: string;
  readonly path: string;
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  readonly clientSn: string | null;
  readonly sn: string | null;
  readonly fault: string | null;
  readonly signature: 'unchecked' | 'ok' | 'wrong' | 'unknown_sn';
  readonly result: string | null;
  readonly delivery: string;
}

/** A terminal number with the key the acquirer gave it. */
export interface TerminalIdentity {
  readonly terminalSn: string;
  readonly terminalKey: string;
}

interface Reply {
  readonly result_code: string;
  readonly error_code?: string;
  readonly biz_response?: {
    readonly result_code?: string;
    readonly error_code?: string;
    readonly terminal_sn?: string;
    readonly terminal_key?: string;
  };
}

export type GatewayProcess = Awaited<ReturnType<typeof startGatewayProcess>>;

/**
 * The real practice gateway as its own process. It ends with `stop`, and with this process, whose end
 * closes its standard input.
 */
export async function startGatewayProcess(
  options: {
    readonly file?: string;
    readonly port?: number;
    /** Makes keys for the protocols that sign with them, which takes a moment. */
    readonly allProtocols?: boolean;
  } = {},
) {
  const folder = options.file === undefined ? mkdtempSync(join(tmpdir(), 'redress-gateway-')) : null;
  const file = options.file ?? join(folder ?? '', 'practice.db');
  const launch = async (port: number): Promise<{ readonly child: ChildProcess; readonly ready: Ready }> => {
    const command = ['--json', 'gateway', '--port', String(port), '--data', file, '--with-parent'];
    const narrowed = options.allProtocols === true ? [] : ['--upay-only'];
    const child = spawn(process.execPath, [REDRESS, ...command, ...narrowed], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return { child, ready: await firstLine(child) };
  };
  let running = await launch(options.port ?? 0);
  const { ready } = running;
  const { url } = ready;

  const control = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(START_MS) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const sendAs = async (sn: string, key: string, call: UpayCall, body: object): Promise<Reply> => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const response = await fetch(url + UPAY_PATHS[call], {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: upayAuthorization(sn, bytes, key) },
      body: bytes,
      signal: AbortSignal.timeout(START_MS),
    });
    return (await response.json()) as Reply;
  };
  const byHand: string[] = [];
  const end = async (signal: NodeJS.Signals | null): Promise<void> => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (signal === null) child.stdin?.end();
    else child.kill(signal);
    await ended;
  };

  return {
    ...ready,
    file,
    protocolConfig(protocol: ClientProtocol): ClientConfig {
      const config = ready.protocols?.[protocol];
      if (config === undefined) throw new Error('start the gateway with allProtocols');
      return config;
    },
    setFault: (fault: {
      fault: FaultName;
      call?: UpayCall | 'any';
      times?: number;
      clientSn?: string;
      /** What `answer_code` answers. */
      code?: string;
      status?: string;
    }) => control('POST', '/__faults', fault),
    clearFaults: () => control('DELETE', '/__faults'),
    configure: (habits: {
      previousKeyTrades?: boolean;
      pendingMs?: number;
      slowMs?: number;
      hangMs?: number;
      landAfterMs?: number;
      clientKeyAccepted?: boolean;
      freshnessMs?: number;
      miniprogramWindowMs?: number | null;
    }) => control('POST', '/__config', habits),
    /** Shifts the gateway's clock against the machine's. */
    setClock: (offsetMs: number) => control('POST', '/__clock', { offsetMs }),
    /** Rotates a terminal's key behind its back. */
    rotate: (terminalSn: string) => control('POST', '/__rotate', { terminalSn }),
    /** Unregisters the keys of the clients with key pairs, or registers them again. */
    toggleClientKey: (clientId: string) => control('POST', '/__rotate', { clientId }),
    orders: async () => (await control('GET', '/__orders')) as readonly GatewayOrder[],
    /** null where the gateway never made such an order. */
    async order(clientSn: string): Promise<GatewayOrder | null> {
      const orders = (await control('GET', '/__orders')) as readonly GatewayOrder[];
      return orders.find((order) => order.clientSn === clientSn) ?? null;
    },
    wireLog: async (clientSn?: string) =>
      (await control(
        'GET',
        clientSn === undefined ? '/__log' : `/__log?clientSn=${clientSn}`,
      )) as readonly WireEntry[],
    /** A fresh terminal, so that key rotations of one test never reach another. */
    async newTerminal(deviceId: string): Promise<TerminalIdentity> {
      const { vendorSn, appId } = ready.settings.vendor;
      const { code, vendorKeyFile } = ready.activation;
      const request = { app_id: appId, code, device_id: deviceId };
      const reply = await sendAs(vendorSn, vendorKeyFile.vendorKey, 'activate', request);
      const { terminal_sn: terminalSn, terminal_key: terminalKey } = reply.biz_response ?? {};
      if (terminalSn === undefined || terminalKey === undefined)
        throw new Error('the gateway refused to activate');
      return { terminalSn, terminalKey };
    },
    /** What somebody else with the terminal's key does, such as a person at the acquirer's own till. */
    sendByHand: (
      { terminalSn, terminalKey }: TerminalIdentity,
      call: UpayCall,
      body: Readonly<Record<string, string | undefined>>,
    ) => {
      byHand.push(body['sn'] ?? body['client_sn'] ?? '');
      return sendAs(terminalSn, terminalKey, call, { terminal_sn: terminalSn, ...body });
    },
    /** The orders that `sendByHand` has acted on, by the number it named. */
    byHand: byHand as readonly string[],
    /** The key the gateway expects now, read from its file: what merchant IT would be told. */
    currentKey: (terminalSn: string): string =>
      inDatabase(file, (database) => {
        const query = 'SELECT current_key AS key FROM terminals WHERE terminal_sn = ?';
        return database.prepare<[string], { key: string }>(query).get(terminalSn)?.key ?? '';
      }),
    /** Makes the key a terminal was given the current one again. */
    reinstate: ({ terminalSn, terminalKey }: TerminalIdentity): void =>
      inDatabase(file, (database) => {
        database
          .prepare('UPDATE terminals SET current_key = ? WHERE terminal_sn = ?')
          .run(terminalKey, terminalSn);
      }),
    kill: (signal: NodeJS.Signals) => end(signal),
    /** After `kill`: the same file on the same port. */
    async restart(): Promise<void> {
      await end('SIGKILL');
      running = await launch(ready.port);
    },
    async stop(): Promise<void> {
      await end(null);
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function firstLine(child: ChildProcess): Promise<Ready> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the gateway has no stdout');
  const lines = createInterface({ input: stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    for await (const line of lines) return JSON.parse(line) as Ready;
  } finally {
    clearTimeout(timer);
    stdout.resume();
  }
  throw new Error('the gateway ended before it was ready');
}
