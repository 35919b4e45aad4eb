import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';

const SIMULATE = join(import.meta.dirname, 'run.ts');
/** What continuous integration plays at least. */
const SEEDS = 2000;
/** On a machine that does nothing else it takes a minute. */
const LIMIT_MS = 420_000;

interface Played {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command that everybody uses, in a process of its own: it changes the platform that it runs on. */
async function play(...given: readonly string[]): Promise<Played> {
  const child = spawn(process.execPath, [SIMULATE, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

describe('Whole lives of terminals', () => {
  test(
    `hold what is promised in ${SEEDS} runs, whatever fails`,
    async () => {
      const { code, stdout } = await play('--seeds', String(SEEDS), '--from', '1');
      expect(stdout).toContain(`${SEEDS} runs, 0 failed`);
      expect(code).toBe(0);
      for (const state of ['paid', 'declined', 'reversed', 'revoked', 'resolved'])
        expect(stdout, `no order ended ${state}`).toMatch(new RegExp(`\\d+  ${state}$`, 'm'));
    },
    LIMIT_MS,
  );

  test('are the same to the letter for the same seed, whichever thread plays it and in what company', async () => {
    // Three protocols, deaths, faults and clocks are among them.
    const [alone, inCompany] = await Promise.all([
      play('--seeds', '30', '--from', '24', '--workers', '1', '--history'),
      play('--seeds', '90', '--from', '1', '--workers', '2', '--history'),
    ]);
    const digests = digestsIn(alone.stdout);
    expect(digests.size).toBe(30);
    for (const [seed, digest] of digests) expect(digestsIn(inCompany.stdout).get(seed), seed).toBe(digest);
    expect(new Set(digests.values()).size).toBe(30);
  }, 60_000);

  test('are asked for in words that are understood, or not played', async () => {
    const { code, stderr } = await play('--seeds', 'many');
    expect(code).toBe(64);
    expect(stderr).toContain('A whole number is needed.');
  });
});

function digestsIn(stdout: string): ReadonlyMap<string, string> {
  return new Map(
    [...stdout.matchAll(/^seed (\d+), history ([0-9a-f]{64})$/gm)].map(([, seed = '', digest = '']) => [
      seed,
      digest,
    ]),
  );
}
