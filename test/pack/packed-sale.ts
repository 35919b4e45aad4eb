import { equal, ok } from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { extractAll } from '@electron/asar';
import { archiveOf } from './packed-checks.ts';
import type { Packed } from './packed.ts';

/**
 * A whole sale with nothing but the packed files: the archive is laid out in a folder of its own, far from the
 * project's packages, and its own command line runs on Node.
 */

const COMMAND_LIMIT_MS = 60_000;
const START_LIMIT_MS = 30_000;
const CODE = '134500000000000001';

interface Gateway {
  readonly settings: unknown;
  readonly keyFile: unknown;
}

/** Runs every step; `say` is told of each that went well. */
export async function runPackedSale(
  packed: Packed,
  directory: string,
  say: (step: string, found: string) => void,
): Promise<void> {
  const program = layOut(packed, directory);
  const children: ChildProcess[] = [];
  const started = async (args: readonly string[]): Promise<{ child: ChildProcess; ready: unknown }> => {
    const child = start(program, args);
    children.push(child);
    return { child, ready: await firstDocument(child, args) };
  };
  try {
    const gateway = await started(['--json', 'gateway', '--with-parent']);
    say('gateway', 'the practice acquirer runs');
    const data = join(directory, 'data');
    initialise(program, directory, data, gateway.ready as Gateway);
    say('init', 'settings and key are stored');
    sell(program, data, say);
    const served = await started(['--data', data, '--json', 'serve']);
    say('serve', await visit((served.ready as { readonly url: string }).url));
    equal(await stop(served.child), 0, 'the exit code of serve');
    say('stop', 'serve ended in order');
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Archive and binary beside each other, and no `node_modules` in any folder above. Returns the command line. */
function layOut(packed: Packed, directory: string): string {
  const folder = join(directory, 'app');
  mkdirSync(folder, { recursive: true });
  for (let above = directory; above !== dirname(above); above = dirname(above)) {
    ok(
      !existsSync(join(above, 'node_modules')),
      `${above} has packages that the packed program could fall back on`,
    );
  }
  extractAll(archiveOf(packed), folder);
  return join(folder, 'dist/main/redress.js');
}

function initialise(program: string, directory: string, data: string, gateway: Gateway): void {
  const config = join(directory, 'settings.json');
  const keyFile = join(directory, 'key.json');
  writeFileSync(config, JSON.stringify(gateway.settings));
  writeFileSync(keyFile, JSON.stringify(gateway.keyFile), { mode: 0o600 });
  command(program, ['--data', data, '--json', 'init', '--config', config, '--key-file', keyFile]);
}

function sell(program: string, data: string, say: (step: string, found: string) => void): void {
  interface Order {
    readonly clientSn: string;
    readonly state: string;
    readonly amount: number;
  }
  const base = ['--data', data, '--json'];
  const paid = command(program, [...base, 'pay', '--amount', '12.34', '--code', CODE]) as Order;
  equal(paid.state, 'paid', 'the state after pay');
  equal(paid.amount, 1234, 'the amount that was paid');
  say('pay', '12.34 is paid');
  const revoked = command(program, [...base, 'revoke', paid.clientSn]) as Order;
  equal(revoked.state, 'revoked', 'the state after revoke');
  say('revoke', 'the money is proved back');
  const verified = command(program, [...base, 'journal', 'verify']) as { readonly entries: number };
  ok(verified.entries > 0, 'the journal has no entries');
  say('journal verify', `${verified.entries} entries, whole`);
}

/** Opens the one-time address as a browser does; the page, its script, and the check of the ledger in its thread. */
async function visit(url: string): Promise<string> {
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(new URL(path, url), { headers, redirect: 'manual', signal: AbortSignal.timeout(START_LIMIT_MS) });
  const cookie = (await get(url)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await get('/', { cookie });
  equal(page.status, 200, 'the status of the page');
  const script = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? 'no script in the page';
  equal((await get(script, { cookie })).status, 200, "the status of the page's script");
  const answer = await fetch(new URL('/api/call', url), {
    method: 'POST',
    headers: { cookie, origin: new URL(url).origin, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ledger.check', args: {} }),
    signal: AbortSignal.timeout(COMMAND_LIMIT_MS),
  });
  const checked = (await answer.json()) as { readonly ok: boolean; readonly error?: unknown };
  ok(checked.ok, `the check of the ledger answers ${JSON.stringify(checked.error)}`);
  return 'the page and its script are served, the ledger is checked in its thread';
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(REDRESS_|NODE_)/.test(name));
  return Object.fromEntries(kept);
}

/** Runs one command to its end. Anything but exit 0 and one JSON document is an error. */
function command(program: string, args: readonly string[]): unknown {
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: dirname(program),
    encoding: 'utf8',
    env: environment(),
    timeout: COMMAND_LIMIT_MS,
  });
  equal(run.status, 0, `${args.join(' ')} ended with ${run.status}: ${run.stdout}${run.stderr}`);
  return JSON.parse(run.stdout) as unknown;
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd: dirname(program),
    env: environment(),
    // Its words are told where something is wrong, and nowhere else.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function firstDocument(child: ChildProcess, args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child without streams');
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  try {
    for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as unknown;
  } finally {
    clearTimeout(limit);
    stdout.resume();
  }
  throw new Error(`${args.join(' ')} ended before it was ready: ${said}`);
}

/** The exit code after a request to stop; null where a signal had to end it. */
function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((ended) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
    child.once('exit', (code) => {
      clearTimeout(limit);
      ended(code);
    });
    child.kill('SIGTERM');
  });
}
