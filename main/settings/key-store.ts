import { failure, type Failure } from '../../shared/errors.ts';
import { z } from 'zod';
import { terminalKeySchema } from '../../shared/protocol/upay/reply.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { TerminalKeys } from '../acquirer/terminal-keys.ts';
import { readJson } from './files.ts';
import { readSecrets, writeSecrets } from './secrets-file.ts';
import { PLAIN_VAULT, type Vault } from './vault.ts';

const key = terminalKeySchema;

export const terminalSecretsSchema = z.strictObject({
  terminalSn: z.string().min(1).max(32),
  terminalKey: key,
  previousKey: key.nullable(),
  checkedInDay: z.string().nullable(),
});
type Secrets = z.infer<typeof terminalSecretsSchema>;

const keyFileSchema = z
  .strictObject({ terminalKey: key.optional(), vendorKey: key.optional() })
  .refine((file) => file.terminalKey !== undefined || file.vendorKey !== undefined);

/** What a key file for Upay may hold: the terminal's key, or the vendor's for `activate`. */
export interface KeyFile {
  readonly terminalKey?: string | undefined;
  readonly vendorKey?: string | undefined;
}

/** Reads a key file. The failure never repeats any of its content. */
export function readKeyFile(file: string): Result<KeyFile, Failure> {
  const json = readJson(file);
  if (!json.ok) return json.error.code === 'settings_unreadable' ? err(failure('key_file_invalid')) : json;
  if (json.value === null) return err(failure('key_file_invalid', 'the file does not exist'));
  const parsed = keyFileSchema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err(failure('key_file_invalid'));
}

/** Reads the vendor's key, with which a terminal asks for its own. */
export function readVendorKey(file: string): Result<string, Failure> {
  const keyFile = readKeyFile(file);
  if (!keyFile.ok) return keyFile;
  const { vendorKey } = keyFile.value;
  return vendorKey === undefined
    ? err(failure('key_file_invalid', 'vendorKey is needed to activate'))
    : ok(vendorKey);
}

/** Stores a key obtained by `init` or `activate`; whatever key was there before is gone. */
export function storeTerminalKey(
  directory: string,
  terminalSn: string,
  terminalKey: string,
  vault: Vault = PLAIN_VAULT,
): Result<void, Failure> {
  return write(directory, { terminalSn, terminalKey, previousKey: null, checkedInDay: null }, vault);
}

/**
 * The terminal's keys in a file that only its owner reads, sealed where the host has a vault for it. The
 * previous key is kept beside the new one, so that whichever the acquirer still knows can be used.
 */
export class FileTerminalKeys implements TerminalKeys {
  readonly deviceId: string;
  readonly #directory: string;
  readonly #vault: Vault;
  #secrets: Secrets;
  #isStored = true;

  private constructor(directory: string, deviceId: string, secrets: Secrets, vault: Vault) {
    this.#directory = directory;
    this.deviceId = deviceId;
    this.#secrets = secrets;
    this.#vault = vault;
  }

  /**
   * Fails with `not_activated` where this terminal has no key yet, and with `secrets_sealed` where another
   * vault has sealed it. A key that lies there unsealed, from the command line, is sealed at once.
   */
  static open(
    directory: string,
    terminal: { terminalSn?: string | undefined; deviceId: string },
    vault: Vault = PLAIN_VAULT,
  ): Result<FileTerminalKeys, Failure> {
    const stored = readSecrets(directory, terminalSecretsSchema, vault);
    if (!stored.ok) return stored;
    const { secrets, isSealed } = stored.value;
    if (terminal.terminalSn !== undefined && terminal.terminalSn !== secrets.terminalSn) {
      return err(failure('not_activated', `the stored key belongs to terminal ${secrets.terminalSn}`));
    }
    const keys = new FileTerminalKeys(directory, terminal.deviceId, secrets, vault);
    if (vault.isSealing && !isSealed) {
      const sealed = keys.store();
      if (!sealed.ok) return sealed;
    }
    return ok(keys);
  }

  get terminalSn(): string {
    return this.#secrets.terminalSn;
  }

  current(): string {
    return this.#secrets.terminalKey;
  }

  previous(): string | null {
    return this.#secrets.previousKey;
  }

  checkedInDay(): string | null {
    return this.#secrets.checkedInDay;
  }

  rotate(terminalKey: string, businessDay: string): Result<void, Failure> {
    const same = terminalKey === this.#secrets.terminalKey;
    const previousKey = same ? this.#secrets.previousKey : this.#secrets.terminalKey;
    const next: Secrets = { ...this.#secrets, terminalKey, previousKey, checkedInDay: businessDay };
    this.#secrets = next;
    this.#isStored = false;
    return this.store();
  }

  isStored(): boolean {
    return this.#isStored;
  }

  store(): Result<void, Failure> {
    const written = write(this.#directory, this.#secrets, this.#vault);
    this.#isStored = written.ok;
    return written;
  }
}

function write(directory: string, secrets: Secrets, vault: Vault): Result<void, Failure> {
  return writeSecrets(directory, secrets, secrets.terminalSn, vault);
}
