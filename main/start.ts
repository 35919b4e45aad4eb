import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { nodeHost, run } from './cli/program.ts';
import {
  electronEnvironment,
  electronExecutable,
  fetchElectron,
  NO_RUNTIME,
  windowObstacle,
} from './electron-runtime.ts';

/**
 * `npm start`: the kiosk in Electron where its runtime and a display are there; otherwise one line that
 * says so, and the same kiosk through the browser host.
 */

/** Electron that ends sooner than this with an error could not open a window at all. */
const STARTED_MS = 10_000;
/** The folder of `package.json`, which names the entry and gives Electron our name. */
const PROGRAM = resolve(import.meta.dirname, '../..');

// What is made here is its owner's alone, also in a folder that is not.
process.umask(0o077);

const reason = await startElectron();
if (reason !== null) {
  process.stderr.write(`${reason} Serving the same kiosk to a browser instead.\n`);
  process.exitCode = await run([...process.argv.slice(2), 'serve'], nodeHost(import.meta.dirname));
}

/** Null once the kiosk has run and was closed; else why it could not, in one sentence. */
async function startElectron(): Promise<string | null> {
  const { platform, env: environment } = process;
  const obstacle = windowObstacle({ platform, environment, userId: process.getuid?.() ?? null });
  if (obstacle !== null) return obstacle;
  const executable = electronExecutable() ?? fetchOnce();
  if (executable === null) return NO_RUNTIME;
  const startedMs = performance.now();
  const code = await runToEnd(executable);
  if (code !== 0 && performance.now() - startedMs < STARTED_MS) {
    return `Electron could not open a window (exit ${code}).`;
  }
  process.exitCode = code;
  return null;
}

function fetchOnce(): string | null {
  process.stderr.write("Fetching Electron's runtime, once …\n");
  return fetchElectron(process.execPath);
}

/** The exit code of the kiosk. Whoever asks this process to end asks the kiosk, which ends in order. */
async function runToEnd(executable: string): Promise<number> {
  const child = spawn(executable, [PROGRAM], {
    stdio: 'inherit',
    env: { ...electronEnvironment(process.env), ...dataOf(process.argv) },
  });
  const passOn = (): void => void child.kill('SIGTERM');
  // Ctrl+C reaches both; this one waits for the other.
  const wait = (): void => undefined;
  process.on('SIGTERM', passOn);
  process.on('SIGINT', wait);
  try {
    return await new Promise<number>((ended) => {
      child.once('exit', (exitCode) => ended(exitCode ?? 1));
      child.once('error', () => ended(1));
    });
  } finally {
    process.off('SIGTERM', passOn);
    process.off('SIGINT', wait);
  }
}

/** `npm start -- --data DIR` means the same whichever host opens. */
function dataOf(argv: readonly string[]): { readonly REDRESS_DATA?: string } {
  const directory = argv[argv.indexOf('--data') + 1];
  return argv.includes('--data') && directory !== undefined ? { REDRESS_DATA: resolve(directory) } : {};
}
