import fc from 'fast-check';
import { callTimeoutMs } from '../../shared/order/deadline.ts';
import type { OrderEvent, OrderHappening, Stamp } from '../../shared/order/event.ts';
import type { Step } from '../../shared/order/effect.ts';
import type { Call, Order } from '../../shared/order/order.ts';
import type { PayOutcome, QueryOutcome, ReversalOutcome } from '../../shared/order/outcome.ts';
import { DEFAULT_POLICY, policySchema, type Policy } from '../../shared/order/policy.ts';
import { transition } from '../../shared/order/transition.ts';
import { COLLECT, NOON_MS } from '../fixtures/orders.ts';

/** Random lives of one order: what a resolver, an acquirer, a network, people and clocks may do to it. */

const PAY_KINDS = [
  'approved',
  'declined',
  'pending',
  'config',
  'config_unverified',
  'throttled',
  'unknown',
  'not_sent',
] as const;
/** What moves an order stands more often, so that lives come far. */
const QUERY_KINDS = [
  'charged',
  'charged',
  'not_charged',
  'pending',
  'not_found',
  'config',
  'throttled',
  'unknown',
  'not_sent',
] as const;
const REVERSAL_KINDS = [
  'accepted',
  'accepted',
  'already',
  'pending',
  'not_found',
  'refused',
  'refused',
  'window_closed',
  'config',
  'throttled',
  'unknown',
  'not_sent',
] as const;

const evidence = fc.record(
  {
    code: fc.constantFrom('200/A', '200/B/C', 'local/timeout'),
    message: fc.constant('words'),
    sn: fc.constantFrom('7890000000000001', '7890000000000002'),
    amountMinor: fc.constantFrom(COLLECT.amountMinor, COLLECT.amountMinor, COLLECT.amountMinor, 1),
  },
  { requiredKeys: ['code'] },
);

const payAnswer = fc
  .record({ kind: fc.constantFrom(...PAY_KINDS), evidence })
  .map((outcome: PayOutcome): OrderHappening => ({ type: 'pay_answered', outcome }));
const queryAnswer = fc
  .record({ kind: fc.constantFrom(...QUERY_KINDS), evidence })
  .map((outcome: QueryOutcome): OrderHappening => ({ type: 'query_answered', outcome }));
const reversalOutcome: fc.Arbitrary<ReversalOutcome> = fc.record({
  kind: fc.constantFrom(...REVERSAL_KINDS),
  evidence,
});
const cancelAnswer = reversalOutcome.map((outcome): OrderHappening => ({ type: 'cancel_answered', outcome }));
const revokeAnswer = reversalOutcome.map((outcome): OrderHappening => ({ type: 'revoke_answered', outcome }));

const refundAnswer = reversalOutcome.map((outcome): OrderHappening => ({ type: 'refund_answered', outcome }));

/** One answer for each call, so that a walk can answer whatever is owed when its turn comes. */
const answers = fc.record({
  pay: payAnswer,
  query: queryAnswer,
  cancel: cancelAnswer,
  revoke: revokeAnswer,
  refund: refundAnswer,
});

const person: fc.Arbitrary<OrderHappening> = fc.oneof(
  fc.constant<OrderHappening>({ type: 'gave_up' }),
  fc.constant<OrderHappening>({ type: 'retry_requested' }),
  fc.constant<OrderHappening>({ type: 'reversal_requested' }),
  fc.constant<OrderHappening>({ type: 'duplicate_charge_found', otherClientSn: 'R-first' }),
  fc.constantFrom('2026-11-20', '2026-11-21').map((businessDay): OrderHappening => ({
    type: 'revoke_requested',
    businessDay,
    revokeReason: 'wrong item',
  })),
  {
    weight: 3,
    arbitrary: fc
      .record({
        businessDay: fc.constantFrom('2026-11-20', '2026-11-21'),
        requestId: fc.constantFrom('RF1', 'RF2'),
      })
      .map((asked): OrderHappening => ({
        type: 'refund_requested',
        refundReason: 'the day is over',
        ...asked,
      })),
  },
  fc
    .constantFrom('yes' as const, 'no' as const)
    .map((charged): OrderHappening => ({ type: 'settled', charged, settleReason: 'seen' })),
);

const obstacle = fc
  .constantFrom('network' as const, 'configuration' as const)
  .map((gone): OrderHappening => ({ type: 'obstacle_cleared', obstacle: gone }));

const pauseMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 * 3_600_000 }) },
);

/** What a walk does next; times are relative, so that every sequence is possible. */
export type Move =
  /** The resolver's turn: wait until the owed call is due, announce it, send it, hear the answer. */
  | {
      readonly type: 'work';
      readonly answers: Readonly<Record<Call, OrderHappening>>;
      readonly latency: number;
    }
  /** An answer to some call, whether it is owed or not. */
  | { readonly type: 'stray'; readonly happening: OrderHappening; readonly pauseMs: number }
  | { readonly type: 'person'; readonly happening: OrderHappening; readonly pauseMs: number }
  | { readonly type: 'due'; readonly pauseMs: number }
  /** The process starts again; meanwhile the clock may have been set, even back. */
  | { readonly type: 'restart'; readonly clockMs: number }
  | { readonly type: 'clock'; readonly deltaMs: number };

const setClockMs = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 120_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -86_400_000, max: 86_400_000 }) },
);

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('work' as const),
      answers,
      latency: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('stray' as const),
      happening: fc.oneof(payAnswer, queryAnswer, cancelAnswer, revokeAnswer, refundAnswer, obstacle),
      pauseMs,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('person' as const), happening: person, pauseMs }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('due' as const), pauseMs }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), clockMs: setClockMs }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clock' as const), deltaMs: setClockMs }) },
);

const policy: fc.Arbitrary<Policy> = fc
  .record({
    confirmWindowMs: fc.constantFrom(45_000, 45_000, 5000),
    minReverseAgeMs: fc.constantFrom(15_000, 0, 5000),
    queryIntervalMs: fc.constantFrom(3000, 3000, 100, 10_000),
    inFlightHorizonMs: fc.constantFrom(180_000, 180_000, 45_000),
    maxAttemptsPerState: fc.constantFrom(1000, 1000, 5, 3),
    // Short tables, so that a life can come to their end.
    reverseBackoffMs: fc.constantFrom(DEFAULT_POLICY.reverseBackoffMs, [1000, 4000], [2000]),
  })
  .map((input) =>
    policySchema.parse({ ...input, minReverseAgeMs: Math.min(input.minReverseAgeMs, input.confirmWindowMs) }),
  );

export interface Walk {
  readonly policy: Policy;
  readonly cancelUntilMs: number | null;
  readonly serverOffsetMs: number;
  readonly random: number;
  readonly moves: readonly Move[];
}

export const walk: fc.Arbitrary<Walk> = fc.record({
  policy,
  cancelUntilMs: fc.constantFrom(null, NOON_MS + 12 * 3_600_000, NOON_MS + 90_000, NOON_MS + 46_000),
  serverOffsetMs: fc.constantFrom(0, 0, -3000, 3000),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  moves: fc.array(move, { minLength: 1, maxLength: 40, size: 'max' }),
});

export interface Turn {
  readonly before: Order;
  readonly event: OrderEvent;
  readonly after: Order;
  readonly effects: Step['effects'];
  /** Whether the event answers the very call that was owed. */
  readonly answersOwed: boolean;
}

const ANSWERS: Readonly<Partial<Record<OrderHappening['type'], Call>>> = {
  pay_answered: 'pay',
  query_answered: 'query',
  cancel_answered: 'cancel',
  revoke_answered: 'revoke',
  refund_answered: 'refund',
};

export const callAnsweredBy = (event: OrderHappening): Call | undefined => ANSWERS[event.type];

/** Walks an order through its moves and shows every turn to `visit`; returns where it ends. */
export function play(
  { policy: rules, cancelUntilMs, serverOffsetMs, random, moves }: Walk,
  visit: (turn: Turn, rules: Policy) => void,
): { readonly order: Order; readonly nowMs: number; readonly stampAt: (atMs: number) => Stamp } {
  const stampAt = (atMs: number): Stamp => ({
    atMs,
    serverOffsetMs,
    random,
    actor: { kind: 'terminal', name: 'terminal' },
  });
  let nowMs = NOON_MS;
  let { order } = transition(null, { ...COLLECT, cancelUntilMs, ...stampAt(nowMs) }, rules);

  const apply = (happening: OrderHappening): void => {
    const before = order;
    const event = { ...stampAt(nowMs), ...happening };
    const { order: after, effects } = transition(before, event, rules);
    const call = callAnsweredBy(event);
    const answersOwed = call !== undefined && call === before.owed?.call;
    order = after;
    visit({ before, event, after, effects, answersOwed }, rules);
  };

  for (const next of moves) {
    switch (next.type) {
      case 'work': {
        if (order.owed === null) break;
        nowMs = Math.max(nowMs, order.owed.dueAtMs);
        apply({ type: 'call_due' });
        if (order.owed === null || order.owed.dueAtMs > nowMs) break;
        nowMs += Math.round(callTimeoutMs(order, nowMs, rules) * next.latency);
        apply(next.answers[order.owed.call]);
        break;
      }
      case 'stray':
      case 'person':
        nowMs += next.pauseMs;
        apply(next.happening);
        break;
      case 'due':
        nowMs += next.pauseMs;
        apply({ type: 'call_due' });
        break;
      case 'restart':
        nowMs += next.clockMs;
        apply({ type: 'restarted' });
        break;
      case 'clock':
        nowMs += next.deltaMs;
        apply({ type: 'clock_changed', deltaMs: next.deltaMs });
        break;
    }
  }
  return { order, nowMs, stampAt };
}
