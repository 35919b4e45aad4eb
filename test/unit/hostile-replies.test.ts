import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { junk } from '../arbitraries/wire.ts';
import {
  callAt,
  clientOf,
  goodNews,
  HOSTILE_CALLS,
  HOSTILE_PROTOCOLS,
  keyPairs,
  ORDER,
  type Client,
  type HostileCall,
  type HostileProtocol,
} from '../support/hostile-peer.ts';

/**
 * Replies that began as good news and were spoilt: byte by byte, or member by member. Whatever is still believed
 * of one must be written in it, in the place where the documents want it.
 */

const RUNS = 60;
const BOUND_MS = 10_000;
const DOUBT: ReadonlySet<string> = new Set([
  'unknown',
  'throttled',
  'config',
  'config_unverified',
  'pending',
]);

const pairs = keyPairs();

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One change somewhere in a reply; `at` chooses the place among all there are. */
type Spoil = (value: Json, at: number) => Json;

/** Every place of a value: its path of member names. */
function placesOf(value: Json): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, part]) => placesOf(part).map((path) => [name, ...path])),
  ];
}

function changeAt(value: Json, path: readonly string[], change: (part: Json) => Json | undefined): Json {
  const [name, ...rest] = path;
  if (name === undefined || typeof value !== 'object' || value === null) return change(value) ?? null;
  const entries = Object.entries(value).flatMap(([member, part]): [string, Json][] => {
    if (member !== name) return [[member, part]];
    const changed = rest.length === 0 ? change(part) : changeAt(part, rest, change);
    return changed === undefined ? [] : [[member, changed]];
  });
  return Object.fromEntries(entries);
}

const spoil =
  (change: (part: Json) => Json | undefined): Spoil =>
  (value, at) => {
    const places = placesOf(value).slice(1);
    const place = places[at % Math.max(1, places.length)];
    return place === undefined ? value : changeAt(value, place, change);
  };

const spoils: fc.Arbitrary<Spoil> = fc.oneof(
  fc.constant(spoil(() => undefined)),
  fc.constant(spoil((part) => [part])),
  fc.constant(spoil((part) => ({ value: part }))),
  fc.constant(spoil((part) => (typeof part === 'string' ? part.toLowerCase() : part))),
  fc.constant(spoil((part) => (typeof part === 'string' ? ` ${part}` : part))),
  fc.constant(spoil((part) => (typeof part === 'string' ? `${part}\0` : part))),
  fc.constant(spoil((part) => (typeof part === 'string' ? Number(part) : part))),
  junk.map((value) => spoil(() => value as Json)),
  fc.string({ unit: 'binary', maxLength: 40 }).map((value) => spoil(() => value)),
  fc
    .constantFrom('F', 'U', 'S', 'SUCCESS', 'PAID', 'CANCELED', 'REFUNDED', '400', '500', 'FAIL')
    .map((value) => spoil(() => value)),
);

const spoilt = (news: (call: HostileCall) => Readonly<Record<string, unknown>>) =>
  fc
    .record({
      call: fc.constantFrom(...HOSTILE_CALLS),
      changes: fc.array(fc.tuple(spoils, fc.nat(40)), { minLength: 1, maxLength: 4 }),
    })
    .map(({ call, changes }) =>
      JSON.stringify(changes.reduce<Json>((value, [change, at]) => change(value, at), news(call) as Json)),
    );

/** Bytes of a reply with some of them changed, taken out or put in. */
const scrambled = (news: (call: HostileCall) => Readonly<Record<string, unknown>>) =>
  fc
    .record({
      call: fc.constantFrom(...HOSTILE_CALLS),
      edits: fc.array(
        fc.record({
          at: fc.nat(400),
          kind: fc.constantFrom('change', 'drop', 'insert', 'cut', 'double'),
          byte: fc.nat(255),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    })
    .map(({ call, edits }) =>
      edits.reduce(
        (bytes, { at: wanted, kind, byte }) => {
          const at = wanted % Math.max(1, bytes.length);
          const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
          if (kind === 'cut') return before;
          if (kind === 'double') return Buffer.concat([bytes, after]);
          if (kind === 'drop') return Buffer.concat([before, after.subarray(1)]);
          return Buffer.concat([before, Buffer.of(byte), kind === 'insert' ? after : after.subarray(1)]);
        },
        Buffer.from(JSON.stringify(news(call))),
      ),
    );

/** What a body says where the documents want it said; undefined where it is not there. */
function said(body: unknown, ...path: readonly string[]): string | undefined {
  let value = body;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Whether a reply may be believed that much, judged by the documents and none of our code. */
function isWritten(protocol: HostileProtocol, call: HostileCall, kind: string, body: Uint8Array): boolean {
  if (DOUBT.has(kind)) return true;
  const json = parsed(body);
  return protocol === 'upay' ? isWrittenByUpay(call, kind, json) : isWrittenByAlipay(kind, json);
}

function isWrittenByUpay(call: HostileCall, kind: string, json: unknown): boolean {
  const result = said(json, 'result_code');
  const biz = said(json, 'biz_response', 'result_code') ?? '';
  const status = said(json, 'biz_response', 'data', 'order_status') ?? '';
  const name = said(json, 'biz_response', 'data', 'client_sn') ?? '';
  if (result !== '200') return kind === 'declined' || kind === 'refused';
  if (name !== '' && name !== ORDER.clientSn) return false;
  switch (kind) {
    case 'approved':
      return biz === 'PAY_SUCCESS' && status === 'PAID';
    case 'charged':
      return biz === 'SUCCESS' && (status === 'PAID' || status === 'PARTIAL_REFUNDED');
    case 'not_charged':
      return biz === 'SUCCESS' && ['CANCELED', 'PAY_CANCELED', 'REFUNDED'].includes(status);
    case 'accepted':
      return call === 'refund'
        ? biz === 'REFUND_SUCCESS'
        : biz === 'CANCEL_SUCCESS' || biz === 'CANCEL_ABORT_SUCCESS';
    default:
      return biz === 'FAIL' || biz.endsWith('_FAIL');
  }
}

function isWrittenByAlipay(kind: string, json: unknown): boolean {
  const [status, code] = [said(json, 'result', 'resultStatus'), said(json, 'result', 'resultCode')];
  const name = said(json, 'paymentRequestId') ?? '';
  if (name !== '' && name !== ORDER.clientSn) return false;
  if (kind === 'declined' || kind === 'refused' || kind === 'not_found')
    return status === 'F' && code !== undefined;
  if (kind === 'not_charged') return code !== undefined;
  return status === 'S' && code === 'SUCCESS';
}

describe.each(HOSTILE_PROTOCOLS)('a reply of %s that was spoilt', (protocol) => {
  let client: Client;
  beforeAll(async () => {
    client = await clientOf(protocol, pairs);
  });
  afterAll(() => client.close());

  const news = (call: HostileCall) => goodNews(protocol, call);

  async function expectWritten(body: Uint8Array): Promise<void> {
    const kinds = await client.kinds(BOUND_MS);
    for (const call of HOSTILE_CALLS) {
      const isFound = isWritten(protocol, call, kinds[call], body);
      expect({ call, kind: kinds[call], isFound }).toEqual({ call, kind: kinds[call], isFound: true });
    }
  }

  test('member by member is believed only as far as it says so', async () => {
    const property = fc.asyncProperty(spoilt(news), async (text) => {
      client.peer.behave = ({ path, socket }) => void socket.write(client.signed(text, path));
      await expectWritten(Buffer.from(text));
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  test('byte by byte is believed only as far as it says so', async () => {
    const property = fc.asyncProperty(scrambled(news), async (bytes) => {
      client.peer.behave = ({ path, socket }) => void socket.write(client.signed(bytes, path));
      await expectWritten(bytes);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  test('is believed as good news while it is not spoilt, so the properties above are about something', async () => {
    client.peer.behave = client.honest;
    const kinds = await client.kinds(BOUND_MS);
    expect(Object.values(kinds).toSorted()).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'approved',
      'charged',
    ]);
  });
});

describe.each(['alipayplus', 'miniprogram'] as const)(
  'good news of %s under the signature of other bytes',
  (protocol) => {
    let client: Client;
    beforeAll(async () => {
      client = await clientOf(protocol, pairs);
    });
    afterAll(() => client.close());

    test('is never believed', async () => {
      const property = fc.asyncProperty(
        scrambled((call) => goodNews(protocol, call)),
        async (bytes) => {
          client.peer.behave = ({ path, socket }) => {
            const honest = JSON.stringify(goodNews(protocol, callAt(path)));
            const right = client.signed(honest, path).toString('latin1');
            const headers = right
              .slice(0, right.indexOf('\r\n\r\n') + 4)
              .replace(/content-length: \d+/, `content-length: ${bytes.length}`);
            socket.write(Buffer.concat([Buffer.from(headers, 'latin1'), bytes]));
          };
          const kinds = await client.kinds(BOUND_MS);
          const same = HOSTILE_CALLS.some(
            (call) => JSON.stringify(goodNews(protocol, call)) === bytes.toString('utf8'),
          );
          if (same) return;
          for (const call of HOSTILE_CALLS)
            expect(['unknown', 'throttled', 'config', 'config_unverified']).toContain(kinds[call]);
        },
      );
      await fc.assert(property, { numRuns: RUNS });
    });
  },
);
