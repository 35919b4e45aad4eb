import type { DatabaseHandle } from '../database/open.ts';
import type { Clock, Random } from '../shell/clock.ts';
import { acquirer, type Acquirer } from './acquirer.ts';
import { clientStore } from './alipay/clients.ts';
import { alipayFront } from './alipay/front.ts';
import { routesOf } from './alipay/routes.ts';
import { CALLS, RSA_PROTOCOLS } from './call.ts';
import { conditionStore } from './conditions.ts';
import { faultScript } from './fault-script.ts';
import { orderStore } from './orders.ts';
import type { Route } from './server.ts';
import { trades } from './trades.ts';
import { upayFront } from './upay/front.ts';
import { UPAY_PATHS } from '../../shared/protocol/upay/requests.ts';
import { terminalStore } from './upay/terminals.ts';
import { wireLog } from './wire-log.ts';

export interface AcquiringOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** IANA zone in which a calendar day is counted. */
  readonly timeZone: string;
}

/** One protocol's acquirer, where it is asked, and whether it can be asked yet. */
interface Counterpart {
  readonly routes: readonly Route[];
  readonly acquirer: Acquirer;
  readonly ready: () => Promise<boolean>;
}

export type Acquiring = ReturnType<typeof openAcquiring>;

/**
 * The gateway without its server: the orders and keys in a file whose schema is up to date, the habits and
 * faults in memory, and one acquirer for each protocol over that one truth.
 */
export function openAcquiring(database: DatabaseHandle, { clock, random, timeZone }: AcquiringOptions) {
  const conditions = conditionStore();
  const script = faultScript();
  const orders = orderStore(database);
  const terminals = terminalStore(database, random);
  const clients = clientStore(database);
  const log = wireLog(database, clock);
  const nowMs = (): number => clock.nowMs() + conditions.offsetMs();
  const { codeSalt } = terminals;
  const truth = {
    orders,
    trades: trades({ orders, conditions, random, codeSalt, timeZone, nowMs }),
    log,
    script,
    nowMs,
    atomically<Value>(run: () => Value): Value {
      return database.transaction(run).immediate();
    },
  };
  const haveKeys = async (): Promise<boolean> => (await clients.ready()).ok;
  const counterparts: readonly Counterpart[] = [
    {
      routes: CALLS.map((call) => ({ path: UPAY_PATHS[call], call })),
      acquirer: acquirer(upayFront({ terminals, conditions }), truth),
      ready: async () => true,
    },
    ...RSA_PROTOCOLS.map((protocol) => ({
      routes: routesOf(protocol),
      acquirer: acquirer(alipayFront(protocol, { clients, orders, conditions, nowMs }), truth),
      ready: haveKeys,
    })),
  ];
  return { counterparts, orders, terminals, clients, log, script, conditions, nowMs };
}
