import { existsSync, lstatSync, statSync } from 'node:fs';
import { join, sep, win32 } from 'node:path';
import { z } from 'zod';
import { failure, type Failure } from '../shared/errors.ts';
import { terminalKeySchema } from '../shared/protocol/upay/reply.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { describeIssues, parseSettings, type Settings } from '../shared/settings.ts';
import { claimDirectory } from './open-terminal.ts';
import { activateSetUp, numberOf, storeSetUp } from './set-up.ts';
import { importClientKeys, keyPairSchema } from './settings/client-keys.ts';
import { readJson, removeFile } from './settings/files.ts';
import { loadSettings } from './settings/settings-store.ts';
import type { Vault } from './settings/vault.ts';
import type { Timers } from './shell/clock.ts';

/**
 * Unattended set-up: one file says what a person would fill in, so that a hundred terminals are installed
 * alike. It holds a key, so it is removed once it has served.
 */

const provisioningSchema = z
  .strictObject({
    /** As for `init`; `terminal` and its members may be left out. */
    settings: z.looseObject({ terminal: z.looseObject({}).optional() }),
    activation: z
      .strictObject({
        code: z.string().min(1).max(128),
        vendorKey: terminalKeySchema,
        name: z.string().min(1).max(64).optional(),
      })
      .optional(),
    key: z
      .union([z.strictObject({ terminalKey: terminalKeySchema }), keyPairSchema], {
        error: 'must have terminalKey alone, or privateKey and publicKey',
      })
      .optional(),
  })
  .refine(
    ({ activation, key }) => (activation === undefined) !== (key === undefined),
    'either activation or key is needed',
  );

/** What this machine would call itself where a file or a person does not. */
export interface MachineSuggestion {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly timeZone: string;
}

export interface ProvisioningOptions {
  readonly vault: Vault;
  readonly timers: Timers;
  readonly suggestion: MachineSuggestion;
}

export interface Provisioned {
  readonly terminalSn: string;
  /** False where the file lies in a folder that this user may not change. */
  readonly isFileRemoved: boolean;
}

/** Where a provisioning file may lie, the most particular place first. */
export function provisioningFiles(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): readonly string[] {
  const chosen = environment['REDRESS_PROVISIONING'];
  const ofSystem = systemFile(platform, environment);
  return [...(chosen === undefined || chosen === '' ? [] : [chosen]), join(directory, FILE_NAME), ofSystem];
}

const FILE_NAME = 'provisioning.json';

function systemFile(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === 'win32')
    return win32.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Redress', FILE_NAME);
  if (platform === 'darwin') return `/Library/Application Support/Redress/${FILE_NAME}`;
  return `/etc/redress/${FILE_NAME}`;
}

/** The first of these files that is there. */
export function findProvisioningFile(files: readonly string[]): string | null {
  return files.find((file) => existsSync(file)) ?? null;
}

/** Does what the file says: settings and key are stored when this returns, and the file is gone. */
export async function provision(
  directory: string,
  file: string,
  options: ProvisioningOptions,
): Promise<Result<Provisioned, Failure>> {
  const read = readProvisioningFile(directory, file, options.suggestion);
  if (!read.ok) return read;
  const lock = claimDirectory(directory);
  if (!lock.ok) return lock;
  try {
    const terminalSn = await apply(directory, read.value, options);
    if (!terminalSn.ok) return terminalSn;
    return ok({ terminalSn: terminalSn.value, isFileRemoved: removeFile(file).ok });
  } finally {
    lock.value.release();
  }
}

interface ReadProvisioning {
  readonly settings: Settings;
  readonly content: z.infer<typeof provisioningSchema>;
  readonly deviceName: string;
}

const ROOT = 0;
const WRITABLE_BY_OTHERS = 0o022;

/** Whoever can write this file chooses where money goes. Null where it may be believed. */
function distrustOf(file: string, directory: string): string | null {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return 'is not a regular file';
  // On Windows every file looks writable by everybody; docs/OPERATIONS.md says who may write there.
  const ownUid = statSync(directory, { throwIfNoEntry: false })?.uid ?? found.uid;
  if (found.uid !== ROOT && found.uid !== ownUid) return 'belongs to another user';
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0 && sep !== win32.sep) return 'may be written by others';
  return null;
}

/** The failure names members and rules, never what they hold. */
function readProvisioningFile(
  directory: string,
  file: string,
  { deviceId, deviceName }: MachineSuggestion,
): Result<ReadProvisioning, Failure> {
  const distrust = distrustOf(file, directory);
  if (distrust !== null) return err(failure('provisioning_invalid', `${file} ${distrust}`));
  const json = readJson(file);
  if (!json.ok) return err(failure('provisioning_invalid', `${file} cannot be read as JSON`));
  if (json.value === null) return err(failure('provisioning_invalid', `${file} does not exist`));
  const parsed = provisioningSchema.safeParse(json.value);
  if (!parsed.success) return err(failure('provisioning_invalid', describeIssues(parsed.error)));
  const { settings: given } = parsed.data;
  // Only Upay knows a device by a name of its own, and other settings take no such member.
  const device = given['protocol'] === 'upay' ? { terminal: { deviceId, ...given.terminal } } : {};
  const settings = parseSettings({ ...given, ...device });
  if (!settings.ok)
    return err(failure('provisioning_invalid', `settings: ${settings.error.detail ?? settings.error.code}`));
  return ok({ settings: settings.value, content: parsed.data, deviceName });
}

async function apply(
  directory: string,
  { settings, content: { activation, key }, deviceName }: ReadProvisioning,
  { vault, timers }: ProvisioningOptions,
): Promise<Result<string, Failure>> {
  if (activation !== undefined) {
    const { code, vendorKey, name = deviceName } = activation;
    const before = loadSettings(directory);
    // A key without settings is what a crash in the middle of an earlier try left behind.
    const replace = before.ok && before.value === null;
    return activateSetUp(directory, settings, { code, vendorKey, name }, { vault, timers, replace });
  }
  const terminalSn = numberOf(settings);
  if (terminalSn === null || key === undefined)
    return err(failure('provisioning_invalid', 'settings.terminal.terminalSn: is needed with a key'));
  const usable = 'terminalKey' in key ? ok(key) : await importClientKeys(key);
  if (!usable.ok) return err(failure('provisioning_invalid', `key: ${usable.error.detail ?? ''}`));
  const stored = storeSetUp(directory, settings, key, vault);
  return stored.ok ? ok(terminalSn) : stored;
}
