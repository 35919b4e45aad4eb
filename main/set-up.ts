import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Failure } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Settings } from '../shared/settings.ts';
import { activate as askForKey } from './acquirer/activate.ts';
import { createPool } from './acquirer/transport.ts';
import { Ledger } from './ledger/ledger.ts';
import { FileTerminalKeys, forgetTerminalKey, storeTerminalKey } from './settings/key-store.ts';
import { loadSettings, saveSettings } from './settings/settings-store.ts';
import type { Vault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';

/**
 * Giving a data directory its settings and its key, for the command line, the wizard and provisioning alike.
 * The caller holds the directory's lock.
 */

/** A key that the acquirer gave somewhere else. */
export interface GivenKey {
  readonly terminalSn: string;
  readonly terminalKey: string;
}

/** Stores settings and, where one is given, the terminal's key. Returns the settings as stored. */
export function storeSetUp(
  directory: string,
  given: Settings,
  key: GivenKey | null,
  vault: Vault,
): Result<Settings, Failure> {
  const before = loadSettings(directory);
  const isSameAcquirer = before.ok && before.value?.apiDomain === given.apiDomain;
  // A number that an activation gave is kept where the new settings name none for the same acquirer.
  const keptSn = isSameAcquirer ? before.value?.terminal.terminalSn : undefined;
  const terminalSn = given.terminal.terminalSn ?? keptSn;
  const settings: Settings =
    terminalSn === undefined ? given : { ...given, terminal: { ...given.terminal, terminalSn } };
  const allowed = mayReplace(directory, settings);
  if (!allowed.ok) return allowed;
  const saved = saveSettings(directory, settings);
  if (!saved.ok) return saved;
  // A key is good with the acquirer that gave it and with no other.
  const isOtherAcquirer = before.ok && before.value !== null && !isSameAcquirer;
  if (key === null) return isOtherAcquirer ? withoutKey(directory, settings) : ok(settings);
  const stored = storeTerminalKey(directory, key.terminalSn, key.terminalKey, vault);
  return stored.ok ? ok(settings) : stored;
}

function withoutKey(directory: string, settings: Settings): Result<Settings, Failure> {
  const forgotten = forgetTerminalKey(directory);
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

/** Obtains the terminal's number and key, then stores key and settings. Returns the number. */
export async function activateSetUp(
  directory: string,
  settings: Settings,
  activation: Activation,
  { vault, timers, replace }: ActivateOptions,
): Promise<Result<string, Failure>> {
  const { vendor, terminal, policy } = settings;
  if (vendor === undefined) return err(failure('settings_invalid', 'vendor: is needed to activate'));
  if (!replace && FileTerminalKeys.open(directory, terminal, vault).ok)
    return err(failure('already_activated'));
  // The new terminal cannot settle what the old one owes, so nothing may be owed any more.
  const allowed = mayReplace(directory, { ...settings, terminal: { deviceId: terminal.deviceId } });
  if (!allowed.ok) return allowed;
  const { code, vendorKey, name } = activation;
  const abort = new AbortController();
  const cancelTimer = timers.after(policy.callTimeoutMs, () => abort.abort());
  const dispatcher = createPool({
    origin: settings.apiDomain,
    connections: 1,
    connectTimeoutMs: policy.connectTimeoutMs,
    replyTimeoutMs: policy.callTimeoutMs,
  });
  const activated = await askForKey(
    dispatcher,
    {
      vendorSn: vendor.vendorSn,
      vendorKey,
      appId: vendor.appId,
      code,
      deviceId: terminal.deviceId,
      ...(name === undefined ? {} : { name }),
    },
    abort.signal,
  );
  cancelTimer();
  await dispatcher.destroy();
  if (!activated.ok) return activated;
  const { terminalSn, terminalKey } = activated.value;
  const stored = storeTerminalKey(directory, terminalSn, terminalKey, vault);
  if (!stored.ok) return stored;
  const saved = saveSettings(directory, { ...settings, terminal: { ...terminal, terminalSn } });
  return saved.ok ? ok(terminalSn) : saved;
}

/**
 * Another terminal cannot settle what this one owes, and another acquirer would answer that it knows of
 * nothing. What counts is what the ledger says of itself: settings may be lost or damaged.
 */
function mayReplace(
  directory: string,
  { protocol, apiDomain, terminal, policy }: Settings,
): Result<void, Failure> {
  const file = join(directory, 'ledger.db');
  if (!existsSync(file)) return ok(undefined);
  const ledger = Ledger.open(file, policy);
  if (!ledger.ok) return ledger;
  const allowed = ledger.value.mayBind({ protocol, apiDomain, terminalSn: terminal.terminalSn ?? null });
  ledger.value.close();
  return allowed;
}
