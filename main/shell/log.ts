import { multistream, pino, type DestinationStream, type LoggerOptions } from 'pino';
import { redactLine, SECRET_MEMBERS } from './redact.ts';

/** Structured logging as the rest of the program sees it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The level of the log files, whatever stderr is asked to show, and the number it has in a line. */
const FILE_LEVEL = { name: 'info', value: 30 } as const;

/** JSON lines on stderr, so that stdout stays a script's. */
export function createLog(level: string, destination: DestinationStream): Log {
  return pino(optionsAt(level), destination);
}

/**
 * The log of a host that runs for days: JSON lines in files, and on stderr whatever `level` lets through.
 *
 * @param level of stderr alone; `silent` leaves the files as they are
 */
export function createHostLog(level: string, stderr: DestinationStream, files: DestinationStream): Log {
  // Made first, because it refuses a level that nobody knows.
  const { levelVal } = pino(optionsAt(level), stderr);
  const lowest = levelVal < FILE_LEVEL.value ? level : FILE_LEVEL.name;
  return pino(
    optionsAt(lowest),
    multistream([
      { level: levelVal, stream: stderr },
      { level: FILE_LEVEL.value, stream: files },
    ]),
  );
}

/** Members are masked by their names; the finished line once more by its looks. */
function optionsAt(level: string): LoggerOptions {
  return {
    level,
    base: null,
    redact: {
      paths: [...SECRET_MEMBERS, ...SECRET_MEMBERS.map((member) => `*.${member}`)],
      censor: '[secret]',
    },
    serializers: { error: pino.stdSerializers.err },
    hooks: { streamWrite: redactLine },
  };
}
