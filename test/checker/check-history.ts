import { brokenChain } from './chain.ts';
import { storiesOf, type History, type Story } from './history.ts';
import { readGateway, readJournal, readWire } from './read-history.ts';
import { RULES } from './rules.ts';
import { exposed } from './secrets.ts';

/**
 * Says whether every order's story agrees: what the journal tells, what went over the wire, and what the
 * acquirer holds. One line for each thing that does not; empty where everything does. As a program:
 *
 *   node test/checker/check-history.ts --journal FILE --gateway FILE [--wire FILE]
 */
export function checkHistory(history: History): readonly string[] {
  const { stories, unreadable } = storiesOf(history);
  return [
    ...brokenChain(history.journal),
    ...unreadable.map((seq) => `journal: entry ${seq} names an order and holds none`),
    ...stories.flatMap((story) =>
      RULES.flatMap((rule) => rule(story).map((problem) => `${story.clientSn}: ${problem}`)),
    ),
    ...withoutIntent(history, stories),
    ...paidTwice(stories),
    ...secretsIn(history),
  ];
}

/** Nothing happens under a name that the journal does not know. */
function withoutIntent(history: History, stories: readonly Story[]): readonly string[] {
  const known = new Set(stories.map(({ clientSn }) => clientSn));
  const orders = history.gatewayOrders.filter(({ clientSn }) => !known.has(clientSn));
  const pays = history.wire.filter(
    ({ call, clientSn }) => call === 'pay' && clientSn !== null && !known.has(clientSn),
  );
  const sent = (history.sent ?? []).filter(({ clientSn }) => !known.has(clientSn));
  return [
    ...orders.map(({ clientSn }) => `${clientSn}: the acquirer has an order that no intent names`),
    ...pays.map(({ clientSn }) => `${clientSn}: pay arrived, and no intent names it`),
    ...sent.map(({ clientSn, call }) => `${clientSn}: ${call} was sent, and no intent names it`),
  ];
}

/** What is sold once is paid once. */
function paidTwice(stories: readonly Story[]): readonly string[] {
  const paid = stories.filter(({ last }) => last.order.state === 'paid');
  const first = new Map<string, string>();
  return paid.flatMap(({ clientSn, last: { order } }) => {
    const other = first.get(order.saleId);
    first.set(order.saleId, clientSn);
    return other === undefined ? [] : [`${clientSn}: sale ${order.saleId} is paid by ${other} as well`];
  });
}

function secretsIn({ journal, wire, secrets = [] }: History): readonly string[] {
  return [
    ...journal.flatMap(({ hash: _hash, ...line }) => exposed(`journal: entry ${line.seq}`, line, secrets)),
    ...wire.flatMap((line, index) => exposed(`wire: request ${index + 1}`, line, secrets)),
  ];
}

/** What a history on disk has to say; throws where a file cannot be read. */
function checkFiles(files: {
  readonly journal: string;
  readonly gateway: string;
  readonly wire: string | undefined;
}): { readonly problems: readonly string[]; readonly orders: number; readonly requests: number } {
  const journal = readJournal(files.journal);
  const { stories } = storiesOf({ journal, gatewayOrders: [], wire: [] });
  const whose = {
    identities: new Set(stories.map(({ last }) => last.order.terminalSn)),
    clientSns: new Set(stories.map(({ clientSn }) => clientSn)),
  };
  const gateway = readGateway(files.gateway, whose);
  const wire = files.wire === undefined ? gateway.wire : readWire(files.wire, whose);
  const { gatewayOrders } = gateway;
  const problems = checkHistory({ journal, gatewayOrders, wire, oneClock: true });
  return { problems, orders: stories.length, requests: wire.length };
}

const USAGE = 'usage: check-history.ts --journal FILE --gateway FILE [--wire FILE]\n';

function main(given: readonly string[]): number {
  const valueOf = (name: string): string | undefined => given[given.indexOf(name) + 1 || given.length];
  const [journal, gateway, wire] = ['--journal', '--gateway', '--wire'].map(valueOf);
  if (journal === undefined || gateway === undefined) {
    process.stderr.write(USAGE);
    return 64;
  }
  const { problems, orders, requests } = checkFiles({ journal, gateway, wire });
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${orders} orders, ${requests} requests, ${problems.length} problems\n`);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
