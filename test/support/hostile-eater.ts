import { acquirerOf, CODE, ORDER, type HostileProtocol } from './hostile-peer.ts';

/**
 * A program that asks a hostile peer again and again and prints, as one JSON line, how its calls ended and how
 * much memory it held. Needs `--expose-gc`.
 */
const [
  ,
  ,
  protocol = 'upay',
  origin = '',
  rounds = '1',
  deadlineMs = '100',
  privatePem = '',
  publicPem = '',
] = process.argv;
const CALLS_AT_ONCE = 5;

const { acquirer, close } = acquirerOf(protocol as HostileProtocol, origin, {
  own: { privatePem },
  acquirers: { publicPem },
});
const kinds = new Set<string>();
let mostBytes = 0;

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function round(): Promise<void> {
  const asked = Array.from({ length: CALLS_AT_ONCE }, () =>
    acquirer.pay(ORDER, CODE, AbortSignal.timeout(Number(deadlineMs))),
  );
  const timer = setInterval(() => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    mostBytes = Math.max(mostBytes, heapUsed + arrayBuffers);
  }, 10);
  for (const outcome of await Promise.all(asked)) kinds.add(outcome.kind);
  clearInterval(timer);
}

const count = Number(rounds);
const warmUp = Math.ceil(count / 3);
for (let done = 0; done < warmUp; done += 1) await round();
const beforeBytes = heldBytes();
for (let done = warmUp; done < count; done += 1) await round();
const afterBytes = heldBytes();
process.stdout.write(`${JSON.stringify({ kinds: [...kinds], beforeBytes, afterBytes, mostBytes })}\n`);
await close();
