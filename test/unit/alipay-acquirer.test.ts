import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { INTERRUPTED, TIMED_OUT } from '../../main/acquirer/acquirer.ts';
import { AlipayAcquirer } from '../../main/acquirer/alipay-acquirer.ts';
import { ServerClock } from '../../main/acquirer/server-clock.ts';
import { createPool } from '../../main/acquirer/transport.ts';
import { importClientKeys } from '../../main/settings/client-keys.ts';
import type { Order } from '../../shared/order/order.ts';
import { alipayplusDialect } from '../../shared/protocol/alipayplus/dialect.ts';
import { miniprogramDialect } from '../../shared/protocol/miniprogram/dialect.ts';
import { parseSettings, type ClientSettings } from '../../shared/settings.ts';
import { confirming } from '../fixtures/orders.ts';
import {
  fakeAlipay,
  isSignedBy,
  rsaPair,
  signatureHeader,
  type FakeReply,
  type Respond,
  type RsaPair,
  type SeenRequest,
  type Signing,
} from '../support/fake-alipay.ts';
import { must, NOON } from '../support/fake-ledger.ts';

const CLIENT_ID = 'SANDBOX_5X00000000000001';
const CODE = '286604123456789012';
const REQUEST_ID = 'RF20261120ABCDEFGHJK';
const REPLY_TIME = '2026-11-20T12:00:01+08:00';
const ORDER: Order = { ...confirming(), refund: { requestId: REQUEST_ID, acceptedAtMs: null } };
const PROTOCOLS = ['alipayplus', 'miniprogram'] as const;
const CALLS = ['pay', 'query', 'cancel', 'revoke', 'refund'] as const;

type Call = (typeof CALLS)[number];
type Kinds = Readonly<Record<Call, string>>;

let own: RsaPair;
let acquirers: RsaPair;
let stranger: RsaPair;

beforeAll(() => {
  [own, acquirers, stranger] = [rsaPair(), rsaPair(), rsaPair()];
});

/** Nothing here takes long; a signal that never fires. */
const patience = (): AbortSignal => AbortSignal.timeout(15_000);

function settingsOf(protocol: (typeof PROTOCOLS)[number], client: object = {}): ClientSettings {
  const block = { clientId: CLIENT_ID, ...client };
  const settings = must(parseSettings({ protocol, apiDomain: 'https://api.example.test', client: block }));
  if (settings.protocol === 'upay') throw new Error('these tests are about the others');
  return settings;
}

interface ClientOptions {
  readonly keys?: { readonly privateKey: string; readonly publicKey: string };
  /** Another address than the fake's. */
  readonly origin?: string;
}

async function clientOf(settings: ClientSettings, respond: Respond, options: ClientOptions = {}) {
  const alipay = await fakeAlipay(respond);
  const dispatcher = createPool({
    origin: options.origin ?? alipay.url,
    connections: 4,
    connectTimeoutMs: 5000,
    replyTimeoutMs: 15_000,
  });
  onTestFinished(() => dispatcher.destroy());
  const serverClock = new ServerClock();
  const told = { understood: 0, imports: 0 };
  const keys = options.keys ?? { privateKey: own.privatePem, publicKey: acquirers.publicPem };
  alipay.date = new Date(NOON).toUTCString();
  const acquirer = new AlipayAcquirer({
    dialect:
      settings.protocol === 'alipayplus'
        ? alipayplusDialect(settings.client)
        : miniprogramDialect(settings.client),
    client: settings.client,
    importKeys: () => {
      told.imports += 1;
      return importClientKeys(keys);
    },
    dispatcher,
    serverClock,
    clock: { nowMs: () => NOON },
    timeZone: settings.timeZone,
    payExpiryMs: 45_000,
    onUnderstood: () => {
      told.understood += 1;
    },
  });
  const ask = (call: Call, signal = patience(), order = ORDER) =>
    call === 'pay' ? acquirer.pay(order, CODE, signal) : acquirer[call](order, signal);
  const kinds = async (): Promise<Kinds> => {
    const asked: [Call, string][] = [];
    for (const call of CALLS) asked.push([call, (await ask(call)).kind]);
    return Object.fromEntries(asked) as unknown as Kinds;
  };
  return { alipay, acquirer, serverClock, told, ask, kinds };
}

/** Good news for every call of both protocols at once. */
const yes = (members: object = {}): string =>
  JSON.stringify({
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    paymentResult: { resultCode: 'SUCCESS', resultStatus: 'S' },
    paymentStatus: 'SUCCESS',
    paymentRequestId: ORDER.clientSn,
    paymentAmount: { currency: 'CNY', value: '1234' },
    ...members,
  });
const fault = (resultStatus: string, resultCode: string, members: object = {}): string =>
  JSON.stringify({ result: { resultStatus, resultCode }, ...members });

interface Reply {
  readonly status?: number;
  /** What is sent; it is signed too, unless `signing` says otherwise. */
  readonly body?: string | Uint8Array;
  readonly signing?: Partial<Signing>;
  /** What happens to the three headers before they are sent. */
  readonly headers?: (headers: readonly Header[]) => readonly Header[];
}
type Header = readonly [name: string, value: string];

/** A reply that is right in all that is not said. */
function replyTo(
  { path }: SeenRequest,
  { status = 200, body = yes(), signing = {}, ...more }: Reply,
): FakeReply {
  const right = { key: acquirers.privateKey, path, clientId: CLIENT_ID, time: REPLY_TIME, body };
  const signature = signatureHeader({ ...right, write: encodeURIComponent, ...signing });
  const headers: readonly Header[] = [
    ['Signature', signature],
    ['Client-Id', CLIENT_ID],
    ['Response-Time', REPLY_TIME],
  ];
  return { status, body, headers: more.headers?.(headers) ?? headers };
}

const without = (name: string) => (headers: readonly Header[]) =>
  headers.filter(([header]) => header !== name);
const twice = (name: string) => (headers: readonly Header[]) => [
  ...headers,
  ...headers.filter(([header]) => header === name),
];
const changed = (name: string, change: (value: string) => string) => (headers: readonly Header[]) =>
  headers.map(([header, value]): Header => [header, header === name ? change(value) : value]);
const unsigned = (): readonly Header[] => [];

const all = (kind: string): Kinds =>
  Object.fromEntries(CALLS.map((call) => [call, kind])) as unknown as Kinds;
const BELIEVED: Kinds = {
  pay: 'approved',
  query: 'charged',
  cancel: 'accepted',
  revoke: 'accepted',
  refund: 'accepted',
};
const NOT_UNDERSTOOD: Kinds = { ...all('config'), pay: 'config_unverified' };

describe('A request', () => {
  test.each(PROTOCOLS)(
    'of %s is signed over exactly the bytes and the path that arrive',
    async (protocol) => {
      const settings = settingsOf(protocol, { pathPrefix: '/gate/way.v2', keyVersion: '7' });
      const { alipay, ask } = await clientOf(settings, (request) => replyTo(request, {}));
      for (const call of CALLS) await ask(call, patience(), { ...ORDER, subject: '茶 & "cake" ☕' });
      expect(alipay.requests).toHaveLength(CALLS.length);
      for (const request of alipay.requests) {
        expect(request.path).toMatch(/^\/gate\/way\.v2\/v[12]\/payments\/[A-Za-z]+$/);
        expect(request.headers).toMatchObject({
          'content-type': 'application/json; charset=UTF-8',
          'client-id': CLIENT_ID,
          'content-length': String(request.bytes.length),
          signature: expect.stringMatching(
            /^algorithm=RSA256,keyVersion=7,signature=[A-Za-z0-9%]+%3D$/,
          ) as string,
        });
        expect(isSignedBy(request, own.publicKey)).toBe(true);
        expect(isSignedBy(request, stranger.publicKey)).toBe(false);
      }
      const [pay] = alipay.requests;
      expect(pay?.bytes.toString('utf8')).toContain('茶 & \\"cake\\" ☕');
      expect(pay?.bytes.toString('utf8')).toContain(`"${CODE}"`);
    },
  );

  test('of every call has a path of its own', async () => {
    const pathsOf = async (settings: ClientSettings) => {
      const { alipay, kinds } = await clientOf(settings, (request) => replyTo(request, {}));
      await kinds();
      return alipay.requests.map(({ path }) => path);
    };
    const cancel = '/aps/api/v1/payments/cancelPayment';
    expect(await pathsOf(settingsOf('alipayplus'))).toEqual([
      '/aps/api/v1/payments/pay',
      '/aps/api/v1/payments/inquiryPayment',
      cancel,
      cancel,
      '/aps/api/v1/payments/refund',
    ]);
    expect(await pathsOf(settingsOf('miniprogram'))).toEqual([
      '/v1/payments/retailPay',
      '/v2/payments/inquiryPayment',
      '/v2/payments/cancel',
      '/v2/payments/cancel',
      '/v2/payments/refund',
    ]);
  });

  test('repeats the id of the refund on every try', async () => {
    const { alipay, ask } = await clientOf(settingsOf('alipayplus'), () => ({ body: '' }));
    await ask('refund');
    await ask('refund');
    const [first, second] = alipay.requests.map(({ bytes }) => bytes.toString('utf8'));
    expect(JSON.parse(first ?? '')).toEqual({
      refundRequestId: REQUEST_ID,
      paymentRequestId: ORDER.clientSn,
      refundAmount: { currency: 'CNY', value: '1234' },
    });
    expect(second).toBe(first);
  });

  test.each([
    ['iso-offset', '2026-11-20T12:00:00+08:00', '2026-11-20T12:07:00+08:00'],
    ['iso-z', '2026-11-20T04:00:00.000Z', '2026-11-20T04:07:00.500Z'],
    ['epoch-ms', String(NOON), String(NOON + 420_500)],
  ] as const)(
    'tells the time as %s, by our own clock until a reply has told the acquirer’s',
    async (requestTime, first, then) => {
      const settings = settingsOf('alipayplus', { requestTime, store: { storeTerminalId: 'T1' } });
      const { alipay, ask } = await clientOf(settings, (request) => replyTo(request, {}));
      alipay.date = new Date(NOON + 420_000).toUTCString();
      await ask('query');
      await ask('query');
      await ask('pay');
      const times = alipay.requests.map(({ headers }) => headers['request-time']);
      expect(times).toEqual([first, then, then]);
      for (const request of alipay.requests) expect(isSignedBy(request, own.publicKey)).toBe(true);
      expect(JSON.parse(alipay.requests[2]?.bytes.toString('utf8') ?? '')).toMatchObject({
        paymentExpiryTime: '2026-11-20T12:07:45+08:00',
        order: { env: { storeTerminalRequestTime: '2026-11-20T12:07:00+08:00' } },
      });
    },
  );

  test('is by the acquirer’s clock from the first one on where a probe has asked for it', async () => {
    const { alipay, acquirer, ask } = await clientOf(settingsOf('alipayplus'), (request) =>
      replyTo(request, {}),
    );
    alipay.date = new Date(NOON - 420_000).toUTCString();
    expect(await acquirer.probe(patience())).toBe(true);
    await ask('pay');
    expect(alipay.requests.map(({ headers }) => headers['request-time'])).toEqual([
      '2026-11-20T11:53:00+08:00',
    ]);
  });

  test('that was refused for its time tells the time, though its refusal proves nothing', async () => {
    const { alipay, ask } = await clientOf(settingsOf('alipayplus'), () => ({
      status: 401,
      body: fault('F', 'TIMESTAMP_INVALID'),
    }));
    alipay.date = new Date(NOON + 420_000).toUTCString();
    expect((await ask('query')).kind).toBe('config');
    await ask('query');
    expect(alipay.requests[1]?.headers['request-time']).toBe('2026-11-20T12:07:00+08:00');
  });

  test('is by our own clock still where a page that is no reply told a time', async () => {
    const { alipay, ask, serverClock } = await clientOf(settingsOf('alipayplus'), () => ({
      body: '<html>Log in to the network</html>',
    }));
    alipay.date = new Date(NOON + 13 * 3_600_000).toUTCString();
    for (const call of CALLS) await ask(call);
    expect(serverClock.offsetMs).toBeNull();
  });
});

const base64url = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const RIGHT: readonly (readonly [string, Reply])[] = [
  ['as the official SDKs sign', {}],
  ['with its signature in plain base64', { signing: { write: (base64) => base64 } }],
  ['with its signature in base64url', { signing: { write: base64url } }],
  [
    'with its signature in base64url without padding',
    { signing: { write: (base64) => base64url(base64).replace(/=+$/, '') } },
  ],
  [
    'with its signature escaped in lower-case digits',
    {
      signing: {
        write: (base64) => encodeURIComponent(base64).replace(/%../g, (escape) => escape.toLowerCase()),
      },
    },
  ],
  [
    'with blanks behind the commas of its signature',
    { headers: changed('Signature', (value) => value.replaceAll(',', ', ')) },
  ],
  [
    'with its headers written in capitals',
    { headers: (headers) => headers.map(([name, value]): Header => [name.toUpperCase(), value]) },
  ],
  [
    'with members nobody has documented',
    { body: yes({ walletBrandName: 'W', extra: { a: [1, 2.5, null] } }) },
  ],
  [
    'with its optional members null or empty',
    { body: yes({ paymentId: null, refundId: '', cancelTime: null }) },
  ],
  [
    'that is signed over the byte order mark in front of it',
    { body: Buffer.concat([BOM, Buffer.from(yes())]) },
  ],
  ['written over several lines', { body: JSON.stringify(JSON.parse(yes()), null, '\t') }],
];

const UNPROVED: readonly (readonly [string, Reply])[] = [
  ['without any header of a signature', { headers: unsigned }],
  ['without its signature', { headers: without('Signature') }],
  ['with an empty signature', { signing: { write: () => '' } }],
  ['without the client id', { headers: without('Client-Id') }],
  ['without the time of the reply', { headers: without('Response-Time') }],
  ['with two signatures', { headers: twice('Signature') }],
  ['with two client ids', { headers: twice('Client-Id') }],
  ['with two times', { headers: twice('Response-Time') }],
  ['that names another client', { headers: changed('Client-Id', () => 'SANDBOX_5X00000000000002') }],
  [
    'that is signed for the other client that it names',
    {
      signing: { clientId: 'SANDBOX_5X00000000000002' },
      headers: changed('Client-Id', () => 'SANDBOX_5X00000000000002'),
    },
  ],
  [
    'that is signed by another algorithm, by its own word',
    { headers: changed('Signature', (value) => value.replace('RSA256', 'ECC224')) },
  ],
  ...[201, 202, 206, 302, 400, 401, 403, 404, 500, 502, 503].map(
    (status) => [`with the status ${status} and a signature`, { status }] as const,
  ),
];

/** Signed for us in due form, and not by the key that we take for the acquirer's. */
const MISSIGNED: readonly (readonly [string, Reply])[] = [
  ['with a signature of another length', { signing: { write: (base64) => base64.slice(0, 100) } }],
  ['that is signed for another path', { signing: { path: '/v1/payments/other' } }],
  ['that is signed for another time', { signing: { time: '2026-11-20T12:00:02+08:00' } }],
  ['of which a byte differs from what is signed', { signing: { body: yes().replace('1234', '1235') } }],
  ['that grew by a line feed after it was signed', { signing: { body: yes() }, body: `${yes()}\n` }],
  [
    'that was written anew after it was signed',
    { signing: { body: JSON.stringify(JSON.parse(yes()), null, 1) }, body: yes() },
  ],
  [
    'that got a byte order mark after it was signed',
    { signing: { body: yes() }, body: Buffer.concat([BOM, Buffer.from(yes())]) },
  ],
  [
    'with a signature that was escaped twice',
    { signing: { write: (base64) => encodeURIComponent(encodeURIComponent(base64)) } },
  ],
];

const UNCLEAR: readonly (readonly [string, Reply])[] = [
  ['without a status', { body: yes({ result: { resultCode: 'SUCCESS' } }) }],
  ['without a code', { body: yes({ result: { resultStatus: 'S' } }) }],
  ['with its status in lower case', { body: yes({ result: { resultCode: 'SUCCESS', resultStatus: 's' } }) }],
  ['with a status that is a list', { body: yes({ result: { resultCode: 'SUCCESS', resultStatus: ['S'] } }) }],
  ['with a code that is a number', { body: yes({ result: { resultCode: 0, resultStatus: 'S' } }) }],
  ['with success that is unknown', { body: yes({ result: { resultCode: 'SUCCESS', resultStatus: 'U' } }) }],
  ['with success that failed', { body: yes({ result: { resultCode: 'SUCCESS', resultStatus: 'F' } }) }],
  ['with success of another code', { body: yes({ result: { resultCode: 'OK', resultStatus: 'S' } }) }],
  ['with nothing in its result', { body: yes({ result: {} }) }],
  ['with a result that is a text', { body: yes({ result: 'SUCCESS' }) }],
  ['without a result', { body: yes({ result: undefined }) }],
  ['with its amount as a number', { body: yes({ paymentAmount: { currency: 'CNY', value: 1234 } }) }],
  ['with its id as a number', { body: yes({ paymentId: 2026112012 }) }],
  ['about another payment', { body: yes({ paymentRequestId: 'R20261120-0002' }) }],
  [
    'that says its status twice',
    { body: yes().replace('"resultStatus":"S"', '"resultStatus":"F","resultStatus":"S"') },
  ],
  [
    'that says its result twice',
    { body: yes().replace('{', '{"result":{"resultStatus":"F","resultCode":"X"},') },
  ],
  [
    'that says a member twice, once with an escape',
    { body: yes().replace('"resultStatus":"S"', String.raw`"resultStatu\u0073":"F","resultStatus":"S"`) },
  ],
  ['that is a list', { body: `[${yes()}]` }],
  ['that is JSON in a text', { body: JSON.stringify(yes()) }],
  ['that is cut off', { body: yes().slice(0, -1) }],
  ['that is a page', { body: '<!doctype html><title>S SUCCESS</title>' }],
  ['that is empty', { body: '' }],
  [
    'that is no UTF-8',
    { body: Buffer.concat([Buffer.from(yes().slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]) },
  ],
  ['that is UTF-16', { body: Buffer.from(`\ufeff${yes()}`, 'utf16le') }],
  [
    'that is compressed though nobody asked for it',
    { body: gzipSync(yes()), headers: (headers) => [...headers, ['Content-Encoding', 'gzip']] },
  ],
  ['that is larger than any reply', { body: yes({ padding: 'x'.repeat(300_000) }) }],
  ['with nothing, as 204 has it', { status: 204, body: '' }],
];

describe.each(PROTOCOLS)('A reply of %s', (protocol) => {
  test.each(RIGHT)('is believed: %s', async (_name, reply) => {
    const { kinds } = await clientOf(settingsOf(protocol), (request) => replyTo(request, reply));
    expect(await kinds()).toEqual(BELIEVED);
  });

  test.each(MISSIGNED)(
    'says nothing about money, and that we do not understand it: %s',
    async (_name, reply) => {
      const { alipay, ask, kinds } = await clientOf(settingsOf(protocol), (request) =>
        replyTo(request, reply),
      );
      expect(await kinds()).toEqual(NOT_UNDERSTOOD);
      expect(alipay.requests).toHaveLength(CALLS.length);
      expect((await ask('query')).evidence).toMatchObject({
        code: expect.stringMatching(/^missigned\//) as string,
      });
      expect((await ask('query')).evidence.sn).toBeUndefined();
    },
  );

  test.each([...UNPROVED, ...UNCLEAR])('says nothing about money: %s', async (_name, reply) => {
    const { alipay, kinds } = await clientOf(settingsOf(protocol), (request) => replyTo(request, reply));
    expect(await kinds()).toEqual(all('unknown'));
    expect(alipay.requests).toHaveLength(CALLS.length);
  });

  test.each<[string, () => Partial<Signing>]>([
    ['somebody else', () => ({ key: stranger.privateKey })],
    ['ourselves', () => ({ key: own.privateKey })],
  ])('says nothing about money where it is signed by %s', async (_name, signing) => {
    const { kinds } = await clientOf(settingsOf(protocol), (request) =>
      replyTo(request, { signing: signing() }),
    );
    expect(await kinds()).toEqual(NOT_UNDERSTOOD);
  });

  test('says nothing of one call when it was the right answer to another', async () => {
    const { alipay, ask } = await clientOf(settingsOf(protocol), (request) => replyTo(request, {}));
    await ask('query');
    const [query] = alipay.requests;
    if (query === undefined) throw new Error('the query did not arrive');
    alipay.respond = () => replyTo(query, {});
    for (const call of ['pay', 'cancel', 'revoke', 'refund'] as const)
      expect([call, (await ask(call)).kind]).toEqual([call, NOT_UNDERSTOOD[call]]);
    expect((await ask('query')).kind).toBe('charged');
  });

  test.each([
    ['a page', '<html>Too many requests</html>'],
    ['nothing', ''],
    ['a result', fault('U', 'UNKNOWN_EXCEPTION')],
    ['good news', yes()],
  ])('with the status 429 and %s asks for more time, and is no answer', async (_name, body) => {
    const { kinds } = await clientOf(settingsOf(protocol), (request) =>
      replyTo(request, { status: 429, body }),
    );
    expect(await kinds()).toEqual(all('throttled'));
  });

  test.each([
    ['signed', 'F', {}],
    ['signed', 'U', {}],
    ['unsigned', 'U', { headers: unsigned }],
  ])('that says it is too much asks for more time: %s, %s', async (_name, status, more) => {
    const body = fault(status, 'REQUEST_TRAFFIC_EXCEED_LIMIT');
    const { kinds } = await clientOf(settingsOf(protocol), (request) => replyTo(request, { body, ...more }));
    expect(await kinds()).toEqual(all('throttled'));
  });
});

describe('A refusal', () => {
  const IDENTITY = [
    'INVALID_SIGNATURE',
    'KEY_NOT_FOUND',
    'CLIENT_INVALID',
    'INVALID_CLIENT',
    'TIMESTAMP_INVALID',
  ];

  test.each(IDENTITY)(
    'of who we are needs no signature to be shown, and decides no sale: %s',
    async (code) => {
      const body = fault('F', code);
      for (const status of [200, 401]) {
        const { kinds } = await clientOf(settingsOf('alipayplus'), () => ({ status, body }));
        expect(await kinds()).toEqual(NOT_UNDERSTOOD);
      }
      const { kinds } = await clientOf(settingsOf('alipayplus'), (request) => replyTo(request, { body }));
      expect(await kinds()).toEqual(all('config'));
    },
  );

  test.each([
    ['of access', fault('F', 'ACCESS_DENIED')],
    ['of the payment', fault('F', 'PROCESS_FAIL')],
    ['of a code nobody has documented', fault('F', 'NO_SUCH_CODE')],
    ['that knows no such order', fault('F', 'ORDER_NOT_EXIST')],
    ['that the window is closed', fault('F', 'CANCEL_WINDOW_EXCEED')],
    ['that it is cancelled already', fault('F', 'ORDER_IS_CANCELED')],
    ['that is only perhaps about who we are', fault('U', 'INVALID_SIGNATURE')],
    ['about who we are on another payment', fault('F', 'INVALID_SIGNATURE', { paymentRequestId: 'R-other' })],
  ])('%s is nothing without a signature', async (_name, body) => {
    const { kinds } = await clientOf(settingsOf('alipayplus'), () => ({ body }));
    expect(await kinds()).toEqual(all('unknown'));
  });

  test('is told with the codes that came, and marked where nobody we know has signed them', async () => {
    const { alipay, ask } = await clientOf(settingsOf('alipayplus'), (request) =>
      replyTo(request, { body: fault('F', 'INVALID_SIGNATURE') }),
    );
    expect((await ask('query')).evidence.code).toBe('F/INVALID_SIGNATURE');
    alipay.respond = () => ({ body: fault('F', 'INVALID_SIGNATURE') });
    expect((await ask('query')).evidence.code).toBe('unverified/F/INVALID_SIGNATURE');
  });
});

describe('A call', () => {
  test('to a port where nobody listens was not sent', async () => {
    const origin = 'http://127.0.0.1:9';
    const { acquirer, alipay, kinds } = await clientOf(settingsOf('alipayplus'), () => ({}), { origin });
    expect(await kinds()).toEqual(all('not_sent'));
    expect(await acquirer.probe(patience())).toBe(false);
    expect(alipay.requests).toEqual([]);
  });

  test.each<[string, Respond]>([
    ['breaks before the reply', () => (response) => response.socket?.resetAndDestroy()],
    [
      'breaks in the middle of it',
      (request) => (response) => {
        const { headers = [], body = '' } = replyTo(request, {});
        const length: Header = ['Content-Length', String(body.length)];
        response.writeHead(200, [...headers, length].flat());
        response.write(body.slice(0, 60), () => response.socket?.resetAndDestroy());
      },
    ],
  ])('whose connection %s is open, and is not sent again', async (_name, respond) => {
    const { alipay, kinds } = await clientOf(settingsOf('alipayplus'), respond);
    expect(await kinds()).toEqual(all('unknown'));
    expect(alipay.requests).toHaveLength(CALLS.length);
  });

  test.each([TIMED_OUT, INTERRUPTED])('with an endless reply is cut by its signal: %s', async (reason) => {
    const { alipay, ask } = await clientOf(settingsOf('alipayplus'), () => (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    for (const [index, call] of CALLS.entries()) {
      const cut = new AbortController();
      const answered = ask(call, cut.signal);
      await expect.poll(() => alipay.requests.length, { timeout: 5000 }).toBe(index + 1);
      cut.abort(reason);
      expect(await answered).toMatchObject({ kind: 'unknown', evidence: { code: reason } });
    }
  });

  test.each<[string, () => { privateKey: string; publicKey: string }]>([
    ['our own is damaged', () => ({ privateKey: 'MIIE', publicKey: acquirers.publicPem })],
    ['the acquirer’s is damaged', () => ({ privateKey: own.privatePem, publicKey: 'MIIB' })],
    ['the acquirer’s is our own', () => ({ privateKey: own.privatePem, publicKey: own.publicPem })],
  ])('does not leave where %s, which only IT can mend', async (_name, keys) => {
    const { alipay, kinds, told } = await clientOf(
      settingsOf('alipayplus'),
      (request) => replyTo(request, {}),
      { keys: keys() },
    );
    expect(await kinds()).toEqual(all('config'));
    expect(alipay.requests).toEqual([]);
    expect(told).toEqual({ understood: 0, imports: 1 });
  });

  test('finds its keys read already by the call before it', async () => {
    const { kinds, told } = await clientOf(settingsOf('alipayplus'), (request) => replyTo(request, {}));
    await kinds();
    expect(told.imports).toBe(1);
  });
});

describe('The payment code', () => {
  test.each<[string, string]>([
    [
      'in the message',
      fault('F', 'INVALID_CODE').replace('}', `,"resultMessage":"code ${CODE}, really ${CODE}"}`),
    ],
    ['in the code of the result', fault('F', `BAD_${CODE}`)],
    ['as the name of the payment', fault('S', 'SUCCESS', { paymentId: CODE })],
    ['within the name of the payment', fault('S', 'SUCCESS', { paymentId: `2026${CODE}01` })],
    [
      'at the end of a message that is cut there',
      fault('F', 'X', { paymentFailReason: `${'x'.repeat(241)}${CODE}` }),
    ],
    ['at the end of a code that is cut there', fault('F', `${'X'.repeat(240)}${CODE}`)],
    [
      'at the end of a name that is cut there',
      fault('S', 'SUCCESS', { paymentId: `${'x'.repeat(239)}${CODE}` }),
    ],
  ])('that is echoed %s is struck out', async (_name, body) => {
    const { ask } = await clientOf(settingsOf('alipayplus'), (request) => replyTo(request, { body }));
    const outcome = await ask('pay');
    expect(outcome.kind).toBe(body.includes('SUCCESS') ? 'approved' : 'declined');
    expect(JSON.stringify(outcome)).not.toContain(CODE.slice(0, 10));
    expect(outcome.evidence.sn).toBeUndefined();
  });

  test('leaves the acquirer’s own name of the payment as it is', async () => {
    const { ask } = await clientOf(settingsOf('alipayplus'), (request) =>
      replyTo(request, { body: yes({ paymentId: '20261120190741010007013213123' }) }),
    );
    expect((await ask('pay')).evidence).toMatchObject({
      sn: '20261120190741010007013213123',
      amountMinor: 1234,
    });
  });
});

describe('That the acquirer understands the terminal again', () => {
  const signedFault = (status: string, code: string) => (request: SeenRequest) =>
    replyTo(request, { body: fault(status, code) });

  test('is told once, by the first proved answer after the fault and not before', async () => {
    const { alipay, ask, told } = await clientOf(settingsOf('alipayplus'), (request) => replyTo(request, {}));
    const after = async (call: Call, respond: Respond): Promise<number> => {
      alipay.respond = respond;
      await ask(call);
      return told.understood;
    };
    expect(await after('query', (request) => replyTo(request, {})), 'nothing was wrong').toBe(0);
    expect(await after('query', () => ({ body: fault('F', 'INVALID_SIGNATURE') })), 'the fault').toBe(0);
    expect(await after('query', () => ({ body: yes() })), 'unproved').toBe(0);
    expect(await after('query', () => ({ status: 502, body: 'bad gateway' })), 'no reply').toBe(0);
    expect(await after('query', signedFault('F', 'ACCESS_DENIED')), 'another fault').toBe(0);
    expect(await after('query', signedFault('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT')), 'not looked at').toBe(0);
    expect(await after('query', signedFault('F', 'ORDER_NOT_EXIST')), 'understood').toBe(1);
    expect(await after('cancel', (request) => replyTo(request, {})), 'told already').toBe(1);
  });

  test('is told after a fault that was only heard of, too', async () => {
    const { alipay, ask, told } = await clientOf(settingsOf('miniprogram'), () => ({
      body: fault('F', 'KEY_NOT_FOUND'),
    }));
    expect((await ask('pay')).kind).toBe('config_unverified');
    alipay.respond = (request) => replyTo(request, {});
    await ask('refund');
    expect(told.understood).toBe(1);
  });
});
