import { describe, expect, it } from 'vitest';
import type { OrderState } from '../../shared/order/order.ts';
import { settled } from '../support/fake-clock.ts';
import { counter, type Counter } from '../support/fake-counter.ts';
import { must, NOON } from '../support/fake-ledger.ts';

const DAY_MS = 86_400_000;

/** The longest horizon of the policy and its waits, and not a day. */
const SETTLED_WITHIN_MS = 10 * 60_000;

interface Case {
  readonly state: OrderState;
  readonly ends: OrderState;
  readonly reach: (shop: Counter) => Promise<void>;
}

const CHARGED = { sn: '78', amountMinor: 1234 } as const;

const CASES: readonly Case[] = [
  { state: 'collecting', ends: 'reversed', reach: async () => undefined },
  { state: 'confirming', ends: 'reversed', reach: (shop) => shop.answer('unknown') },
  {
    state: 'reversing',
    ends: 'reversed',
    async reach(shop) {
      await shop.answer('unknown');
      await shop.time.advance(20_000);
      must(shop.does('sale', { type: 'gave_up' }));
    },
  },
  {
    state: 'verifying',
    ends: 'reversed',
    async reach(shop) {
      await shop.answer('unknown');
      await shop.time.advance(20_000);
      must(shop.does('sale', { type: 'gave_up' }));
      await settled();
      for (const call of shop.acquirer.open()) call.answer(call.call === 'cancel' ? 'accepted' : 'pending');
      await settled();
    },
  },
  {
    state: 'revoking',
    ends: 'revoked',
    async reach(shop) {
      await shop.answer('approved', CHARGED);
      must(
        shop.does('sale', {
          type: 'revoke_requested',
          businessDay: '2026-11-20',
          revokeReason: 'goods came back',
        }),
      );
    },
  },
];

/** An acquirer that says of every payment what became of it once it was asked to take it back. */
async function settle(shop: Counter): Promise<number> {
  const startedMs = shop.time.monotonicMs();
  while (!shop.resolver.isIdle() && shop.time.monotonicMs() - startedMs < 3 * DAY_MS) {
    for (const call of shop.acquirer.open()) {
      const isAsked = call.call === 'query';
      const found = shop.order('sale').state === 'confirming' ? 'pending' : 'not_charged';
      call.answer(isAsked ? found : call.call === 'pay' ? 'unknown' : 'accepted');
    }
    await settled();
    await shop.time.advance(500);
  }
  return shop.time.monotonicMs() - startedMs;
}

async function owing({ state, reach }: Case): Promise<Counter> {
  const shop = counter();
  shop.resolver.start();
  must(shop.collect('sale'));
  await settled();
  await reach(shop);
  expect(shop.order('sale').state).toBe(state);
  return shop;
}

describe.each([
  ['set back a day', -DAY_MS],
  ['set forward a day', DAY_MS],
])('A clock that is %s', (_name, deltaMs) => {
  it.each(CASES)(
    'while an order is $state does not keep what is owed waiting: it ends $ends',
    async (given) => {
      const shop = await owing(given);
      shop.time.stepWallClock(deltaMs);
      expect(await settle(shop)).toBeLessThan(SETTLED_WITHIN_MS);
      expect(shop.order('sale')).toMatchObject({ state: given.ends, charged: 'no' });
      expect(shop.acquirer.names().filter((call) => call === 'pay')).toHaveLength(1);
      expect(shop.ledger.verify().problems).toEqual([]);
    },
  );

  it.each(CASES)(
    'before the terminal starts again, an order $state, is no excuse either: it ends $ends',
    async (given) => {
      const killed = await owing(given);
      killed.ledger.close();
      const shop = counter({ file: killed.file, atMs: killed.clock.nowMs() + deltaMs });
      shop.resolver.start();
      expect(await settle(shop)).toBeLessThan(SETTLED_WITHIN_MS);
      expect(shop.order('sale')).toMatchObject({ state: given.ends, charged: 'no' });
      expect(shop.acquirer.names()).not.toContain('pay');
      expect(shop.ledger.verify().problems).toEqual([]);
      // Sales go on, dated by the clock as it is.
      must(shop.collect('next'));
      await shop.answer('approved', CHARGED);
      expect(shop.order('next')).toMatchObject({ state: 'paid' });
      expect(Math.abs(shop.order('next').createdAtMs - NOON - deltaMs)).toBeLessThan(SETTLED_WITHIN_MS * 2);
    },
  );
});
