/**
 * The wait before attempt number `attempt` (0 = first retry), drawn from a capped table.
 * Jitter spreads the upper half only, so that a wait never shrinks below half its step and a fleet
 * that lost its network together does not come back together.
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(stepsMs: readonly number[], attempt: number, random: number): number {
  const step = stepsMs[Math.min(attempt, stepsMs.length - 1)] ?? 0;
  return Math.round(step / 2 + (step / 2) * random);
}
