import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { EXIT, failure, type ExitCode, type Failure } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Settings } from '../../../shared/settings.ts';
import { activate as activateTerminal } from '../../acquirer/activate.ts';
import { createPool } from '../../acquirer/transport.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { claimDirectory, openTerminal } from '../../open-terminal.ts';
import {
  FileTerminalKeys,
  forgetTerminalKey,
  readKeyFile,
  storeTerminalKey,
} from '../../settings/key-store.ts';
import { loadSettings, readSettingsFile, saveSettings } from '../../settings/settings-store.ts';
import { DRAIN_MS, type Context } from '../context.ts';

/** Validates and stores settings, and the terminal's key where one is given. */
export function init(
  context: Context,
  options: { readonly config: string; readonly keyFile?: string | undefined },
): ExitCode {
  const { console, directory } = context;
  const settings = readSettingsFile(options.config);
  if (!settings.ok) return console.fail(settings.error);
  const key = options.keyFile === undefined ? ok(null) : readTerminalKey(options.keyFile, settings.value);
  if (!key.ok) return console.fail(key.error);
  const stored = underLock(directory, () => storeSettings(directory, settings.value, key.value));
  if (!stored.ok) return console.fail(stored.error);
  const isReady = FileTerminalKeys.open(directory, stored.value.terminal).ok;
  console.result(
    { initialised: true, directory, ready: isReady },
    isReady
      ? `Settings are stored in ${directory}, and the terminal has its key.`
      : `Settings are stored in ${directory}. Next: redress activate --code CODE --key-file FILE.`,
  );
  return EXIT.done;
}

/** A number that an activation gave is kept where the new settings name none for the same acquirer. */
function storeSettings(
  directory: string,
  given: Settings,
  key: { readonly terminalSn: string; readonly terminalKey: string } | null,
): Result<Settings, Failure> {
  const before = loadSettings(directory);
  const keptSn =
    before.ok && before.value?.apiDomain === given.apiDomain ? before.value.terminal.terminalSn : undefined;
  const terminalSn = given.terminal.terminalSn ?? keptSn;
  const settings: Settings =
    terminalSn === undefined ? given : { ...given, terminal: { ...given.terminal, terminalSn } };
  const allowed = mayReplace(directory, settings);
  if (!allowed.ok) return allowed;
  const saved = saveSettings(directory, settings);
  if (!saved.ok) return saved;
  // A key is good with the acquirer that gave it and with no other.
  const isOtherAcquirer = before.ok && before.value !== null && before.value.apiDomain !== given.apiDomain;
  if (key === null) return isOtherAcquirer ? withoutKey(directory, settings) : ok(settings);
  const stored = storeTerminalKey(directory, key.terminalSn, key.terminalKey);
  return stored.ok ? ok(settings) : stored;
}

function withoutKey(directory: string, settings: Settings): Result<Settings, Failure> {
  const forgotten = forgetTerminalKey(directory);
  return forgotten.ok ? ok(settings) : forgotten;
}

export interface ActivateOptions {
  readonly code: string;
  readonly keyFile: string;
  readonly name?: string | undefined;
  readonly replace: boolean;
}

/** Obtains the terminal's number and key with an activation code, once in its life. */
export async function activate(context: Context, options: ActivateOptions): Promise<ExitCode> {
  const { console, directory } = context;
  const lock = claimDirectory(directory);
  if (!lock.ok) return console.fail(lock.error);
  try {
    const activated = await activateClaimed(directory, options);
    if (!activated.ok) return console.fail(activated.error);
    const terminalSn = activated.value;
    console.result(
      { activated: true, terminalSn },
      `Activated as terminal ${terminalSn}; its key is stored.`,
    );
    return EXIT.done;
  } finally {
    lock.value.release();
  }
}

async function activateClaimed(
  directory: string,
  options: ActivateOptions,
): Promise<Result<string, Failure>> {
  const settings = loadSettings(directory);
  if (!settings.ok) return settings;
  if (settings.value === null) return err(failure('not_configured', directory));
  const { vendor, terminal, apiDomain, policy } = settings.value;
  if (vendor === undefined) return err(failure('settings_invalid', 'vendor: is needed to activate'));
  if (!options.replace && FileTerminalKeys.open(directory, terminal).ok)
    return err(failure('already_activated'));
  const keyFile = readKeyFile(options.keyFile);
  if (!keyFile.ok) return keyFile;
  const { vendorKey } = keyFile.value;
  if (vendorKey === undefined) return err(failure('key_file_invalid', 'vendorKey is needed to activate'));
  // The new terminal cannot settle what the old one owes, so nothing may be owed any more.
  const allowed = mayReplace(directory, { ...settings.value, terminal: { deviceId: terminal.deviceId } });
  if (!allowed.ok) return allowed;
  const dispatcher = createPool({
    origin: apiDomain,
    connections: 1,
    connectTimeoutMs: policy.connectTimeoutMs,
    replyTimeoutMs: policy.callTimeoutMs,
  });
  const { name } = options;
  const activated = await activateTerminal(
    dispatcher,
    {
      vendorSn: vendor.vendorSn,
      vendorKey,
      appId: vendor.appId,
      code: options.code,
      deviceId: terminal.deviceId,
      ...(name === undefined ? {} : { name }),
    },
    AbortSignal.timeout(policy.callTimeoutMs),
  );
  await dispatcher.destroy();
  if (!activated.ok) return activated;
  const { terminalSn, terminalKey } = activated.value;
  const stored = storeTerminalKey(directory, terminalSn, terminalKey);
  if (!stored.ok) return stored;
  const saved = saveSettings(directory, { ...settings.value, terminal: { ...terminal, terminalSn } });
  return saved.ok ? ok(terminalSn) : saved;
}

/** Rotates the terminal's key now. */
export async function checkin(context: Context): Promise<ExitCode> {
  const { console, directory, log } = context;
  const opened = openTerminal({ directory, log, practice: false });
  if (!opened.ok) return console.fail(opened.error);
  const report = await opened.value.terminal.checkin();
  await opened.value.stop(DRAIN_MS);
  if (!report.ok) return console.fail(failure('checkin_refused', report.code));
  if (!report.isStored) return console.fail(failure('data_unavailable', 'the new key could not be stored'));
  const { businessDay } = report;
  console.result({ checkedIn: true, businessDay }, `Checked in for ${businessDay}; the new key is stored.`);
  return EXIT.done;
}

function readTerminalKey(
  file: string,
  settings: Settings,
): Result<{ readonly terminalSn: string; readonly terminalKey: string }, Failure> {
  const keyFile = readKeyFile(file);
  if (!keyFile.ok) return keyFile;
  const { terminalSn } = settings.terminal;
  const { terminalKey } = keyFile.value;
  if (terminalKey === undefined) return err(failure('key_file_invalid', 'terminalKey is missing'));
  if (terminalSn === undefined)
    return err(failure('settings_invalid', 'terminal.terminalSn: is needed with a key'));
  return ok({ terminalSn, terminalKey });
}

/** Another terminal cannot settle what this one owes, so the identity changes only when nothing is owed. */
function mayReplace(directory: string, next: Settings): Result<void, Failure> {
  const current = loadSettings(directory);
  if (!current.ok || current.value === null || !existsSync(join(directory, 'ledger.db')))
    return ok(undefined);
  const before = current.value;
  const same = before.apiDomain === next.apiDomain && before.terminal.terminalSn === next.terminal.terminalSn;
  if (same) return ok(undefined);
  const ledger = Ledger.open(join(directory, 'ledger.db'), before.policy);
  if (!ledger.ok) return ledger;
  const isOwing = ledger.value.owedCount() > 0 || ledger.value.undecidedCount() > 0;
  ledger.value.close();
  return isOwing ? err(failure('identity_changed')) : ok(undefined);
}

function underLock<Value>(directory: string, work: () => Result<Value, Failure>): Result<Value, Failure> {
  const lock = claimDirectory(directory);
  if (!lock.ok) return lock;
  try {
    return work();
  } finally {
    lock.value.release();
  }
}
