import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { failure, type Failure } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { databaseFailure } from '../database/open.ts';

/** Makes the data directory, readable by its owner only. */
export function makeDirectory(directory: string): Result<void, Failure> {
  try {
    makeWithParents(directory);
    return ok(undefined);
  } catch (error) {
    return err(withPath(databaseFailure(error), directory));
  }
}

/** Node's recursive mkdir never returns where a folder answers ENOENT to a new child, as /proc does. */
function makeWithParents(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && statSync(directory).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(directory))) throw error;
    makeWithParents(dirname(directory));
    mkdirSync(directory, { mode: 0o700 });
  }
}

/** Reads JSON in which no member stands twice; null where the file does not exist. */
export function readJson(file: string): Result<unknown, Failure> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok(null);
    return err(withPath(databaseFailure(error), file));
  }
  const json = parseJson(text);
  if (json.ok) return json;
  // Which of the two somebody meant is not guessed.
  const detail = json.error === 'duplicate_member' ? `${file} has a member twice` : file;
  return err(failure('settings_unreadable', detail));
}

/** Replaces a file of JSON as `writeText` does. */
export function writeJson(file: string, value: unknown): Result<void, Failure> {
  return writeText(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Replaces a file so that a crash leaves the old or the new content, never half of it, and the new one
 * is on disk when this returns. Only its owner reads it.
 */
export function writeText(file: string, text: string): Result<void, Failure> {
  const temporary = `${file}.new`;
  try {
    // One that a crash left behind would lend this its mode.
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      // A nearly full disk takes only a part of one write; this goes on until all is written or refused.
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    syncDirectory(dirname(file));
    return ok(undefined);
  } catch (error) {
    // Half a file of keys must not lie about; where even that fails, the next write clears it.
    removeFile(temporary);
    return err(withPath(databaseFailure(error), file));
  }
}

/** Removes a file; one that is not there is fine. */
export function removeFile(file: string): Result<void, Failure> {
  try {
    rmSync(file, { force: true });
    return ok(undefined);
  } catch (error) {
    return err(withPath(databaseFailure(error), file));
  }
}

/** The rename itself must survive a power cut; Windows journals it and cannot open a directory. */
function syncDirectory(directory: string): void {
  let handle: number;
  try {
    handle = openSync(directory, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function withPath(found: Failure, path: string): Failure {
  return failure(found.code, found.detail === undefined ? path : `${path}: ${found.detail}`);
}
