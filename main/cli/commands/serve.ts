import { EXIT, type ExitCode } from '../../../shared/errors.ts';
import type { LaunchGateway } from '../../practice.ts';
import { serve as serveTerminal } from '../../serve.ts';
import { openHostLog } from '../../shell/host-log.ts';
import { interruption, stderrLevel, type Context } from '../context.ts';

export interface ServeCommandOptions {
  readonly port: number;
  readonly operator: string;
  readonly distDirectory: string;
  readonly launchGateway: LaunchGateway;
}

/** The browser host: prints the one-time address and serves until it is told to stop. */
export async function serve(context: Context, options: ServeCommandOptions): Promise<ExitCode> {
  const { console, directory, openVault } = context;
  // A host runs for days, so its log is kept in files as well.
  const { log, files } = openHostLog(directory, stderrLevel(process.env), process.stderr);
  const interrupted = interruption();
  const served = await serveTerminal({
    directory,
    log,
    openVault,
    environment: process.env,
    ...options,
  });
  if (!served.ok) {
    await files.close();
    return console.fail(served.error);
  }
  const { host, practiceGatewayUrl, stop } = served.value;
  const { url, port } = host;
  const mode =
    practiceGatewayUrl === null
      ? ''
      : `\nPRACTICE MODE: no settings in ${directory}, so nothing here is real money. Practice gateway at ${practiceGatewayUrl}.`;
  console.result(
    { url, port, practice: practiceGatewayUrl !== null, pid: process.pid },
    `Redress is ready (process ${process.pid}). Open this address once, on this machine:\n${url}${mode}`,
  );
  await interrupted.happened;
  interrupted.dispose();
  console.note('Stopping: what is still owed is kept on disk.');
  await stop();
  await files.close();
  return EXIT.done;
}
