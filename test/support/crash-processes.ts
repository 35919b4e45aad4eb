import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { REACHED, type VictimOrders } from './victim.ts';

/** The built command line, which is what a shop runs. */
const REDRESS = resolve('dist/main/redress.js');
const VICTIM = resolve('test/support/victim.ts');

const running = new Set<ChildProcess>();

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends what a failed test left running; only processes started here. */
export function killLeftovers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A child process with its output collected. */
export class Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  readonly #watchers = new Set<() => void>();

  constructor(arguments_: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.process = spawn(process.execPath, [...arguments_], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    running.add(this.process);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      for (const watcher of this.#watchers) watcher();
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(this.process, 'close').then(() => {
      running.delete(this.process);
      for (const watcher of this.#watchers) watcher();
      return { code: this.process.exitCode, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** Resolves with the output so far once it contains `text` so often; rejects when the process ends before. */
  async printed(text: string, times = 1): Promise<string> {
    return new Promise((fulfil, reject) => {
      const look = (): void => {
        if (this.#stdout.split(text).length > times) fulfil(this.#stdout);
        else if (running.has(this.process)) return;
        else reject(new Error(`ended before it printed ${text}: ${this.#stdout}${this.#stderr}`));
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async kill(): Promise<Ended> {
    this.process.kill('SIGKILL');
    return this.ended;
  }
}

export function startRedress(...arguments_: readonly string[]): Child {
  return new Child([REDRESS, ...arguments_]);
}

export async function redress(...arguments_: readonly string[]): Promise<Ended> {
  return startRedress(...arguments_).ended;
}

/** A terminal that stands still at its point. The caller kills it. */
export async function startVictim(orders: VictimOrders): Promise<Child> {
  const child = new Child([VICTIM, JSON.stringify(orders)]);
  await child.printed(REACHED);
  return child;
}
