import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../shared/result.ts';
import { LOG_FILE, LOG_FILES } from '../shell/log-files.ts';
import { redactLine } from '../shell/redact.ts';
import { readingFailure, type Reading } from './section.ts';

const SHOWN_LINES = 200;
/** The number of pino's level `warn`. */
const WARN = 40;
/** The end of each file that is looked at; a payment waits at most for one of them to be taken apart. */
const TAIL_BYTES = 1024 * 1024;
/** A line that is longer is cut. */
const MAX_LINE_LENGTH = 4096;

/** The newest lines of the log files, and the newest at `warn` and above; oldest first. */
export async function readLogSection(directory: string): Promise<Reading> {
  const warnings: unknown[] = [];
  const lines: unknown[] = [];
  for (const name of newestFirst()) {
    let tail: readonly string[];
    try {
      tail = await tailOf(join(directory, name));
    } catch (error) {
      return err(readingFailure(error));
    }
    for (const line of tail.toReversed()) {
      const isRecent = lines.length < SHOWN_LINES;
      const isWarning = warnings.length < SHOWN_LINES && levelOf(line) >= WARN;
      if (!isRecent && !isWarning) continue;
      const shown = shorten(line);
      if (isRecent) lines.push(shown);
      if (isWarning) warnings.push(shown);
    }
  }
  return ok({ warnings: warnings.toReversed(), lines: lines.toReversed() });
}

function newestFirst(): readonly string[] {
  const older = Array.from({ length: LOG_FILES - 1 }, (_, index) => `${LOG_FILE}.${index + 1}`);
  return [LOG_FILE, ...older];
}

/** Whole lines from the end of a file; none where there is no such file. */
async function tailOf(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return [];
  try {
    const { size } = await file.stat();
    const position = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - position);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return (position === 0 ? lines : lines.slice(1)).filter((line) => line !== '');
  } finally {
    await file.close();
  }
}

function levelOf(line: string): number {
  return Number(/"level":(\d+)/.exec(line)?.[1] ?? 0);
}

function shorten(line: string): unknown {
  // Masked while it is whole: half a key looks like none, and half a line is no JSON any more.
  if (line.length > MAX_LINE_LENGTH) return `${redactLine(line).slice(0, MAX_LINE_LENGTH)}…`;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}
