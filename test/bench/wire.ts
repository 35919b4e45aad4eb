import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openTerminal, type RunningTerminal } from '../../main/open-terminal.ts';
import { systemClock } from '../../main/shell/clock.ts';
import { createLog } from '../../main/shell/log.ts';
import { steadyClock, type SteadyClock } from '../../main/shell/steady-clock.ts';
import type { PolicyInput } from '../../shared/order/policy.ts';
import { UPAY_PATHS } from '../../shared/protocol/upay/requests.ts';
import { prepareData, type PreparedData } from '../support/cli.ts';
import {
  startGatewayProcess,
  type GatewayProcess,
  type TerminalIdentity,
} from '../support/gateway-process.ts';
import { must } from '../support/must.ts';
import { storeUpayKeys } from '../support/protocols.ts';

/** As many connections as the terminal's own pool has. */
const CONNECTIONS = 12;

export const CASHIER = { kind: 'operator', name: 'bench' } as const;
export const SUBJECT = 'Counter sale';

/** The built gateway's own process, and a data directory of a terminal that has checked in today. */
export interface Line {
  readonly gateway: GatewayProcess;
  readonly data: PreparedData;
  /** A payment code that no other call of this line has given out. */
  readonly newCode: () => string;
  readonly close: () => Promise<void>;
}

/** An acquirer does not write to the counter's disk, so here the gateway keeps its file in memory where it can. */
const GATEWAY_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export async function openLine(policy: PolicyInput = {}): Promise<Line> {
  const folder = mkdtempSync(join(GATEWAY_FOLDER, 'redress-gateway-'));
  const gateway = await startGatewayProcess({ file: join(folder, 'practice.db') });
  const data = await prepareData(gateway, policy);
  // A check-in belongs to the first call of a day and to no other.
  const keys = { current: data.identity.terminalKey, previous: null, checkedIn: true };
  storeUpayKeys(data.data, data, keys);
  let codes = 134_600_000_000_000_000n;
  return {
    gateway,
    data,
    newCode: () => String((codes += 1n)),
    async close() {
      await gateway.stop();
      rmSync(folder, { recursive: true });
      data.leaveUnchecked();
      data.remove();
    },
  };
}

/** A terminal of this process that keeps no log, and the clock it goes by. */
export interface BenchTerminal extends RunningTerminal {
  readonly clock: SteadyClock;
  /** The instant on the machine's monotonic clock at which the terminal's own reaches `atMs`, in microseconds. */
  readonly monotonicUs: (atMs: number) => number;
}

export async function openBenchTerminal({ data }: Line): Promise<BenchTerminal> {
  // The steady clock starts from one reading of each, so its origin is known to whoever gave them.
  const first = { nowMs: systemClock.nowMs(), monotonicMs: systemClock.monotonicMs() };
  let readings = 0;
  const clock = steadyClock({
    nowMs: () => (readings === 0 ? first.nowMs : systemClock.nowMs()),
    monotonicMs() {
      readings += 1;
      return readings === 1 ? first.monotonicMs : systemClock.monotonicMs();
    },
  });
  const log = createLog('silent', process.stderr);
  const running = must(openTerminal({ directory: data.data, log, practice: false, clock }));
  running.terminal.start();
  await running.terminal.ready();
  return {
    ...running,
    clock,
    // The steady clock rounds, so it shows a millisecond from half a one before on.
    monotonicUs: (atMs) => (atMs - 0.5 - first.nowMs + first.monotonicMs) * 1000,
  };
}

/** What the reference does with its connections. */
export type BarePool = 'fresh' | 'kept';

export const BARE_NAMES: Readonly<Record<BarePool, string>> = {
  fresh: 'bare undici POST, a connection for each call as ours',
  kept: 'bare undici POST as undici ships, connections kept alive',
};

/** Calls of the acquirer's protocol with nothing around them: serialised, signed, sent, the reply read. */
export class BareCaller {
  readonly #pool: Pool;
  readonly #identity: TerminalIdentity;

  constructor(url: string, identity: TerminalIdentity, kind: BarePool) {
    this.#identity = identity;
    this.#pool = new Pool(url, { connections: CONNECTIONS, ...(kind === 'fresh' ? { pipelining: 0 } : {}) });
  }

  /** @returns the envelope's own result code */
  async send(
    call: 'pay' | 'query' | 'cancel',
    fields: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const { terminalSn, terminalKey } = this.#identity;
    const body = Buffer.from(JSON.stringify({ terminal_sn: terminalSn, ...fields }));
    const sign = createHash('md5').update(body).update(terminalKey).digest('hex');
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      accept: 'application/json',
      authorization: `${terminalSn} ${sign}`,
    };
    const response = await this.#pool.request({ method: 'POST', path: UPAY_PATHS[call], headers, body });
    const reply = (await response.body.json()) as {
      readonly biz_response?: { readonly result_code?: string };
    };
    return reply.biz_response?.result_code;
  }

  /** A payment with the same fields as the terminal's own. */
  async pay(clientSn: string, code: string, amountMinor: number): Promise<void> {
    const result = await this.send('pay', {
      client_sn: clientSn,
      total_amount: String(amountMinor),
      dynamic_id: code,
      subject: SUBJECT,
      operator: CASHIER.name,
    });
    if (result !== 'PAY_SUCCESS') throw new Error(`The gateway did not take a payment: ${result}`);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

/** A name for an order that the terminal does not know. */
export function bareName(index: number): string {
  return `bare${String(index).padStart(20, '0')}`;
}

/** Bare callers of a line's gateway, on a connection for each call as ours and on kept ones as undici ships. */
export function bareCallers({ gateway, data }: Line): Readonly<Record<'fresh' | 'kept', BareCaller>> {
  return {
    fresh: new BareCaller(gateway.url, data.identity, 'fresh'),
    kept: new BareCaller(gateway.url, data.identity, 'kept'),
  };
}
