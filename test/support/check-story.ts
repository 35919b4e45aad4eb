import { join } from 'node:path';
import { openReadOnly } from '../../main/database/open.ts';
import { openDirectory } from '../../main/open-terminal.ts';
import { checkHistory } from '../checker/check-history.ts';
import { storiesOf, type History, type JournalLine, type SentCall } from '../checker/history.ts';
import { readGateway } from '../checker/read-history.ts';
import { must } from './must.ts';

/** The journal of a directory that nobody works on any more, as `redress journal export` gives it. */
export function journalLines(directory: string): readonly JournalLine[] {
  const { ledger, close } = must(openDirectory(directory));
  try {
    return [...ledger.journal()].map(({ body, hash, ...entry }) => ({
      ...entry,
      body: JSON.parse(body) as unknown,
      hash: hash.toString('hex'),
    }));
  } finally {
    close();
  }
}

/** The newest journal entry that another connection can read now: what a power cut would leave. */
export function committedSeq(directory: string): number {
  const database = must(openReadOnly(join(directory, 'ledger.db')));
  try {
    const newest = database.prepare<[], { seq: number }>('SELECT max(seq) AS seq FROM journal').get();
    return newest?.seq ?? 0;
  } finally {
    database.close();
  }
}

/** A call as it left, by whichever of its numbers it names its order. */
type NamedCall = Pick<SentCall, 'call' | 'committedSeq'> & {
  readonly clientSn: string | undefined;
  readonly sn: string | undefined;
};

/** What the independent checker says of a directory that has been let go, and of the gateway it spoke to. */
export function problemsOf(
  directory: string,
  gatewayFile: string,
  watched: {
    /** The number by which the gateway knows this terminal and no other one; null where several share it. */
    readonly terminalSn: string | null;
    readonly sent?: readonly NamedCall[];
    readonly byHand?: readonly string[];
    readonly misled?: readonly string[];
    readonly secrets?: readonly string[];
  },
): readonly string[] {
  const journal = journalLines(directory);
  const { stories } = storiesOf({ journal, gatewayOrders: [], wire: [] });
  const nameOf = new Map(stories.map(({ clientSn, last }) => [last.order.sn, clientSn]));
  const sent = (watched.sent ?? []).flatMap(({ call, clientSn, sn, committedSeq: seq }): SentCall[] => {
    const name = clientSn ?? nameOf.get(sn ?? '');
    return name === undefined ? [] : [{ call, clientSn: name, committedSeq: seq }];
  });
  const clientSns = [...stories, ...sent].map(({ clientSn }) => clientSn);
  const identities = watched.terminalSn === null ? [] : [watched.terminalSn];
  const whose = { identities: new Set(identities), clientSns: new Set(clientSns) };
  const { byHand = [], misled = [], secrets = [] } = watched;
  const history: History = {
    journal,
    ...readGateway(gatewayFile, whose),
    sent,
    byHand,
    misled,
    secrets,
    oneClock: true,
  };
  return checkHistory(history);
}
