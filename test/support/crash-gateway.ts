import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { activate } from '../../main/acquirer/activate.ts';
import { createPool } from '../../main/acquirer/transport.ts';
import type { Ledger } from '../../main/ledger/ledger.ts';
import { openDirectory } from '../../main/open-terminal.ts';
import { storeTerminalKey } from '../../main/settings/key-store.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import type { Order } from '../../shared/order/order.ts';
import { parseSettings } from '../../shared/settings.ts';
import { problemsOf } from './check-story.ts';
import { type Child, redress, startRedress } from './crash-processes.ts';

/** Waits as short as a loaded machine bears, so that a whole reversal takes seconds. */
export const QUICK_POLICY = {
  payTimeoutMs: 600,
  callTimeoutMs: 500,
  queryIntervalMs: 150,
  confirmWindowMs: 1200,
  minReverseAgeMs: 300,
  inFlightHorizonMs: 2500,
  reverseBackoffMs: [100, 200, 400],
  connectTimeoutMs: 500,
} as const;

/** For orders that end paid: however slowly a machine restarts, the window is still open. */
export const PATIENT_POLICY = {
  ...QUICK_POLICY,
  confirmWindowMs: 40_000,
  inFlightHorizonMs: 40_000,
} as const;

/** Long enough for a pay that lands late on a loaded machine to land before the horizon all the same. */
export const LATE_POLICY = { ...QUICK_POLICY, inFlightHorizonMs: 6000 } as const;

export type CrashPolicy = typeof QUICK_POLICY | typeof PATIENT_POLICY | typeof LATE_POLICY;

interface Ready {
  readonly url: string;
  readonly pid: number;
  readonly settings: { readonly vendor: { readonly vendorSn: string; readonly appId: string } };
  readonly activation: { readonly code: string; readonly vendorKeyFile: { readonly vendorKey: string } };
}

/** The truth of one order. */
export interface GatewayOrder {
  readonly clientSn: string;
  readonly terminalSn: string;
  readonly orderStatus: string;
  readonly netCapturedMinor: number;
  readonly charges: number;
}

export interface WireEntry {
  readonly seq: number;
  readonly path: string;
  readonly terminalSn: string | null;
  readonly clientSn: string | null;
  readonly signature: string;
  readonly result: string | null;
}

/** The practice gateway as its own process, on its own file. */
export class GatewayProcess {
  readonly ready: Ready;
  /** Where it keeps its orders. */
  readonly file: string;
  readonly #child: Child;

  private constructor(child: Child, ready: Ready, file: string) {
    this.#child = child;
    this.ready = ready;
    this.file = file;
  }

  static async start(file: string): Promise<GatewayProcess> {
    const child = startRedress('--json', 'gateway', '--data', file, '--with-parent');
    const line = await child.printed('\n');
    const gateway = new GatewayProcess(child, JSON.parse(line) as Ready, file);
    await gateway.#ask('/__config', { pendingMs: 400, slowMs: 300, hangMs: 10_000, landAfterMs: 2000 });
    return gateway;
  }

  async orders(): Promise<readonly GatewayOrder[]> {
    return (await this.#ask('/__orders')) as readonly GatewayOrder[];
  }

  async log(clientSn?: string): Promise<readonly WireEntry[]> {
    return (await this.#ask(
      clientSn === undefined ? '/__log' : `/__log?clientSn=${clientSn}`,
    )) as readonly WireEntry[];
  }

  /** Names of the calls about one order, in the order they arrived. */
  async calls(clientSn: string): Promise<readonly string[]> {
    return (await this.log(clientSn)).map((entry) => entry.path.split('/').at(-1) ?? '');
  }

  /** A data directory with a terminal of its own, so that no other one rotates its key. */
  async newTerminal(root: string, policy: CrashPolicy): Promise<CrashTerminal> {
    const { url, settings, activation } = this.ready;
    const pool = createPool({
      origin: url,
      connections: 1,
      connectTimeoutMs: 10_000,
      replyTimeoutMs: 10_000,
    });
    const { vendorSn, appId } = settings.vendor;
    const { vendorKey } = activation.vendorKeyFile;
    const identity = { vendorSn, vendorKey, appId, code: activation.code, deviceId: 'crash-counter' };
    const credentials = await activate(pool, identity, AbortSignal.timeout(20_000));
    await pool.destroy();
    if (!credentials.ok) throw new Error(credentials.error.code);
    const { terminalSn, terminalKey } = credentials.value;
    const parsed = parseSettings({
      protocol: 'upay',
      apiDomain: url,
      terminal: { terminalSn, deviceId: 'crash-counter' },
      policy,
    });
    if (!parsed.ok) throw new Error(parsed.error.code);
    const directory = mkdtempSync(join(root, 'terminal-'));
    const saved = saveSettings(directory, parsed.value);
    const stored = storeTerminalKey(directory, terminalSn, terminalKey);
    if (!saved.ok || !stored.ok) throw new Error('the directory was not prepared');
    return { directory, terminalSn };
  }

  async close(): Promise<void> {
    this.#child.process.stdin?.end();
    await this.#child.ended;
  }

  async #ask(path: string, body?: object): Promise<unknown> {
    const response = await fetch(
      this.ready.url + path,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

export interface CrashTerminal {
  readonly directory: string;
  readonly terminalSn: string;
}

/** Reads a ledger that no process holds any more. */
export function withLedger<Value>(directory: string, read: (ledger: Ledger) => Value): Value {
  const opened = openDirectory(directory);
  if (!opened.ok) throw new Error(`${directory}: ${opened.error.code}`);
  try {
    return read(opened.value.ledger);
  } finally {
    opened.value.close();
  }
}

export function ordersOnDisk(directory: string): readonly Order[] {
  return withLedger(directory, (ledger) => ledger.recent(100));
}

/** The only order of a directory. */
export function onlyOrder(directory: string): Order {
  const [order, ...others] = ordersOnDisk(directory);
  if (order === undefined || others.length > 0) throw new Error(`${others.length} other orders`);
  return order;
}

/** What every crash must come to: everything owed goes out, and it ends by itself. */
export async function workUntilIdle(directory: string): Promise<void> {
  const worked = await redress('--data', directory, '--json', 'work', '--until-idle', '--for', '60');
  expect(JSON.parse(worked.stdout || '{}')).toMatchObject({ idle: true, owed: 0 });
  expect(worked.code).toBe(0);
}

/**
 * Holds the terminal's book against the gateway's, order by order: charged at most once, by one pay at
 * most, no money kept unless the order says so, and a ledger that verifies and owes nothing.
 */
export async function expectAgreement(
  gateway: GatewayProcess,
  terminal: CrashTerminal,
): Promise<readonly Order[]> {
  const orders = withLedger(terminal.directory, (ledger) => {
    expect(ledger.verify().problems).toEqual([]);
    expect(ledger.owed()).toEqual([]);
    return ledger.recent(100);
  });
  const truths = (await gateway.orders()).filter((truth) => truth.terminalSn === terminal.terminalSn);
  const log = (await gateway.log()).filter((entry) => entry.terminalSn === terminal.terminalSn);
  const { directory, terminalSn } = terminal;
  expect(problemsOf(directory, gateway.file, { terminalSn })).toEqual([]);
  expect(
    truths.map((truth) => truth.clientSn).filter((sn) => !orders.some((order) => order.clientSn === sn)),
  ).toEqual([]);
  for (const order of orders) {
    const truth = truths.find((candidate) => candidate.clientSn === order.clientSn);
    const pays = log.filter((entry) => entry.clientSn === order.clientSn && entry.path.endsWith('/pay'));
    expect(pays.length).toBeLessThanOrEqual(1);
    expect(truth?.charges ?? 0).toBeLessThanOrEqual(1);
    expect(agreementOf(order, truth)).toBe('agrees');
  }
  return orders;
}

export function agreementOf(
  order: Order,
  truth: Pick<GatewayOrder, 'orderStatus' | 'netCapturedMinor'> | undefined,
): string {
  const net = truth?.netCapturedMinor ?? 0;
  const told = `${order.state}, charged ${order.charged}, ${order.reason}; gateway ${truth?.orderStatus} net ${net}`;
  switch (order.state) {
    case 'paid':
      return net === order.amountMinor ? 'agrees' : told;
    case 'declined':
    case 'reversed':
    case 'revoked':
      return net === 0 && order.charged === 'no' ? 'agrees' : told;
    case 'attention':
      return order.charged === (net === 0 ? 'no' : 'yes') ? 'agrees' : told;
    case 'collecting':
    case 'confirming':
    case 'reversing':
    case 'verifying':
    case 'revoking':
    case 'resolved':
      return told;
  }
}
