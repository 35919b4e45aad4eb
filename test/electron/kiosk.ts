import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { electronEnvironment, electronExecutable } from '../../main/electron-runtime.ts';
import type { TerminalBridge } from '../../shared/bridge.ts';
import type { CallName } from '../../shared/call-names.ts';
import type { Snapshot } from '../../shared/contract.ts';
import { Counter } from '../support/shop.ts';

/** The folder whose `package.json` names the entry. */
const PROGRAM = resolve(import.meta.dirname, '../..');
const START_MS = 30_000;
const END_MS = 20_000;

/** How a program that opens no window for us ended. */
export interface ProgramEnd {
  /** Null where it had to be ended. */
  readonly code: number | null;
  readonly stdout: string;
}

/** Nothing of the developer's own set-up may reach the program. */
function environmentFor(directory: string): Record<string, string> {
  const kept = Object.entries(electronEnvironment(process.env)).filter(
    ([name]) => !/^(REDRESS_|NODE_|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(kept), REDRESS_DATA: directory, REDRESS_LOG: 'silent' };
}

/** A data directory of its own, and the kiosk on it: real Electron, the built program, in practice. */
export class Kiosk {
  readonly directory: string;
  #running: { readonly application: ElectronApplication; readonly page: Page } | null = null;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** A fresh machine, with the till on its screen. */
  static async open(): Promise<Kiosk> {
    const kiosk = new Kiosk(mkdtempSync(join(tmpdir(), 'redress-electron-')));
    await kiosk.start();
    return kiosk;
  }

  /** Starts the program, again after an end, and waits for the till. */
  async start(): Promise<void> {
    const application = await _electron.launch({
      args: [PROGRAM],
      cwd: PROGRAM,
      env: environmentFor(this.directory),
      // Without this Playwright would switch the sandbox off.
      chromiumSandbox: true,
      timeout: START_MS,
    });
    const page = await application.firstWindow({ timeout: START_MS });
    this.#running = { application, page };
    await page.locator('.sale').waitFor({ timeout: START_MS });
  }

  get application(): ElectronApplication {
    return this.#open().application;
  }

  get page(): Page {
    return this.#open().page;
  }

  /** What the cashier sees and does, in the language that the system has. */
  async counter(): Promise<Counter> {
    const language = await this.page.evaluate(() => document.documentElement.lang);
    return new Counter(this.page, language.startsWith('zh') ? 'zh' : 'en');
  }

  async snapshot(): Promise<Snapshot> {
    const reply = await callFrom(this.page, 'state.get', {});
    if (!reply.ok) throw new Error(JSON.stringify(reply.error));
    return reply.value as Snapshot;
  }

  /** Runs the program a second time, as a double click or a script does, and waits for its end. */
  run(args: readonly string[] = []): Promise<ProgramEnd> {
    const executable = electronExecutable();
    if (executable === null) throw new Error('the runtime was there when the suite began');
    const child = spawn(executable, [PROGRAM, ...args], {
      cwd: PROGRAM,
      env: environmentFor(this.directory),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    return endOf(child).then((code) => ({ code, stdout }));
  }

  /** Ends the program as a power cut or as the system would. The exit code; null after SIGKILL. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const running = this.#running;
    if (running === null) return null;
    this.#running = null;
    const child = running.application.process();
    const ended = endOf(child);
    child.kill(signal);
    return ended;
  }

  async remove(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #open(): { readonly application: ElectronApplication; readonly page: Page } {
    if (this.#running === null) throw new Error('the kiosk is not open');
    return this.#running;
  }
}

/** The exit code of a process, which is ended by force where it does not end within the bound. */
async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const limit = setTimeout(() => child.kill('SIGKILL'), END_MS);
  try {
    await once(child, 'exit');
    return child.exitCode;
  } finally {
    clearTimeout(limit);
  }
}

interface PageReply {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code: string };
}

/** One call of the contract, made by the page itself. */
export function callFrom(page: Page, name: CallName, args: object): Promise<PageReply> {
  return page.evaluate(
    ([called, given]) => {
      const { redress } = globalThis as unknown as { readonly redress: TerminalBridge };
      return (redress.api[called] as (value: object) => Promise<PageReply>)(given);
    },
    [name, args] as const,
  );
}
