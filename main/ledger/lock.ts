import { join } from 'node:path';
import { databaseFailure, openLockFile } from '../database/open.ts';
import type { Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/** Held for the life of the process that owns a data directory. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process, or says `terminal_in_use` at once.
 *
 * The lock is SQLite's own exclusive lock on an empty side file, which is the operating system's
 * advisory file lock: a crash or SIGKILL releases it, and no stale file can keep a terminal closed.
 */
export function lockDirectory(directory: string): Result<DirectoryLock, Failure> {
  try {
    const lock = openLockFile(join(directory, 'redress.lock'));
    return ok({ release: () => lock.close() });
  } catch (error) {
    return err(databaseFailure(error));
  }
}
