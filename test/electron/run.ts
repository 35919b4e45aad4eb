import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import {
  electronExecutable,
  fetchElectron,
  hasDisplay,
  NO_RUNTIME,
  userObstacle,
} from '../../main/electron-runtime.ts';

/**
 * `npm run test:electron`: the suite for a real Electron, where there is one and a display for it. Elsewhere it
 * says in one line why nothing was run; that is no failure, and is never told as a success.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const XVFB_MS = 10_000;

/** A display, and the process that has to be ended after it; null where it was there before. */
interface Display {
  readonly name: string | null;
  readonly server: ChildProcess | null;
}

const reason = await runSuite();
if (reason !== null) process.stderr.write(`The Electron suite was not run. ${reason}\n`);

/** Null when the suite has run, whatever came of it; else why it could not, in one sentence. */
async function runSuite(): Promise<string | null> {
  const { platform, env: environment } = process;
  const obstacle = userObstacle({ platform, userId: process.getuid?.() ?? null });
  if (obstacle !== null) return obstacle;
  const xvfb = hasDisplay({ platform, environment }) ? null : xvfbPath();
  if (xvfb === null && !hasDisplay({ platform, environment })) {
    return 'There is no display for Electron, and no Xvfb to make one.';
  }
  if ((electronExecutable() ?? fetchElectron(process.execPath)) === null) return NO_RUNTIME;
  const display = xvfb === null ? { name: null, server: null } : await startXvfb(xvfb);
  if (display === null) return 'Xvfb did not give a display.';
  try {
    process.exitCode = buildAndTest(display);
  } finally {
    display.server?.kill();
  }
  return null;
}

function buildAndTest({ name }: Display): number {
  const env = name === null ? process.env : { ...process.env, DISPLAY: name };
  const run = (...args: readonly string[]): number =>
    spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  return run('.ci/build.ts') || run(vitest, 'run', '--config', 'test/electron/vitest.config.ts');
}

function xvfbPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'Xvfb')).find((path) => existsSync(path)) ?? null;
}

/** The server looks for a free number itself and writes it to a pipe once it can be used. */
async function startXvfb(xvfb: string): Promise<Display | null> {
  const options = ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
  const server = spawn(xvfb, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await firstLine(server.stdio[3] as Readable, server);
  if (number === null) {
    server.kill();
    return null;
  }
  return { name: `:${number}`, server };
}

function firstLine(pipe: Readable, server: ChildProcess): Promise<string | null> {
  return new Promise((found) => {
    const limit = setTimeout(() => found(null), XVFB_MS);
    const end = (line: string | null): void => {
      clearTimeout(limit);
      found(line);
    };
    let text = '';
    pipe.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) end(text.trim());
    });
    server.once('exit', () => end(null));
    server.once('error', () => end(null));
  });
}
