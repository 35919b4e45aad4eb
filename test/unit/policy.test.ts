import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, policySchema } from '../../shared/order/policy.ts';

describe('the policy', () => {
  test('has the defaults of the design', () => {
    expect(DEFAULT_POLICY).toEqual({
      connectTimeoutMs: 5000,
      payTimeoutMs: 40_000,
      callTimeoutMs: 15_000,
      queryIntervalMs: 3000,
      confirmWindowMs: 45_000,
      minReverseAgeMs: 15_000,
      reverseBackoffMs: [2000, 3000, 5000, 10_000, 30_000, 60_000, 300_000],
      inFlightHorizonMs: 180_000,
      maxAttemptsPerState: 1000,
    });
  });

  test('keeps the defaults for whatever is not set', () => {
    expect(policySchema.parse({ queryIntervalMs: 4000 })).toEqual({
      ...DEFAULT_POLICY,
      queryIntervalMs: 4000,
    });
  });

  test.each([
    ['a misspelt name', { confirmWindow: 1000 }],
    ['text', { payTimeoutMs: '40000' }],
    ['a fraction', { payTimeoutMs: 0.5 }],
    ['a negative wait', { queryIntervalMs: -1 }],
    ['no number', { queryIntervalMs: Number.NaN }],
    ['for ever', { confirmWindowMs: Number.POSITIVE_INFINITY }],
    ['more than a day', { inFlightHorizonMs: 86_400_001 }],
    ['a time-out that no reply can meet', { callTimeoutMs: 0 }],
    ['queries without a pause', { queryIntervalMs: 0 }],
    ['no backoff', { reverseBackoffMs: [] }],
    ['a backoff without a wait', { reverseBackoffMs: [0] }],
    ['a backoff that is no list', { reverseBackoffMs: 2000 }],
    ['a backoff without an end', { reverseBackoffMs: Array.from({ length: 33 }, () => 1000) }],
    ['no attempts', { maxAttemptsPerState: 0 }],
    ['null', { payTimeoutMs: null }],
  ])('refuses %s', (_name, input) => {
    expect(policySchema.safeParse(input).success).toBe(false);
  });

  test('refuses a give-up that would come after the window has closed', () => {
    const parsed = policySchema.safeParse({ minReverseAgeMs: 45_001 });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['minReverseAgeMs']]);
    expect(policySchema.safeParse({ minReverseAgeMs: 45_000 }).success).toBe(true);
  });

  test('refuses a window that outlasts the in-flight horizon, because absence would prove too early', () => {
    const parsed = policySchema.safeParse({ inFlightHorizonMs: 44_999 });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['confirmWindowMs']]);
    expect(policySchema.safeParse({ inFlightHorizonMs: 45_000 }).success).toBe(true);
  });
});
