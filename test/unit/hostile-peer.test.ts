import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BEHAVIOURS, GREETINGS } from '../support/hostile-behaviours.ts';
import {
  callAt,
  clientOf,
  goodNews,
  HOSTILE_CALLS,
  HOSTILE_PROTOCOLS,
  httpReply,
  keyPairs,
  type Client,
  type HostileCall,
} from '../support/hostile-peer.ts';

/** Whoever answers in the acquirer's place: every call ends in time, in doubt, and harms no later one. */

/** When the terminal cuts a call here. */
const DEADLINE_MS = 60;
/** The calls are over by then, on the slowest of machines. */
const BOUND_MS = 10_000;

/** What may be made of an answer that proves nothing. */
const DOUBT: Readonly<Record<HostileCall, readonly string[]>> = {
  pay: ['unknown', 'throttled', 'config_unverified'],
  query: ['unknown', 'throttled', 'config'],
  cancel: ['unknown', 'throttled', 'config'],
  revoke: ['unknown', 'throttled', 'config'],
  refund: ['unknown', 'throttled', 'config'],
};
const pairs = keyPairs();
const opened: Client[] = [];

afterAll(async () => {
  for (const client of opened) await client.close();
});

/** What a connection that broke before a byte of the call has left may be called besides. */
const NOTHING_LEFT: readonly string[] = ['not_sent'];

/** Everything that is asked meanwhile stays in doubt, and is asked once. */
async function expectDoubt(client: Client, besides: readonly string[] = []): Promise<void> {
  const before = client.peer.requests;
  const startMs = performance.now();
  const kinds = await client.kinds(DEADLINE_MS);
  expect(performance.now() - startMs).toBeLessThan(BOUND_MS);
  for (const call of HOSTILE_CALLS) expect([...DOUBT[call], ...besides], call).toContain(kinds[call]);
  expect(client.peer.requests - before).toBeLessThanOrEqual(HOSTILE_CALLS.length);
}

/** As soon as the peer is honest again, so is everything that is believed of it. */
async function expectUnharmed(client: Client): Promise<void> {
  client.peer.greet = () => undefined;
  client.peer.behave = client.honest;
  expect(await client.ask('query', BOUND_MS)).toBe('charged');
}

describe.each(HOSTILE_PROTOCOLS)('a terminal that speaks %s to a peer that', (protocol) => {
  let client: Client;
  beforeAll(async () => {
    client = await clientOf(protocol, pairs);
    opened.push(client);
  });
  afterEach(() => {
    client.peer.greet = () => undefined;
  });

  test.each(BEHAVIOURS)('%s is left in doubt, in time, and unharmed', async (_does, behave) => {
    client.peer.behave = behave;
    await expectDoubt(client);
    await expectUnharmed(client);
  });

  test.each(GREETINGS)('%s is left in doubt, in time, and unharmed', async (_does, greet) => {
    // What is connected already was greeted as friends are.
    await client.close();
    client = await clientOf(protocol, pairs);
    opened.push(client);
    client.peer.greet = greet;
    client.peer.behave = () => undefined;
    await expectDoubt(client, NOTHING_LEFT);
    await expectUnharmed(client);
  });

  test('says good news of one call when the next has come is not heard as the answer to that one', async () => {
    const left = new Map<Socket, Buffer>();
    client.peer.behave = ({ path, socket }) => {
      const goodNewsOfBefore = left.get(socket) ?? Buffer.alloc(0);
      left.set(socket, client.signed(JSON.stringify(goodNews(protocol, callAt(path))), path));
      socket.write(Buffer.concat([goodNewsOfBefore, httpReply('{}')]));
    };
    for (const call of HOSTILE_CALLS) {
      expect(await client.ask(call, BOUND_MS)).toBe('unknown');
      expect(await client.ask(call, BOUND_MS)).toBe('unknown');
    }
    await expectUnharmed(client);
  });
});
