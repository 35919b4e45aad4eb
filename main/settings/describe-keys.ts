import { statSync } from 'node:fs';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { clientSecretsSchema } from './client-keys.ts';
import { readJson } from './files.ts';
import { terminalSecretsSchema } from './key-store.ts';
import { sealedSchema, secretsFileIn } from './secrets-file.ts';

/** What may be told of the keys: neither their values nor anything reckoned from them. */
export interface KeysReport {
  readonly form: 'plain' | 'sealed';
  /** The number of the terminal, or the client id of a protocol that signs with a key pair. */
  readonly terminalSn: string;
  /** null where only the vault could say, or where the protocol has no check-in; the same holds for the next one. */
  readonly checkedInDay: string | null;
  readonly hasPreviousKey: boolean | null;
  /** The file's permissions, such as `600`. */
  readonly mode: string;
}

/** Describes the file of keys without opening a vault. Fails with `not_activated` like opening it. */
export function describeKeys(directory: string): Result<KeysReport, Failure> {
  const file = secretsFileIn(directory);
  const json = readJson(file);
  if (!json.ok && json.error.code !== 'settings_unreadable') return json;
  if (json.ok && json.value === null) return err(failure('not_activated'));
  const value = json.ok ? json.value : undefined;
  const mode = ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o777).toString(8);
  const nothing = { checkedInDay: null, hasPreviousKey: null, mode };
  const ofTerminal = terminalSecretsSchema.safeParse(value);
  if (ofTerminal.success) {
    const { terminalSn, checkedInDay, previousKey } = ofTerminal.data;
    return ok({ form: 'plain', terminalSn, checkedInDay, hasPreviousKey: previousKey !== null, mode });
  }
  const ofClient = clientSecretsSchema.safeParse(value);
  if (ofClient.success) return ok({ form: 'plain', terminalSn: ofClient.data.clientId, ...nothing });
  const sealed = sealedSchema.safeParse(value);
  if (sealed.success) return ok({ form: 'sealed', terminalSn: sealed.data.terminalSn, ...nothing });
  return err(failure('not_activated', `${file} is damaged`));
}
