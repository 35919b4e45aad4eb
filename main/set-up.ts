import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Settings, UpaySettings } from '../shared/settings.ts';
import { activate as askForKey } from './acquirer/activate.ts';
import { createPool } from './acquirer/transport.ts';
import type { Identity } from './ledger/identity.ts';
import { Ledger } from './ledger/ledger.ts';
import { identityOf, openBinding } from './protocol-binding.ts';
import { readClientKeyFile, storeClientKeys, type KeyPairTexts } from './settings/client-keys.ts';
import { readKeyFile, storeTerminalKey } from './settings/key-store.ts';
import { forgetKeys } from './settings/secrets-file.ts';
import { loadSettings, saveSettings } from './settings/settings-store.ts';
import type { Vault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';

/**
 * Giving a data directory its settings and its key, for the command line, the wizard and provisioning alike.
 * The caller holds the directory's lock.
 */

/** A key that was made somewhere else: by the acquirer for a terminal, or a key pair for a client. */
export type GivenKey = { readonly terminalKey: string } | KeyPairTexts;

/** Reads the key file that these settings need, and makes sure that it can be used. */
export async function readGivenKey(file: string, settings: Settings): Promise<Result<GivenKey, Failure>> {
  if (settings.protocol !== 'upay') return readClientKeyFile(file);
  const keyFile = readKeyFile(file);
  if (!keyFile.ok) return keyFile;
  const { terminalKey } = keyFile.value;
  return terminalKey === undefined
    ? err(failure('key_file_invalid', 'terminalKey is missing'))
    : ok({ terminalKey });
}

/** Stores settings and, where one is given, their key. Returns the settings as stored. */
export function storeSetUp(
  directory: string,
  given: Settings,
  key: GivenKey | null,
  vault: Vault,
): Result<Settings, Failure> {
  const loaded = loadSettings(directory);
  const before = loaded.ok ? loaded.value : null;
  const isSameAcquirer = before !== null && acquirerOf(before) === acquirerOf(given);
  const settings = isSameAcquirer ? withKeptNumber(given, before) : given;
  const isKeyWithoutNumber = key !== null && numberOf(settings) === null;
  if (isKeyWithoutNumber)
    return err(failure('settings_invalid', 'terminal.terminalSn: is needed with a key'));
  const fitting = key === null ? ok(null) : fittingKey(settings, key);
  if (!fitting.ok) return fitting;
  const allowed = mayReplace(directory, settings);
  if (!allowed.ok) return allowed;
  const saved = saveSettings(directory, settings);
  if (!saved.ok) return saved;
  // A key is good with the acquirer that gave it and with no other; a client has made its own.
  const isKeyOfAnother = before !== null && !isSameAcquirer && !isSameClient(before, settings);
  if (fitting.value === null) return isKeyOfAnother ? withoutKeys(directory, settings) : ok(settings);
  const stored = fitting.value(directory, vault);
  return stored.ok ? ok(settings) : stored;
}

/** Behind a corrected path stands the same acquirer, with which this client's keys are registered. */
function isSameClient(before: Settings, given: Settings): boolean {
  if (before.protocol === 'upay' || before.protocol !== given.protocol) return false;
  return before.apiDomain === given.apiDomain && before.client.clientId === given.client.clientId;
}

/** A number that an activation gave is kept where the new settings name none for the same acquirer. */
function withKeptNumber(given: Settings, before: Settings): Settings {
  if (given.protocol !== 'upay' || before.protocol !== 'upay') return given;
  const terminalSn = given.terminal.terminalSn ?? before.terminal.terminalSn;
  return terminalSn === undefined ? given : { ...given, terminal: { ...given.terminal, terminalSn } };
}

type StoreKey = (directory: string, vault: Vault) => Result<void, Failure>;

/** How this key is stored; it is told before anything is, whether these settings take such a key at all. */
function fittingKey(settings: Settings, key: GivenKey): Result<StoreKey, Failure> {
  if (settings.protocol === 'upay') {
    if (!('terminalKey' in key)) return err(failure('key_file_invalid', 'terminalKey is missing'));
    const { terminalSn = '' } = settings.terminal;
    return ok((directory, vault) => storeTerminalKey(directory, terminalSn, key.terminalKey, vault));
  }
  if ('terminalKey' in key) {
    return err(failure('key_file_invalid', 'exactly privateKey and publicKey are needed, as texts'));
  }
  const { clientId } = settings.client;
  const { privateKey, publicKey } = key;
  return ok((directory, vault) => storeClientKeys(directory, { clientId, privateKey, publicKey }, vault));
}

function withoutKeys(directory: string, settings: Settings): Result<Settings, Failure> {
  const forgotten = forgetKeys(directory);
  return forgotten.ok ? ok(settings) : forgotten;
}

/** What an activation takes besides the settings. */
export interface Activation {
  readonly code: string;
  readonly vendorKey: string;
  /** What the acquirer's console calls this counter. */
  readonly name?: string | undefined;
}

export interface ActivateOptions {
  readonly vault: Vault;
  readonly timers: Timers;
  /** Gives up the number and key that this terminal has. */
  readonly replace: boolean;
}

/**
 * Obtains the terminal's number and key, then stores key and settings. Returns the number. Fails with
 * `activation_unknown` for a protocol whose keys are made by the merchant.
 */
export async function activateSetUp(
  directory: string,
  settings: Settings,
  activation: Activation,
  { vault, timers, replace }: ActivateOptions,
): Promise<Result<string, Failure>> {
  if (settings.protocol !== 'upay') return err(failure('activation_unknown'));
  const { terminal } = settings;
  if (!replace && openBinding(directory, settings, vault).ok) return err(failure('already_activated'));
  // The new terminal cannot settle what the old one owes, so nothing may be owed any more.
  const allowed = mayReplace(directory, { ...settings, terminal: { deviceId: terminal.deviceId } });
  if (!allowed.ok) return allowed;
  const activated = await askAcquirer(settings, activation, timers);
  if (!activated.ok) return activated;
  const { terminalSn, terminalKey } = activated.value;
  const stored = storeTerminalKey(directory, terminalSn, terminalKey, vault);
  if (!stored.ok) return stored;
  const saved = saveSettings(directory, { ...settings, terminal: { ...terminal, terminalSn } });
  return saved.ok ? ok(terminalSn) : saved;
}

async function askAcquirer(
  { vendor, terminal, policy, apiDomain }: UpaySettings,
  { code, vendorKey, name }: Activation,
  timers: Timers,
): ReturnType<typeof askForKey> {
  if (vendor === undefined) return err(failure('settings_invalid', 'vendor: is needed to activate'));
  const { vendorSn, appId } = vendor;
  const { deviceId } = terminal;
  const abort = new AbortController();
  const cancelTimer = timers.after(policy.callTimeoutMs, () => abort.abort());
  const dispatcher = createPool({
    origin: apiDomain,
    connections: 1,
    connectTimeoutMs: policy.connectTimeoutMs,
    replyTimeoutMs: policy.callTimeoutMs,
  });
  const named = name === undefined ? {} : { name };
  const request = { vendorSn, vendorKey, appId, code, deviceId, ...named };
  const activated = await askForKey(dispatcher, request, abort.signal);
  cancelTimer();
  await dispatcher.destroy();
  return activated;
}

/**
 * Another terminal cannot settle what this one owes, and another acquirer would answer that it knows of
 * nothing. What counts is what the ledger says of itself: settings may be lost or damaged.
 */
function mayReplace(directory: string, settings: Settings): Result<void, Failure> {
  const file = join(directory, 'ledger.db');
  if (!existsSync(file)) return ok(undefined);
  const ledger = Ledger.open(file, settings.policy);
  if (!ledger.ok) return ledger;
  const allowed = ledger.value.mayBind({ ...addressOf(settings), terminalSn: numberOf(settings) });
  ledger.value.close();
  return allowed;
}

/** What the acquirer knows this terminal by; null until an activation has given it. */
export function numberOf(settings: Settings): string | null {
  return settings.protocol === 'upay' ? (settings.terminal.terminalSn ?? null) : settings.client.clientId;
}

function addressOf(settings: Settings): Omit<Identity, 'terminalSn'> {
  const { protocol, apiDomain } = identityOf(settings, '');
  return { protocol, apiDomain };
}

function acquirerOf(settings: Settings): string {
  return JSON.stringify(addressOf(settings));
}
