import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { nodeHost, run } from './cli/program.ts';

/**
 * `npm start`: the kiosk in Electron where its runtime and a display are there; otherwise one line that
 * says so, and the same kiosk through the browser host.
 */

/** Fetching the runtime happens once; a blocked network must not keep the terminal closed. */
const INSTALL_TIMEOUT_MS = 120_000;
/** Electron that ends sooner than this with an error could not open a window at all. */
const STARTED_MS = 10_000;

const reason = await startElectron();
if (reason !== null) {
  process.stderr.write(`${reason} Serving the same kiosk to a browser instead.\n`);
  process.exitCode = await run([...process.argv.slice(2), 'serve'], nodeHost(import.meta.dirname));
}

/** Null once the kiosk has run and was closed; else why it could not, in one sentence. */
async function startElectron(): Promise<string | null> {
  if (!hasDisplay()) return 'There is no display for Electron.';
  const executable = electronExecutable() ?? installElectron();
  if (executable === null) return "Electron's runtime is not here and could not be fetched.";
  const startedMs = performance.now();
  const child = spawn(executable, [join(import.meta.dirname, 'electron.js')], {
    stdio: 'inherit',
    env: { ...process.env, ...dataOf(process.argv) },
  });
  const code = await new Promise<number>((ended) => {
    child.once('exit', (exitCode) => ended(exitCode ?? 1));
    child.once('error', () => ended(1));
  });
  if (code !== 0 && performance.now() - startedMs < STARTED_MS) {
    return `Electron could not open a window (exit ${code}).`;
  }
  process.exitCode = code;
  return null;
}

/** `npm start -- --data DIR` means the same whichever host opens. */
function dataOf(argv: readonly string[]): { readonly REDRESS_DATA?: string } {
  const directory = argv[argv.indexOf('--data') + 1];
  return argv.includes('--data') && directory !== undefined ? { REDRESS_DATA: resolve(directory) } : {};
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function electronExecutable(): string | null {
  const directory = electronDirectory();
  if (directory === null) return null;
  const pathFile = join(directory, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(directory, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

function installElectron(): string | null {
  const directory = electronDirectory();
  if (directory === null) return null;
  process.stderr.write("Fetching Electron's runtime, once …\n");
  spawnSync(process.execPath, [join(directory, 'install.js')], {
    stdio: 'ignore',
    timeout: INSTALL_TIMEOUT_MS,
  });
  return electronExecutable();
}

/** The package may be absent where only production dependencies are installed. */
function electronDirectory(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}
