import type { ExitCode } from '../../shared/errors.ts';
import type { CommandLineHost } from '../cli/program.ts';
import { makeDirectory } from '../settings/files.ts';
import { browserFolder } from './browser-folder.ts';

/** What follows this argument is for the command line; what stands before it is for Chromium. */
const COMMAND_LINE = '--cli';

/** The arguments of the command line that this program was started for; null where it is the kiosk. */
export function commandLineArguments(argv: readonly string[]): readonly string[] | null {
  const at = argv.indexOf(COMMAND_LINE);
  return at < 0 ? null : argv.slice(at + 1);
}

/** The data directory that a command names; null where it names none. What the gateway is given so is a file. */
export function dataDirectoryIn(argv: readonly string[]): string | null {
  const [command] = argv.filter((word, index) => !word.startsWith('-') && argv[index - 1] !== '--data');
  if (command === 'gateway') return null;
  const at = argv.findIndex((argument) => argument === '--data' || argument.startsWith('--data='));
  const [, inline] = /^--data=(.+)$/.exec(argv[at] ?? '') ?? [];
  return inline ?? (at < 0 ? null : (argv[at + 1] ?? null));
}

/** What is used of Electron's `app`. */
export interface CommandLineApp {
  setPath(name: 'userData', path: string): void;
  whenReady(): Promise<unknown>;
  exit(exitCode?: number): void;
}

export interface CommandLineOptions {
  readonly app: CommandLineApp;
  /** Where the kiosk keeps its browser's folder. */
  readonly directory: string;
  /** What follows `--cli`. */
  readonly argv: readonly string[];
  readonly host: CommandLineHost;
  readonly run: (argv: readonly string[], host: CommandLineHost) => Promise<ExitCode>;
  /** Ends when everything printed so far has left the process. */
  readonly flush: () => Promise<void>;
}

/**
 * Runs one command without a window. It is the same program as the kiosk's, so it can open the key that the
 * kiosk has sealed; beside an open kiosk the ledger's own lock answers 75.
 */
export async function runCommandLine(options: CommandLineOptions): Promise<void> {
  const { app, directory, argv, host, run, flush } = options;
  // On Windows the key of the system's key store lies in this folder. Chromium would let others read it.
  makeDirectory(browserFolder(directory));
  app.setPath('userData', browserFolder(directory));
  // The key store answers only after this.
  await app.whenReady();
  const code = await run(argv, host);
  await flush();
  app.exit(code);
}
