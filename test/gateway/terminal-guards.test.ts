import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { CASHIER, expectStory, freshCode, HASTY, PATIENT, RESTING, until } from '../support/terminal.ts';

const DAY_MS = 86_400_000;

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  await gateway.configure({ pendingMs: 1500 });
});

afterAll(() => gateway.stop());

const cancelsOf = async (from: GatewayProcess, clientSn: string) =>
  (await from.wireLog(clientSn)).filter(
    ({ path }) => path === '/upay/v2/cancel' || path === '/upay/v2/revoke',
  );

describe.concurrent('a cashier who gives up', () => {
  const policy = { ...PATIENT, minReverseAgeMs: 1500 };

  test('early, while pay is in flight, sends the cancel when it is no longer harmful and not before', () =>
    expectStory({ gateway, policy }, async (terminal) => {
      const { clientSn, createdAtMs } = terminal.collect('10.12');
      await until('the pay arrived', async () => (await gateway.order(clientSn))?.charges === 1);
      const answer = await terminal.terminal.call('order.giveUp', { clientSn }, CASHIER);
      expect(answer).toMatchObject({
        ok: true,
        value: { state: 'collecting', instruction: 'wait', giveUpFromMs: null },
      });
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({
        state: 'reversed',
        reason: 'given_up',
      });
      const [cancel] = await cancelsOf(gateway, clientSn);
      expect(cancel?.atMs).toBeGreaterThanOrEqual(createdAtMs + policy.minReverseAgeMs);
      expect(cancel?.atMs).toBeLessThan(createdAtMs + policy.minReverseAgeMs + 3000);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));

  test('late, while pay is in flight, sends the cancel at once', () =>
    expectStory({ gateway, policy: { ...PATIENT, minReverseAgeMs: 50 } }, async (terminal) => {
      const { clientSn } = terminal.collect('10.12');
      await until('the pay arrived', async () => (await gateway.order(clientSn))?.charges === 1);
      await until('a cancel is not harmful', () => Date.now() - terminal.order(clientSn).createdAtMs > 60);
      const answer = await terminal.terminal.call('order.giveUp', { clientSn }, CASHIER);
      expect(answer).toMatchObject({
        ok: true,
        value: { state: 'reversing', instruction: 'do_not_hand_over' },
      });
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      expect((await gateway.wireLog(clientSn)).map(({ path }) => path.slice(9))).toEqual([
        'pay',
        'cancel',
        'query',
      ]);
      return [clientSn];
    }));

  test('and whose customer turns out to have paid before the cancel may leave sees it paid', () =>
    expectStory({ gateway, policy: { ...PATIENT, minReverseAgeMs: 15_000 } }, async (terminal) => {
      const { clientSn } = terminal.collect('10.14');
      await terminal.waitFor(clientSn, ['confirming']);
      await terminal.terminal.call('order.giveUp', { clientSn }, CASHIER);
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
      expect(await cancelsOf(gateway, clientSn)).toEqual([]);
      return [clientSn];
    }));
});

describe.concurrent('the guard of a sale', () => {
  test('refuses a second order of an undecided sale, and sends nothing for it', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.15', { saleId: 'basket' });
      const refused = await terminal.terminal.call(
        'sale.collect',
        { amount: '10.00', code: freshCode(), saleId: 'basket' },
        CASHIER,
      );
      expect(refused).toMatchObject({ ok: false, error: { code: 'sale_undecided' } });
      expect(JSON.stringify(refused)).toContain(clientSn);
      expect(terminal.terminal.snapshot().orders).toHaveLength(1);
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      expect(terminal.sent.filter(({ path }) => path === '/upay/v2/pay')).toHaveLength(1);
      // Decided and not charged: the sale may be collected again.
      const again = terminal.collect('12.34', { saleId: 'basket' }).clientSn;
      expect((await terminal.waitFor(again, RESTING)).state).toBe('paid');
      await terminal.waitForIdle();
      return [clientSn, again];
    }));

  test('refuses a second order of a paid sale', () =>
    expectStory({ gateway }, async (terminal) => {
      const { clientSn } = terminal.collect('12.34', { saleId: 'basket' });
      await terminal.waitFor(clientSn, ['paid']);
      const input = { amount: '12.34', code: freshCode(), saleId: 'basket' };
      expect(terminal.terminal.collect(input, false, CASHIER)).toMatchObject({
        error: { code: 'sale_already_paid' },
      });
      return [clientSn];
    }));

  test('gives way to a journalled override, and of two charged orders the later is given back by itself', () =>
    expectStory({ gateway }, async (terminal) => {
      const first = terminal.collect('10.14', { saleId: 'basket' }).clientSn;
      await terminal.waitFor(first, ['confirming']);
      const second = terminal.collect('12.34', { saleId: 'basket', override: true }).clientSn;
      const [collected] = await terminal.timeline(second);
      expect(collected).toMatchObject({
        event: 'collect_requested',
        detail: { overrides: [first], by: 'cashier' },
      });
      expect((await terminal.waitFor(first, RESTING)).state).toBe('paid');
      await terminal.waitFor(second, ['reversed', 'declined', 'attention']);
      expect(terminal.order(second)).toMatchObject({
        state: 'reversed',
        reason: 'duplicate_charge',
        charged: 'no',
      });
      expect(await terminal.alerts(second)).toContain('duplicate_charge');
      const truths = await Promise.all([first, second].map((clientSn) => gateway.order(clientSn)));
      expect(truths.map((truth) => truth?.charges)).toEqual([1, 1]);
      expect(truths.map((truth) => truth?.netCapturedMinor)).toEqual([1014, 0]);
      return [first, second];
    }));

  test('refuses a payment code that was just scanned, also after a restart', () =>
    expectStory({ gateway }, async (terminal) => {
      const code = freshCode();
      const { clientSn } = terminal.collect('12.34', { code });
      await terminal.waitFor(clientSn, ['paid']);
      const again = { amount: '5.00', code: `${code}\r\n` };
      const refused = terminal.terminal.collect(again, false, CASHIER);
      expect(refused).toMatchObject({ ok: false, error: { code: 'code_scanned_twice' } });
      await terminal.restart();
      expect(terminal.terminal.collect(again, true, CASHIER)).toMatchObject({
        error: { code: 'code_scanned_twice' },
      });
      expect(JSON.stringify(refused)).not.toContain(code);
      expect(terminal.sent.filter(({ path }) => path === '/upay/v2/pay')).toHaveLength(1);
      return [clientSn];
    }));
});

/** One after another, each with a gateway of its own: the clock is the whole gateway's. */
describe('the day of the acquirer', () => {
  test('is learnt from its replies: a revoke of yesterday is refused here and nothing is sent', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own }, async (terminal) => {
        const yesterday = terminal.collect('12.34').clientSn;
        await terminal.waitFor(yesterday, ['paid']);
        await own.setClock(DAY_MS);
        const today = terminal.collect('12.34').clientSn;
        await terminal.waitFor(today, ['paid']);
        const refused = await terminal.terminal.call('order.revoke', { clientSn: yesterday }, CASHIER);
        expect(refused).toMatchObject({ ok: false, error: { code: 'revoke_window_closed' } });
        const shown = terminal.terminal.snapshot().orders.find(({ clientSn }) => clientSn === yesterday);
        expect(shown?.revokeRefusal ?? 'revoke_window_closed').toBe('revoke_window_closed');
        expect(await cancelsOf(own, yesterday)).toEqual([]);
        expect(terminal.order(yesterday)).toMatchObject({ state: 'paid', charged: 'yes', owed: null });
        // Its own order of the new day is revoked as ever, although the machine's clock says yesterday.
        const third = terminal.collect('12.34').clientSn;
        await terminal.waitFor(third, ['paid']);
        expect(await terminal.terminal.call('order.revoke', { clientSn: third }, CASHIER)).toMatchObject({
          ok: true,
        });
        expect((await terminal.waitFor(third, ['revoked', 'paid', 'attention'])).state).toBe('revoked');
        return [yesterday, today, third];
      });
    } finally {
      await own.stop();
    }
  });

  test('that ends while a cancel is owed hands the charged order to a person, and nothing is tried for ever', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own, policy: HASTY }, async (terminal) => {
        const { clientSn } = terminal.collect('10.12');
        await own.setFault({ fault: 'cancel_unknown', call: 'cancel', times: 1000, clientSn });
        await until('a cancel was tried', async () => (await cancelsOf(own, clientSn)).length >= 2);
        await own.setClock(DAY_MS);
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order).toMatchObject({
          state: 'attention',
          reason: 'window_closed',
          charged: 'yes',
          owed: null,
        });
        expect(await terminal.alerts(clientSn)).toContain('window_closed');
        expect(await own.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1012 });
        const before = (await own.wireLog(clientSn)).length;
        await new Promise((resolve) => setTimeout(resolve, 3 * 400));
        expect(await own.wireLog(clientSn)).toHaveLength(before);
        // The way out is a named person.
        const settled = { clientSn, charged: 'no', reason: 'refunded at the acquirer' };
        const answer = await terminal.terminal.call('order.settle', settled, {
          kind: 'operator',
          name: 'lead',
        });
        expect(answer).toMatchObject({ ok: true, value: { state: 'resolved', charged: 'no' } });
        return [clientSn];
      });
    } finally {
      await own.stop();
    }
  });

  test('that ends while a revoke is owed returns the order to paid, with the reason shown', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own }, async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        await terminal.waitFor(clientSn, ['paid']);
        await own.setFault({ fault: 'http_500', call: 'revoke', times: 1000, clientSn });
        expect(await terminal.terminal.call('order.revoke', { clientSn }, CASHIER)).toMatchObject({
          ok: true,
        });
        await until('a revoke was tried', async () => (await cancelsOf(own, clientSn)).length >= 2);
        await own.setClock(DAY_MS);
        const order = await terminal.waitFor(clientSn, ['paid', 'revoked', 'attention']);
        expect(order).toMatchObject({
          state: 'paid',
          charged: 'yes',
          reason: 'revoke_window_closed',
          owed: null,
        });
        expect(await own.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
        return [clientSn];
      });
    } finally {
      await own.stop();
    }
  });
});
