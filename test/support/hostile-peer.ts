import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { AlipayAcquirer } from '../../main/acquirer/alipay-acquirer.ts';
import type { Acquirer } from '../../main/acquirer/acquirer.ts';
import { ServerClock } from '../../main/acquirer/server-clock.ts';
import { createPool } from '../../main/acquirer/transport.ts';
import { UpayAcquirer } from '../../main/acquirer/upay-acquirer.ts';
import { importClientKeys } from '../../main/settings/client-keys.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import type { Order } from '../../shared/order/order.ts';
import { confirming } from '../fixtures/orders.ts';
import { DIALECTS } from './alipay-replies.ts';
import { rsaPair, signatureHeader, type RsaPair } from './fake-alipay.ts';
import { FakeKeys } from './fake-upay.ts';
import { NOON } from './fake-ledger.ts';

/** Peers that keep to no protocol: what they do is done to the bare socket. */

export const HOSTILE_PROTOCOLS = ['upay', 'alipayplus', 'miniprogram'] as const;
export type HostileProtocol = (typeof HOSTILE_PROTOCOLS)[number];
export const HOSTILE_CALLS = ['pay', 'query', 'cancel', 'revoke', 'refund'] as const;
export type HostileCall = (typeof HOSTILE_CALLS)[number];

export const ORDER: Order = {
  ...confirming(),
  refund: { requestId: 'RF20261120ABCDEFGHJK', acceptedAtMs: null },
};
export const CODE = '286604123456789012';

/** One request as its bytes came. */
export interface RawRequest {
  readonly path: string;
  readonly socket: Socket;
}

/** What a peer does to a connection once a whole request has come. */
export type Behaviour = (request: RawRequest) => void;

export interface RawPeer {
  readonly origin: string;
  /** Whole requests so far. */
  requests: number;
  behave: Behaviour;
  /** What is done as soon as somebody connects; nothing unless set. */
  greet: (socket: Socket) => void;
  close(): Promise<void>;
}

/** A server that knows where a request ends, and nothing else of HTTP. */
export async function rawPeer(): Promise<RawPeer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    peer.greet(socket);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let end = endOfRequest(text); end !== null; end = endOfRequest(text)) {
        const path = text.split(' ', 2)[1] ?? '';
        text = text.slice(end);
        peer.requests += 1;
        peer.behave({ path, socket });
      }
    });
  });
  const peer = {
    origin: '',
    requests: 0,
    behave: (): void => undefined,
    greet: (): void => undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  } satisfies RawPeer as RawPeer;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(peer, { origin: `http://127.0.0.1:${port}` });
}

function endOfRequest(text: string): number | null {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return null;
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  const end = head + 4 + length;
  return text.length >= end ? end : null;
}

/** A whole HTTP reply; its length is right unless a header says otherwise. */
export function httpReply(
  body: string | Uint8Array,
  headers: readonly (readonly [name: string, value: string])[] = [],
  status = '200 OK',
): Buffer {
  const bytes = Buffer.from(body);
  const lines = [['content-length', String(bytes.length)], ...headers].map(
    (pair) => `${pair.join(': ')}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}

const CLIENT_ID = 'C1';
const REPLY_TIME = '2026-11-20T12:00:01+08:00';
const SN = '7892259488292938';

/** What an honest acquirer says of each call, as JSON. */
export function goodNews(protocol: HostileProtocol, call: HostileCall): Readonly<Record<string, unknown>> {
  if (protocol === 'upay') {
    const [result, status] = UPAY_NEWS[call];
    const data = { sn: SN, client_sn: ORDER.clientSn, order_status: status, total_amount: '1234' };
    return { result_code: '200', biz_response: { result_code: result, data } };
  }
  return {
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    paymentResult: { resultCode: 'SUCCESS', resultStatus: 'S' },
    paymentStatus: 'SUCCESS',
    paymentRequestId: ORDER.clientSn,
    paymentAmount: { currency: 'CNY', value: '1234' },
  };
}

const UPAY_NEWS: Readonly<Record<HostileCall, readonly [result: string, status: string]>> = {
  pay: ['PAY_SUCCESS', 'PAID'],
  query: ['SUCCESS', 'PAID'],
  cancel: ['CANCEL_SUCCESS', 'CANCELED'],
  revoke: ['CANCEL_SUCCESS', 'CANCELED'],
  refund: ['REFUND_SUCCESS', 'REFUNDED'],
};

/** Which call a path stands for; a revoke of the RSA protocols is a cancel there. */
export function callAt(path: string): HostileCall {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'inquiryPayment') return 'query';
  return HOSTILE_CALLS.find((call) => name.toLowerCase().includes(call)) ?? 'query';
}

export interface Client {
  readonly protocol: HostileProtocol;
  readonly acquirer: Acquirer;
  readonly peer: RawPeer;
  /** The five calls at once, each cut after this long; gives the kinds of their outcomes. */
  kinds(deadlineMs: number): Promise<Readonly<Record<HostileCall, string>>>;
  ask(call: HostileCall, deadlineMs: number): Promise<string>;
  /** A reply with this body under the acquirer's right signature, where the protocol has one. */
  signed(body: string | Uint8Array, path: string): Buffer;
  /** Answers like an honest acquirer. */
  readonly honest: Behaviour;
  close(): Promise<void>;
}

/** A real client of a protocol, in front of a peer without manners. */
export async function clientOf(protocol: HostileProtocol, pair: KeyPairs): Promise<Client> {
  const peer = await rawPeer();
  const { acquirer, close } = acquirerOf(protocol, peer.origin, pair);
  const ask = async (call: HostileCall, deadlineMs: number): Promise<string> => {
    const signal = AbortSignal.timeout(deadlineMs);
    return call === 'pay'
      ? (await acquirer.pay(ORDER, CODE, signal)).kind
      : (await acquirer[call](ORDER, signal)).kind;
  };
  const signed = (body: string | Uint8Array, path: string): Buffer => {
    if (protocol === 'upay') return httpReply(body);
    const signing = { key: pair.acquirers.privateKey, path, clientId: CLIENT_ID, time: REPLY_TIME, body };
    return httpReply(body, [
      ['signature', signatureHeader({ ...signing, write: encodeURIComponent })],
      ['client-id', CLIENT_ID],
      ['response-time', REPLY_TIME],
    ]);
  };
  return {
    protocol,
    acquirer,
    peer,
    ask,
    async kinds(deadlineMs) {
      const asked = HOSTILE_CALLS.map(async (call) => [call, await ask(call, deadlineMs)] as const);
      return Object.fromEntries(await Promise.all(asked)) as Readonly<Record<HostileCall, string>>;
    },
    signed,
    honest: ({ path, socket }) => {
      socket.write(signed(JSON.stringify(goodNews(protocol, callAt(path))), path));
    },
    async close() {
      await close();
      await peer.close();
    },
  };
}

/** What both sides of the RSA protocols sign with. */
export interface KeyPairs {
  readonly own: RsaPair;
  readonly acquirers: RsaPair;
}

export function keyPairs(): KeyPairs {
  return { own: rsaPair(), acquirers: rsaPair() };
}

/** The parts of a real acquirer's client on a real pool. */
export function acquirerOf(
  protocol: HostileProtocol,
  origin: string,
  {
    own,
    acquirers,
  }: { readonly own: Pick<RsaPair, 'privatePem'>; readonly acquirers: Pick<RsaPair, 'publicPem'> },
): { readonly acquirer: Acquirer; readonly close: () => Promise<void> } {
  const dispatcher = createPool({ origin, connections: 8, connectTimeoutMs: 5000, replyTimeoutMs: 20_000 });
  const common = {
    dispatcher,
    serverClock: new ServerClock(),
    clock: { nowMs: () => NOON },
    timeZone: 'Asia/Shanghai',
  };
  const close = (): Promise<void> => dispatcher.destroy();
  if (protocol === 'upay') {
    const keys = new FakeKeys('fresh', null, '2026-11-20');
    const acquirer = new UpayAcquirer({
      ...common,
      keys,
      timers: systemTimers,
      checkinTimeoutMs: 300,
      osInfo: 'test',
      sdkVersion: 'redress/test',
      onCheckin: () => undefined,
    });
    return { acquirer, close };
  }
  const acquirer = new AlipayAcquirer({
    ...common,
    dialect: DIALECTS[protocol],
    client: { clientId: CLIENT_ID, keyVersion: '1', requestTime: 'iso-offset' },
    importKeys: () => importClientKeys({ privateKey: own.privatePem, publicKey: acquirers.publicPem }),
    payExpiryMs: 45_000,
    onUnderstood: () => undefined,
  });
  return { acquirer, close };
}
