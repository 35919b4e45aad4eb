import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StationCallName } from '../shared/call-names.ts';
import type { CallResult, ConnectionTest, SetupArgs, SetupReport, Standing } from '../shared/contract.ts';
import { failure, messageOf, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { parseSettings, type Settings } from '../shared/settings.ts';
import type { Handlers } from './contract-calls.ts';
import { claimDirectory } from './open-terminal.ts';
import type { MachineSuggestion } from './provisioning.ts';
import { activateSetUp, numberOf } from './set-up.ts';
import { readVendorKey } from './settings/key-store.ts';
import { loadSettings } from './settings/settings-store.ts';
import type { OpenVault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';

/** What the calls of a station are made of. */
export interface StationParts {
  readonly directory: string;
  readonly version: string;
  readonly timers: Timers;
  readonly openVault: OpenVault;
  readonly suggest: () => MachineSuggestion;
  readonly testConnection: (apiDomain: string) => Promise<Result<ConnectionTest, Failure>>;
  readonly writeDiagnostics: () => Promise<Result<CallResult<'diagnostics.write'>, Failure>>;
  readonly station: CalledStation;
}

/** What set-up needs to know of the station and has it do. */
export interface CalledStation {
  readonly standing: Standing;
  readonly problem: Failure | null;
  /** Keeps everything else from opening the directory; a second press would use the activation code up twice. */
  setUp<Value>(work: () => Promise<Result<Value, Failure>>): Promise<Result<Value, Failure>>;
  /** Lets go of what runs now and begins anew with what is stored. */
  restart(): Promise<Result<void, Failure>>;
}

/** Where merchant IT puts the vendor's key so that nobody has to type a path. */
const VENDOR_KEY_FILE = 'vendor-key.json';

/** The calls that are answered whether or not there is a terminal. */
export function createStationHandlers(parts: StationParts): Handlers<StationCallName> {
  return {
    'setup.get': () => ok(report(parts)),
    'setup.test': ({ apiDomain }) => parts.testConnection(apiDomain),
    'setup.apply': (args) => parts.station.setUp(() => apply(args, parts)),
    'diagnostics.write': () => parts.writeDiagnostics(),
  };
}

function report({ directory, version, station, suggest }: StationParts): SetupReport {
  const { standing, problem } = station;
  const settings = storedSettings(directory);
  const upay = settings?.protocol === 'upay' ? settings : null;
  const suggestion = suggest();
  const vendorKeyFile = join(directory, VENDOR_KEY_FILE);
  return {
    standing,
    problem: problem === null ? null : { ...problem, message: messageOf(problem) },
    form: {
      apiDomain: settings?.apiDomain ?? '',
      vendorSn: upay?.vendor?.vendorSn ?? '',
      appId: upay?.vendor?.appId ?? '',
      vendorKeyFile,
      deviceId: upay?.terminal.deviceId ?? suggestion.deviceId,
      deviceName: suggestion.deviceName,
      timeZone: settings?.timeZone ?? suggestion.timeZone,
    },
    isVendorKeyThere: existsSync(vendorKeyFile),
    terminalSn: settings === null ? null : numberOf(settings),
    dataDirectory: directory,
    version,
  };
}

function storedSettings(directory: string): Settings | null {
  const settings = loadSettings(directory);
  return settings.ok ? settings.value : null;
}

async function apply(args: SetupArgs, parts: StationParts): Promise<Result<{ terminalSn: string }, Failure>> {
  const { directory, station, timers, openVault } = parts;
  if (station.standing === 'running') return err(failure('already_activated'));
  const settings = settingsOf(args, storedSettings(directory));
  if (!settings.ok) return settings;
  const vendorKey = readVendorKey(args.vendorKeyFile);
  if (!vendorKey.ok) return vendorKey;
  const vault = await openVault(directory);
  if (!vault.ok) return vault;
  const lock = claimDirectory(directory);
  if (!lock.ok) return lock;
  const activation = {
    code: args.activationCode,
    vendorKey: vendorKey.value,
    name: args.deviceName === '' ? undefined : args.deviceName,
  };
  // Whatever key lies here serves no running terminal.
  const options = { vault: vault.value, timers, replace: true };
  const activated = await activateSetUp(directory, settings.value, activation, options);
  lock.value.release();
  if (!activated.ok) return activated;
  const restarted = await station.restart();
  return restarted.ok ? ok({ terminalSn: activated.value }) : restarted;
}

/** What the form does not ask for stays as it was stored. */
function settingsOf(args: SetupArgs, before: Settings | null): Result<Settings, Failure> {
  const { protocol, apiDomain, vendorSn, appId, deviceId, timeZone } = args;
  const vendor = { vendorSn, appId };
  return parseSettings({ ...keptOf(before), protocol, apiDomain, vendor, terminal: { deviceId }, timeZone });
}

/** What belongs to no protocol. */
function keptOf(before: Settings | null): object {
  if (before === null) return {};
  const { currency, subject, updateUrl, updateElevated, policy } = before;
  return { currency, subject, updateUrl, updateElevated, policy };
}
