import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../shared/errors.ts';
import { ok } from '../../shared/result.ts';
import { readingFailure, type Reading } from './section.ts';

const SHOWN_FILES = 500;
const MAX_DEPTH = 4;

interface FileLine {
  /** Below the folder looked at, with `/` between its parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Permissions such as `600`. */
  readonly mode: string;
  readonly modifiedAtMs: number;
  /** Why a folder's content is not listed. */
  readonly problem?: ErrorCode;
}

/** The room there is and what lies in a data directory; names and sizes, never content. */
export async function readDiskSection(directory: string): Promise<Reading> {
  const { bavail, blocks, bsize } = await statfs(directory);
  const files = await filesBelow(directory);
  return ok({ directory, freeBytes: bavail * bsize, totalBytes: blocks * bsize, ...files });
}

/** Names, sizes and dates of the crash dumps there are. */
export async function readCrashSection(directory: string): Promise<Reading> {
  const { files, isComplete } = await filesBelow(directory);
  const dumps = files.filter(({ kind }) => kind === 'file');
  return ok({ dumps: dumps.toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs), isComplete });
}

async function filesBelow(
  directory: string,
): Promise<{ readonly files: readonly FileLine[]; readonly isComplete: boolean }> {
  const files: FileLine[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const { path, depth } = folder;
    const names = await namesIn(join(directory, path));
    for (const name of names) {
      if (files.length === SHOWN_FILES) return { files, isComplete: false };
      const child = path === '' ? name : `${path}/${name}`;
      const line = await lineOf(directory, child);
      if (line === null) continue;
      files.push(line);
      if (line.kind === 'folder' && depth < MAX_DEPTH && line.problem === undefined)
        folders.push({ path: child, depth: depth + 1 });
    }
  }
  return { files, isComplete: true };
}

/** Sorted, so that of two bundles one can see what came and went; none where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Null for a file that went away meanwhile. */
async function lineOf(directory: string, path: string): Promise<FileLine | null> {
  try {
    const stats = await lstat(join(directory, path));
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
    const mode = (stats.mode & 0o777).toString(8);
    const line = {
      path,
      kind,
      sizeBytes: stats.size,
      mode,
      modifiedAtMs: Math.round(stats.mtimeMs),
    } as const;
    const problem = kind === 'folder' ? await problemOf(join(directory, path)) : null;
    return problem === null ? line : { ...line, problem };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function problemOf(folder: string): Promise<ErrorCode | null> {
  try {
    await readdir(folder);
    return null;
  } catch (error) {
    return readingFailure(error).code;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
