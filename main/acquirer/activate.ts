import { failure, type Failure } from '../../shared/errors.ts';
import { credentialsOf, type TerminalCredentials } from '../../shared/protocol/upay/reply.ts';
import { activateRequestSchema } from '../../shared/protocol/upay/requests.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { describeIssues } from '../../shared/settings.ts';
import { bodyOf } from './request-body.ts';
import type { Dispatcher } from './transport.ts';
import { keyRefusalCode, signedExchange } from './upay-exchange.ts';

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
  const { appId: app_id, deviceId: device_id, code, name } = request;
  const checked = activateRequestSchema.safeParse({
    app_id,
    device_id,
    code,
    ...(name === undefined ? {} : { name }),
  });
  if (!checked.success) return err(failure('arguments_invalid', describeIssues(checked.error)));
  const body = bodyOf(checked.data);
  const received = await signedExchange(
    dispatcher,
    { call: 'activate', sn: vendorSn, key: vendorKey, body },
    signal,
  );
  // What was sent may have used the code up, and only what was not may be tried again unasked.
  if (received.kind === 'not_sent') return err(failure('acquirer_unreachable', received.evidence.code));
  if (received.kind !== 'envelope') return err(failure('activation_unanswered', received.evidence.code));
  const credentials = credentialsOf(received.reply);
  if (credentials !== undefined) return ok(credentials);
  return err(failure('activation_refused', keyRefusalCode(received.reply)));
}
