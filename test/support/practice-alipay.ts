import type { RsaProtocol } from '../../main/training/call.ts';
import { readPrivateKey, readPublicKey } from '../../shared/signing/rsa-key.ts';
import { signedContent, signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import { formatSignatureHeader, parseSignatureHeader } from '../../shared/signing/signature-header.ts';
import type { ClientConfig } from './gateway-process.ts';
import { answerOrSilence } from './gateway-silence.ts';

/** A reply body as far as tests look into it. */
export interface AlipayBody {
  readonly result: {
    readonly resultCode: string;
    readonly resultStatus?: string;
    readonly resultMessage?: string;
  };
  readonly paymentResult?: { readonly resultCode: string; readonly resultStatus: string };
  readonly paymentStatus?: string;
  readonly paymentId?: string;
  readonly paymentRequestId?: string;
  readonly paymentAmount?: { readonly currency: string; readonly value: string };
  readonly paymentTime?: string;
  readonly refundId?: string;
  readonly refundTime?: string;
  readonly cancelTime?: string;
  readonly transactions?: readonly Readonly<Record<string, unknown>>[];
}

/** An HTTP answer with what its signature is worth. */
export interface AlipayAnswer {
  readonly httpStatus: number;
  readonly text: string;
  readonly headers: Headers;
  /** `unsigned` has no `Signature`; `wrong` does not verify for this client and this request. */
  readonly signature: 'right' | 'wrong' | 'unsigned';
}

/** What a test can bend in a request; everything else is as the documents say. */
export interface Bent {
  readonly time?: string;
  /** Sent instead of the headers of the same names; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Writes the `Signature` header around a right signature; the usual form unless given. */
  readonly signatureHeader?: (signature: string) => string;
  /** The path that is signed, where it is not the one that is sent to. */
  readonly signedPath?: string;
  /** The body that is signed, where it is not the one that is sent. */
  readonly signedText?: string;
}

/** How long the gateway must keep an answer back to be called silent. */
const SILENCE_MS = 200;

/** Where each call is, by the names that the two protocols share here. */
export type Asked = 'pay' | 'inquiry' | 'cancel' | 'refund';

export const PATHS: Readonly<Record<RsaProtocol, Readonly<Record<Asked, string>>>> = {
  alipayplus: {
    pay: '/aps/api/v1/payments/pay',
    inquiry: '/aps/api/v1/payments/inquiryPayment',
    cancel: '/aps/api/v1/payments/cancelPayment',
    refund: '/aps/api/v1/payments/refund',
  },
  miniprogram: {
    pay: '/v1/payments/retailPay',
    inquiry: '/v2/payments/inquiryPayment',
    cancel: '/v2/payments/cancel',
    refund: '/v2/payments/refund',
  },
};

let codesMade = 0;

/** A payment code that no earlier payment had. */
export function freshCode(): string {
  return `28${process.pid % 1_000_000}${String(++codesMade).padStart(16, '0')}`.slice(0, 24);
}

export type AlipayClient = Awaited<ReturnType<typeof alipayClient>>;

/**
 * A bare client: signs and sends exactly what it is told to, verifies what comes back, and never repeats
 * by itself. `nowMs` is the clock of its Request-Time.
 */
export async function alipayClient(
  { settings, keyFile }: ClientConfig,
  nowMs: () => number = () => Date.now(),
) {
  const { protocol, apiDomain, client } = settings;
  const { clientId } = client;
  const [privateKey, publicKey] = [
    await readPrivateKey(keyFile.privateKey),
    await readPublicKey(keyFile.publicKey),
  ];
  if (!privateKey.ok || !publicKey.ok) throw new Error('the gateway handed out no keys');

  const verify = async (path: string, response: Response, body: Uint8Array) => {
    const header = response.headers.get('signature');
    const time = response.headers.get('response-time');
    if (header === null) return 'unsigned';
    const signature = parseSignatureHeader(header)?.signature ?? '';
    const content = signedContent({ method: 'POST', path, clientId, time: time ?? '', body });
    const isOurs = response.headers.get('client-id') === clientId;
    return isOurs && (await verifyRsa(publicKey.value, content, signature)) ? 'right' : 'wrong';
  };

  const post = async (path: string, body: object | string, bent: Bent = {}): Promise<AlipayAnswer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const time = bent.time ?? new Date(nowMs()).toISOString();
    const content = signedContent({
      method: 'POST',
      path: bent.signedPath ?? path,
      clientId,
      time,
      body: new TextEncoder().encode(bent.signedText ?? text),
    });
    const signature = await signRsa(privateKey.value, content);
    const headers: Readonly<Record<string, string | null>> = {
      'content-type': 'application/json; charset=UTF-8',
      'client-id': clientId,
      'request-time': time,
      signature: bent.signatureHeader?.(signature) ?? formatSignatureHeader({ keyVersion: '1', signature }),
      ...bent.headers,
    };
    const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
    const { response, bytes } = await answerOrSilence(apiDomain, SILENCE_MS, async (signal) => {
      const answer = await fetch(apiDomain + path, {
        method: 'POST',
        headers: sent,
        body: text,
        redirect: 'manual',
        signal,
      });
      return { response: answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
    });
    return {
      httpStatus: response.status,
      text: new TextDecoder().decode(bytes),
      headers: response.headers,
      signature: await verify(path, response, bytes),
    };
  };

  return {
    protocol,
    clientId,
    post,
    ask: (asked: Asked, body: object | string, bent?: Bent) => post(PATHS[protocol][asked], body, bent),
    payBody: (clientSn: string, amountMinor: number, code = freshCode()) =>
      payBodyOf(protocol, clientSn, amountMinor, code),
  };
}

function payBodyOf(protocol: RsaProtocol, clientSn: string, amountMinor: number, code: string) {
  const paymentAmount = { currency: 'CNY', value: String(amountMinor) };
  const order = {
    referenceOrderId: clientSn,
    orderDescription: 'Practice goods',
    orderAmount: paymentAmount,
  };
  const shared = { paymentRequestId: clientSn, paymentAmount, order };
  return protocol === 'alipayplus'
    ? {
        ...shared,
        paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
        paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
        paymentExpiryTime: '2099-01-01T00:00:00+08:00',
      }
    : { ...shared, productCode: '51051000101000100040', paymentAuthCode: code };
}

export function refundBody(clientSn: string, refundRequestId: string, amountMinor: number, currency = 'CNY') {
  return {
    refundRequestId,
    paymentRequestId: clientSn,
    refundAmount: { currency, value: String(amountMinor) },
    refundReason: 'Returned goods',
  };
}

/** The body of an answer that must be one, rightly signed. */
export function bodyOf(answer: AlipayAnswer): AlipayBody {
  if (answer.signature !== 'right') throw new Error(`the answer is ${answer.signature}: ${answer.text}`);
  return JSON.parse(answer.text) as AlipayBody;
}

/** Longer than any honest answer. */
const OVERSIZE = 1024 * 1024;

/**
 * What a client gets to see of a call: the codes of the answer, outermost first, preceded by `unsigned` or
 * `wrong` where its signature is; or `silence`, `broken`, `unreadable`, `empty`, `oversize`, `http NNN`.
 */
export async function seen(asking: Promise<AlipayAnswer>): Promise<string> {
  try {
    const answer = await asking;
    if (answer.httpStatus !== 200) return `http ${answer.httpStatus}`;
    if (answer.text.length > OVERSIZE) return 'oversize';
    if (answer.text === '') return 'empty';
    const codes = codesIn(answer.text);
    return answer.signature === 'right' || codes === 'unreadable' ? codes : `${answer.signature} ${codes}`;
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'silence' : 'broken';
  }
}

function codesIn(text: string): string {
  let body: AlipayBody;
  try {
    body = JSON.parse(text) as AlipayBody;
  } catch {
    return 'unreadable';
  }
  const { result, paymentResult, paymentStatus } = body;
  return [
    result.resultStatus,
    result.resultCode,
    paymentResult?.resultStatus,
    paymentResult?.resultCode,
    paymentStatus,
  ]
    .filter((code) => code !== undefined)
    .join('/');
}
