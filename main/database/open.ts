import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';

export type DatabaseHandle = Database.Database;
export type Statement<Parameters extends unknown[] = unknown[], Row = unknown> = Database.Statement<
  Parameters,
  Row
>;

/** One numbered, never edited step of a schema; runs inside the transaction that raises `user_version`. */
export type Migration = (database: DatabaseHandle) => void;

/**
 * Opens a SQLite file for money: WAL, FULL synchronous, foreign keys, schema at the newest version.
 *
 * A reopened WAL database silently drops to synchronous=NORMAL, in which a power cut takes back
 * committed transactions, so FULL is set on every open and read back. `damageIn` may refuse a file that
 * lacks what it must hold, before anything is written to it; its write-ahead log then stays as it is.
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[],
  damageIn: (database: DatabaseHandle) => Failure | null = () => null,
): Result<DatabaseHandle, Failure> {
  let database: DatabaseHandle | undefined;
  // The library reports a missing folder as a type error, which would look like a bug of ours.
  if (file !== ':memory:' && !existsSync(dirname(file))) {
    return err(failure('data_unavailable', `${dirname(file)} does not exist`));
  }
  try {
    database = new Database(file, { timeout: 2000 });
    // Version first: nothing of a newer file may be touched, not even its journal mode.
    const version = database.pragma('user_version', { simple: true });
    if (typeof version !== 'number' || version > migrations.length) {
      database.close();
      return err(failure('data_newer', `schema ${String(version)}, this version knows ${migrations.length}`));
    }
    const damage = damageIn(database);
    if (damage !== null) {
      closeUntouched(database);
      return err(damage);
    }
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    if (database.pragma('synchronous', { simple: true }) !== 2) {
      database.close();
      return err(failure('data_unavailable', 'synchronous=FULL was not accepted'));
    }
    migrate(database, migrations, version);
    return ok(database);
  } catch (error) {
    database?.close();
    return err(databaseFailure(error));
  }
}

/** Opens a SQLite file that another connection owns, to read it and nothing else. */
export function openReadOnly(file: string): Result<DatabaseHandle, Failure> {
  if (!existsSync(file)) return err(failure('data_unavailable', `${file} does not exist`));
  let database: DatabaseHandle | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 2000 });
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    return ok(database);
  } catch (error) {
    database?.close();
    return err(databaseFailure(error));
  }
}

/**
 * Closes a file and leaves its write-ahead log as it is. The last connection to close would write the log
 * into the file and delete it, and with it whatever could still be read of a damaged one; a connection that
 * cannot write does not.
 */
function closeUntouched(database: DatabaseHandle): void {
  const keeper = openReadOnly(database.name);
  if (keeper.ok) keeper.value.prepare('SELECT count(*) FROM sqlite_schema').get();
  database.close();
  if (keeper.ok) keeper.value.close();
}

/**
 * Opens an empty file and holds SQLite's exclusive lock on it until the handle is closed. Throws
 * SQLITE_BUSY without waiting where another process holds it.
 */
export function openLockFile(file: string): DatabaseHandle {
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What the database and its write-ahead log take on the disk together. */
export function sizeBytesOf({ name: file }: DatabaseHandle): number {
  const sizes = [file, `${file}-wal`].map((part) => statSync(part, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

export function engineVersionOf(database: DatabaseHandle): string {
  return String(database.prepare('SELECT sqlite_version()').pluck().get());
}

/** SQLite codes that mean our own statement is wrong. */
const OWN_FAULTS = /^SQLITE_(ERROR|CONSTRAINT|MISUSE|RANGE|MISMATCH)/;

/**
 * Which expected failure a SQLite or file error is. Whatever the operating system refuses is expected;
 * our own mistakes are bugs and are thrown again.
 */
export function databaseFailure(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isFromSystem = error instanceof Error && 'syscall' in error;
  const isFromSqlite = code.startsWith('SQLITE_') && !OWN_FAULTS.test(code);
  if (!isFromSystem && !isFromSqlite) throw error;
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT')
    return failure('data_full', code);
  if (code.startsWith('SQLITE_READONLY') || code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return failure('data_read_only', code);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return failure('data_corrupt', code);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return failure('terminal_in_use', code);
  return failure('data_unavailable', code);
}

function migrate(database: DatabaseHandle, migrations: readonly Migration[], from: number): void {
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue;
    database
      .transaction(() => {
        migration(database);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  }
}
