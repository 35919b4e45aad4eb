import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { wallClockOf } from '../../shared/business-day.ts';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { makeDirectory, removeFile, writeText } from '../settings/files.ts';
import { readingFailure } from './section.ts';

/** What a bundle begins with, so that it is known again. */
export const BUNDLE_FORMAT = 'redress-diagnostics';
const BEGINNING = new RegExp(String.raw`^\{\s*"format":\s*"${BUNDLE_FORMAT}"`);

const OWN_NAME = /^redress-\d{8}-\d{6}\.json$/;
const KEPT_BUNDLES = 10;

const folderIn = (directory: string): string => join(directory, 'diagnostics');

/** Where a bundle goes that nobody named a file for. */
export function defaultBundleFile(directory: string, nowMs: number, timeZone: string): string {
  const { day, time } = wallClockOf(nowMs, timeZone);
  return join(folderIn(directory), `redress-${day.replaceAll('-', '')}-${time.replaceAll(':', '')}.json`);
}

/**
 * Whether a bundle may be written there. Folders are made below the data directory only, and nothing is
 * overwritten but an earlier bundle.
 */
export function prepareBundleFile(directory: string, file: string): Result<void, Failure> {
  try {
    const folder = dirname(file);
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) {
      if (!isBelow(directory, folder))
        return err(failure('diagnostics_file_invalid', `${folder} does not exist`));
      const made = makeDirectory(folder);
      if (!made.ok) return unwritable(made.error, folder);
    } else if (!stats.isDirectory()) {
      return err(failure('diagnostics_file_invalid', `${folder} is no folder`));
    }
    // The second is what the new content is written to first; a crash may have left it empty.
    if (!mayReplace(file, false)) return err(failure('diagnostics_file_invalid', file));
    if (!mayReplace(temporaryOf(file), true))
      return err(failure('diagnostics_file_invalid', temporaryOf(file)));
    return ok(undefined);
  } catch (error) {
    const isNoFolder = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    if (isNoFolder) return err(failure('diagnostics_file_invalid', `${dirname(file)} is no folder`));
    return unwritable(readingFailure(error), file);
  }
}

/** Writes the whole bundle or nothing, readable by its owner only. */
export function writeBundleFile(file: string, text: string): Result<void, Failure> {
  const written = writeText(file, text);
  return written.ok ? written : err(failure('diagnostics_unwritable', written.error.detail ?? file));
}

/** Keeps the newest of the bundles that nobody named a file for. One that cannot be removed stays. */
export function pruneBundles(directory: string): void {
  const folder = folderIn(directory);
  try {
    const names = readdirSync(folder).filter((name) => OWN_NAME.test(name));
    for (const name of names.toSorted().slice(0, -KEPT_BUNDLES)) removeFile(join(folder, name));
  } catch {
    // The bundle is written; a folder that cannot be listed keeps what it has.
  }
}

function temporaryOf(file: string): string {
  return `${file}.new`;
}

function isBelow(directory: string, folder: string): boolean {
  const path = relative(directory, folder);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function mayReplace(file: string, isEmptyFine: boolean): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return true;
  if (!stats.isFile()) return false;
  if (stats.size === 0) return isEmptyFine;
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(64);
    return BEGINNING.test(bytes.toString('latin1', 0, readSync(handle, bytes, 0, bytes.length, 0)));
  } finally {
    closeSync(handle);
  }
}

function unwritable({ detail }: Failure, path: string): Result<never, Failure> {
  return err(failure('diagnostics_unwritable', detail === undefined ? path : `${path}: ${detail}`));
}
