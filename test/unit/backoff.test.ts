import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../shared/order/backoff.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const steps = fc.array(fc.integer({ min: 10, max: 86_400_000 }), { minLength: 1, maxLength: 32 });

describe('backoffMs', () => {
  test.each([
    [0, 0, 1000],
    [0, 0.5, 1500],
    [1, 0, 1500],
    [6, 0, 150_000],
    [6, 0.999999999, 300_000],
    [7, 0, 150_000],
    [9999, 0.5, 225_000],
  ])('attempt %d drawn at %d waits %d ms by default', (attempt, drawn, expected) => {
    expect(backoffMs(DEFAULT_POLICY.reverseBackoffMs, attempt, drawn)).toBe(expected);
  });

  test('stays between half of its step and the whole of it, as an integer', () => {
    fc.assert(
      fc.property(steps, fc.nat(100_000), random, (table, attempt, drawn) => {
        const step = table[Math.min(attempt, table.length - 1)] ?? Number.NaN;
        const waitMs = backoffMs(table, attempt, drawn);
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(Math.floor(step / 2));
        expect(waitMs).toBeLessThanOrEqual(step);
      }),
    );
  });

  test('never exceeds the last step, however many attempts there were', () => {
    fc.assert(
      fc.property(fc.nat(), random, (attempt, drawn) => {
        return backoffMs(DEFAULT_POLICY.reverseBackoffMs, attempt, drawn) <= 300_000;
      }),
    );
  });

  test('spreads equal attempts, so that a fleet does not come back together', () => {
    const drawn = [0, 0.25, 0.5, 0.75].map((value) => backoffMs([10_000], 0, value));
    expect(new Set(drawn).size).toBe(4);
  });
});
