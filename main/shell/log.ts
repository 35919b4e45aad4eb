import { pino, type DestinationStream } from 'pino';

/** Structured logging as the rest of the program sees it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Members that could carry a key or a payment code. Nothing logs them; this is the second net. */
const SECRET_MEMBERS = [
  'terminalKey',
  'previousKey',
  'vendorKey',
  'privateKey',
  'key',
  'dynamicId',
  'dynamic_id',
  'authorization',
];

/** JSON lines on stderr, so that stdout stays a script's. */
export function createLog(level: string, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: [...SECRET_MEMBERS, ...SECRET_MEMBERS.map((member) => `*.${member}`)],
        censor: '[secret]',
      },
      serializers: { error: pino.stdSerializers.err },
    },
    destination,
  );
}
