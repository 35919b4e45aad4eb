import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StationCallName } from '../shared/call-names.ts';
import type { CallResult, ConnectionTest, SetupArgs, SetupReport, Standing } from '../shared/contract.ts';
import { failure, messageOf, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { alipayplusClientSchema } from '../shared/protocol/alipayplus/client.ts';
import { miniprogramClientSchema } from '../shared/protocol/miniprogram/client.ts';
import { parseSettings, type Settings } from '../shared/settings.ts';
import type { Handlers } from './contract-calls.ts';
import { claimDirectory } from './open-terminal.ts';
import type { MachineSuggestion } from './provisioning.ts';
import { activateSetUp, numberOf, readGivenKey, storeSetUp } from './set-up.ts';
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

/** Where merchant IT puts the vendor's key, or a key pair, so that nobody has to type a path. */
const VENDOR_KEY_FILE = 'vendor-key.json';
const CLIENT_KEY_FILE = 'client-keys.json';

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
  const vendorKeyFile = join(directory, VENDOR_KEY_FILE);
  const clientKeyFile = join(directory, CLIENT_KEY_FILE);
  return {
    standing,
    problem: problem === null ? null : { ...problem, message: messageOf(problem) },
    form: { ...formOf(settings, suggest()), vendorKeyFile, clientKeyFile },
    isVendorKeyThere: existsSync(vendorKeyFile),
    isClientKeyThere: existsSync(clientKeyFile),
    terminalSn: settings === null ? null : numberOf(settings),
    dataDirectory: directory,
    version,
  };
}

type Form = SetupReport['form'];

function formOf(
  settings: Settings | null,
  suggestion: MachineSuggestion,
): Omit<Form, 'vendorKeyFile' | 'clientKeyFile'> {
  const upay = settings?.protocol === 'upay' ? settings : null;
  const alipayplus = settings?.protocol === 'alipayplus' ? settings.client : null;
  const miniprogram = settings?.protocol === 'miniprogram' ? settings.client : null;
  const client = alipayplus ?? miniprogram;
  return {
    protocol: settings?.protocol ?? 'upay',
    apiDomain: settings?.apiDomain ?? '',
    timeZone: settings?.timeZone ?? suggestion.timeZone,
    vendorSn: upay?.vendor?.vendorSn ?? '',
    appId: upay?.vendor?.appId ?? '',
    deviceId: upay?.terminal.deviceId ?? suggestion.deviceId,
    deviceName: suggestion.deviceName,
    clientId: client?.clientId ?? '',
    keyVersion: client?.keyVersion ?? alipayplusClientSchema.shape.keyVersion.parse(undefined),
    alipayplusPathPrefix: alipayplus?.pathPrefix ?? alipayplusClientSchema.shape.pathPrefix.parse(undefined),
    miniprogramPathPrefix:
      miniprogram?.pathPrefix ?? miniprogramClientSchema.shape.pathPrefix.parse(undefined),
    acquirerId: alipayplus?.acquirerId ?? '',
    pspId: alipayplus?.pspId ?? '',
  };
}

function storedSettings(directory: string): Settings | null {
  const settings = loadSettings(directory);
  return settings.ok ? settings.value : null;
}

async function apply(args: SetupArgs, parts: StationParts): Promise<Result<{ terminalSn: string }, Failure>> {
  const { directory, station } = parts;
  if (station.standing === 'running') return err(failure('already_activated'));
  const settings = settingsOf(args, storedSettings(directory));
  if (!settings.ok) return settings;
  const done = await (args.protocol === 'upay'
    ? activate(args, settings.value, parts)
    : storeGiven(args.keyFile, settings.value, parts));
  if (!done.ok) return done;
  const restarted = await station.restart();
  return restarted.ok ? ok({ terminalSn: done.value }) : restarted;
}

type UpayArgs = Extract<SetupArgs, { protocol: 'upay' }>;

/** The acquirer gives number and key for a code. */
async function activate(
  args: UpayArgs,
  settings: Settings,
  { directory, timers, openVault }: StationParts,
): Promise<Result<string, Failure>> {
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
  const activated = await activateSetUp(directory, settings, activation, options);
  lock.value.release();
  return activated;
}

/** Merchant and acquirer have exchanged their public keys already, so nobody is asked. */
async function storeGiven(
  keyFile: string,
  settings: Settings,
  { directory, openVault }: StationParts,
): Promise<Result<string, Failure>> {
  const key = await readGivenKey(keyFile, settings);
  if (!key.ok) return key;
  const vault = await openVault(directory);
  if (!vault.ok) return vault;
  const lock = claimDirectory(directory);
  if (!lock.ok) return lock;
  const stored = storeSetUp(directory, settings, key.value, vault.value);
  lock.value.release();
  return stored.ok ? ok(numberOf(stored.value) ?? '') : stored;
}

/** What the form does not ask for stays as it was stored. */
function settingsOf(args: SetupArgs, before: Settings | null): Result<Settings, Failure> {
  const { protocol, apiDomain, timeZone } = args;
  const common = { ...keptOf(before), protocol, apiDomain, timeZone };
  if (args.protocol === 'upay') {
    const { vendorSn, appId, deviceId } = args;
    return parseSettings({ ...common, vendor: { vendorSn, appId }, terminal: { deviceId } });
  }
  return parseSettings({ ...common, client: clientOf(args, before) });
}

/** An optional member that is left empty is not there; one that the form does not know is the protocol's own. */
function clientOf(args: Exclude<SetupArgs, UpayArgs>, before: Settings | null): object {
  const { clientId, keyVersion, pathPrefix } = args;
  const kept = before !== null && before.protocol === args.protocol ? before.client : {};
  const asked = { ...kept, clientId, keyVersion, pathPrefix };
  if (args.protocol === 'miniprogram') return asked;
  return { ...asked, acquirerId: args.acquirerId || undefined, pspId: args.pspId || undefined };
}

/** What belongs to no protocol. */
function keptOf(before: Settings | null): object {
  if (before === null) return {};
  const { currency, subject, updateUrl, updateElevated, policy } = before;
  return { currency, subject, updateUrl, updateElevated, policy };
}
