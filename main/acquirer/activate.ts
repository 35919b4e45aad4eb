import type { Dispatcher } from 'undici';
import { failure, type Failure } from '../../shared/errors.ts';
import { credentialsOf, type TerminalCredentials } from '../../shared/protocol/upay/reply.ts';
import { activateRequest, UPAY_PATHS } from '../../shared/protocol/upay/requests.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';
import { exchange } from './transport.ts';
import { readExchange } from './upay-acquirer.ts';

export interface Activation {
  readonly vendorSn: string;
  readonly vendorKey: string;
  readonly appId: string;
  readonly code: string;
  readonly deviceId: string;
  readonly name?: string;
}

/**
 * Obtains a terminal number and its first key, once in a terminal's life (upay.md 2.1). A lost answer
 * may have used the activation code up; only the vendor can say.
 */
export async function activate(
  dispatcher: Dispatcher,
  activation: Activation,
  signal: AbortSignal,
): Promise<Result<TerminalCredentials, Failure>> {
  const { vendorSn, vendorKey, ...request } = activation;
  if (request.code.length > 64) return err(failure('arguments_invalid', 'code: at most 64 characters'));
  if (request.name !== undefined && request.name.length > 128) {
    return err(failure('arguments_invalid', 'name: at most 128 characters'));
  }
  const body = new TextEncoder().encode(JSON.stringify(activateRequest(request)));
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: upayAuthorization(vendorSn, body, vendorKey),
  };
  const result = await exchange(
    dispatcher,
    { method: 'POST', path: UPAY_PATHS.activate, headers, body },
    signal,
  );
  const received = readExchange(result);
  if (received.kind !== 'envelope') return err(failure('acquirer_unreachable', received.evidence.code));
  const credentials = credentialsOf(received.reply);
  if (credentials !== undefined) return ok(credentials);
  const { reply } = received;
  return err(failure('activation_refused', [reply.result_code, reply.error_code ?? 'NO_KEY'].join('/')));
}
