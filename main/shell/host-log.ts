import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import { systemClock, systemTimers } from './clock.ts';
import { createHostLog, type Log } from './log.ts';
import { LogFiles } from './log-files.ts';

/** Below the data directory of the host. */
export const LOG_FOLDER = 'logs';

export interface HostLog {
  readonly log: Log;
  /** `flush` in a crash, `close` in an orderly end. */
  readonly files: LogFiles;
}

/**
 * Opens the log of a host. No file is touched before the first line.
 *
 * @param level what stderr is shown; a level that nobody knows is a bug and is thrown
 */
export function openHostLog(directory: string, level: string, stderr: DestinationStream): HostLog {
  const files = new LogFiles({
    directory: join(directory, LOG_FOLDER),
    clock: systemClock,
    timers: systemTimers,
    complain: (line) => stderr.write(line),
  });
  return { log: createHostLog(level, stderr, files), files };
}
