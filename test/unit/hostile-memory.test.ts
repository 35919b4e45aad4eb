import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Child, killLeftovers } from '../support/crash-processes.ts';
import { COSTLY } from '../support/hostile-behaviours.ts';
import { HOSTILE_PROTOCOLS, keyPairs, rawPeer, type HostileProtocol } from '../support/hostile-peer.ts';

/** A terminal's memory belongs to the terminal, whatever its peer sends. */

const EATER = resolve('test/support/hostile-eater.ts');
const MIB = 1024 * 1024;
/** Little more than a process needs that has only started. */
const HEAP_MIB = 64;
/** Far less than what each peer is ready to send in the time of one call. */
const MOST_BYTES = 160 * MIB;
/** A leak of one reply in a round would be twice this. */
const GROWTH_BYTES = 8 * MIB;

interface Eaten {
  readonly kinds: readonly string[];
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly mostBytes: number;
}

afterAll(killLeftovers);

/** Lets a real client of a process of its own ask such a peer so often, and says what that cost. */
async function eat(
  protocol: HostileProtocol,
  {
    meals,
    rounds,
    deadlineMs,
  }: { readonly meals: typeof COSTLY; readonly rounds: number; readonly deadlineMs: number },
): Promise<Eaten> {
  const peer = await rawPeer();
  // Each in its turn, so that five calls at once meet five different ones.
  peer.behave = (request) => meals[peer.requests % meals.length]?.[1](request);
  const { own, acquirers } = keyPairs();
  const given = [
    protocol,
    peer.origin,
    String(rounds),
    String(deadlineMs),
    own.privatePem,
    acquirers.publicPem,
  ];
  const child = new Child([`--max-old-space-size=${HEAP_MIB}`, '--expose-gc', EATER, ...given]);
  const ended = await child.ended;
  await peer.close();
  expect(ended.stderr).toBe('');
  expect(ended.code).toBe(0);
  return JSON.parse(ended.stdout) as Eaten;
}

test.for(HOSTILE_PROTOCOLS)(
  'a terminal that speaks %s keeps nothing of what it cannot believe',
  { timeout: 60_000 },
  async (protocol) => {
    const eaten = await eat(protocol, { meals: COSTLY, rounds: COSTLY.length, deadlineMs: 60 });
    expect(eaten.kinds).toEqual(['unknown']);
    expect(eaten.afterBytes - eaten.beforeBytes).toBeLessThan(GROWTH_BYTES);
    expect(eaten.mostBytes).toBeLessThan(MOST_BYTES);
  },
);

test(
  'a terminal that is sent bodies without an end never holds more than its bound of one',
  { timeout: 60_000 },
  async () => {
    const meals = COSTLY.filter(([does]) => does.includes('body without an end'));
    expect(meals).toHaveLength(2);
    const eaten = await eat('upay', { meals, rounds: 2, deadlineMs: 2000 });
    expect(eaten.kinds).toEqual(['unknown']);
    expect(eaten.mostBytes).toBeLessThan(MOST_BYTES);
  },
);
