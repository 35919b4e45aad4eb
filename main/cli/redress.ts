#!/usr/bin/env node
/**
 * Entry of the command line. The SQLite binary crashes on a Node that is too old, so the version is
 * checked before anything that needs it is loaded.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  const { ERRORS } = await import('../../shared/errors.ts');
  process.stderr.write(
    `runtime_too_old: ${ERRORS.runtime_too_old.message} (this is Node ${process.versions.node})\n`,
  );
  process.exitCode = ERRORS.runtime_too_old.exit;
} else {
  // A reader that has seen enough, such as `head`, closes the pipe: that ends the output, not the work.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  // The ledger, its log and whatever else is made here are their owner's alone, also in a folder that is not.
  process.umask(0o077);
  const { nodeHost, run } = await import('./program.ts');
  process.exitCode = await run(process.argv.slice(2), nodeHost(import.meta.dirname));
}
