import { planOf } from '../simulation/plan.ts';
import { makeWorld, simulate } from '../simulation/simulation.ts';

/**
 * Plays seeds one after another until one comes to a violation with the words that are looked for, and prints
 * what was found as one line of JSON: `node test/defects/play.ts SEED,SEED,… [WORDS]`. Without words every seed
 * is played, and nothing is shrunk. Ends with 1 where something did not hold.
 */

/** A seed that did not hold. */
interface Found {
  readonly seed: number;
  readonly violations: readonly string[];
}

export interface Played {
  readonly runs: number;
  readonly found: readonly Found[];
}

async function play(seeds: readonly number[], words: string | undefined): Promise<Played> {
  const world = await makeWorld();
  const found: Found[] = [];
  let runs = 0;
  try {
    for (const seed of seeds) {
      const { violations } = await simulate(planOf(seed), world);
      runs += 1;
      if (violations.length > 0) found.push({ seed, violations });
      if (words !== undefined && violations.some((told) => told.includes(words))) break;
    }
  } finally {
    world.remove();
  }
  return { runs, found };
}

const [seeds = '', words] = process.argv.slice(2);
const played = await play(seeds.split(',').map(Number), words);
process.stdout.write(`${JSON.stringify(played)}\n`);
process.exitCode = played.found.length === 0 ? 0 : 1;
