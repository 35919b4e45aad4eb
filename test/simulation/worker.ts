import { parentPort, workerData } from 'node:worker_threads';
import { planOf } from './plan.ts';
import { planWith, shrink } from './shrink.ts';
import { makeWorld, simulate } from './simulation.ts';
import { addCounts, noCounts, type Counts } from './tally.ts';

/** Seeds to play; with `only`, so many of the plan's happenings by their numbers. */
export interface Batch {
  readonly seeds: readonly number[];
  readonly only: readonly number[] | null;
  readonly withHistory: boolean;
}

/** A seed that did not hold, or whose history was asked for. */
export interface Told {
  readonly seed: number;
  readonly violations: readonly string[];
  /** The happenings that were enough, by number, and how many there were. */
  readonly kept: readonly number[];
  readonly of: number;
  readonly history: readonly string[];
  readonly digest: string;
}

export interface Played {
  readonly counts: Counts;
  readonly told: readonly Told[];
}

/** Worker threads get this, so that a thread that only loads the module does not begin to play. */
export const SIMULATION_WORKER = 'simulation worker';

async function playBatches(port: NonNullable<typeof parentPort>): Promise<void> {
  const world = await makeWorld();
  const play = async ({ seeds, only, withHistory }: Batch): Promise<Played> => {
    const counts = noCounts();
    const told: Told[] = [];
    for (const seed of seeds) {
      const whole = planOf(seed);
      const run = await simulate(only === null ? whole : planWith(whole, only), world);
      addCounts(counts, run.counts);
      if (run.violations.length === 0 && !withHistory) continue;
      const shrunk =
        run.violations.length > 0 && only === null
          ? await shrink(run, world)
          : { kept: only ?? whole.happenings.map((_, index) => index), run };
      const { violations, history, digest } = shrunk.run;
      told.push({ seed, violations, kept: shrunk.kept, of: whole.happenings.length, history, digest });
    }
    return { counts, told };
  };
  port.on('message', (batch: Batch | null) => {
    if (batch === null) {
      world.remove();
      port.close();
      return;
    }
    void play(batch).then((played) => port.postMessage(played));
  });
  port.postMessage(null);
}

if (parentPort !== null && workerData === SIMULATION_WORKER) await playBatches(parentPort);
