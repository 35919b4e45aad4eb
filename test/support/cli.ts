import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectory } from '../../main/open-terminal.ts';
import { storeTerminalKey } from '../../main/settings/key-store.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import type { PolicyInput } from '../../shared/order/policy.ts';
import { parseSettings } from '../../shared/settings.ts';
import { problemsOf } from './check-story.ts';
import { REDRESS, type GatewayProcess } from './gateway-process.ts';

/** How one run of the command line ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout; throws where stdout is anything else. */
  readonly json: () => unknown;
}

export interface CliOptions {
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user, which needs a privileged test process. */
  readonly uid?: number;
  /** A wrapper such as `bash -c '…' --`, put before node. */
  readonly wrapper?: readonly string[];
}

/** Longer than the longest honest command of these tests, and shorter than a test may take. */
const LIMIT_MS = 25_000;

/** A running command: what it has printed so far, and its end. */
export function startCli(args: readonly string[], options: CliOptions = {}) {
  const { data, env, uid, wrapper = [] } = options;
  const all = [
    ...wrapper,
    process.execPath,
    REDRESS,
    ...(data === undefined ? [] : ['--data', data]),
    ...args,
  ];
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
      resolve({ code, stdout, stderr, json: () => oneDocument(stdout) });
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
  if (!/^[^\n]+\n$/.test(stdout))
    throw new Error(`not exactly one line on stdout: ${JSON.stringify(stdout)}`);
  return JSON.parse(stdout) as unknown;
}

/** A data directory of a fresh terminal, as `init` leaves it; today's check-in is still to come. */
export async function prepareData(gateway: GatewayProcess, policy: PolicyInput = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'redress-cli-'));
  const data = join(folder, 'data');
  const deviceId = folder.slice(-20);
  const identity = await gateway.newTerminal(deviceId);
  const { terminalSn, terminalKey } = identity;
  const settings = { ...gateway.settings, terminal: { terminalSn, deviceId }, policy };
  mkdirSync(data, { mode: 0o700 });
  const parsed = parseSettings(settings);
  if (!parsed.ok) throw new Error(parsed.error.detail);
  saveSettings(data, parsed.value);
  storeTerminalKey(data, terminalSn, terminalKey);
  let isChecked = true;
  const problems = (at = data): readonly string[] =>
    problemsOf(at, gateway.file, { terminalSn, byHand: gateway.byHand });
  return {
    /** For files that are not the terminal's. */
    folder,
    data,
    identity,
    deviceId,
    settings: parsed.value,
    write(name: string, content: unknown): string {
      const file = join(folder, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    /** Everything that arrived from this terminal, without the check-ins. */
    trades: async () =>
      (await gateway.wireLog()).filter(
        (entry) => entry.terminalSn === terminalSn && entry.path !== '/terminal/checkin',
      ),
    problems,
    /** For a test that writes into the ledger by itself, or keeps it elsewhere. */
    leaveUnchecked(): void {
      isChecked = false;
    },
    /** Ends the story: what is left behind must agree with the gateway, unless no ledger can be opened any more. */
    remove: (): void => {
      const found = isChecked && canBeOpened(data) ? problems() : [];
      rmSync(folder, { recursive: true, force: true });
      if (found.length > 0) throw new Error(found.join('\n'));
    },
  };
}

/** A test may have damaged the ledger, taken its settings away or never begun one. */
function canBeOpened(data: string): boolean {
  const opened = openDirectory(data);
  if (opened.ok) opened.value.close();
  return opened.ok;
}

export type PreparedData = Awaited<ReturnType<typeof prepareData>>;
