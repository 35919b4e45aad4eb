import { EXIT, failure, type ExitCode, type Failure } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { suggestionFor } from '../../create-station.ts';
import { claimDirectory, openTerminal } from '../../open-terminal.ts';
import { provision as provisionDirectory } from '../../provisioning.ts';
import { openBinding } from '../../protocol-binding.ts';
import { activateSetUp, readGivenKey, storeSetUp } from '../../set-up.ts';
import { readVendorKey } from '../../settings/key-store.ts';
import { loadSettings, readSettingsFile } from '../../settings/settings-store.ts';
import { systemTimers } from '../../shell/clock.ts';
import { DRAIN_MS, type Context } from '../context.ts';

/** Validates and stores settings, and the terminal's key where one is given. */
export async function init(
  context: Context,
  options: { readonly config: string; readonly keyFile?: string | undefined },
): Promise<ExitCode> {
  const { console, directory } = context;
  const vault = await context.openVault(directory);
  if (!vault.ok) return console.fail(vault.error);
  const settings = readSettingsFile(options.config);
  if (!settings.ok) return console.fail(settings.error);
  const { keyFile } = options;
  const key = keyFile === undefined ? ok(null) : await readGivenKey(keyFile, settings.value);
  if (!key.ok) return console.fail(key.error);
  const stored = underLock(directory, () => storeSetUp(directory, settings.value, key.value, vault.value));
  if (!stored.ok) return console.fail(stored.error);
  const isReady = openBinding(directory, stored.value, vault.value).ok;
  const next =
    stored.value.protocol === 'upay'
      ? 'redress activate --code CODE --key-file FILE'
      : 'redress init with --key-file FILE';
  console.result(
    { initialised: true, directory, ready: isReady },
    isReady
      ? `Settings are stored in ${directory}, and the terminal has its key.`
      : `Settings are stored in ${directory}. Next: ${next}.`,
  );
  return EXIT.done;
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
    const activated = await activateClaimed(context, options);
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
  { directory, openVault }: Context,
  { code, keyFile, name, replace }: ActivateOptions,
): Promise<Result<string, Failure>> {
  const settings = loadSettings(directory);
  if (!settings.ok) return settings;
  if (settings.value === null) return err(failure('not_configured', directory));
  // Before the key file is asked for what no key file of such a protocol has.
  if (settings.value.protocol !== 'upay') return err(failure('activation_unknown'));
  const vault = await openVault(directory);
  if (!vault.ok) return vault;
  const vendorKey = readVendorKey(keyFile);
  if (!vendorKey.ok) return vendorKey;
  return activateSetUp(
    directory,
    settings.value,
    { code, vendorKey: vendorKey.value, name },
    { vault: vault.value, timers: systemTimers, replace },
  );
}

/** Does what a provisioning file says, as an unattended start would. */
export async function provision(context: Context, options: { readonly file: string }): Promise<ExitCode> {
  const { console, directory } = context;
  const vault = await context.openVault(directory);
  if (!vault.ok) return console.fail(vault.error);
  const provisioned = await provisionDirectory(directory, options.file, {
    vault: vault.value,
    timers: systemTimers,
    suggestion: suggestionFor(directory),
  });
  if (!provisioned.ok) return console.fail(provisioned.error);
  const { terminalSn, isFileRemoved } = provisioned.value;
  const left = isFileRemoved ? '' : ` ${options.file} could not be removed: remove it, it holds a key.`;
  console.result(
    { provisioned: true, terminalSn, isFileRemoved },
    `Set up as terminal ${terminalSn} in ${directory}.${left}`,
  );
  return EXIT.done;
}

/** Rotates the terminal's key now. */
export async function checkin(context: Context): Promise<ExitCode> {
  const { console, directory, log } = context;
  const vault = await context.openVault(directory);
  if (!vault.ok) return console.fail(vault.error);
  const opened = openTerminal({ directory, log, practice: false, vault: vault.value });
  if (!opened.ok) return console.fail(opened.error);
  const asked = await opened.value.terminal.checkin();
  await opened.value.stop(DRAIN_MS);
  if (!asked.ok) return console.fail(asked.error);
  const report = asked.value;
  if (!report.ok) return console.fail(failure('checkin_refused', report.code));
  if (!report.isStored) return console.fail(failure('data_unavailable', 'the new key could not be stored'));
  const { businessDay } = report;
  console.result({ checkedIn: true, businessDay }, `Checked in for ${businessDay}; the new key is stored.`);
  return EXIT.done;
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
