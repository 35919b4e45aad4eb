import { configureLogger } from '@sidequest/core';
import SqliteBackend from '@sidequest/sqlite-backend';
import Database from 'better-sqlite3';
import { better, defineQueue, JobStatus } from 'plainjob';

/** A queue of jobs on SQLite, driven by its own calls in the way that costs it least. */
export interface QueuePeer {
  readonly name: string;
  /** What a reader must know of its settings. */
  readonly note: string;
  add(payload: string): void | Promise<void>;
  /** Claims the next job and marks it done. Fails where there is none. */
  workNext(): void | Promise<void>;
  /** Removes what is done. */
  clear(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** The values of `PRAGMA synchronous`. */
const NORMAL = 1;
const FULL = 2;

const SILENT = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

/** plainjob without its worker, which would look for scheduled jobs before each of these as well. */
export function openPlainjob(file: string, durability: 'as shipped' | 'full'): QueuePeer {
  const database = new Database(file);
  const queue = defineQueue({ connection: better(database), logger: SILENT });
  const expected = durability === 'full' ? FULL : NORMAL;
  // It sets NORMAL itself, so FULL comes after it.
  if (durability === 'full') database.pragma('synchronous = FULL');
  requireEqual(database.pragma('synchronous', { simple: true }), expected);
  return {
    name: durability === 'full' ? 'plainjob 0.0.14 at FULL' : 'plainjob 0.0.14 as shipped (NORMAL)',
    note: 'write-ahead log; driven without its worker, which looks for scheduled jobs between any two.',
    add: (payload) => void queue.add('cancel', payload),
    workNext: () => {
      const claimed = queue.getAndMarkJobAsProcessing('cancel');
      const job = claimed && queue.getJobById(claimed.id);
      if (job === undefined) throw new Error('plainjob has no job');
      queue.markJobAsDone(job.id);
    },
    clear: () => {
      requireEqual(queue.countJobs({ status: JobStatus.Pending }), 0);
      // Everything that was due before the next millisecond.
      queue.removeDoneJobs(-1000);
      requireEqual(database.pragma('synchronous', { simple: true }), expected);
    },
    close: () => queue.close(),
  };
}

const SIDEQUEST = 'sidequest 1.16.5';
const SIDEQUEST_NOTES = {
  full: 'write-ahead log set by hand; claim and completion by its SQLite backend, without the engine, which commits once more for each job.',
  normal:
    'as its third migration means to set it: write-ahead log, at which the library it uses defaults to NORMAL; otherwise the same.',
  'as shipped':
    'what a new file comes to: its migration sets the write-ahead log inside a transaction, where SQLite ignores it, so it works on a rollback journal at FULL.',
} as const;

/** The backend of sidequest alone: its engine runs jobs in other threads and commits once more for each. */
export async function openSidequest(
  file: string,
  durability: 'as shipped' | 'full' | 'normal',
): Promise<QueuePeer> {
  configureLogger({ level: 'error', json: false });
  const backend = new SqliteBackend(file);
  await backend.migrate();
  if (durability !== 'as shipped') await backend.knex.raw('PRAGMA journal_mode = WAL');
  if (durability === 'full') await backend.knex.raw('PRAGMA synchronous = FULL');
  if (durability === 'normal') await backend.knex.raw('PRAGMA synchronous = NORMAL');
  const expected = durability === 'normal' ? NORMAL : FULL;
  const synchronous = async (): Promise<unknown> => {
    const rows = (await backend.knex.raw('PRAGMA synchronous')) as readonly { synchronous: number }[];
    return rows[0]?.synchronous;
  };
  requireEqual(await synchronous(), expected);
  const names = {
    full: 'in WAL at FULL',
    normal: 'in WAL at NORMAL',
    'as shipped': 'as shipped (rollback, FULL)',
  };
  return {
    name: `${SIDEQUEST} ${names[durability]}`,
    note: SIDEQUEST_NOTES[durability],
    add: async (payload) => {
      const args = [payload];
      const job = { queue: 'cancel', script: 'cancel.js', class: 'Cancel', args, constructor_args: [] };
      await backend.createNewJob({ ...job, state: 'waiting', attempt: 0 });
    },
    workNext: async () => {
      const [job] = await backend.claimPendingJob('cancel', 1);
      if (job === undefined) throw new Error('sidequest has no job');
      await backend.updateJob({ id: job.id, state: 'completed', completed_at: new Date() });
    },
    clear: async () => {
      await backend.deleteFinishedJobs(new Date(Date.now() + 1000));
      requireEqual((await backend.countJobs()).total, 0);
      requireEqual(await synchronous(), expected);
    },
    close: () => backend.close(),
  };
}

function requireEqual(found: unknown, expected: number): void {
  if (found !== expected) throw new Error(`${String(found)} instead of ${expected}`);
}
