import { z } from 'zod';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import {
  KEY_ADVICE,
  readPrivateKey,
  readPublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
} from '../../shared/signing/rsa-key.ts';
import { signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { readJson } from './files.ts';
import { readSecrets, writeSecrets } from './secrets-file.ts';
import { PLAIN_VAULT, type Vault } from './vault.ts';

/** Longer than the PEM text of any key that is read. */
const keyText = z.string().min(1).max(16_384);

/** The two halves a client needs, as texts: its own private key and the acquirer's public one. */
export const keyPairSchema = z.strictObject({ privateKey: keyText, publicKey: keyText });
export type KeyPairTexts = Readonly<z.infer<typeof keyPairSchema>>;

export const clientSecretsSchema = keyPairSchema.extend({ clientId: z.string().min(1).max(64) });
export type ClientSecrets = Readonly<z.infer<typeof clientSecretsSchema>>;

/** The same, ready to sign and to verify. */
export interface ClientKeys {
  readonly privateKey: RsaPrivateKey;
  readonly publicKey: RsaPublicKey;
}

/**
 * Takes the keys out of their texts. Fails with `key_file_invalid`, whose detail names the member and what to
 * do about it and repeats nothing of the key.
 */
export async function importClientKeys(texts: KeyPairTexts): Promise<Result<ClientKeys, Failure>> {
  const privateKey = await readPrivateKey(texts.privateKey);
  if (!privateKey.ok) return err(failure('key_file_invalid', `privateKey: ${KEY_ADVICE[privateKey.error]}`));
  const publicKey = await readPublicKey(texts.publicKey);
  if (!publicKey.ok) return err(failure('key_file_invalid', `publicKey: ${KEY_ADVICE[publicKey.error]}`));
  if (await arePair(privateKey.value, publicKey.value)) {
    return err(
      failure('key_file_invalid', "publicKey: this is the terminal's own; the acquirer's is needed"),
    );
  }
  return ok({ privateKey: privateKey.value, publicKey: publicKey.value });
}

/** With its own public half a terminal would believe no reply of the acquirer, and give every payment back. */
async function arePair(privateKey: RsaPrivateKey, publicKey: RsaPublicKey): Promise<boolean> {
  const content = new TextEncoder().encode('one pair?');
  return verifyRsa(publicKey, content, await signRsa(privateKey, content));
}

/** Reads a key file of a protocol that signs with a key pair, and makes sure that both keys can be used. */
export async function readClientKeyFile(file: string): Promise<Result<KeyPairTexts, Failure>> {
  const json = readJson(file);
  if (!json.ok) return json.error.code === 'settings_unreadable' ? err(failure('key_file_invalid')) : json;
  if (json.value === null) return err(failure('key_file_invalid', 'the file does not exist'));
  const parsed = keyPairSchema.safeParse(json.value);
  if (!parsed.success)
    return err(failure('key_file_invalid', 'exactly privateKey and publicKey are needed, as texts'));
  const imported = await importClientKeys(parsed.data);
  return imported.ok ? ok(parsed.data) : imported;
}

/** Stores the keys of a client; whatever keys were there before are gone. */
export function storeClientKeys(
  directory: string,
  secrets: ClientSecrets,
  vault: Vault = PLAIN_VAULT,
): Result<void, Failure> {
  return writeSecrets(directory, secrets, secrets.clientId, vault);
}

/**
 * The stored keys of this client. Fails with `not_activated` where there are none, or another client's, and
 * with `secrets_sealed` where another vault has sealed them. Keys that lie there unsealed are sealed at once.
 */
export function openClientKeys(
  directory: string,
  clientId: string,
  vault: Vault = PLAIN_VAULT,
): Result<ClientSecrets, Failure> {
  const stored = readSecrets(directory, clientSecretsSchema, vault);
  if (!stored.ok) return stored;
  const { secrets, isSealed } = stored.value;
  if (secrets.clientId !== clientId) {
    return err(failure('not_activated', `the stored keys belong to client ${secrets.clientId}`));
  }
  if (!vault.isSealing || isSealed) return ok(secrets);
  const sealed = storeClientKeys(directory, secrets, vault);
  return sealed.ok ? ok(secrets) : sealed;
}
