import { createHash } from 'node:crypto';
import type { JournalLine } from './history.ts';

/** What the first line is chained to. */
const GENESIS = '0'.repeat(64);

/** The hash of a line by the formula of main/ledger/README.md. */
export function hashOf(previousHash: string, line: Omit<JournalLine, 'hash'>): string {
  const { seq, clientSn, previousSeq, atMs, event, version, body } = line;
  const parts = [
    previousHash,
    seq,
    clientSn ?? '',
    previousSeq ?? '',
    atMs,
    event,
    version,
    JSON.stringify(body),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** The chain is whole, and every order's lines name the one before them. */
export function brokenChain(journal: readonly JournalLine[]): readonly string[] {
  const lastOf = new Map<string, number>();
  let hash = GENESIS;
  for (const [index, line] of journal.entries()) {
    if (line.seq !== index + 1) return [`journal: entry ${index + 1} is missing`];
    if (hashOf(hash, line) !== line.hash)
      return [`journal: entry ${line.seq} does not follow from the one before it`];
    hash = line.hash;
    const { clientSn } = line;
    if (clientSn === null) continue;
    if (line.previousSeq !== (lastOf.get(clientSn) ?? null))
      return [`journal: entry ${line.seq} does not name the one of ${clientSn} before it`];
    lastOf.set(clientSn, line.seq);
  }
  return [];
}
