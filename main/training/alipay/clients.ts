import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Failure } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { databaseFailure, type DatabaseHandle } from '../../database/open.ts';
import { RSA_PROTOCOLS, type RsaProtocol } from '../call.ts';

/** What a terminal needs to practise with RSA keys; nothing here opens a real account. */
export interface RsaCredentials {
  readonly clientId: string;
  /** The client's own key, PKCS#8 PEM. */
  readonly privateKey: string;
  /** The gateway's key, SPKI PEM. */
  readonly publicKey: string;
}

/** A registered client as the gateway uses it: it checks with one key and signs with the other. */
export interface Client {
  readonly clientId: string;
  readonly protocol: RsaProtocol;
  readonly clientKey: KeyObject;
  readonly gatewayKey: KeyObject;
}

/** The built-in clients, one for each protocol; they exist in practice files only. */
const CLIENT_IDS: Readonly<Record<RsaProtocol, string>> = {
  alipayplus: 'PRACTICE_5X0000000000000A',
  miniprogram: 'PRACTICE_5X0000000000000M',
};
const KEY_FORM = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

const makeKeyPair = promisify(generateKeyPair);

export type ClientStore = ReturnType<typeof clientStore>;

/**
 * The clients of the RSA protocols and both halves' keys. Keys are made when they are first asked for
 * and kept in the gateway's file, so that a practice with Upay alone never waits for them.
 */
export function clientStore(database: DatabaseHandle) {
  const query = database.prepare('SELECT * FROM clients WHERE protocol = ?');
  const insert = database.prepare(`
    INSERT OR IGNORE INTO clients (client_id, protocol, client_private_key, client_public_key, gateway_private_key,
      gateway_public_key)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const clients = new Map<string, Client>();
  let making: Promise<Result<void, Failure>> | undefined;

  const rowOf = (protocol: RsaProtocol) => rowSchema.optional().parse(query.get(protocol));

  const makeMissing = async (): Promise<void> => {
    const missing = RSA_PROTOCOLS.filter((protocol) => rowOf(protocol) === undefined);
    await Promise.all(
      missing.map(async (protocol) => {
        const [client, gateway] = await Promise.all([
          makeKeyPair('rsa', KEY_FORM),
          makeKeyPair('rsa', KEY_FORM),
        ]);
        // The gateway may have been closed meanwhile.
        if (!database.open) return;
        const keys = [client.privateKey, client.publicKey, gateway.privateKey, gateway.publicKey];
        insert.run(CLIENT_IDS[protocol], protocol, ...keys);
      }),
    );
    if (!database.open) return;
    for (const protocol of RSA_PROTOCOLS) {
      const client = clientOf(rowOf(protocol));
      if (client !== undefined) clients.set(client.clientId, client);
    }
  };

  /** Whether there are keys now; a disk that refuses them is asked again the next time. */
  const ready = (): Promise<Result<void, Failure>> => {
    making ??= makeMissing().then(
      () => ok(undefined),
      (error: unknown) => {
        making = undefined;
        return err(databaseFailure(error));
      },
    );
    return making;
  };

  return {
    ready,
    /** To be called once `ready` has come true. */
    find: (clientId: string): Client | undefined => clients.get(clientId),
    isKnown: (clientId: string): boolean => Object.values(CLIENT_IDS).includes(clientId),
    async credentials(protocol: RsaProtocol): Promise<Result<RsaCredentials, Failure>> {
      const made = await ready();
      if (!made.ok) return made;
      const row = rowSchema.parse(query.get(protocol));
      return ok({
        clientId: row.client_id,
        privateKey: row.client_private_key,
        publicKey: row.gateway_public_key,
      });
    },
  };
}

const rowSchema = z.object({
  client_id: z.string(),
  protocol: z.enum(RSA_PROTOCOLS),
  client_private_key: z.string(),
  client_public_key: z.string(),
  gateway_private_key: z.string(),
  gateway_public_key: z.string(),
});

function clientOf(row: z.infer<typeof rowSchema> | undefined): Client | undefined {
  if (row === undefined) return undefined;
  return {
    clientId: row.client_id,
    protocol: row.protocol,
    clientKey: createPublicKey(row.client_public_key),
    gatewayKey: createPrivateKey(row.gateway_private_key),
  };
}
