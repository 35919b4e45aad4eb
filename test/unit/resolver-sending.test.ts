import { describe, expect, it } from 'vitest';
import { failure } from '../../shared/errors.ts';
import { err } from '../../shared/result.ts';
import { settled } from '../support/fake-clock.ts';
import { counter, type Counter } from '../support/fake-counter.ts';
import { NOON } from '../support/fake-ledger.ts';

const CONFIRM_UNTIL_MS = 45_000;

/** A sale whose pay was not answered and whose first query is on the wire. */
async function confirming(clientSn = 'A'): Promise<Counter> {
  const shop = counter();
  shop.resolver.start();
  shop.collect(clientSn);
  await shop.time.advance(1000);
  await shop.answer('unknown');
  return shop;
}

/** A sale in silence whose cancel is on the wire. */
async function reversing(clientSn = 'A'): Promise<Counter> {
  const shop = await confirming(clientSn);
  await shop.time.advance(CONFIRM_UNTIL_MS - 1000);
  expect(shop.acquirer.only().call).toBe('cancel');
  return shop;
}

describe('The resolver sends', () => {
  it('a new sale in the turn of its commit, with no timer in between', () => {
    const shop = counter();
    shop.resolver.start();
    expect(shop.collect('A')).toMatchObject({ ok: true });
    expect(shop.acquirer.only()).toMatchObject({ call: 'pay', clientSn: 'A', code: '2841' });
  });

  it('nothing for a sale that was refused, then or later', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A', 'sale');
    expect(shop.collect('B', 'sale')).toMatchObject({ ok: false });
    await shop.answer('approved');
    await shop.time.advance(300_000);
    expect(shop.acquirer.names()).toEqual(['pay']);
  });

  it('nothing before it was started', async () => {
    const shop = counter();
    shop.collect('A');
    await shop.time.advance(100_000);
    expect(shop.acquirer.calls).toEqual([]);
  });

  it('the first question in the turn in which pay was not answered', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.time.advance(1000);
    shop.acquirer.only().answer('unknown');
    await settled();
    expect(shop.acquirer.only()).toMatchObject({ call: 'query', atMs: NOON + 1000 });
  });

  it('nothing between two questions: it sleeps until exactly the next is due', async () => {
    const shop = await confirming();
    await shop.answer('pending');
    expect(shop.time.pending()).toEqual([3000]);
    await shop.time.advance(2999);
    expect(shop.acquirer.open()).toEqual([]);
    await shop.time.advance(1);
    expect(shop.acquirer.only()).toMatchObject({ call: 'query', atMs: NOON + 4000 });
  });

  it('nothing more once an order is decided, and holds no timer then', async () => {
    const shop = await confirming();
    await shop.answer('charged', { amountMinor: 1234 });
    expect(shop.order('A').state).toBe('paid');
    expect(shop.time.pending()).toEqual([]);
    expect(shop.resolver.isIdle()).toBe(true);
  });

  it('new work at once while it sleeps for older work', async () => {
    const shop = await confirming();
    await shop.answer('pending');
    await shop.time.advance(500);
    shop.collect('B');
    expect(shop.acquirer.only()).toMatchObject({ call: 'pay', clientSn: 'B', atMs: NOON + 1500 });
    await shop.time.advance(2500);
    expect(shop.acquirer.calls.at(-1)).toMatchObject({ call: 'query', clientSn: 'A', atMs: NOON + 4000 });
  });

  it('at most one call for an order, however often a person asks', async () => {
    const shop = await confirming();
    for (let press = 0; press < 5; press += 1) {
      shop.does('A', { type: 'retry_requested' });
      await shop.time.advance(100);
      expect(shop.acquirer.only().call).toBe('query');
    }
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
  });

  it('the same call again only after the one before it ended', async () => {
    const shop = await confirming();
    await shop.time.advance(14_999);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    await shop.time.advance(1);
    expect(shop.acquirer.open()).toEqual([]);
    await shop.time.advance(3000);
    expect(shop.acquirer.names()).toEqual(['pay', 'query', 'query']);
  });

  it('pay once in its life', async () => {
    const shop = await reversing();
    await shop.answer('unknown');
    await shop.time.advance(3_600_000);
    expect(shop.acquirer.names().filter((call) => call === 'pay')).toEqual(['pay']);
    expect(shop.order('A').owed).not.toBeNull();
  });
});

describe('The cancel', () => {
  it('leaves when the confirm window closes, although a question hangs, before any other timer', async () => {
    const shop = await confirming();
    // Each question hangs until it is cut; the last one begins just before the window closes.
    await shop.time.advance(CONFIRM_UNTIL_MS - 1000 - 1);
    const hanging = shop.acquirer.only();
    expect(hanging.call).toBe('query');
    let cancelsSeen: readonly string[] = [];
    shop.time.after(1, () => {
      cancelsSeen = shop.acquirer.names().filter((call) => call === 'cancel');
    });
    await shop.time.advance(1);
    expect(hanging.signal.aborted).toBe(true);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + CONFIRM_UNTIL_MS });
    expect(cancelsSeen).toEqual(['cancel']);
  });

  it('leaves at that instant also while pay itself still hangs', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.time.advance(40_000);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    await shop.time.advance(5000);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + CONFIRM_UNTIL_MS });
  });

  it('leaves at that instant when the last question was answered just before', async () => {
    const shop = await confirming();
    while (shop.sinceNoon() < 44_000) {
      if (shop.acquirer.open().length > 0) await shop.answer('pending');
      await shop.time.advance(1000);
    }
    await shop.answer('pending');
    expect(shop.acquirer.open()).toEqual([]);
    await shop.time.advance(1000);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + CONFIRM_UNTIL_MS });
  });

  it('leaves at once when the cashier gives up late enough, and cuts what was on the wire', async () => {
    const shop = await confirming();
    await shop.time.advance(15_000);
    await shop.time.advance(3000);
    const question = shop.acquirer.only();
    expect(shop.does('A', { type: 'gave_up' })).toMatchObject({ ok: true });
    await settled();
    expect(question.signal.aborted).toBe(true);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + 19_000 });
    expect(shop.order('A')).toMatchObject({ state: 'reversing', reason: 'given_up' });
  });

  it('waits for the earliest harmless instant when the cashier gives up too early', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.time.advance(2000);
    shop.does('A', { type: 'gave_up' });
    await shop.time.advance(12_999);
    expect(shop.acquirer.only().call).toBe('pay');
    await shop.time.advance(1);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + 15_000 });
  });

  it('is asked about and sent again with waits between, as long as nothing is proved', async () => {
    const shop = await reversing();
    await shop.answer('unknown');
    expect(shop.acquirer.only().call).toBe('query');
    await shop.answer('unknown');
    expect(shop.acquirer.open()).toEqual([]);
    await shop.time.advance(2000);
    expect(shop.acquirer.only().call).toBe('cancel');
    await shop.answer('accepted');
    await shop.answer('not_charged');
    expect(shop.order('A').state).toBe('reversed');
  });
});

describe('The bound on calls in flight', () => {
  async function counterOwing(orders: number, concurrency: number): Promise<Counter> {
    const before = counter();
    before.resolver.start();
    for (let index = 0; index < orders; index += 1) before.collect(`A-${index}`);
    before.ledger.close();
    const shop = counter({ file: before.file, atMs: NOON + 1000, concurrency });
    shop.resolver.start();
    await settled();
    return shop;
  }

  it('holds for owed calls, and the next goes out as soon as one ends', async () => {
    const shop = await counterOwing(6, 2);
    expect(shop.acquirer.open()).toHaveLength(2);
    shop.acquirer.open()[0]?.answer('charged', { amountMinor: 1234 });
    await shop.time.advance(0);
    expect(shop.acquirer.open()).toHaveLength(2);
    expect(shop.acquirer.calls).toHaveLength(3);
    for (let guard = 0; guard < 10 && shop.acquirer.open().length > 0; guard += 1) {
      shop.acquirer.open()[0]?.answer('charged', { amountMinor: 1234 });
      await shop.time.advance(0);
      expect(shop.acquirer.open().length).toBeLessThanOrEqual(2);
    }
    expect(shop.acquirer.calls).toHaveLength(6);
    expect(shop.resolver.isIdle()).toBe(true);
  });

  it('does not hold up a new sale', async () => {
    const shop = await counterOwing(6, 2);
    for (const clientSn of ['B-0', 'B-1', 'B-2']) shop.collect(clientSn);
    expect(shop.acquirer.open().map((call) => call.call)).toEqual(['query', 'query', 'pay', 'pay', 'pay']);
  });

  it('is not used up by sales', async () => {
    const shop = counter({ concurrency: 1 });
    shop.resolver.start();
    for (const clientSn of ['A', 'B', 'C']) shop.collect(clientSn);
    shop.acquirer.open()[0]?.answer('unknown');
    await shop.time.advance(0);
    expect(shop.acquirer.open().map((call) => call.call)).toEqual(['pay', 'pay', 'query']);
  });

  it('of a backlog that hangs does not delay the question and the cancel of a customer at the counter', async () => {
    const shop = await counterOwing(40, 4);
    await shop.time.advance(600_000);
    const before = shop.acquirer.open().length;
    expect(before).toBe(4);
    const beganMs = shop.sinceNoon();
    shop.collect('B');
    const ofB = () => shop.acquirer.calls.filter(({ clientSn }) => clientSn === 'B');
    ofB()[0]?.answer('unknown');
    await shop.time.advance(0);
    expect(ofB().map(({ call }) => call)).toEqual(['pay', 'query']);
    await shop.time.advance(CONFIRM_UNTIL_MS);
    const cancel = ofB().find(({ call }) => call === 'cancel');
    expect(cancel?.atMs).toBe(NOON + beganMs + CONFIRM_UNTIL_MS);
  });

  it('of a backlog that hangs does not delay a revoke that a person has just asked for', async () => {
    const before = counter();
    before.resolver.start();
    before.collect('paid');
    before.acquirer.only().answer('approved', { amountMinor: 1234 });
    await settled();
    for (let index = 0; index < 40; index += 1) before.collect(`A-${index}`);
    before.ledger.close();
    const shop = counter({ file: before.file, atMs: NOON + 600_000, concurrency: 4 });
    shop.resolver.start();
    await shop.time.advance(2000);
    expect(shop.acquirer.open()).toHaveLength(4);
    shop.does('paid', { type: 'revoke_requested', businessDay: '2026-11-20', revokeReason: 'wrong item' });
    expect(shop.acquirer.open().map(({ call }) => call)).toContain('revoke');
  });

  it('keeps its lanes when the clock is set: a debt is no customer, and a customer no debt', async () => {
    const shop = await counterOwing(40, 4);
    await shop.time.advance(600_000);
    shop.collect('B');
    shop.acquirer.calls.find(({ clientSn }) => clientSn === 'B')?.answer('unknown');
    await settled();
    shop.time.stepWallClock(-3_600_000);
    await shop.time.advance(50_000);
    const ofB = shop.acquirer.calls.filter(({ clientSn }) => clientSn === 'B');
    expect(ofB.map(({ call }) => call)).toContain('cancel');
  });
});

describe('Answers that come together', () => {
  /** Two sales whose pay calls are on the wire. */
  function twoSales(): Counter {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.collect('B');
    return shop;
  }

  it('are kept in one commit, and their next calls leave in the turn after it', async () => {
    const shop = twoSales();
    const heard: (readonly string[])[] = [];
    shop.book.onChange((changes) => heard.push(changes.map(({ order }) => order.clientSn)));
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await settled();
    expect(shop.acquirer.names()).toEqual(['pay', 'pay']);
    await shop.time.advance(0);
    expect(heard).toEqual([['A', 'B']]);
    expect(shop.acquirer.names()).toEqual(['pay', 'pay', 'query', 'query']);
  });

  it('are all owed still where the disk refuses them, and are asked for', async () => {
    const shop = twoSales();
    shop.book.refusesAnswers = true;
    for (const call of shop.acquirer.open()) call.answer('approved');
    await shop.time.advance(0);
    expect([shop.order('A').state, shop.order('B').state]).toEqual(['collecting', 'collecting']);
    expect(shop.book.refusals).toBe(3);
    shop.book.refusesAnswers = false;
    await shop.time.advance(2000);
    for (const call of shop.acquirer.open()) call.answer('charged', { amountMinor: 1234 });
    await shop.time.advance(0);
    expect([shop.order('A').state, shop.order('B').state]).toEqual(['paid', 'paid']);
    expect(shop.acquirer.names()).toEqual(['pay', 'pay', 'query', 'query']);
  });

  it('are kept one by one where the disk has no room for all of them', async () => {
    const shop = twoSales();
    const keep = shop.book.recordTogether.bind(shop.book);
    shop.book.recordTogether = (happened) =>
      happened.length > 1 ? err(failure('data_full', 'SQLITE_FULL')) : keep(happened);
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await shop.time.advance(0);
    expect([shop.order('A').state, shop.order('B').state]).toEqual(['confirming', 'confirming']);
    expect(shop.acquirer.names()).toEqual(['pay', 'pay', 'query', 'query']);
  });

  it('are heard after what a person did meanwhile, and money that moved is still seen', async () => {
    const shop = twoSales();
    for (const call of shop.acquirer.open()) call.answer('approved', { amountMinor: 1234 });
    await settled();
    expect(shop.does('A', { type: 'gave_up' })).toMatchObject({ ok: true });
    await shop.time.advance(0);
    expect(shop.order('B').state).toBe('paid');
    expect(shop.order('A')).toMatchObject({ charged: 'yes' });
  });

  it('are waited for by a stop, and are on disk after it', async () => {
    const shop = twoSales();
    for (const call of shop.acquirer.open()) call.answer('approved', { amountMinor: 1234 });
    await settled();
    const stopped = shop.resolver.stop(1000);
    await shop.time.advance(0);
    await stopped;
    expect([shop.order('A').state, shop.order('B').state]).toEqual(['paid', 'paid']);
  });

  it('are not lost by a bug that one of them meets', async () => {
    const shop = twoSales();
    const keep = shop.book.recordTogether.bind(shop.book);
    shop.book.recordTogether = (happened) => {
      if (happened.some(({ clientSn, happening }) => clientSn === 'A' && 'outcome' in happening))
        throw new Error('a bug that A meets');
      return keep(happened);
    };
    for (const call of shop.acquirer.open()) call.answer('approved', { amountMinor: 1234 });
    await shop.time.advance(0);
    expect(shop.order('B').state).toBe('paid');
    expect(shop.order('A').owed).not.toBeNull();
    expect(shop.logged).toContain('a call ended in a bug; the order stays owed');
    await shop.time.advance(1000);
    expect(shop.acquirer.only()).toMatchObject({ call: 'query', clientSn: 'A' });
  });

  it('are kept once where a listener meets a bug, and no order has two calls on the wire', async () => {
    const shop = twoSales();
    let bugs = 1;
    shop.book.onChange(() => {
      bugs -= 1;
      if (bugs >= 0) throw new Error('a bug of a screen');
    });
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await shop.time.advance(2000);
    expect(shop.acquirer.open().map(({ call, clientSn }) => [call, clientSn])).toEqual([
      ['query', 'A'],
      ['query', 'B'],
    ]);
    expect(shop.acquirer.names()).toEqual(['pay', 'pay', 'query', 'query']);
  });

  it('are on disk before what they wait for is found to be right again', async () => {
    const shop = twoSales();
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await shop.time.advance(20_000);
    for (const clientSn of ['A', 'B']) shop.does(clientSn, { type: 'gave_up' });
    await shop.time.advance(0);
    const cancels = shop.acquirer.open();
    expect(cancels.map(({ call }) => call)).toEqual(['cancel', 'cancel']);
    cancels[0]?.answer('config');
    await settled();
    shop.resolver.obstacleCleared('configuration');
    await shop.time.advance(1000);
    expect(shop.acquirer.open().map(({ call, clientSn }) => `${clientSn} ${call}`)).toContain('A cancel');
  });

  it('of one sale that both charged leave one of them charged', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A', 'sale');
    shop.acquirer.only().answer('unknown');
    await settled();
    shop.acquirer.only().answer('unknown');
    await settled();
    expect(shop.collect('B', 'sale', true)).toMatchObject({ ok: true });
    await shop.time.advance(3000);
    expect(shop.acquirer.open().map(({ call }) => call)).toEqual(['pay', 'query']);
    for (const call of shop.acquirer.open())
      call.answer(call.call === 'pay' ? 'approved' : 'charged', { amountMinor: 1234 });
    await shop.time.advance(0);
    expect(shop.order('A').state).toBe('paid');
    expect(shop.order('B').owed?.call).toBe('cancel');
    expect(shop.ledger.verify().problems).toEqual([]);
  });
});
