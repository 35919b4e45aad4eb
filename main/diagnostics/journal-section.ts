import { ok } from '../../shared/result.ts';
import type { DatabaseHandle } from '../database/open.ts';
import { Journal, type JournalEntry } from '../ledger/journal.ts';
import { inFile } from './ledger-section.ts';
import { readingFailure, type Reading } from './section.ts';

const SHOWN_ENTRIES = 500;
/** Several times what an entry has; one that is longer is named and not shown. */
const MAX_BODY_LENGTH = 8192;

/** The newest entries of the journal, oldest first, down to the first that cannot be read. */
export function readJournalSection(file: string): Reading {
  const read = inFile(file, newestEntries);
  return read.ok ? ok(read.value) : read;
}

function newestEntries(database: DatabaseHandle) {
  const entries: object[] = [];
  try {
    for (const entry of new Journal(database).newestSince(Number.MIN_SAFE_INTEGER)) {
      entries.push(lineOf(entry));
      if (entries.length === SHOWN_ENTRIES) break;
    }
  } catch (error) {
    if (entries.length === 0) throw error;
    return { brokenOff: readingFailure(error), entries: entries.toReversed() };
  }
  return { brokenOff: null, entries: entries.toReversed() };
}

function lineOf({ seq, atMs, event, clientSn, body }: JournalEntry): object {
  return { seq, atMs, event, clientSn, body: parsed(body) };
}

function parsed(body: string): unknown {
  if (body.length > MAX_BODY_LENGTH) return { leftOut: 'too long', length: body.length };
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return { leftOut: 'not JSON', length: body.length };
  }
}
