import { createLog, type Log } from '../shell/log.ts';
import { openTerminal, type RunningTerminal } from '../open-terminal.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { OpenVault } from '../settings/vault.ts';
import type { Console } from './console.ts';

/** What every command is given. */
export interface Context {
  readonly directory: string;
  readonly console: Console;
  readonly log: Log;
  /** Opens what the file of keys is sealed with. */
  readonly openVault: OpenVault;
}

/** How long an ending command waits for a reply that is on its way; what is still open stays owed. */
export const DRAIN_MS = 2000;

export function createContextLog(environment: NodeJS.ProcessEnv): Log {
  return createLog(stderrLevel(environment), process.stderr);
}

/** What a command shows of its log. */
export function stderrLevel(environment: NodeJS.ProcessEnv): string {
  return environment['REDRESS_LOG'] ?? 'warn';
}

/** Runs `work` on a started terminal and always lets the directory go. */
export async function withTerminal<Value>(
  context: Context,
  work: (running: RunningTerminal) => Promise<Value>,
): Promise<Result<Value, Failure>> {
  const { directory, log } = context;
  const vault = await context.openVault(directory);
  if (!vault.ok) return vault;
  const opened = openTerminal({ directory, log, practice: false, vault: vault.value });
  if (!opened.ok) return opened;
  try {
    opened.value.terminal.start();
    await opened.value.terminal.ready();
    return { ok: true, value: await work(opened.value) };
  } finally {
    await opened.value.stop(DRAIN_MS);
  }
}

/** Resolves at Ctrl-C or a polite kill, so that a command can end in order. */
export function interruption(): { readonly happened: Promise<void>; dispose(): void } {
  let resolve: () => void = () => undefined;
  const happened = new Promise<void>((done) => {
    resolve = done;
  });
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
  return {
    happened,
    dispose: () => {
      process.off('SIGINT', resolve);
      process.off('SIGTERM', resolve);
    },
  };
}
