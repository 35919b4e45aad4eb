import type { Plan } from './plan.ts';
import { simulate, type Run, type World } from './simulation.ts';

/** A failure is looked for in so many smaller plans at most. */
const MOST_TRIES = 200;

/** Whether it is the same that does not hold: the names of orders and the amounts may be others. */
function isAlike(violation: string, { violations }: Run): boolean {
  const bare = (text: string): string => text.replaceAll(/\S*\d\S*/g, '…');
  return violations.some((other) => bare(other) === bare(violation));
}

/** The plan with only some of its happenings, by their numbers. */
export function planWith(plan: Plan, kept: readonly number[]): Plan {
  return { ...plan, happenings: plan.happenings.filter((_, index) => kept.includes(index)) };
}

/** A failing run and the fewest of its plan's happenings, by number, that were seen to fail still. */
export interface Shrunk {
  readonly kept: readonly number[];
  readonly run: Run;
}

/** Leaves happenings out for as long as the same does not hold, halves first and single ones last. */
export async function shrink(failed: Run, world: World): Promise<Shrunk> {
  const { plan } = failed;
  let smallest: Shrunk = { kept: plan.happenings.map((_, index) => index), run: failed };
  let tries = 0;
  for (
    let size = Math.ceil(smallest.kept.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    let from = 0;
    while (from < smallest.kept.length && tries < MOST_TRIES) {
      const kept = smallest.kept.filter((_, index) => index < from || index >= from + size);
      tries += 1;
      const run = await simulate(planWith(plan, kept), world);
      if (run.violations.some((violation) => isAlike(violation, failed))) smallest = { kept, run };
      else from += size;
    }
  }
  return smallest;
}
