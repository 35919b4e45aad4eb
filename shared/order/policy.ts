import { z } from 'zod';

const durationMs = z.number().int().min(0).max(86_400_000);

/**
 * Every wait and bound that decides about money, in milliseconds unless the name says otherwise.
 * Defaults come from upay.md 4.1 and the observed in-flight horizon of peers (peers.md 2.2).
 */
export const policySchema = z
  .strictObject({
    /** TCP and TLS set-up; beyond it nothing was written and nothing is owed. */
    connectTimeoutMs: durationMs.min(100).default(5000),
    /** How long a pay call may stay unanswered (upay.md 4.1: at least 35 s). */
    payTimeoutMs: durationMs.min(100).default(40_000),
    /** The same for every other call. */
    callTimeoutMs: durationMs.min(100).default(15_000),
    queryIntervalMs: durationMs.min(10).default(3000),
    /** From pay sent; the cancel leaves at this instant unless the order is known to be charged. */
    confirmWindowMs: durationMs.min(100).default(45_000),
    /** Cancelling earlier than this after pay was sent is harmful (peers.md 0.4). */
    minReverseAgeMs: durationMs.default(15_000),
    /** Waits between uncertain attempts; the last one repeats. */
    reverseBackoffMs: z
      .array(durationMs.min(10))
      .min(1)
      .max(32)
      .readonly()
      .default([2000, 3000, 5000, 10_000, 30_000, 60_000, 300_000]),
    /** The longest a pay request can travel and still land; proof by absence waits for it. */
    inFlightHorizonMs: durationMs.min(100).default(180_000),
    /** Answered calls since the order last became undecided, before it is handed to a person. */
    maxAttemptsPerState: z.number().int().min(3).max(100_000).default(1000),
  })
  .refine((policy) => policy.minReverseAgeMs <= policy.confirmWindowMs, {
    message: 'minReverseAgeMs must not exceed confirmWindowMs',
    path: ['minReverseAgeMs'],
  })
  .refine((policy) => policy.confirmWindowMs <= policy.inFlightHorizonMs, {
    message: 'confirmWindowMs must not exceed inFlightHorizonMs',
    path: ['confirmWindowMs'],
  });

export type Policy = Readonly<z.infer<typeof policySchema>>;

/** What a partial `policy` object in the settings file may contain. */
export type PolicyInput = z.input<typeof policySchema>;

export const DEFAULT_POLICY: Policy = policySchema.parse({});
