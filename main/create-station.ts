import { join } from 'node:path';
import { testConnection } from './acquirer/connection-test.ts';
import { writeDiagnostics } from './diagnostics/write-diagnostics.ts';
import type { LaunchGateway } from './practice.ts';
import { provisioningFiles, type MachineSuggestion } from './provisioning.ts';
import { rememberedDeviceId } from './settings/device-id.ts';
import type { OpenVault } from './settings/vault.ts';
import { systemClock, systemTimers } from './shell/clock.ts';
import type { Log } from './shell/log.ts';
import { machine, machineFacts, programVersions } from './shell/machine.ts';
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

/** What set-up begins with on this machine. */
export function suggestionFor(directory: string): MachineSuggestion {
  return {
    deviceId: rememberedDeviceId(directory, machine.newDeviceId),
    deviceName: machine.hostName(),
    timeZone: machine.suggestTimeZone(),
  };
}

/** How long set-up waits for an address to answer. */
const CONNECTION_TEST_MS = 5000;

/** A station of this machine's real parts, for every host alike; it is not started yet. */
export function createStation(options: CreateStationOptions): TerminalStation {
  const { directory, environment, distDirectory } = options;
  const checkWorkerFile = join(distDirectory, 'ledger-check.js');
  const shell = { clock: systemClock, timers: systemTimers };
  return new TerminalStation({
    ...options,
    timers: systemTimers,
    version: machine.version,
    checkWorkerFile,
    provisioningFiles: provisioningFiles(machine.platform, environment, directory),
    suggest: () => suggestionFor(directory),
    testConnection: (apiDomain) => testConnection(apiDomain, { ...shell, timeoutMs: CONNECTION_TEST_MS }),
    writeDiagnostics: (of, live) =>
      writeDiagnostics({
        ...shell,
        directory: of,
        hostDirectory: directory,
        file: null,
        live,
        checkWorkerFile,
        versions: programVersions,
        machine: machineFacts(),
      }),
  });
}
