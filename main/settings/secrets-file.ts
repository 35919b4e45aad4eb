import { join } from 'node:path';
import { z } from 'zod';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { readJson, removeFile, writeJson } from './files.ts';
import type { Vault } from './vault.ts';

/** Where a data directory keeps its keys, whatever protocol they are for. */
export const secretsFileIn = (directory: string): string => join(directory, 'secrets.json');

/** Keys sealed by a vault. The number beside them is no secret and only tells people whose keys they are. */
export const sealedSchema = z.strictObject({ sealed: z.string(), terminalSn: z.string().min(1).max(64) });

/** Writes the keys, sealed where the host has a vault for them. */
export function writeSecrets(
  directory: string,
  secrets: object,
  terminalSn: string,
  vault: Vault,
): Result<void, Failure> {
  const content = vault.isSealing ? { sealed: vault.seal(JSON.stringify(secrets)), terminalSn } : secrets;
  return writeJson(secretsFileIn(directory), content);
}

/**
 * Reads the keys. Fails with `not_activated` where there are none of this kind, and with `secrets_sealed`
 * where another vault has sealed them.
 */
export function readSecrets<Secrets>(
  directory: string,
  schema: z.ZodType<Secrets>,
  vault: Vault,
): Result<{ readonly secrets: Secrets; readonly isSealed: boolean }, Failure> {
  const file = secretsFileIn(directory);
  const json = readJson(file);
  if (!json.ok && json.error.code !== 'settings_unreadable') return json;
  if (json.ok && json.value === null) return err(failure('not_activated'));
  const sealed = sealedSchema.safeParse(json.ok ? json.value : undefined);
  const opened = sealed.success ? vault.open(sealed.data.sealed) : ok(null);
  if (!opened.ok) return opened;
  const content = opened.value === null ? (json.ok ? json.value : undefined) : jsonIn(opened.value);
  const secrets = schema.safeParse(content);
  if (!secrets.success)
    return err(failure('not_activated', `${file} is damaged, or of another protocol than the settings`));
  return ok({ secrets: secrets.data, isSealed: sealed.success });
}

/** Takes the keys out of the directory; there may be none. */
export function forgetKeys(directory: string): Result<void, Failure> {
  return removeFile(secretsFileIn(directory));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
