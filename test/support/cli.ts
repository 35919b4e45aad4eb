import { spawn } from 'node:child_process';
import { REDRESS } from './gateway-process.ts';

/** How one run of the command line ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout; throws where stdout is anything else. */
  readonly json: <Value = Readonly<Record<string, unknown>>>() => Value;
}

export interface CliOptions {
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user, which needs a privileged test process. */
  readonly uid?: number;
  /** A wrapper such as `bash -c '…' --`, put before node. */
  readonly wrapper?: readonly string[];
}

/** Longer than the longest honest command of these tests. */
const LIMIT_MS = 60_000;

/** A running command: what it has printed so far, and its end. */
export function startCli(args: readonly string[], options: CliOptions = {}) {
  const { data, env, uid, wrapper = [] } = options;
  const all = [...wrapper, process.execPath, REDRESS, ...(data === undefined ? [] : ['--data', data]), ...args];
  const [program = process.execPath, ...rest] = all;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...env },
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: '/' }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr, json: <Value>() => oneDocument(stdout) as Value });
    });
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Runs the built command line to its end. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Nothing of the developer's own set-up may reach the command. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { REDRESS_DATA: _data, REDRESS_LOG: _log, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
}

function oneDocument(stdout: string): unknown {
  if (!/^[^\n]+\n$/.test(stdout)) throw new Error(`not exactly one line on stdout: ${JSON.stringify(stdout)}`);
  return JSON.parse(stdout) as unknown;
}
