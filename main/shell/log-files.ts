import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { makeDirectory } from '../settings/files.ts';
import type { Clock, Timers } from './clock.ts';

export const LOG_FILE = 'redress.log';
/** The file being written and those before it: `redress.log`, `redress.log.1` and so on. */
export const LOG_FILES = 5;

const FILE_BYTES = 5 * 1024 * 1024;
/** Lines that the disk has not taken yet; more than this many characters of them are not kept. */
const MAX_WAITING = 1024 * 1024;
/** A disk that refused is asked again this much later. */
const RETRY_MS = 30_000;
/** A disk that hangs may not keep the process from ending. */
const CLOSE_MS = 2000;

export interface LogFilesOptions {
  /** The folder of the files; it is made when the first line comes. */
  readonly directory: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told in one line when the disk begins to refuse. */
  readonly complain: (line: string) => void;
  readonly fileBytes?: number;
}

/** A line on its way to the disk. */
interface Waiting {
  readonly line: string;
  /** How many lines are lost where this one is: its own, or all that it tells the loss of. */
  readonly lines: number;
}

/**
 * JSON lines in files of bounded size and number, readable by their owner only. Nothing here throws or
 * waits: what the disk does not take is dropped and counted, and the count is the first line once it
 * takes lines again.
 */
export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #waiting = new Set<Waiting>();
  #waitingLength = 0;
  #stream: RotatingFileStream | null = null;
  #refusedAtMs: number | null = null;
  #dropped = 0;
  #closed: Promise<void> | null = null;

  constructor(options: LogFilesOptions) {
    this.#options = options;
  }

  /** Takes one line, its line feed included. */
  write(line: string): void {
    const stream = this.#open();
    if (stream === null || this.#waitingLength + line.length > MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) {
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.#give(stream, { line: this.#droppedLine(dropped), lines: dropped });
    }
    this.#give(stream, { line, lines: 1 });
  }

  /**
   * For a process that is about to end by a crash: when this returns, every line taken so far has been
   * handed to the disk, or the disk refuses. A line that was on its way may be there twice.
   */
  flush(): void {
    const text = [...this.#waiting].map(({ line }) => line).join('');
    this.#waiting.clear();
    this.#waitingLength = 0;
    this.#stream?.destroy();
    this.#stream = null;
    if (text === '') return;
    try {
      const handle = openSync(join(this.#options.directory, LOG_FILE), 'a', 0o600);
      try {
        writeFileSync(handle, text);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      this.#refuse(codeOf(error));
    }
  }

  /** Waits until the disk has everything, within a bound; takes nothing more. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const stream = this.#stream;
    if (stream === null) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.timers.after(CLOSE_MS, resolve);
      stream.once('close', () => {
        cancel();
        resolve();
      });
      stream.end();
    });
  }

  #open(): RotatingFileStream | null {
    if (this.#closed !== null) return null;
    if (this.#stream !== null) return this.#stream;
    const { clock, directory, fileBytes = FILE_BYTES } = this.#options;
    if (this.#refusedAtMs !== null && clock.monotonicMs() - this.#refusedAtMs < RETRY_MS) return null;
    // Made here, because the library would make it readable by everybody.
    const made = makeDirectory(directory);
    if (!made.ok) {
      this.#refuse(made.error.detail ?? made.error.code);
      return null;
    }
    const stream = createStream(LOG_FILE, {
      path: directory,
      size: `${fileBytes}B`,
      rotate: LOG_FILES - 1,
      mode: 0o600,
    });
    // A stream that met an error is dead; the next line after a while begins a new one.
    stream.on('error', (error) => {
      if (this.#stream !== stream) return;
      this.#stream = null;
      this.#refuse(codeOf(error));
    });
    this.#stream = stream;
    return stream;
  }

  #give(stream: RotatingFileStream, waiting: Waiting): void {
    const { line, lines } = waiting;
    this.#waiting.add(waiting);
    this.#waitingLength += line.length;
    stream.write(line, (error) => {
      // What was flushed is no longer waited for.
      if (!this.#waiting.delete(waiting)) return;
      this.#waitingLength -= line.length;
      if (error instanceof Error) this.#dropped += lines;
      else this.#refusedAtMs = null;
    });
  }

  #refuse(reason: string): void {
    const isNews = this.#refusedAtMs === null;
    this.#refusedAtMs = this.#options.clock.monotonicMs();
    if (isNews) this.#options.complain(`The log files cannot be written (${reason}); payments go on.\n`);
  }

  /** Begins with a line feed, because a full disk may have taken half of the line before. */
  #droppedLine(dropped: number): string {
    const time = this.#options.clock.nowMs();
    return `\n${JSON.stringify({ level: 40, time, dropped, msg: 'lines were lost while the disk refused them' })}\n`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
