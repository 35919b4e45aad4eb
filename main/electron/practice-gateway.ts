import { PassThrough } from 'node:stream';
import type { LaunchGateway } from '../practice.ts';

/** What is used of a process that Electron forked. */
export interface ForkedProcess {
  readonly stdout: NodeJS.ReadableStream | null;
  on(event: 'exit', listener: () => void): unknown;
  kill(): boolean;
}

/** What is used of Electron's `utilityProcess`, which is there when Electron is ready. */
export interface UtilityProcesses {
  fork(
    modulePath: string,
    arguments_: string[],
    options: { readonly stdio: ['ignore', 'pipe', 'inherit']; readonly serviceName: string },
  ): ForkedProcess;
}

/**
 * Runs the practice gateway in a utility process: the fuse that lets Electron be run as Node is off, and
 * such a process ends with the one that forked it.
 *
 * @param program the built command line
 */
export function forkedGateway(utilityProcess: UtilityProcesses, program: string): LaunchGateway {
  return (arguments_) => {
    const child = utilityProcess.fork(program, [...arguments_], {
      stdio: ['ignore', 'pipe', 'inherit'],
      serviceName: 'Redress practice gateway',
    });
    const stdout = new PassThrough();
    child.stdout?.pipe(stdout);
    child.on('exit', () => stdout.end());
    return { stdout, stop: () => void child.kill() };
  };
}
