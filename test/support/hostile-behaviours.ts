import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { httpReply, type Behaviour } from './hostile-peer.ts';

/** How long a peer waits between two crumbs. */
const CRUMB_MS = 20;
const KIB = 1024;

/** Says something again and again, a while after each, until nobody listens any more. */
function drip(first: string, crumb: string): Behaviour {
  return ({ socket }) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(crumb), CRUMB_MS);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Says something for ever, as fast as it is taken. */
function flood(first: string, chunk: string): Behaviour {
  return ({ socket }) => {
    socket.write(first);
    const bytes = Buffer.from(chunk, 'latin1');
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  };
}

const say =
  (text: string | Buffer): Behaviour =>
  ({ socket }) =>
    void socket.write(text);
const sayAndEnd =
  (text: string | Buffer): Behaviour =>
  ({ socket }) =>
    void socket.end(text);
const body = (text: string | Uint8Array, ...headers: readonly (readonly [string, string])[]): Behaviour =>
  say(httpReply(text, headers));

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const CHUNK_64K = `10000\r\n${'x'.repeat(64 * KIB)}\r\n`;

/** What leaves a call without an answer, whatever else it does. */
const CONNECTIONS: Readonly<Record<string, Behaviour>> = {
  'says nothing': () => undefined,
  'hangs up': ({ socket }) => void socket.end(),
  'breaks the connection': ({ socket }) => void socket.resetAndDestroy(),
  'says half a status line and waits': say('HTTP/1.1 20'),
  'says half a status line and hangs up': sayAndEnd('HTTP/1.1 20'),
  'says its headers and waits': say(`${HEAD}content-length: 20\r\n\r\n`),
  'says its headers and hangs up': sayAndEnd(`${HEAD}content-length: 20\r\n\r\n`),
  'hangs up in the middle of a body': sayAndEnd(`${HEAD}content-length: 20\r\n\r\n{"result_`),
  'hangs up in the middle of a chunk': sayAndEnd(`${CHUNKED}ff\r\n{"result_`),
  'drips a status line': drip('H', 'T'),
  'drips headers': drip(HEAD, 'a: b\r\n'),
  'drips one header': drip(`${HEAD}a: `, 'b'),
  'drips a body': drip(CHUNKED, '1\r\n{\r\n'),
  'drips blanks before a body': drip(CHUNKED, '1\r\n \r\n'),
  'sends a body without an end': flood(CHUNKED, CHUNK_64K),
  'sends a body without an end or a length': flood(`${HEAD}connection: close\r\n\r\n`, 'x'.repeat(64 * KIB)),
  'sends headers without an end': flood(HEAD, 'a: b\r\n'.repeat(1000)),
  'sends one header without an end': flood(`${HEAD}a: `, 'b'.repeat(64 * KIB)),
  'sends early hints without an end': flood('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)),
  'says "continue" without an end': flood('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
  'says "processing" now and then': drip('', 'HTTP/1.1 102 Processing\r\n\r\n'),
  'sends a chunk extension without an end': flood(`${CHUNKED}1;a=`, 'b'.repeat(64 * KIB)),
  'sends trailers without an end': flood(`${CHUNKED}0\r\n`, 'a: b\r\n'.repeat(1000)),
};

/** What is no HTTP, or none that anybody understands. */
const GRAMMAR: Readonly<Record<string, Behaviour>> = {
  'changes the protocol': sayAndEnd(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\nx',
  ),
  'speaks HTTP/0.9': sayAndEnd('{"result_code":"200"}'),
  'speaks HTTP/2': sayAndEnd(Buffer.from('000012040000000000000300000064000400100000000600004000', 'hex')),
  'speaks TLS': sayAndEnd(Buffer.from('15030100020228', 'hex')),
  'speaks SSH': sayAndEnd('SSH-2.0-OpenSSH_9.9\r\n'),
  'speaks ICY': sayAndEnd('ICY 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
  'counts its body below zero': sayAndEnd(`${HEAD}content-length: -1\r\n\r\n{}`),
  'counts its body in words': sayAndEnd(`${HEAD}content-length: two\r\n\r\n{}`),
  'counts its body twice': sayAndEnd(`${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`),
  'counts its body and chunks it': sayAndEnd(
    `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
  ),
  'counts its body past all numbers': sayAndEnd(`${HEAD}content-length: ${'9'.repeat(40)}\r\n\r\n{}`),
  'counts a chunk past all numbers': sayAndEnd(`${CHUNKED}fffffffffffffffff\r\n{}\r\n0\r\n\r\n`),
  'counts a chunk in words': sayAndEnd(`${CHUNKED}two\r\n{}\r\n0\r\n\r\n`),
  'ends a chunk too late': sayAndEnd(`${CHUNKED}2\r\n{}{}\r\n0\r\n\r\n`),
  'breaks a header over lines': sayAndEnd(`${HEAD}a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}`),
  'has no name for a header': sayAndEnd(`${HEAD}: b\r\ncontent-length: 2\r\n\r\n{}`),
  'puts NUL into a header': sayAndEnd(`${HEAD}a: \0\r\ncontent-length: 2\r\n\r\n{}`),
  'has a status of four digits': sayAndEnd('HTTP/1.1 2000 OK\r\ncontent-length: 2\r\n\r\n{}'),
  'has a status of zero': sayAndEnd('HTTP/1.1 000 OK\r\ncontent-length: 2\r\n\r\n{}'),
  'says "no content" and a body': sayAndEnd('HTTP/1.1 204 No Content\r\n\r\n{"result_code":"200"}'),
  'says "not modified"': sayAndEnd('HTTP/1.1 304 Not Modified\r\n\r\n'),
  'sends ten thousand headers': say(`${HEAD}${'a: b\r\n'.repeat(10_000)}content-length: 2\r\n\r\n{}`),
  'sends a header of a megabyte': say(`${HEAD}a: ${'b'.repeat(KIB * KIB)}\r\ncontent-length: 2\r\n\r\n{}`),
  'sends the same header a thousand times': say(
    `${HEAD}${'signature: x\r\n'.repeat(1000)}content-length: 2\r\n\r\n{}`,
  ),
  'names its headers after prototypes': body(
    '{}',
    ['__proto__', 'x'],
    ['constructor', 'x'],
    ['hasOwnProperty', 'x'],
  ),
};

const nested = (open: string, close: string, bytes: number): string => {
  const depth = Math.floor(bytes / (open.length + close.length));
  return open.repeat(depth) + close.repeat(depth);
};
const LARGEST = 255 * KIB;

/** Whole replies whose bodies tell nothing. */
const BODIES: Readonly<Record<string, Behaviour>> = {
  'sends lists in lists, never closed': body('['.repeat(LARGEST)),
  'sends lists in lists': body(nested('[', ']', LARGEST)),
  'sends objects in objects, never closed': body('{"a":'.repeat(LARGEST / 5)),
  'sends objects in objects': body(`${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`),
  'nests where an answer is looked for': body(
    `{"result_code":"200","biz_response":${nested('[', ']', 200_000)},"result":${nested('[', ']', 40_000)}}`,
  ),
  'nests below an answer': body(
    `{"result_code":"200","biz_response":{"result_code":${nested('[', ']', 200_000)}},"result":{"resultCode":${nested('[', ']', 20_000)}}}`,
  ),
  'sends a number of a quarter megabyte': body('9'.repeat(LARGEST)),
  'sends numbers past all numbers': body('{"result_code":1e999999,"result":{"resultCode":-1e999999}}'),
  'sends a member two thousand times': body(`{${'"result":1,'.repeat(2000)}"result":2}`),
  'sends forty thousand members': body(
    `{${Array.from({ length: 20_000 }, (_member, index) => `"m${index}":1`).join(',')}}`,
  ),
  'sends a name of a quarter megabyte': body(`{"${'a'.repeat(LARGEST - 10)}":1}`),
  'sends a text of a quarter megabyte': body(`{"result_code":"${'2'.repeat(LARGEST - 30)}"}`),
  'sends escapes by the thousand': body(`{"result_code":"${'\\u0032'.repeat(40_000)}"}`),
  'sends invalid UTF-8': body(Buffer.from('7b22726573756c745f636f6465223a22ff32c0af3030227d', 'hex')),
  'sends UTF-16': body(Buffer.from('{"result_code":"200"}', 'utf16le')),
  'sends NUL bytes': body(Buffer.alloc(4 * KIB)),
  'sends NUL bytes within JSON': body('{"result_code":"2\u000000"}'),
  'sends lone surrogates': body('{"result_code":"\\ud800","result":{"resultCode":"\\udfff"}}'),
  'sends prototypes': body(
    '{"__proto__":{"result_code":"200","result":{"resultStatus":"S","resultCode":"SUCCESS"}}}',
  ),
  'sends "constructor" for a code': body(
    '{"result_code":"200","biz_response":{"result_code":"constructor"},"result":{"resultCode":"__proto__","resultStatus":"toString"}}',
  ),
  'sends a list for every text': body(
    '{"result_code":["200"],"biz_response":{"result_code":["PAY_SUCCESS"],"data":{"order_status":["PAID"]}},"result":{"resultCode":["SUCCESS"],"resultStatus":["S"]}}',
  ),
  'sends JSON and then more': body('{"result_code":"200"}{"result_code":"200"}'),
  'sends an empty body': body(''),
  'sends blanks': body(' '.repeat(4 * KIB)),
  'sends null': body('null'),
  'sends a page': body('<!doctype html><title>Sign in</title>', ['content-type', 'text/html']),
  'sends good news compressed': body(gzipSync('{"result_code":"200"}'), ['content-encoding', 'gzip']),
  'sends a hundred megabytes compressed': body(gzipSync(Buffer.alloc(100 * KIB * KIB, 0x20)), [
    'content-encoding',
    'gzip',
  ]),
  'sends a tenfold compression': body('x', [
    'content-encoding',
    Array.from({ length: 10 }, () => 'gzip').join(', '),
  ]),
  redirects: ({ socket }) =>
    void socket.write(httpReply('', [['location', 'http://127.0.0.1:1/stolen']], '307 Temporary Redirect')),
};

/** Each by what a log would say that the peer does. None of them is an answer. */
export const BEHAVIOURS: readonly (readonly [does: string, behave: Behaviour])[] = [
  ...Object.entries(CONNECTIONS),
  ...Object.entries(GRAMMAR),
  ...Object.entries(BODIES),
];

/** Those of them that cost memory wherever something is kept without a bound. */
export const COSTLY: readonly (readonly [does: string, behave: Behaviour])[] = BEHAVIOURS.filter(([does]) =>
  /without an end|quarter megabyte|hundred megabytes|megabyte|thousand|in (lists|objects)|nests/.test(does),
);

/** What is done before anybody has asked anything. */
export const GREETINGS: readonly (readonly [does: string, greet: (socket: Socket) => void])[] = [
  ['answers before it is asked', (socket) => void socket.write(httpReply('{}'))],
  ['answers before it is asked, and hangs up', (socket) => void socket.end(httpReply('{}'))],
  [
    'answers twice before it is asked',
    (socket) => void socket.write(Buffer.concat([httpReply('{}'), httpReply('{}')])),
  ],
  ['hangs up on whoever comes', (socket) => void socket.end()],
  ['breaks every connection', (socket) => void socket.resetAndDestroy()],
  ['says something else first', (socket) => void socket.write('220 mail.example ESMTP\r\n')],
];
