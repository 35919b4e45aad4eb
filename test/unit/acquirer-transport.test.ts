import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { INTERRUPTED, TIMED_OUT } from '../../main/acquirer/acquirer.ts';
import { createPool, exchange, textOf, type Exchange } from '../../main/acquirer/transport.ts';
import { Child, killLeftovers } from '../support/crash-processes.ts';
import { temporaryFolder } from '../support/fake-ledger.ts';

const BODY = new TextEncoder().encode('{"client_sn":"one"}');
const TRANSPORT = resolve('main/acquirer/transport.ts');

afterAll(killLeftovers);

function poolTo(origin: string, replyTimeoutMs = 15_000) {
  const pool = createPool({ origin, connections: 2, connectTimeoutMs: 1000, replyTimeoutMs });
  onTestFinished(() => pool.destroy());
  return pool;
}

/** An exchange with its body as text, which a person can read. */
const readable = (result: Exchange) =>
  result.kind === 'reply' ? { ...result, body: textOf(result) } : result;

const post = async (pool: ReturnType<typeof poolTo>, signal: AbortSignal = AbortSignal.timeout(10_000)) =>
  readable(
    await exchange(
      pool,
      { method: 'POST', path: '/upay/v2/pay', headers: { 'content-type': 'application/json' }, body: BODY },
      signal,
    ),
  );

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that calls `answer` for each whole request, and counts them. */
async function rawServer(answer: (socket: Socket, nth: number) => void) {
  let requests = 0;
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.endsWith('{"client_sn":"one"}')) return;
      text = '';
      requests += 1;
      answer(socket, requests);
    });
  });
  const port = await listening(server);
  return { server, origin: `http://127.0.0.1:${port}`, requests: () => requests };
}

const reply = (text: string, headers = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\ndate: Fri, 20 Nov 2026 04:00:00 GMT\r\n${headers}\r\n${text}`;

/** Made once; the openssl program is on every machine that builds this. */
function certificate(subjectAltName: string): {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly certFile: string;
} {
  const folder = temporaryFolder();
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=test',
      '-addext',
      `subjectAltName=${subjectAltName}`,
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), certFile };
}

/** Right in all but its dates, `YYYYMMDDHHMMSSZ`, for which openssl wants a whole authority. */
function datedCertificate(from: string, until: string): ReturnType<typeof certificate> {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);
  const section = [
    `new_certs_dir = ${folder}`,
    `database = ${file('index.txt')}`,
    `serial = ${file('serial')}`,
  ];
  const rules = ['default_md = sha256', 'policy = names', 'x509_extensions = extensions'];
  const config = [
    '[ca]',
    'default_ca = own',
    '[own]',
    ...section,
    ...rules,
    '[names]',
    'commonName = supplied',
  ];
  writeFileSync(file('ca.cnf'), [...config, '[extensions]', 'subjectAltName = IP:127.0.0.1', ''].join('\n'));
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('serial'), '01\n');
  const openssl = (...given: readonly string[]) => execFileSync('openssl', [...given], { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=test'];
  openssl('req', '-new', ...newKey, '-keyout', file('key.pem'), '-out', file('request.pem'));
  const dates = ['-startdate', from, '-enddate', until];
  const files = ['-config', file('ca.cnf'), '-keyfile', file('key.pem'), '-in', file('request.pem')];
  openssl('ca', '-batch', '-selfsign', '-notext', ...files, ...dates, '-out', file('cert.pem'));
  return {
    key: readFileSync(file('key.pem')),
    cert: readFileSync(file('cert.pem')),
    certFile: file('cert.pem'),
  };
}

async function tlsServer(made: string | ReturnType<typeof certificate>) {
  const { key, cert, certFile } = typeof made === 'string' ? certificate(made) : made;
  let bytes = 0;
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      socket.write(reply('{}'));
    });
  });
  server.on('tlsClientError', () => undefined);
  const port = await listening(server);
  return { origin: `https://127.0.0.1:${port}`, certFile, bytes: () => bytes };
}

/** The same exchange in a process of its own, whose environment says what to trust. */
async function postInChild(origin: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const program = `
    const { createPool, exchange, textOf } = await import(${JSON.stringify(TRANSPORT)});
    const pool = createPool({ origin: ${JSON.stringify(origin)}, connections: 1, connectTimeoutMs: 5000, replyTimeoutMs: 5000 });
    const result = await exchange(pool, { method: 'POST', path: '/', body: new TextEncoder().encode('{}') }, AbortSignal.timeout(10000));
    const told = result.kind === 'reply' ? { kind: result.kind, body: textOf(result) } : result;
    process.stdout.write(JSON.stringify(told) + '\\n');
    await pool.destroy();`;
  const ended = await new Child(['--input-type=module', '-e', program], environment).ended;
  return JSON.parse(ended.stdout);
}

describe('Nothing was sent', () => {
  it('when the port refuses', async () => {
    const { server, origin } = await rawServer(() => undefined);
    server.close();
    await once(server, 'close');
    expect(await post(poolTo(origin))).toEqual({ kind: 'not_sent', code: 'network/ECONNREFUSED' });
  });

  it('when the name does not exist', async () => {
    expect(await post(poolTo('http://no-such-acquirer.invalid'))).toMatchObject({
      kind: 'not_sent',
      code: expect.stringMatching(/^network\/(ENOTFOUND|EAI_AGAIN)$/) as string,
    });
  });

  it('when the certificate is not trusted, and no byte of the request left', async () => {
    const { origin, bytes } = await tlsServer('IP:127.0.0.1');
    expect(await post(poolTo(origin))).toEqual({
      kind: 'not_sent',
      code: 'network/DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(bytes()).toBe(0);
  });

  it('when the certificate is not trusted and the environment asks not to look', async () => {
    const { origin, bytes } = await tlsServer('IP:127.0.0.1');
    const result = await postInChild(origin, { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' });
    expect(result).toMatchObject({ kind: 'not_sent' });
    expect(bytes()).toBe(0);
  });

  it('when a trusted certificate names another host', async () => {
    const { origin, certFile, bytes } = await tlsServer('DNS:elsewhere.example');
    const result = await postInChild(origin, { NODE_EXTRA_CA_CERTS: certFile });
    expect(result).toEqual({ kind: 'not_sent', code: 'network/ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(bytes()).toBe(0);
  });

  it.each([
    ['has expired', '20200101000000Z', '20200102000000Z', 'CERT_HAS_EXPIRED'],
    ['is not valid yet', '20980101000000Z', '20990101000000Z', 'CERT_NOT_YET_VALID'],
  ])('when a trusted certificate %s', async (_what, from, until, code) => {
    const { origin, certFile, bytes } = await tlsServer(datedCertificate(from, until));
    const result = await postInChild(origin, { NODE_EXTRA_CA_CERTS: certFile });
    expect(result).toEqual({ kind: 'not_sent', code: `network/${code}` });
    expect(bytes()).toBe(0);
  });

  it('when TLS is not spoken there', async () => {
    const { origin } = await rawServer(() => undefined);
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    const port = await listening(server);
    expect(origin).toContain('http:');
    expect(await post(poolTo(`https://127.0.0.1:${port}`))).toMatchObject({ kind: 'not_sent' });
  });

  it('when setting the connection up takes too long', async () => {
    const port = await listening(createServer(() => undefined));
    expect(await post(poolTo(`https://127.0.0.1:${port}`))).toEqual({
      kind: 'not_sent',
      code: 'network/UND_ERR_CONNECT_TIMEOUT',
    });
  });

  it('and a trusted, right certificate is the proof that the refusals above mean something', async () => {
    const { origin, certFile, bytes } = await tlsServer('IP:127.0.0.1');
    expect(await postInChild(origin, { NODE_EXTRA_CA_CERTS: certFile })).toMatchObject({
      kind: 'reply',
      body: '{}',
    });
    expect(bytes()).toBeGreaterThan(0);
  });
});

describe('No answer, though the request may have arrived', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['is what a reset before the reply means', (socket) => socket.resetAndDestroy()],
    ['is what a close before the reply means', (socket) => socket.end()],
    ['is what half a header means', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['is what a garbled status line means', (socket) => socket.end('HTP/1.1 2 0 0 OK\r\n\r\n{}')],
    [
      'is what a reset in the middle of the body means',
      (socket) => socket.write(reply('{"result_code":"200"}').slice(0, -5), () => socket.resetAndDestroy()),
    ],
    [
      'is what a close in the middle of the body means',
      (socket) => socket.end(reply('{"result_code":"200"}').slice(0, -5)),
    ],
    [
      'is what a body with another length than announced means',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    ],
    [
      'is what an announced oversize means',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${'x'.repeat(300_000)}`),
    ],
    [
      'is what an oversize without an announcement means',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${'x'.repeat(600_000)}`),
    ],
    [
      'is what oversize headers mean',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(200_000)}\r\n\r\n`),
    ],
  ])('%s, and it is sent only once', async (_name, answer) => {
    const { origin, requests } = await rawServer(answer);
    const result = await post(poolTo(origin));
    expect(result).toMatchObject({ kind: 'no_answer', code: expect.stringMatching(/^network\//) as string });
    expect(requests()).toBe(1);
  });

  it.each([INTERRUPTED, TIMED_OUT])('is what cutting an endless slow body means: %s', async (reason) => {
    const { origin, requests } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const cut = new AbortController();
    const result = post(poolTo(origin), cut.signal);
    await expect.poll(requests, { timeout: 5000 }).toBe(1);
    cut.abort(reason);
    expect(await result).toEqual({ kind: 'no_answer', code: reason });
  });

  it('is what silence means, even if nobody cuts it', async () => {
    const { origin } = await rawServer(() => undefined);
    expect(await post(poolTo(origin, 200))).toEqual({
      kind: 'no_answer',
      code: 'network/UND_ERR_HEADERS_TIMEOUT',
    });
  });

  it('is never said of a call that was cut before it began to be sent elsewhere', async () => {
    const { origin, requests } = await rawServer((socket) => socket.write(reply('{}')));
    const cut = AbortSignal.abort(TIMED_OUT);
    expect(await post(poolTo(origin), cut)).toEqual({ kind: 'no_answer', code: TIMED_OUT });
    expect(requests()).toBe(0);
  });
});

describe('A reply', () => {
  it('is given with its status, bytes, headers and date', async () => {
    const { origin } = await rawServer((socket) =>
      socket.write(reply('{"a":1}').replace('200 OK', '500 Oops')),
    );
    expect(await post(poolTo(origin))).toEqual({
      kind: 'reply',
      status: 500,
      body: '{"a":1}',
      headers: new Map([
        ['content-length', '7'],
        ['date', 'Fri, 20 Nov 2026 04:00:00 GMT'],
      ]),
      date: 'Fri, 20 Nov 2026 04:00:00 GMT',
    });
  });

  it('gives no header that came twice, because nobody can say which one counts', async () => {
    const twice = 'signature: one\r\nsignature: two\r\nclient-id: C1\r\n';
    const { origin } = await rawServer((socket) => socket.write(reply('{}', twice)));
    const { headers } = (await post(poolTo(origin))) as { headers: ReadonlyMap<string, string> };
    expect([headers.get('signature'), headers.get('client-id')]).toEqual([undefined, 'C1']);
  });

  it('that is a redirect is not followed', async () => {
    const elsewhere = await rawServer((socket) => socket.write(reply('{"stolen":true}')));
    const { origin } = await rawServer((socket) =>
      socket.write(`HTTP/1.1 307 Go\r\nlocation: ${elsewhere.origin}/\r\ncontent-length: 0\r\n\r\n`),
    );
    expect(await post(poolTo(origin))).toMatchObject({ kind: 'reply', status: 307 });
    expect(elsewhere.requests()).toBe(0);
  });

  it('of HTTP/1.0 without a length ends where the connection does', async () => {
    const { origin } = await rawServer((socket) =>
      socket.end('HTTP/1.0 200 OK\r\n\r\n{"result_code":"200"}'),
    );
    expect(await post(poolTo(origin))).toMatchObject({ kind: 'reply', body: '{"result_code":"200"}' });
  });

  it('may come in pieces', async () => {
    const { origin } = await rawServer((socket) => {
      const whole = reply('{"result_code":"200"}');
      const pieces = whole.match(/[^]{1,7}/g) ?? [];
      const send = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(send));
      };
      send();
    });
    expect(await post(poolTo(origin))).toMatchObject({ kind: 'reply', body: '{"result_code":"200"}' });
  });

  it('that comes twice is not the answer to the next call', async () => {
    const before = new Map<Socket, string>();
    const { origin, requests } = await rawServer((socket, nth) => {
      // Whatever was said on this connection comes once more, when the next call is on its way.
      const again = before.get(socket) ?? '';
      const text = reply(`{"nth":${nth}}`, 'connection: keep-alive\r\n');
      before.set(socket, text);
      socket.write(again + text);
    });
    const pool = poolTo(origin);
    for (const nth of [1, 2, 3]) expect(await post(pool)).toMatchObject({ body: `{"nth":${nth}}` });
    expect(requests()).toBe(3);
  });

  it('of up to 256 KiB is read whole', async () => {
    const text = 'x'.repeat(256 * 1024);
    const { origin } = await rawServer((socket) => socket.write(reply(text)));
    expect(await post(poolTo(origin))).toMatchObject({ kind: 'reply', body: text });
  });
});
