import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REDRESS } from './gateway-process.ts';

/** What a parent asks of a process with the memory probe in it. */
export interface ProbeRequest {
  /** Moves its wall clock and its monotonic one on by this much. */
  readonly laterMs: number;
  /** Collects all garbage before it looks. */
  readonly collects: boolean;
}

/** What the process has of memory, in bytes. */
export interface ProbeAnswer {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

const PROBE = join(import.meta.dirname, 'memory-probe.ts');

/** The built command line with a memory probe in it; `line` is the first one it prints. */
export async function startProbed(args: readonly string[]) {
  const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, REDRESS, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('the program has no stdout');
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  return {
    line,
    ask: async (request: ProbeRequest): Promise<ProbeAnswer> => {
      child.send(request);
      const [answer] = (await once(child, 'message')) as [ProbeAnswer];
      return answer;
    },
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
