import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What decides whether Electron can open a window on this machine. */
export interface WindowPlace {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Null where the system has no such number. */
  readonly userId: number | null;
}

/** Fetching the runtime happens once; a blocked network must not keep the terminal closed. */
const FETCH_TIMEOUT_MS = 120_000;

export const NO_RUNTIME = "Electron's runtime is not here and could not be fetched.";

/** Why a window cannot be opened whatever display there is, in one sentence; null where it can. */
export function userObstacle({ platform, userId }: Omit<WindowPlace, 'environment'>): string | null {
  if (platform !== 'linux' || userId !== 0) return null;
  return 'Electron has no sandbox for root, and does not run without one.';
}

/** Why a window cannot be opened, in one sentence; null where nothing speaks against it. */
export function windowObstacle(place: WindowPlace): string | null {
  return userObstacle(place) ?? (hasDisplay(place) ? null : 'There is no display for Electron.');
}

export function hasDisplay({ platform, environment }: Omit<WindowPlace, 'userId'>): boolean {
  if (platform !== 'linux') return true;
  return [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some(
    (name) => name !== undefined && name !== '',
  );
}

/** The executable of the runtime as its package keeps it; null where it was not fetched yet. */
export function electronExecutable(): string | null {
  const directory = packageDirectory();
  if (directory === null) return null;
  const pathFile = join(directory, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(directory, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/**
 * Has the package fetch its runtime; null where that fails, after two minutes at most.
 *
 * @param node the Node that runs the package's own script
 */
export function fetchElectron(node: string): string | null {
  const directory = packageDirectory();
  if (directory === null) return null;
  spawnSync(node, [join(directory, 'install.js')], { stdio: 'ignore', timeout: FETCH_TIMEOUT_MS });
  return electronExecutable();
}

/** The environment of an Electron that is to be Electron: terminals inside editors ask it to be Node. */
export function electronEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'ELECTRON_RUN_AS_NODE',
    ),
  );
}

/** The package may be absent where only production dependencies are installed. */
function packageDirectory(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}
