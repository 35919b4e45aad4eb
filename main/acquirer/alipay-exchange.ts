import type { Evidence, NotSent } from '../../shared/order/outcome.ts';
import { parseAlipayReply, type AlipayReply } from '../../shared/protocol/alipay/reply.ts';
import { signedContent, signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { formatSignatureHeader, parseSignatureHeader } from '../../shared/signing/signature-header.ts';
import type { ClientKeys } from '../settings/client-keys.ts';
import { exchange, type Dispatcher, type Exchange } from './transport.ts';

/** One call of an RSA protocol: who signs which bytes for which path, and at what time. */
export interface ClientCall {
  /** With its prefix: the path is signed as it is sent. */
  readonly path: string;
  readonly clientId: string;
  readonly keyVersion: string;
  /** The text of `Request-Time`. */
  readonly time: string;
  readonly body: Uint8Array;
}

/** What came back: a reply, proved or not, nothing because nothing was sent, or something that proves nothing. */
export type AlipayReceived =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly reply: AlipayReply;
      readonly authentic: boolean;
      readonly isMisSigned: boolean;
    }
  | { readonly kind: 'config' | 'unknown' | 'throttled'; readonly evidence: Evidence }
  | NotSent;

type Reply = Extract<Exchange, { kind: 'reply' }>;

/** What came back, and the acquirer's clock where a reply told it. */
export interface AlipayExchanged {
  readonly received: AlipayReceived;
  readonly date: string | undefined;
}

/** Signs the bytes and sends them; the reply is believed only under the acquirer's own signature (alipayplus.md 1). */
export async function alipayExchange(
  dispatcher: Dispatcher,
  keys: ClientKeys,
  call: ClientCall,
  signal: AbortSignal,
): Promise<AlipayExchanged> {
  const { path, clientId, keyVersion, time, body } = call;
  const signature = await signRsa(
    keys.privateKey,
    signedContent({ method: 'POST', path, clientId, time, body }),
  );
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    accept: 'application/json',
    'client-id': clientId,
    'request-time': time,
    signature: formatSignatureHeader({ keyVersion, signature }),
  };
  const result = await exchange(dispatcher, { method: 'POST', path, headers, body }, signal);
  switch (result.kind) {
    case 'not_sent':
      return { received: { kind: 'not_sent', evidence: { code: result.code } }, date: undefined };
    case 'no_answer':
      return { received: { kind: 'unknown', evidence: { code: result.code } }, date: undefined };
    case 'reply': {
      const received = await readReply(keys, call, result);
      // Whoever keeps a network answers too, with a page and a time of its own.
      return { received, date: received.kind === 'reply' ? result.date : undefined };
    }
  }
}

/** The documents bind a result to this one. */
export const DOCUMENTED_STATUS = 200;
const TOO_MANY_REQUESTS = 429;

async function readReply(keys: ClientKeys, call: ClientCall, result: Reply): Promise<AlipayReceived> {
  const { status } = result;
  // Said by whatever stands before the acquirer, and its body may be anybody's.
  if (status === TOO_MANY_REQUESTS) return { kind: 'throttled', evidence: { code: `http_${status}` } };
  const text = textIn(result.body);
  const parsed = text === null ? null : parseAlipayReply(text);
  if (parsed?.ok !== true) {
    return { kind: 'unknown', evidence: { code: `http_${status}/${parsed?.error ?? 'not_utf8'}` } };
  }
  // The documents bind a result to 200 alone, so elsewhere a signature proves nothing (alipayplus.md 1).
  const signature = status === DOCUMENTED_STATUS ? await checkSignature(keys, call, result) : 'none';
  const trust = { authentic: signature === 'right', isMisSigned: signature === 'wrong' };
  return { kind: 'reply', status, reply: parsed.value, ...trust };
}

/**
 * Over the path of the request, the time of the reply and its bytes, for our own client id and no other. A
 * reply that does not even claim to be signed for us has no signature.
 */
async function checkSignature(
  keys: ClientKeys,
  { path, clientId }: ClientCall,
  { headers, body }: Reply,
): Promise<'right' | 'wrong' | 'none'> {
  const signature = parseSignatureHeader(headers.get('signature') ?? '');
  const time = headers.get('response-time');
  if (signature === null || time === undefined || headers.get('client-id') !== clientId) return 'none';
  const content = signedContent({ method: 'POST', path, clientId, time, body });
  return (await verifyRsa(keys.publicKey, content, signature.signature)) ? 'right' : 'wrong';
}

function textIn(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
