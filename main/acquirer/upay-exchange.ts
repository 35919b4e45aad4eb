import type { NotSent } from '../../shared/order/outcome.ts';
import { unreadable } from '../../shared/protocol/upay/outcome.ts';
import { parseReply, type UpayReply } from '../../shared/protocol/upay/reply.ts';
import { UPAY_PATHS, type UpayCall } from '../../shared/protocol/upay/requests.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';
import { exchange, textOf, type Dispatcher } from './transport.ts';

/** One signed call: who signs which bytes with which key. */
export interface SignedCall {
  readonly call: UpayCall;
  /** The vendor's number for an activation, the terminal's for everything else. */
  readonly sn: string;
  readonly key: string;
  readonly body: Uint8Array;
}

/** What came back: an envelope, nothing because nothing was sent, or something that proves nothing. */
export type Received =
  | { readonly kind: 'envelope'; readonly reply: UpayReply; readonly date: string | undefined }
  | NotSent
  | ReturnType<typeof unreadable>;

/** Signs the bytes and sends them. The envelope decides, whatever the HTTP status (upay.md 1.1, 1.2). */
export async function signedExchange(
  dispatcher: Dispatcher,
  { call, sn, key, body }: SignedCall,
  signal: AbortSignal,
): Promise<Received> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json',
    authorization: upayAuthorization(sn, body, key),
  };
  const result = await exchange(
    dispatcher,
    { method: 'POST', path: UPAY_PATHS[call], headers, body },
    signal,
  );
  switch (result.kind) {
    case 'not_sent':
      return { kind: 'not_sent', evidence: { code: result.code } };
    case 'no_answer':
      return unreadable(result.code);
    case 'reply': {
      const parsed = parseReply(textOf(result));
      if (parsed.ok) return { kind: 'envelope', reply: parsed.value, date: result.date };
      return unreadable(`http_${result.status}/${parsed.error}`);
    }
  }
}

/** The raw codes of a reply that brought no key. */
export function keyRefusalCode(reply: UpayReply): string {
  return [reply.result_code, reply.error_code ?? 'NO_KEY'].join('/');
}
