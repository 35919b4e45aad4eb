import { mkdtempSync, rmSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAGIC_AMOUNTS } from '../../main/training/magic-amounts.ts';
import { expectAgreement, GatewayProcess, LATE_POLICY, workUntilIdle } from '../support/crash-gateway.ts';
import { killLeftovers, startRedress } from '../support/crash-processes.ts';

const ROUNDS = 25;
const LATEST_KILL_MS = 1500;

/** `REDRESS_SEED=n` plays the rounds of a failure again. */
const SEED = Number(process.env['REDRESS_SEED'] ?? randomInt(2 ** 31));

/** Small, seeded and good enough to choose amounts and instants (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = generator(SEED);
const ENDINGS = ['00', '34', ...MAGIC_AMOUNTS.map((magic) => magic.ending)];
const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
  round,
  amount: `7.${ENDINGS[Math.floor(random() * ENDINGS.length)] ?? '00'}`,
  killAfterMs: Math.floor(random() * LATEST_KILL_MS),
}));

let root: string;
let gateway: GatewayProcess;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'redress-random-'));
  gateway = await GatewayProcess.start(join(root, 'gateway.db'));
});

afterAll(async () => {
  await gateway.close();
  killLeftovers();
  rmSync(root, { recursive: true, force: true });
});

describe.concurrent(`A sale killed at a random instant (REDRESS_SEED=${SEED})`, () => {
  it.each(rounds)(
    'round $round, amount $amount, killed after $killAfterMs ms, ends as the gateway says',
    { timeout: 120_000 },
    async ({ round, amount, killAfterMs }) => {
      const terminal = await gateway.newTerminal(root, LATE_POLICY);
      const { directory } = terminal;
      const code = `14${String(round).padStart(16, '0')}`;
      const sale = startRedress('--data', directory, '--json', 'pay', '--amount', amount, '--code', code);
      // The instant itself is the experiment; there is no condition to wait for.
      await pause(killAfterMs);
      await sale.kill();
      await workUntilIdle(directory);
      const orders = await expectAgreement(gateway, terminal);
      expect(orders.length).toBeLessThanOrEqual(1);
    },
  );
});
