import { spawnSync } from 'node:child_process';

/**
 * Runs the system's `openssl`, an implementation that shares nothing with ours. Where it is missing the
 * test fails and says so: a cross-check that is left out proves nothing.
 *
 * @returns its standard output; throws with its standard error where it fails
 */
export function openssl(args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const run = spawnSync('openssl', args, { input, timeout: 20_000 });
  if (run.error !== undefined && 'code' in run.error && run.error.code === 'ENOENT')
    throw new Error('This test needs the openssl program: install it from the system’s packages.');
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${run.stderr.toString()}`);
  return run.stdout;
}
