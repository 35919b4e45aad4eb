import { failure, messageOf, type ErrorCode, type Failure } from '../../shared/errors.ts';
import { err, type Result } from '../../shared/result.ts';
import { databaseFailure } from '../database/open.ts';
import type { Timers } from '../shell/clock.ts';

/** One part of a bundle: what was found, or why it could not be. */
export type Section =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly code: ErrorCode; readonly message: string } };

export type Reading = Result<unknown, Failure>;

/** Reads one section within its bound. Whatever goes wrong in it, the other sections are still read. */
export async function readSection(
  read: () => Reading | Promise<Reading>,
  boundMs: number,
  timers: Timers,
): Promise<Section> {
  let cancelTimer: () => void = () => undefined;
  const timeUp = new Promise<Reading>((resolve) => {
    cancelTimer = timers.after(boundMs, () =>
      resolve(err(failure('diagnostics_part_missing', `more than ${boundMs} ms`))),
    );
  });
  try {
    return sectionOf(await Promise.race([attempt(read), timeUp]));
  } finally {
    cancelTimer();
  }
}

export function sectionOf(reading: Reading): Section {
  if (reading.ok) return reading;
  const { code } = reading.error;
  return { ok: false, error: { code, message: messageOf(reading.error) } };
}

/** Which failure an error met while reading is; one that nobody expected is a bug, told and not thrown. */
export function readingFailure(error: unknown): Failure {
  try {
    return databaseFailure(error);
  } catch {
    return failure('bug', error instanceof Error ? `${error.name}: ${error.message}` : undefined);
  }
}

/** Also a section that throws before it waits for anything is only that section's failure. */
async function attempt(read: () => Reading | Promise<Reading>): Promise<Reading> {
  try {
    return await read();
  } catch (error) {
    return err(readingFailure(error));
  }
}
