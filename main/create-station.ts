import { join } from 'node:path';
import { failure } from '../shared/errors.ts';
import { err } from '../shared/result.ts';
import type { LaunchGateway } from './practice.ts';
import { provisioningFiles } from './provisioning.ts';
import type { OpenVault } from './settings/vault.ts';
import { systemTimers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import { machine } from './shell/machine.ts';
import { TerminalStation } from './station.ts';

export interface CreateStationOptions {
  readonly directory: string;
  readonly log: Log;
  /** Where the build put the entries of main; the renderer lies beside it. */
  readonly distDirectory: string;
  readonly launchGateway: LaunchGateway;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly openVault: OpenVault;
}

/** A station of this machine's real parts, for every host alike; it is not started yet. */
export function createStation(options: CreateStationOptions): TerminalStation {
  const { directory, environment, distDirectory } = options;
  const checkWorkerFile = join(distDirectory, 'ledger-check.js');
  return new TerminalStation({
    ...options,
    timers: systemTimers,
    version: machine.version,
    checkWorkerFile,
    provisioningFiles: provisioningFiles(machine.platform, environment, directory),
    suggest: machine.suggestion,
    testConnection: () => Promise.resolve(err(failure('acquirer_unreachable'))),
    writeDiagnostics: () => Promise.resolve(err(failure('data_unavailable'))),
  });
}
