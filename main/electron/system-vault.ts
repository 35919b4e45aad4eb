import { join } from 'node:path';
import { z } from 'zod';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { makeDirectory, readJson, writeJson } from '../settings/files.ts';
import { type OpenVault, PLAIN_VAULT, sealingVault, type Vault } from '../settings/vault.ts';

/** What is used of Electron's `safeStorage`: its asynchronous half, the only one that stays. */
export interface SystemKeyStore {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{
    readonly result: string;
    readonly shouldReEncrypt: boolean;
  }>;
  /** Only on Linux. */
  getSelectedStorageBackend(): string;
}

export interface SystemVaultOptions {
  readonly safeStorage: SystemKeyStore;
  readonly platform: NodeJS.Platform;
  readonly isProduction: boolean;
  /** Where the sealed data key is kept; its folder exists. */
  readonly file: string;
  /** 32 unguessable bytes in hex, never the same twice. The nonces of the vault are cut from it too. */
  readonly newKey: () => string;
}

const sealedKeySchema = z.strictObject({ sealedKey: z.base64().min(1) });
const dataKeySchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Backends of Linux that only look like protection: the key is the same on every machine, or not known. */
const OPEN_BACKENDS: ReadonlySet<string> = new Set(['basic_text', 'unknown']);
/** What Chromium writes in front of anything sealed with the key that is the same on every Linux machine. */
const OPEN_PREFIX = 'v10';

/** Opens the vault of whichever data directory, which is made where it is not there. */
export function systemVaultOpener(options: Omit<SystemVaultOptions, 'file'>): OpenVault {
  return async (directory) => {
    const made = makeDirectory(directory);
    return made.ok ? openSystemVault({ ...options, file: join(directory, 'vault.json') }) : made;
  };
}

/**
 * Opens the vault of this user on this machine. The system's key store keeps one random data key; the vault
 * seals with that key, so that sealing never waits for the system. Called when Electron is ready.
 *
 * Fails with `secrets_unprotected` where there is no key store worth the name and this is production,
 * with `secrets_sealed` where the data key there is cannot be opened, and then leaves it as it is:
 * it may be another user who is logged in, or a keyring that is still locked. Fails like `readJson` and
 * `writeJson` for the file itself.
 */
export async function openSystemVault(options: SystemVaultOptions): Promise<Result<Vault, Failure>> {
  const { safeStorage, platform, isProduction, file, newKey } = options;
  const isAvailable = await safeStorage.isAsyncEncryptionAvailable().catch(() => false);
  if (!isAvailable) {
    if (isProduction) return err(failure('secrets_unprotected', 'the key store cannot be reached'));
    return ok(PLAIN_VAULT);
  }
  if (isProduction && platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    if (OPEN_BACKENDS.has(backend)) return err(failure('secrets_unprotected', backend));
  }
  const stored = readJson(file);
  if (!stored.ok) return stored.error.code === 'settings_unreadable' ? err(sealed(file)) : stored;
  const dataKey =
    stored.value === null ? await createDataKey(options) : await openDataKey(options, stored.value);
  return dataKey.ok ? ok(sealingVault(Buffer.from(dataKey.value, 'hex'), newKey)) : dataKey;
}

async function openDataKey(
  { safeStorage, platform, isProduction, file }: SystemVaultOptions,
  stored: unknown,
): Promise<Result<string, Failure>> {
  const parsed = sealedKeySchema.safeParse(stored);
  if (!parsed.success) return err(sealed(file));
  const bytes = Buffer.from(parsed.data.sealedKey, 'base64');
  if (isProduction && isOpen(bytes, platform)) return err(failure('secrets_unprotected', file));
  const opened = await safeStorage.decryptStringAsync(bytes).catch(() => null);
  const dataKey = dataKeySchema.safeParse(opened?.result);
  if (opened === null || !dataKey.success) return err(sealed(file));
  if (opened.shouldReEncrypt) {
    // The key store has a newer key. What there is still opens, so a failure waits for the next start.
    const again = await sealProved(safeStorage, dataKey.data);
    if (again !== null && !(isProduction && isOpen(again, platform))) writeSealed(file, again);
  }
  return ok(dataKey.data);
}

async function createDataKey(options: SystemVaultOptions): Promise<Result<string, Failure>> {
  const { safeStorage, platform, isProduction, file, newKey } = options;
  const dataKey = newKey();
  const bytes = await sealProved(safeStorage, dataKey);
  if (bytes === null) return err(failure('secrets_unprotected', 'the key store does not give back its own'));
  if (isProduction && isOpen(bytes, platform)) return err(failure('secrets_unprotected', 'basic_text'));
  const written = writeSealed(file, bytes);
  return written.ok ? ok(dataKey) : written;
}

/** Null where the key store does not open what it has just sealed: a key kept so would be lost. */
async function sealProved(safeStorage: SystemKeyStore, dataKey: string): Promise<Buffer | null> {
  try {
    const bytes = await safeStorage.encryptStringAsync(dataKey);
    const opened = await safeStorage.decryptStringAsync(bytes);
    return opened.result === dataKey ? bytes : null;
  } catch {
    // What the key store says of its failure is not repeated: nobody promises what is in it.
    return null;
  }
}

function isOpen(bytes: Buffer, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && bytes.subarray(0, OPEN_PREFIX.length).toString('latin1') === OPEN_PREFIX;
}

function writeSealed(file: string, bytes: Buffer): Result<void, Failure> {
  return writeJson(file, { sealedKey: bytes.toString('base64') });
}

function sealed(file: string): Failure {
  return failure('secrets_sealed', `${file} cannot be opened on this machine by this user`);
}
