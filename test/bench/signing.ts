import {
  createHash,
  createPublicKey,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { signUpay } from '../../shared/signing/md5.ts';
import { readPrivateKey, readPublicKey } from '../../shared/signing/rsa-key.ts';
import { signedContent, signRsa, verifyRsa } from '../../shared/signing/rsa.ts';
import type { Bench, Figure, Series } from './figure.ts';
import { median, quantile } from './measure.ts';

const ID = 8;
const CRITICAL_MS = 1;
const KEY = '68b499beea2f72e3a5ed1b5e7a6c0d1f';
/** What acquirers hand out; and the largest the terminal takes. */
const BITS = [2048, 4096] as const;
/** Calls timed together, because a clock is read in more time than a digest of such a body takes. */
const MD5_BATCH = 20;
const WARM_UP = 200;

const BODY = Buffer.from(
  JSON.stringify({
    terminal_sn: '10770000001',
    client_sn: '20261120T083000-1234567890abcdef',
    total_amount: '1234',
    dynamic_id: '134600000000000001',
    subject: 'Counter sale',
    operator: 'cashier',
  }),
);

export const signing: Bench = {
  id: ID,
  name: 'signing',
  about:
    'Signing a request and verifying a reply (MD5, RSA) against node:crypto on the same bytes, and how long either is waited for.',
  async run({ quick, progress }) {
    const rounds = quick ? 300 : 3000;
    const pairs: Pair[] = [await md5Pair(rounds)];
    for (const bits of BITS) {
      progress(`RSA with ${bits} bits`);
      pairs.push(...(await rsaPairs(bits, quick ? 100 : 1000)));
    }
    return {
      figures: pairs.flatMap(figuresOf),
      series: pairs.flatMap(seriesOf),
      notes: [
        `each round signs or verifies the same ${BODY.length} bytes of a payment once with ours and once with node:crypto, in turn`,
        `MD5 is timed in batches of ${MD5_BATCH}; it runs within the call, RSA through Web Crypto on a thread beside the event loop`,
        'node:crypto signs RSA within the call, so it has no way to the thread and back, and blocks the event loop meanwhile',
        ...pairs.map(told),
      ],
    };
  },
};

/** One operation, ours and the reference's, in milliseconds for one call. */
interface Pair {
  readonly name: string;
  readonly referenceName: string;
  readonly ours: readonly number[];
  readonly reference: readonly number[];
  /** How long one call of ours keeps the event loop to itself. */
  readonly blockingMs: readonly number[];
}

async function md5Pair(rounds: number): Promise<Pair> {
  const bare = (): string => createHash('md5').update(BODY).update(KEY).digest('hex');
  if (signUpay(BODY, KEY) !== bare()) throw new Error('The two signatures differ');
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const oursMs = batchMs(() => signUpay(BODY, KEY));
    const bareMs = batchMs(bare);
    if (round < 0) continue;
    ours.push(oursMs);
    reference.push(bareMs);
  }
  return { name: 'MD5 sign', referenceName: 'node:crypto createHash', ours, reference, blockingMs: ours };
}

function batchMs(work: () => string): number {
  const startedMs = performance.now();
  for (let count = 0; count < MD5_BATCH; count += 1) work();
  return (performance.now() - startedMs) / MD5_BATCH;
}

async function rsaPairs(bits: number, rounds: number): Promise<readonly Pair[]> {
  const pem = generateKeyPairSync('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const [privateKey, publicKey] = [await readPrivateKey(pem.privateKey), await readPublicKey(pem.publicKey)];
  if (!privateKey.ok || !publicKey.ok) throw new Error('A key that was just made is not taken');
  const bareKeys = { sign: createPrivateKey(pem.privateKey), verify: createPublicKey(pem.publicKey) };
  const content = signedContent({
    method: 'POST',
    path: '/aps/api/v1/payments/pay',
    clientId: 'SANDBOX_1234567890',
    time: '2026-11-20T08:30:00+08:00',
    body: BODY,
  });
  const bytes = sign('sha256', content, bareKeys.sign);
  const signature = await signRsa(privateKey.value, content);
  if (signature !== encodeURIComponent(bytes.toString('base64')))
    throw new Error('The two signatures differ');
  const signed = await timedInTurn(
    rounds,
    () => signRsa(privateKey.value, content),
    () => encodeURIComponent(sign('sha256', content, bareKeys.sign).toString('base64')),
  );
  const verified = await timedInTurn(
    rounds,
    () => verifyRsa(publicKey.value, content, signature),
    () => verify('sha256', content, bareKeys.verify, Buffer.from(decodeURIComponent(signature), 'base64')),
  );
  return [
    { name: `RSA-${bits} sign`, referenceName: 'node:crypto sign', ...signed },
    { name: `RSA-${bits} verify`, referenceName: 'node:crypto verify', ...verified },
  ];
}

async function timedInTurn(
  rounds: number,
  work: () => Promise<unknown>,
  bare: () => unknown,
): Promise<Pick<Pair, 'ours' | 'reference' | 'blockingMs'>> {
  const ours: number[] = [];
  const reference: number[] = [];
  const blockingMs: number[] = [];
  for (let round = -Math.round(rounds / 10); round < rounds; round += 1) {
    const startedMs = performance.now();
    const working = work();
    const heldMs = performance.now() - startedMs;
    await working;
    const oursMs = performance.now() - startedMs;
    const bareStartedMs = performance.now();
    bare();
    const bareMs = performance.now() - bareStartedMs;
    if (round < 0) continue;
    ours.push(oursMs);
    blockingMs.push(heldMs);
    reference.push(bareMs);
  }
  return { ours, reference, blockingMs };
}

function figuresOf({ name, referenceName, ours, reference, blockingMs }: Pair): readonly Figure[] {
  const shared = { id: ID, unit: 'ms', referenceName, aim: null, met: null };
  const ratio = median(ours.map((value, index) => value / (reference[index] ?? Number.NaN)));
  const waited = { ours: quantile(ours, 0.99), reference: quantile(reference, 0.99) };
  return [
    { ...shared, name: `${name}, p50`, ours: median(ours), reference: median(reference), ratio },
    {
      ...shared,
      name: `${name}, p99`,
      ...waited,
      ratio,
      aim: `never on the critical path for more than ${CRITICAL_MS} ms`,
      met: waited.ours <= CRITICAL_MS,
    },
    {
      ...shared,
      name: `${name}, event loop held, p50`,
      ours: median(blockingMs),
      reference: median(reference),
      ratio: median(blockingMs.map((value, index) => value / (reference[index] ?? Number.NaN))),
    },
  ];
}

function seriesOf({ name, referenceName, ours, reference }: Pair): readonly Series[] {
  return [
    { name: `${name}, ours`, unit: 'ms', samples: ours },
    { name: `${name}, ${referenceName}`, unit: 'ms', samples: reference },
  ];
}

/** Every call waits for its own signature: whether that is ever more than a millisecond. */
function told({ name, ours, reference }: Pair): string {
  const share = (samples: readonly number[]): string =>
    `${((samples.filter((ms) => ms > CRITICAL_MS).length / samples.length) * 100).toFixed(1)} %`;
  return `${name}: waited for more than ${CRITICAL_MS} ms in ${share(ours)} of the calls, node:crypto in ${share(reference)}`;
}
