import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import type { RelaunchOptions } from 'electron';
import type { Log } from '../shell/log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An AppImage is mounted only for as long as it runs, and a program started from that mount while the mount
 * goes away dies; unpacking itself first is the one way that needs no mount.
 */
const UNPACK_FIRST = '--appimage-extract-and-run';
/** How many processes in a row, this one's parents, crashed soon after their start. */
const EARLY_CRASH = '--early-crash=';
/** Somebody else starts this program again whatever it ends with: Shell Launcher, systemd, greetd. */
const SUPERVISED = '--supervised';

/** The file that this program is, where it is an AppImage; else null. */
function appImageIn(environment: Environment): string | null {
  const file = environment['APPIMAGE'];
  return file === undefined || file === '' ? null : file;
}

/** How many starts in a row ended in an early crash before this one; 0 to 9. */
export function earlyCrashesIn(args: readonly string[]): number {
  const counts = args.map((argument) => /^--early-crash=([1-9])$/.exec(argument)?.[1] ?? '0');
  return Math.max(0, ...counts.map(Number));
}

/**
 * How `app.relaunch` finds this program again.
 *
 * @param args the arguments of this process, its program first
 * @param earlyCrashes what `earlyCrashesIn` answers in the new process
 */
export function relaunchOptions(
  environment: Environment,
  args: readonly string[],
  earlyCrashes = 0,
): RelaunchOptions {
  const given = args.slice(1);
  const kept = given.filter((argument) => argument !== UNPACK_FIRST && !argument.startsWith(EARLY_CRASH));
  const marked = earlyCrashes === 0 ? kept : [...kept, `${EARLY_CRASH}${earlyCrashes}`];
  const appImage = appImageIn(environment);
  if (appImage !== null) return { execPath: appImage, args: [UNPACK_FIRST, ...marked] };
  // Left to itself, Electron takes the arguments of this process.
  return marked.length === given.length && earlyCrashes === 0 ? {} : { args: marked };
}

/**
 * The AppImage that runs, kept beside itself while an update replaces it: the updater removes it before the
 * new one is in its place, and where that move fails nothing would be left to start. Does nothing where the
 * program is installed in another way.
 */
export class KeptProgram {
  readonly #program: string | null;
  readonly #previous: string;
  readonly #log: Log;

  constructor(environment: Environment, log: Log) {
    this.#program = appImageIn(environment);
    this.#previous = `${this.#program ?? ''}.previous`;
    this.#log = log;
  }

  /** Keeps it, in the place of an older one. False where it cannot be kept, and nothing may replace it then. */
  keep(): boolean {
    if (this.#program === null) return true;
    try {
      rmSync(this.#previous, { force: true });
      linkOrCopy(this.#program, this.#previous);
      return true;
    } catch (error) {
      this.#log.warn({ error }, 'The program could not be kept beside itself');
      return false;
    }
  }

  /** After an install that failed: what lies in its place may be half a program. */
  putBack(): void {
    if (this.#program === null || !existsSync(this.#previous)) return;
    try {
      renameSync(this.#previous, this.#program);
    } catch (error) {
      this.#log.error({ error }, 'The program could not be put back');
    }
  }

  putBackIfGone(): void {
    if (this.#program !== null && !existsSync(this.#program)) this.putBack();
  }
}

/** A link costs nothing; a disk without links, or a file of somebody else, takes a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyWhole(from, to);
  }
}

function copyWhole(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    rmSync(to, { force: true });
    throw error;
  }
}

export interface StartAgainDependencies {
  readonly app: { relaunch(options?: RelaunchOptions): void };
  readonly program: Pick<KeptProgram, 'putBackIfGone'>;
  readonly environment: Environment;
  /** Of this process, its program first. */
  readonly argv: readonly string[];
}

/**
 * Has this program started again once the process has ended; by its supervisor, where it has one. Two that
 * start it would race for its lock, and the loser be started again for as long as the winner lives.
 */
export function startAgain(dependencies: StartAgainDependencies, earlyCrashes = 0): void {
  const { app, program, environment, argv } = dependencies;
  program.putBackIfGone();
  if (argv.includes(SUPERVISED)) return;
  app.relaunch(relaunchOptions(environment, argv, earlyCrashes));
}
