import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderHappening } from '../../shared/order/event.ts';
import {
  isUndecided,
  ORDER_STATES,
  type Call,
  type Charged,
  type Order,
  type OrderState,
} from '../../shared/order/order.ts';
import { DEFAULT_POLICY, type Policy } from '../../shared/order/policy.ts';
import { transition } from '../../shared/order/transition.ts';
import { callAnsweredBy, play, walk, type Turn } from '../arbitraries/walks.ts';
import { alertsOf, cancel, pay, query, REFUND, refund, revoke, stamp } from '../fixtures/orders.ts';

const RUNS = { numRuns: 3000, seed: 20_261_120 };

const LIVES = fc.sample(walk, RUNS);
const TURNS = LIVES.flatMap((life) => {
  const turns: (readonly [turn: Turn, policy: Policy])[] = [];
  play(life, (turn, policy) => turns.push([turn, policy]));
  return turns;
});

/** Checks one promise on every turn of every life; a life that breaks it is shrunk to the shortest. */
function always(holds: (turn: Turn, policy: Policy) => void): void {
  try {
    for (const [turn, policy] of TURNS) holds(turn, policy);
  } catch (broken) {
    fc.assert(
      fc.property(walk, (life) => {
        play(life, holds);
      }),
      RUNS,
    );
    throw broken;
  }
}

/** What each state may owe, read from the design and not from the code. */
const MAY_OWE: Readonly<Record<OrderState, readonly (Call | null)[]>> = {
  collecting: ['pay'],
  confirming: ['query'],
  paid: [null],
  declined: [null],
  reversing: ['cancel', 'refund', 'query'],
  verifying: ['query'],
  reversed: [null, 'query'],
  revoking: ['revoke', 'refund', 'query'],
  revoked: [null],
  attention: [null, 'query'],
  resolved: [null],
};

const CHARGED_WHEN: Readonly<Record<OrderState, readonly Charged[]>> = {
  collecting: ['unknown'],
  confirming: ['unknown'],
  paid: ['yes'],
  declined: ['no'],
  reversing: ['unknown'],
  verifying: ['unknown'],
  reversed: ['no'],
  revoking: ['yes'],
  revoked: ['no'],
  attention: ['yes', 'unknown'],
  resolved: ['yes', 'no'],
};

/** The only answers that may bring an order into a decided state, by where it comes from. */
const PROOF: Readonly<Record<string, readonly string[]>> = {
  'collecting>paid': ['pay:approved'],
  'confirming>paid': ['query:charged'],
  'revoking>paid': ['query:charged'],
  'collecting>declined': ['pay:declined', 'pay:not_sent', 'pay:config'],
  'confirming>declined': ['query:not_charged'],
  'reversing>reversed': ['query:not_charged', 'query:not_found'],
  'verifying>reversed': ['query:not_charged', 'query:not_found'],
  'attention>reversed': ['query:not_charged', 'query:not_found'],
  // An order that was paid before it reached a person, whose money the acquirer now says is back.
  'attention>revoked': ['query:not_charged'],
  'revoking>revoked': ['query:not_charged'],
  'attention>resolved': ['settled'],
};
const DECIDED: ReadonlySet<OrderState> = new Set(ORDER_STATES.filter((state) => !isUndecided(state)));

/** An event as `call:kind` for an answer to the owed call, as its type otherwise. */
function nameOf({ event, answersOwed }: Turn): string {
  if (!('outcome' in event)) return event.type;
  return answersOwed ? `${callAnsweredBy(event) ?? ''}:${event.outcome.kind}` : `stray ${event.type}`;
}

describe('whatever happens to an order', () => {
  test('the walks reach every state and every kind of event', () => {
    const states = new Set(TURNS.map(([{ after }]) => after.state));
    const events = new Set(TURNS.map(([{ event }]) => event.type));
    const entries = new Set(TURNS.map(([{ before, after }]) => `${before.state}>${after.state}`));
    expect([...ORDER_STATES].filter((state) => !states.has(state))).toEqual([]);
    expect(events.size).toBe(16);
    expect(Object.keys(PROOF).filter((entry) => !entries.has(entry))).toEqual([]);
  });

  test('a doubt always has a call that is owed or a person who was told', () => {
    always(({ after }) => {
      if (after.charged === 'unknown') expect(after.owed !== null || after.state === 'attention').toBe(true);
      if (isUndecided(after.state) && after.state !== 'attention') expect(after.owed).not.toBeNull();
    });
  });

  test('at most one call is owed, and it is one that the state may owe', () => {
    always(({ after }) => {
      expect(MAY_OWE[after.state]).toContain(after.owed?.call ?? null);
    });
  });

  test('pay is never owed again once its answer is in or lost', () => {
    always(({ before, after }) => {
      if (after.owed?.call === 'pay') expect(before.owed?.call).toBe('pay');
      if (before.state !== 'collecting') expect(after.state).not.toBe('collecting');
    });
  });

  test('an order is decided only by an answer that proves it, or by a named person', () => {
    always((turn) => {
      const { before, after } = turn;
      if (before.state === after.state || !DECIDED.has(after.state)) return;
      expect(PROOF[`${before.state}>${after.state}`] ?? []).toContain(nameOf(turn));
    });
  });

  test('absence proves nothing before the horizon, and nothing ever against a charge a person was told of', () => {
    always((turn) => {
      const { before, event, after } = turn;
      if (nameOf(turn) !== 'query:not_found' || after.state !== 'reversed' || before.state === 'reversed')
        return;
      expect(event.atMs).toBeGreaterThanOrEqual(before.inFlightUntilMs);
      expect(before.charged).not.toBe('yes');
    });
  });

  test('an order leaves a decided state only for a revoke, a refund, a second charge or a late approval', () => {
    always((turn) => {
      const { before, after } = turn;
      if (before.state === after.state || !DECIDED.has(before.state)) return;
      expect([
        'paid>revoking by revoke_requested',
        'paid>revoking by refund_requested',
        'paid>reversing by duplicate_charge_found',
        'reversed>reversing by query:charged',
        'reversed>reversing by query:pending',
      ]).toContain(`${before.state}>${after.state} by ${nameOf(turn)}`);
    });
  });

  test('charged is what the table of states says', () => {
    always(({ event, after }) => {
      expect(CHARGED_WHEN[after.state]).toContain(after.charged);
      if (event.type === 'settled' && after.state === 'resolved')
        expect(['yes', 'no']).toContain(after.charged);
    });
  });

  test('every wait is an integer and bounded by the longest that the policy knows', () => {
    always(({ event, after }, policy) => {
      if (after.owed === null) return;
      const longestMs = Math.max(
        ...policy.reverseBackoffMs,
        policy.inFlightHorizonMs,
        policy.confirmWindowMs,
      );
      expect(Number.isSafeInteger(after.owed.dueAtMs)).toBe(true);
      expect(after.owed.dueAtMs - event.atMs).toBeLessThanOrEqual(longestMs);
    });
  });

  test('the cancel is owed no later than the close of the window when nothing says charged', () => {
    always(({ event, after }) => {
      if (after.state !== 'collecting' && after.state !== 'confirming') return;
      // Still asking: something is due by the close, and a turn at or after the close must end it.
      expect(after.owed?.dueAtMs).toBeLessThanOrEqual(after.confirmUntilMs);
      const isTurn = event.type === 'call_due' || event.type === 'restarted' || event.type === 'gave_up';
      if (isTurn) expect(event.atMs).toBeLessThan(after.confirmUntilMs);
    });
    always((turn) => {
      const { before, event, after } = turn;
      if (!turn.answersOwed || event.atMs < before.confirmUntilMs) return;
      if (before.state === 'collecting' || before.state === 'confirming') {
        expect(['paid', 'declined', 'reversing', 'attention']).toContain(after.state);
        if (after.state === 'reversing')
          expect(after.owed).toMatchObject({ call: 'cancel', dueAtMs: event.atMs });
      }
    });
  });

  test('giving up never moves the close away', () => {
    always(({ before, event, after }) => {
      if (event.type === 'gave_up') expect(after.confirmUntilMs).toBeLessThanOrEqual(before.confirmUntilMs);
    });
  });

  test('a cancel, revoke or refund that was accepted is never proof by itself', () => {
    always((turn) => {
      if (!['cancel', 'revoke', 'refund'].includes(callAnsweredBy(turn.event) ?? '')) return;
      expect(['reversed', 'revoked']).not.toContain(
        turn.before.state === turn.after.state ? '' : turn.after.state,
      );
    });
  });

  test('an answer to a call that is not owed changes neither state nor obligation', () => {
    always(({ before, event, after, answersOwed }) => {
      if (callAnsweredBy(event) === undefined || answersOwed) return;
      expect(after).toMatchObject({
        state: before.state,
        charged: before.charged,
        reason: before.reason,
        owed: before.owed,
        attempts: before.attempts,
        waits: before.waits,
      });
    });
  });

  test('a success that comes late is never silent', () => {
    always(({ event, effects, answersOwed }) => {
      if (!('outcome' in event) || answersOwed) return;
      const late = event.outcome.kind === 'approved' || event.outcome.kind === 'charged';
      expect(alertsOf(effects)).toEqual(late ? ['late_success'] : []);
    });
  });

  test('a person who is called is told why', () => {
    always(({ before, after, effects }) => {
      if (after.state !== 'attention' || before.state === 'attention') return;
      expect(after.reason).not.toBeNull();
      expect(alertsOf(effects).length).toBeGreaterThan(0);
    });
  });

  test('a late approval is never silent', () => {
    always(({ before, after, effects }) => {
      // A refund that was promised and is not there yet is no new charge.
      const isAwaited = before.state === 'verifying' && (before.refund?.acceptedAtMs ?? null) !== null;
      const reopened =
        after.state === 'reversing' && (before.state === 'reversed' || before.state === 'verifying');
      if (reopened && !isAwaited && after.lastAnswer?.kind === 'charged')
        expect(alertsOf(effects)).toContain('late_approval');
    });
  });

  test('attempts stay within the policy, and reaching the bound is said', () => {
    always(({ before, after, effects }, policy) => {
      expect(after.attempts).toBeLessThanOrEqual(policy.maxAttemptsPerState);
      if (after.owed !== null) expect(after.attempts).toBeLessThan(policy.maxAttemptsPerState);
      expect(Number.isSafeInteger(after.waits)).toBe(true);
      if (after.reason === 'bound_reached' && before.reason !== 'bound_reached') {
        expect(alertsOf(effects)).toContain('bound_reached');
      }
    });
  });

  test('a command that is refused leaves the very same order', () => {
    always(({ before, after, effects }) => {
      if (effects.some(({ type }) => type === 'refused')) expect(after).toBe(before);
    });
  });

  test('what the order is never changes', () => {
    always(({ before, after }) => {
      for (const member of [
        ...(['clientSn', 'saleId', 'terminalSn', 'amountMinor', 'currency', 'subject', 'operator'] as const),
        ...(['businessDay', 'createdAtMs', 'cancelUntilMs'] as const),
      ]) {
        expect(after[member]).toBe(before[member]);
      }
      if (before.sn !== null) expect(after.sn).toBe(before.sn);
    });
  });

  test('a new charge always asks about its sale', () => {
    always(({ before, after, effects }) => {
      if (after.state !== 'paid' || before.state === 'paid') return;
      expect(effects).toContainEqual({ type: 'check_sale' });
    });
  });

  test('the decision is pure: frozen inputs, and the same answer twice', () => {
    always(({ before, event, after, effects }, policy) => {
      const frozen = [deepFreeze(before), deepFreeze(event), deepFreeze(policy)] as const;
      expect(transition(...frozen)).toEqual({ order: after, effects });
    });
  });
});

/** Whether the acquirer's clock says that no cancel is accepted any more; read from the design. */
const isDayOver = ({ before, event }: Turn): boolean =>
  before.cancelUntilMs !== null &&
  event.serverOffsetMs !== null &&
  event.atMs + event.serverOffsetMs >= before.cancelUntilMs;

/** What an order is left with once the acquirer has said no to its cancel, revoke or refund. */
const SAID_NO: ReadonlySet<Order['reason']> = new Set([
  'window_closed',
  'cancel_refused',
  'revoke_window_closed',
  'revoke_refused',
  'refund_refused',
]);

describe('whatever happens to a refund', () => {
  test('the walks reach its refusal and its missing proof', () => {
    const reasons = new Set(TURNS.map(([{ after }]) => `${after.state} ${after.reason}`));
    for (const met of ['paid refund_refused', 'attention refund_refused', 'attention refund_unproved'])
      expect(reasons).toContain(met);
    const proofs = TURNS.filter(
      ([{ before, after }]) => after.refund !== null && before.state !== after.state,
    );
    expect(new Set(proofs.map(([{ after }]) => after.state))).toContain('reversed');
    expect(new Set(proofs.map(([{ after }]) => after.state))).toContain('revoked');
  });

  test('it is there only because a person asked for it, under the id that came with the asking', () => {
    always(({ before, event, after }) => {
      if (before.refund !== null || after.refund === null) return;
      expect(event.type).toBe('refund_requested');
      if (event.type !== 'refund_requested') return;
      expect(after.refund).toEqual({ requestId: event.requestId, acceptedAtMs: null });
      expect(after.owed).toMatchObject({ call: 'refund', dueAtMs: event.atMs });
    });
  });

  test('it is owed only under its id, and then nothing else gives the money back', () => {
    always(({ after }) => {
      if (after.owed?.call === 'refund') expect(after.refund).not.toBeNull();
      if (after.refund !== null) expect(['cancel', 'revoke']).not.toContain(after.owed?.call);
    });
  });

  test('its id stays, and ends only with a definite no and the word that the customer is charged', () => {
    always((turn) => {
      const { before, after, effects } = turn;
      if (before.refund === null) return;
      if (after.refund !== null) {
        expect(after.refund.requestId).toBe(before.refund.requestId);
        if (before.refund.acceptedAtMs !== null)
          expect(after.refund.acceptedAtMs).toBe(before.refund.acceptedAtMs);
        return;
      }
      expect(nameOf(turn)).toBe('query:charged');
      expect(before.refusal).not.toBeNull();
      expect(after).toMatchObject({ charged: 'yes', reason: 'refund_refused', owed: null });
      expect(alertsOf(effects)).toContain('refund_refused');
    });
  });

  test('it never begins while a cancel or revoke is possible and was not refused', () => {
    always((turn) => {
      const { before, event, after } = turn;
      if (event.type !== 'refund_requested' || before.refund !== null || after.refund === null) return;
      expect(['attention', 'paid']).toContain(before.state);
      const isOtherDay =
        before.state === 'paid' &&
        before.cancelUntilMs !== null &&
        event.businessDay !== before.businessDay &&
        event.serverOffsetMs !== null;
      expect(isDayOver(turn) || isOtherDay || SAID_NO.has(before.reason)).toBe(true);
    });
  });

  test('it never begins where the acquirer is known to hold another amount', () => {
    always(({ before, after }) => {
      if (before.reason === 'amount_mismatch') expect(after.refund).toBeNull();
    });
  });

  test('only remote evidence proves its money back, and absence never does', () => {
    always((turn) => {
      const { before, after } = turn;
      if (after.refund === null || before.state === after.state) return;
      if (after.state === 'reversed' || after.state === 'revoked')
        expect(nameOf(turn)).toBe('query:not_charged');
    });
  });

  test('its money is back as revoked where goods may have left, and as reversed where none have', () => {
    always(({ before, after }) => {
      if (after.refund === null || before.state === after.state) return;
      if (after.state === 'reversed') expect(after.paidAtMs).toBeNull();
      if (after.state === 'revoked') expect(after.paidAtMs).not.toBeNull();
    });
  });

  test('an order that is paid has none under way', () => {
    always(({ after }) => {
      if (after.state === 'paid') expect(after.refund).toBeNull();
    });
  });

  test('a person who was told that it is unproved is not the only one who waits', () => {
    always(({ before, after, effects }) => {
      if (after.reason !== 'refund_unproved' || before.reason === 'refund_unproved') return;
      expect(after).toMatchObject({ state: 'attention', charged: 'yes', owed: { call: 'query' } });
      expect(after.refund?.acceptedAtMs).not.toBeNull();
      expect(alertsOf(effects)).toContain('refund_unproved');
    });
  });
});

describe('an answer that tells less than it seems', () => {
  test('a configuration fault that no signature proves is told and decides nothing', () => {
    always((turn) => {
      if (nameOf(turn) !== 'pay:config_unverified') return;
      expect(alertsOf(turn.effects)).toContain('configuration');
      const silent = transition(turn.before, unanswered(turn.event), DEFAULT_POLICY).order;
      expect(turn.after).toMatchObject({ state: silent.state, charged: 'unknown', owed: silent.owed });
    });
  });

  test('an acquirer that wants to be asked less decides nothing and is asked no sooner than a silent one', () => {
    always((turn, policy) => {
      const { before, event, after, answersOwed } = turn;
      if (!answersOwed || !('outcome' in event) || event.outcome.kind !== 'throttled') return;
      const silent = transition(before, unanswered(event), policy).order;
      expect(after).toMatchObject({ state: silent.state, charged: silent.charged, reason: silent.reason });
      expect(after.owed?.call).toBe(silent.owed?.call);
      if (after.owed !== null && silent.owed !== null)
        expect(after.owed.dueAtMs).toBeGreaterThanOrEqual(silent.owed.dueAtMs);
    });
  });
});

/** The same answer as if nothing had come back. */
function unanswered(event: Turn['event']): Turn['event'] {
  const outcome = { kind: 'unknown', evidence: { code: 'local/timeout' } } as const;
  return 'outcome' in event ? { ...event, outcome } : event;
}

const EVERYTHING: readonly OrderHappening[] = [
  ...(
    [
      ...(['approved', 'declined', 'pending', 'config', 'config_unverified'] as const),
      ...(['throttled', 'unknown', 'not_sent'] as const),
    ] as const
  ).map((kind) => pay(kind)),
  ...(
    [
      ...(['charged', 'not_charged', 'pending', 'not_found'] as const),
      ...(['config', 'throttled', 'unknown', 'not_sent'] as const),
    ] as const
  ).map((kind) => query(kind)),
  ...(
    [
      ...(['accepted', 'already', 'pending', 'not_found', 'refused'] as const),
      ...(['window_closed', 'config', 'throttled', 'unknown', 'not_sent'] as const),
    ] as const
  ).flatMap((kind) => [cancel(kind), revoke(kind), refund(kind)]),
  { type: 'call_due' },
  { type: 'restarted' },
  { type: 'obstacle_cleared', obstacle: 'network' },
  { type: 'obstacle_cleared', obstacle: 'configuration' },
  { type: 'clock_changed', deltaMs: -86_400_000 },
  { type: 'gave_up' },
  { type: 'retry_requested' },
  { type: 'reversal_requested' },
  { type: 'duplicate_charge_found', otherClientSn: 'R-first' },
  { type: 'revoke_requested', businessDay: '2026-11-20', revokeReason: 'wrong item' },
  REFUND,
  { type: 'settled', charged: 'no', settleReason: 'seen' },
];

describe('every state meets every event', () => {
  /** Of each state and each call it may owe, the first orders that the lives came to. */
  const met = Map.groupBy(TURNS, ([{ after }]) => `${after.state} owing ${after.owed?.call ?? 'nothing'}`);

  test('and the lives came to each of them', () => {
    const expected = Object.entries(MAY_OWE).flatMap(([state, calls]) =>
      calls.map((call) => `${state} owing ${call ?? 'nothing'}`),
    );
    expect(new Set(met.keys())).toEqual(new Set(expected));
  });

  test.each([...met.keys()])('%s', (situation) => {
    for (const [{ after: order }, policy] of met.get(situation)?.slice(0, 20) ?? []) {
      for (const happening of EVERYTHING) {
        for (const laterMs of [0, 1000, 86_400_000]) {
          const event = { ...stamp(0), atMs: order.updatedAtMs + laterMs, ...happening };
          const next = transition(order, event, policy).order;
          expect(MAY_OWE[next.state]).toContain(next.owed?.call ?? null);
          expect(CHARGED_WHEN[next.state]).toContain(next.charged);
        }
      }
    }
  });
});

describe('from wherever a life has come', () => {
  /** Answers as an acquirer that is well and has not charged, or that never answers. */
  const WELL: Readonly<Record<Call, OrderHappening>> = {
    pay: pay('declined'),
    query: query('not_charged'),
    cancel: cancel('accepted'),
    revoke: revoke('accepted'),
    refund: refund('accepted'),
  };
  const SILENT: Readonly<Record<Call, OrderHappening>> = {
    pay: pay('unknown'),
    query: query('unknown'),
    cancel: cancel('unknown'),
    revoke: revoke('unknown'),
    refund: refund('unknown'),
  };
  /** Says yes to whatever it is asked to give back, and never gives it back. */
  const PROMISING: Readonly<Record<Call, OrderHappening>> = {
    pay: pay('approved'),
    query: query('charged'),
    cancel: cancel('accepted'),
    revoke: revoke('accepted'),
    refund: refund('accepted'),
  };

  /** Lets the resolver work until nothing is owed, and counts its calls. */
  function drain(
    life: Parameters<typeof play>[0],
    answers: Readonly<Record<Call, OrderHappening>>,
    limit: number,
  ): { readonly order: Order; readonly calls: number } {
    const end = play(life, () => undefined);
    let { order, nowMs } = end;
    let calls = 0;
    while (order.owed !== null && calls < limit) {
      nowMs = Math.max(nowMs, order.owed.dueAtMs);
      ({ order } = transition(order, { ...end.stampAt(nowMs), type: 'call_due' }, life.policy));
      if (order.owed === null || order.owed.dueAtMs > nowMs) continue;
      calls += 1;
      nowMs += 1;
      ({ order } = transition(order, { ...end.stampAt(nowMs), ...answers[order.owed.call] }, life.policy));
    }
    return { order, calls };
  }

  test('an acquirer that answers brings every order to its end within a few calls', () => {
    fc.assert(
      fc.property(walk, (life) => {
        const { order, calls } = drain(life, WELL, 50);
        expect(order.owed).toBeNull();
        expect(calls).toBeLessThanOrEqual(4);
        expect(isUndecided(order.state) && order.state !== 'attention').toBe(false);
      }),
      RUNS,
    );
  });

  test('an acquirer that never answers costs a bounded number of calls and ends with a person', () => {
    fc.assert(
      fc.property(walk, (life) => {
        const few = { ...life, policy: { ...life.policy, maxAttemptsPerState: 5 } };
        const { order, calls } = drain(few, SILENT, 100);
        expect(order.owed).toBeNull();
        expect(calls).toBeLessThanOrEqual(30);
        expect(isUndecided(order.state) && order.state !== 'attention').toBe(false);
      }),
      RUNS,
    );
  });

  test('an acquirer that only promises costs a bounded number of calls and ends paid or with a person', () => {
    fc.assert(
      fc.property(walk, (life) => {
        const few = { ...life, policy: { ...life.policy, maxAttemptsPerState: 5 } };
        const before = play(few, () => undefined).order;
        const { order, calls } = drain(few, PROMISING, 100);
        expect(order.owed).toBeNull();
        expect(calls).toBeLessThanOrEqual(30);
        if (isUndecided(before.state)) expect(['paid', 'attention']).toContain(order.state);
      }),
      RUNS,
    );
  });
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
