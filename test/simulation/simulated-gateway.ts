import Database from 'better-sqlite3';
import { openDatabase } from '../../main/database/open.ts';
import type { Clock } from '../../main/shell/clock.ts';
import { openAcquiring, type Acquiring } from '../../main/training/acquiring.ts';
import { RSA_PROTOCOLS, type Call } from '../../main/training/call.ts';
import type { Handled } from '../../main/training/acquirer.ts';
import { MIGRATIONS } from '../../main/training/migrations.ts';
import { netCapturedMinor } from '../../main/training/practice-order.ts';
import type { GatewayTruth, WireLine } from '../checker/history.ts';
import type { ClientConfig } from '../support/gateway-process.ts';
import type { GatewayKeys } from '../support/protocols.ts';
import { must } from '../support/must.ts';
import { seededRandom } from '../support/seeded-random.ts';

const TIME_ZONE = 'Asia/Shanghai';

/** A gateway's file as it is when new, with all its keys; making them takes a second, so it is made once. */
export type GatewayTemplate = Awaited<ReturnType<typeof makeGatewayTemplate>>;

export async function makeGatewayTemplate() {
  const database = must(openDatabase(':memory:', MIGRATIONS));
  const { terminals, clients } = openAcquiring(database, {
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    random: seededRandom(1),
    timeZone: TIME_ZONE,
  });
  const { terminalSn, terminalKey } = terminals.credentials();
  const [alipayplus, miniprogram] = await Promise.all(
    RSA_PROTOCOLS.map(async (protocol): Promise<ClientConfig> => {
      const { clientId, privateKey, publicKey } = must(await clients.credentials(protocol));
      const settings = { protocol, apiDomain: '', client: { clientId } };
      return { settings, keyFile: { privateKey, publicKey } };
    }),
  );
  if (alipayplus === undefined || miniprogram === undefined) throw new Error('A protocol has no keys');
  const keys: GatewayKeys = {
    newTerminal: async () => ({ terminalSn, terminalKey }),
    protocolConfig: (protocol) => ({ alipayplus, miniprogram })[protocol],
  };
  const file = database.serialize();
  database.close();
  return { file, keys };
}

/** What a request met at the acquirer: an answer and how it is sent, or nobody who knows its path. */
export type Met = { readonly handled: Handled } | null;

/** The practice gateway's own model of an acquirer, asked without a server, on a clock that is never set. */
export class SimulatedGateway {
  readonly acquiring: Acquiring;
  readonly #database: Database.Database;
  #isWell = false;
  readonly #calls = new Map<
    string,
    { readonly call: Call; readonly at: Acquiring['counterparts'][number] }
  >();

  constructor(template: GatewayTemplate, clock: Clock, random: () => number) {
    this.#database = new Database(template.file);
    this.acquiring = openAcquiring(this.#database, { clock, random, timeZone: TIME_ZONE });
    for (const at of this.acquiring.counterparts)
      for (const { path, call } of at.routes) this.#calls.set(path, { call, at });
  }

  /** Keys are read from the file once. */
  async ready(): Promise<void> {
    for (const { ready } of this.acquiring.counterparts) await ready();
  }

  handle(request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }): Met {
    const { path, headers, body } = request;
    const found = this.#calls.get(path);
    if (found === undefined) return null;
    const { call, at } = found;
    if (this.#isWell) this.#heal();
    const wire = { method: 'POST', path, header: (name: string) => headers[name], raw: body };
    return { handled: at.acquirer.handle(call, wire) };
  }

  /** From now on no line is dead, keys stay registered, and a payment that nobody confirms is closed, as acquirers do. */
  becomeWell(): void {
    this.#isWell = true;
    this.#heal();
  }

  #heal(): void {
    const { orders, conditions, nowMs } = this.acquiring;
    conditions.change({ clientKeyAccepted: true });
    for (const { id, lineDead, status, due } of orders.all()) {
      if (lineDead) orders.revive(id);
      if (status === 'CREATED' && due === null) orders.cancel(id, nowMs());
    }
  }

  /** What the customer is out of pocket for an order now, in minor units; null where nobody knows it. */
  netMinor(clientSn: string): number | null {
    const { orders, nowMs } = this.acquiring;
    orders.settle(nowMs());
    const order = orders.named(clientSn);
    return order === undefined ? null : netCapturedMinor(order);
  }

  truths(): readonly GatewayTruth[] {
    const { orders, nowMs } = this.acquiring;
    orders.settle(nowMs());
    return orders.all().map((order) => ({
      clientSn: order.clientSn,
      sn: order.sn,
      totalMinor: order.totalMinor,
      netCapturedMinor: netCapturedMinor(order),
      charges: order.charges,
      refunds: orders.refundsOf(order.id),
    }));
  }

  wire(): readonly WireLine[] {
    return this.acquiring.log.entries(undefined);
  }

  close(): void {
    this.#database.close();
  }
}
