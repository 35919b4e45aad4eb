import { createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A key pair as consoles hand it out, and as Node uses it. */
export interface RsaPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

export function rsaPair(modulusLength = 2048): RsaPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** A request as its bytes came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
}

/** A reply down to its bytes; headers may repeat a name. */
export interface FakeReply {
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** What to answer: a reply, or whatever the test does to the connection itself. */
export type Respond = (request: SeenRequest) => FakeReply | ((response: ServerResponse) => void);

export interface FakeAlipay {
  readonly url: string;
  /** What was asked of money, in the order it came; a probe asks nothing. */
  readonly requests: readonly SeenRequest[];
  respond: Respond;
  /** The Date header; the machine's own while undefined. */
  date: string | undefined;
}

/** A server without rules of its own, closed after the test. */
export async function fakeAlipay(respond: Respond): Promise<FakeAlipay> {
  const requests: SeenRequest[] = [];
  const alipay: FakeAlipay = { url: '', requests, respond, date: undefined };
  const server = createServer((message, response) => {
    void answer(message, response, alipay, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(alipay, { url: `http://127.0.0.1:${port}` });
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  alipay: FakeAlipay,
  requests: SeenRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = '', url: path = '' } = message;
  const headers = message.headers as SeenRequest['headers'];
  const date: [string, string][] = alipay.date === undefined ? [] : [['Date', alipay.date]];
  if (method !== 'POST') {
    response.writeHead(404, date.flat()).end();
    return;
  }
  const seen = { method, path, headers, bytes: Buffer.concat(chunks) };
  requests.push(seen);
  const reply = alipay.respond(seen);
  if (typeof reply === 'function') {
    reply(response);
    return;
  }
  const { status = 200, body = '' } = reply;
  response.writeHead(status, [...(reply.headers ?? []), ...date].flat()).end(body);
}

/** What a signature is about and how it is written; each part can be wrong for itself. */
export interface Signing {
  readonly key: KeyObject;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string | Uint8Array;
  /** The text after `signature=`, from standard base64. */
  readonly write: (base64: string) => string;
}

/** A right signature, written as the official SDKs do. Shares nothing with the signer under test. */
export function signatureHeader({ key, path, clientId, time, body, write }: Signing): string {
  const signer = createSign('RSA-SHA256');
  signer.update(`POST ${path}\n${clientId}.${time}.`).update(body);
  return `algorithm=RSA256,keyVersion=1,signature=${write(signer.sign(key).toString('base64'))}`;
}

/** Whether a request is signed over exactly the bytes, path, client and time with which it came. */
export function isSignedBy({ path, headers, bytes }: SeenRequest, publicKey: KeyObject): boolean {
  const [, written = ''] = /signature=([^,]+)$/.exec(headers['signature'] ?? '') ?? [];
  const verifier = createVerify('RSA-SHA256');
  verifier.update(`POST ${path}\n${headers['client-id'] ?? ''}.${headers['request-time'] ?? ''}.`);
  verifier.update(bytes);
  return verifier.verify(publicKey, Buffer.from(decodeURIComponent(written), 'base64'));
}
