import { ERRORS, messageOf, type ExitCode, type Failure } from '../../shared/errors.ts';

/**
 * What a command prints: results on stdout, everything else on stderr. With `--json` stdout carries
 * exactly one JSON document, whatever happens.
 */
export class Console {
  readonly isJson: boolean;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  /** The one result: `value` for scripts, `text` for people. */
  result(value: unknown, text: string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** One line of a result that is a stream by nature. */
  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Progress and notices, for people only. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** An expected failure; returns the exit code it stands for. */
  fail(found: Failure): ExitCode {
    const { code } = found;
    const message = messageOf(found);
    if (this.isJson) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else process.stderr.write(`${code}: ${message}\n`);
    return ERRORS[code].exit;
  }
}
