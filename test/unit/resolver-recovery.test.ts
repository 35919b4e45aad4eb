import { describe, expect, it } from 'vitest';
import type { Probe } from '../support/fake-acquirer.ts';
import { settled } from '../support/fake-clock.ts';
import { counter, type Counter } from '../support/fake-counter.ts';
import { NOON } from '../support/fake-ledger.ts';

/** What a killed process left: one sale whose pay was on the wire. */
async function killedWhileCollecting(atMs: number): Promise<Counter> {
  const before = counter();
  before.resolver.start();
  before.collect('A');
  before.ledger.close();
  return counter({ file: before.file, atMs });
}

/** A sale whose cancel could not be sent for five minutes, because the network is down. */
async function offline(random?: () => number): Promise<Counter> {
  const shop = counter(random === undefined ? {} : { random });
  shop.resolver.start();
  shop.collect('A');
  await shop.time.advance(1000);
  await shop.answer('unknown');
  await shop.time.advance(44_000);
  await shop.answer('not_sent');
  for (let second = 0; second < 300; second += 1) {
    await shop.time.advance(1000);
    await failAll(shop);
  }
  return shop;
}

/** Whatever is on its way reaches nobody. */
async function failAll(shop: Counter): Promise<void> {
  for (const call of shop.acquirer.open()) call.answer('not_sent');
  shop.acquirer.probes.at(-1)?.answer(false);
  await settled();
}

/** The next look for the network, whatever the order tries by itself meanwhile. */
async function nextProbe(shop: Counter): Promise<Probe> {
  const { probes } = shop.acquirer;
  const before = probes.length;
  while (probes.length === before) {
    for (const call of shop.acquirer.open()) call.answer('not_sent');
    await settled();
    await shop.time.advance(shop.time.pending()[0] ?? 1);
  }
  const probe = probes.at(-1);
  if (probe === undefined) throw new Error('Nobody looks for the network');
  return probe;
}

describe('Starting again', () => {
  it('turns a pay that was under way into a question at once, and never sends it again', async () => {
    const shop = await killedWhileCollecting(NOON + 5000);
    shop.resolver.start();
    expect(shop.acquirer.only()).toMatchObject({ call: 'query', clientSn: 'A', atMs: NOON + 5000 });
    expect(shop.order('A').state).toBe('confirming');
    await shop.time.advance(600_000);
    expect(shop.acquirer.names()).not.toContain('pay');
  });

  it('sends the cancel at once, with no question, when the confirm window closed meanwhile', async () => {
    const shop = await killedWhileCollecting(NOON + 45_000);
    shop.resolver.start();
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', atMs: NOON + 45_000 });
  });

  it('spreads owed cancels over a second instead of waiting out their backoff', async () => {
    const before = await offline();
    before.ledger.close();
    const shop = counter({ file: before.file, atMs: before.clock.nowMs(), random: () => 0.9 });
    shop.resolver.start();
    await shop.time.advance(899);
    expect(shop.acquirer.open()).toEqual([]);
    await shop.time.advance(1);
    expect(shop.acquirer.only().call).toBe('cancel');
  });

  it('does nothing on a ledger that owes nothing', () => {
    const shop = counter();
    shop.resolver.start();
    expect(shop.time.pending()).toEqual([]);
    expect(shop.resolver.isIdle()).toBe(true);
  });

  it('goes on although the disk refused to note the restart', async () => {
    const shop = await killedWhileCollecting(NOON + 5000);
    shop.book.refuses = true;
    shop.resolver.start();
    expect(shop.acquirer.calls).toEqual([]);
    await shop.time.advance(10_000);
    expect(shop.acquirer.calls).toEqual([]);
    shop.book.refuses = false;
    await shop.time.advance(10_001);
    expect(shop.acquirer.only().call).toBe('query');
  });

  it('owes nothing hours later because the clock was set right before the restart could be noted', async () => {
    const HOURS_MS = 7 * 3_600_000;
    const shop = await killedWhileCollecting(NOON + 60_000 - HOURS_MS);
    shop.book.refuses = true;
    shop.resolver.start();
    await shop.time.advance(500);
    shop.time.stepWallClock(HOURS_MS);
    shop.book.refuses = false;
    await shop.time.advance(2000);
    expect(shop.acquirer.only()).toMatchObject({ clientSn: 'A' });
    const { inFlightUntilMs } = shop.order('A');
    expect(inFlightUntilMs - shop.clock.nowMs()).toBeLessThanOrEqual(180_000);
  });
});

describe('While the network is down', () => {
  it('for a moment, a connection is tried every second, and cancels go out within two seconds of its return', async () => {
    const shop = counter({ random: () => 0.99 });
    shop.resolver.start();
    shop.collect('A');
    await shop.answer('unknown');
    await shop.answer('pending');
    await shop.time.advance(45_000);
    await shop.answer('not_sent');
    expect(shop.online).toEqual([false]);
    for (const expected of [1, 2, 3]) {
      await shop.time.advance(1000);
      if (expected < 3) await failAll(shop);
    }
    expect(shop.acquirer.probes.length).toBeGreaterThanOrEqual(2);
    shop.acquirer.probes.at(-1)?.answer(true);
    await settled();
    expect(shop.online).toEqual([false, true]);
    await shop.time.advance(1000);
    expect(shop.acquirer.only().call).toBe('cancel');
  });

  it('for long, a connection is tried less and less often, and a fleet is not at the door in the same second', async () => {
    const nextLooksMs: number[] = [];
    for (const random of [0.1, 0.5, 0.9]) {
      const shop = await offline(() => random);
      const fromMs = shop.clock.nowMs();
      nextLooksMs.push((await nextProbe(shop)).atMs - fromMs);
      const inFiveMinutes = shop.acquirer.probes.filter(({ atMs }) => atMs <= fromMs).length;
      expect(inFiveMinutes).toBeLessThan(40);
    }
    const [first = 0, second = 0, third = 0] = nextLooksMs.toSorted((a, b) => a - b);
    expect(second - first).toBeGreaterThan(2000);
    expect(third - second).toBeGreaterThan(2000);
    expect(third).toBeLessThanOrEqual(180_000);
  });

  it('for long, owed cancels still go out within two seconds of the first connection', async () => {
    const shop = await offline();
    expect(shop.resolver.online).toBe(false);
    expect(shop.order('A').owed).toMatchObject({ call: 'cancel', waitingFor: 'network' });
    (await nextProbe(shop)).answer(true);
    await settled();
    expect(shop.online).toEqual([false, true]);
    const probes = shop.acquirer.probes.length;
    await shop.time.advance(1000);
    expect(shop.acquirer.only().call).toBe('cancel');
    await shop.time.advance(5000);
    expect(shop.acquirer.probes).toHaveLength(probes);
  });

  it('for long, one lost answer after its return is asked about within seconds, not after five minutes', async () => {
    const shop = await offline();
    (await nextProbe(shop)).answer(true);
    await shop.time.advance(1000);
    await shop.answer('unknown');
    await shop.answer('unknown');
    expect((shop.order('A').owed?.dueAtMs ?? 0) - shop.clock.nowMs()).toBeLessThanOrEqual(2000);
  });

  it('a probe that hangs is cut off, and tried again', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.answer('not_sent');
    await shop.time.advance(750);
    expect(shop.acquirer.probes).toHaveLength(1);
    await shop.time.advance(4999);
    expect(shop.acquirer.probes).toHaveLength(1);
    await shop.time.advance(1 + 750);
    expect(shop.acquirer.probes).toHaveLength(2);
  });

  it('a call that could not be sent counts as a look, so that not both are made', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.answer('not_sent');
    await shop.time.advance(700);
    shop.collect('B');
    await shop.answer('not_sent');
    await shop.time.advance(700);
    expect(shop.acquirer.probes).toHaveLength(0);
    await shop.time.advance(50);
    expect(shop.acquirer.probes).toHaveLength(1);
  });

  it('a sale that connects says that the network is back', async () => {
    const shop = await offline();
    shop.collect('B');
    await shop.answer('approved', { amountMinor: 1234 });
    expect(shop.online).toEqual([false, true]);
    await shop.time.advance(1000);
    expect(shop.acquirer.only()).toMatchObject({ call: 'cancel', clientSn: 'A' });
  });

  it('a sale that could not be sent is declined, not owed', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.answer('not_sent');
    expect(shop.order('A')).toMatchObject({
      state: 'declined',
      reason: 'not_sent',
      charged: 'no',
      owed: null,
    });
    expect(shop.resolver.online).toBe(false);
  });

  it('stopping ends the probes', async () => {
    const shop = await offline();
    const before = shop.acquirer.probes.length;
    await shop.resolver.stop(1000);
    await shop.time.advance(60_000);
    expect(shop.acquirer.probes).toHaveLength(before);
    expect(shop.time.pending()).toEqual([]);
  });
});

describe('When the clock is set', () => {
  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour back', -3_600_000],
  ])('%s, waits keep their length', async (_name, deltaMs) => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.time.advance(1000);
    await shop.answer('unknown');
    await shop.answer('pending');
    const closesInMs = shop.order('A').confirmUntilMs - shop.clock.nowMs();
    shop.time.stepWallClock(deltaMs);
    await shop.time.advance(2999);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    await shop.time.advance(1);
    expect(shop.acquirer.names()).toEqual(['pay', 'query', 'query']);
    expect(shop.clockChanges).toEqual([deltaMs]);
    expect(shop.order('A').confirmUntilMs - shop.clock.nowMs()).toBe(closesInMs - 3000);
    await shop.time.advance(closesInMs - 3000);
    expect(shop.acquirer.only().call).toBe('cancel');
  });

  it('by a little, as daemons do, nothing is journalled', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.time.stepWallClock(1500);
    await shop.answer('pending');
    expect(shop.clockChanges).toEqual([]);
  });
});

describe('When the ledger refuses a commit', () => {
  it('an answer to pay becomes a question a second after it accepts again, and never a second pay', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.book.refuses = true;
    await shop.answer('approved', { amountMinor: 1234 });
    expect(shop.order('A').state).toBe('collecting');
    await shop.time.advance(999);
    expect(shop.acquirer.names()).toEqual(['pay']);
    shop.book.refuses = false;
    await shop.time.advance(2);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    await shop.answer('charged', { amountMinor: 1234 });
    expect(shop.order('A').state).toBe('paid');
  });

  it('the commit is tried at growing intervals for as long as it is refused, with nothing sent meanwhile', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.book.refuses = true;
    await shop.answer('unknown');
    const refusedBefore = shop.book.refusals;
    // After 1, 3, 8, 18 and 48 seconds.
    await shop.time.advance(50_000);
    expect(shop.book.refusals - refusedBefore).toBe(5);
    expect(shop.acquirer.names()).toEqual(['pay']);
    shop.book.refuses = false;
    await shop.time.advance(30_001);
    expect(shop.acquirer.names()[0]).toBe('pay');
    expect(shop.acquirer.names().length).toBe(2);
  });

  it('a sale whose intent is kept leaves in that turn, and does not wait out the refusals before it', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.book.refuses = true;
    await shop.answer('unknown');
    await shop.time.advance(20_000);
    shop.book.refuses = false;
    shop.collect('B');
    expect(shop.acquirer.open().map(({ call, clientSn }) => `${call} ${clientSn}`)).toContain('pay B');
  });

  it('no storm of cancels leaves while every answer is lost: one call at a time, at growing intervals', async () => {
    const shop = counter();
    shop.resolver.start();
    for (const clientSn of ['A', 'B', 'C']) shop.collect(clientSn);
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await settled();
    for (const call of shop.acquirer.open()) call.answer('unknown');
    await settled();
    shop.book.refusesAnswers = true;
    await shop.time.advance(45_000);
    const before = shop.acquirer.calls.length;
    for (let second = 0; second < 60; second += 1) {
      for (const call of shop.acquirer.open()) call.answer('unknown');
      await settled();
      expect(shop.acquirer.open().length).toBeLessThanOrEqual(1);
      await shop.time.advance(1000);
    }
    expect(shop.acquirer.calls.length - before).toBeLessThanOrEqual(8);
    shop.book.refusesAnswers = false;
    for (let second = 0; second < 60; second += 1) {
      for (const call of shop.acquirer.open())
        call.answer(call.call === 'query' ? 'not_charged' : 'accepted');
      await settled();
      await shop.time.advance(1000);
    }
    for (const clientSn of ['A', 'B', 'C']) expect(shop.order(clientSn).state).toBe('reversed');
  });

  it('the processor is not kept busy while the next try has to wait for a call that is out', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.collect('B');
    shop.book.refuses = true;
    const [first] = shop.acquirer.open();
    first?.answer('unknown');
    await settled();
    // The try is due after a second, and the other call is out for much longer.
    await shop.time.advance(1500);
    expect(shop.time.pending().filter((ms) => ms <= 0)).toEqual([]);
    expect(shop.acquirer.open().length).toBe(1);
  });

  it('the cancel still leaves once the disk is back, although the window closed meanwhile', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.answer('unknown');
    await shop.answer('pending');
    shop.book.refuses = true;
    await shop.time.advance(60_000);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    shop.book.refuses = false;
    await shop.time.advance(30_001);
    expect(shop.acquirer.only().call).toBe('cancel');
  });
});

describe('When a call ends in a bug', () => {
  it('the order stays owed and is taken up again after a second, as a question and not as a pay', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    shop.acquirer.only().fail(new Error('a bug'));
    await settled();
    expect(shop.order('A').owed?.call).toBe('pay');
    await shop.time.advance(1001);
    expect(shop.acquirer.names()).toEqual(['pay', 'query']);
    expect(shop.logged).toContain('a call ended in a bug; the order stays owed');
  });
});

describe('Stopping', () => {
  it('takes the answer that comes within the bound, and sends nothing after it', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    let isStopped = false;
    const stopping = shop.resolver.stop(2000).then(() => {
      isStopped = true;
    });
    await shop.time.advance(1000);
    expect(isStopped).toBe(false);
    await shop.answer('unknown');
    await stopping;
    expect(shop.order('A')).toMatchObject({ state: 'confirming', owed: { call: 'query' } });
    await shop.time.advance(100_000);
    expect(shop.acquirer.names()).toEqual(['pay']);
    expect(shop.time.pending()).toEqual([]);
  });

  it('cuts what is unanswered at the bound and leaves it owed exactly as it was', async () => {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    const before = shop.order('A');
    let isStopped = false;
    void shop.resolver.stop(2000).then(() => {
      isStopped = true;
    });
    await shop.time.advance(1999);
    expect(isStopped).toBe(false);
    await shop.time.advance(1);
    expect(isStopped).toBe(true);
    expect(shop.acquirer.calls[0]?.signal.aborted).toBe(true);
    expect(shop.order('A')).toEqual(before);
    expect(shop.time.pending()).toEqual([]);
  });

  it('is done at once when nothing is in flight, and a second time', async () => {
    const shop = counter();
    shop.resolver.start();
    await shop.resolver.stop(60_000);
    await shop.resolver.stop(60_000);
    expect(shop.time.pending()).toEqual([]);
  });
});
