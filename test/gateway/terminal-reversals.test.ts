import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import {
  expectStory,
  HASTY,
  openTestTerminal,
  PATIENT,
  RESTING,
  until,
  type TestTerminal,
  type TestTerminalOptions,
} from '../support/terminal.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  await gateway.configure({ pendingMs: 700, landAfterMs: 3500 });
});

afterAll(() => gateway.stop());

const expectTale = (
  tell: (terminal: TestTerminal) => Promise<readonly string[]>,
  options: Omit<TestTerminalOptions, 'gateway'> = { policy: HASTY },
) => expectStory({ gateway, ...options }, tell);

const cancels = async (clientSn: string) =>
  (await gateway.wireLog(clientSn)).filter(
    ({ path }) => path === '/upay/v2/cancel' || path === '/upay/v2/revoke',
  );

describe.concurrent('the automatic reversal against the real gateway', () => {
  test('a cancel that is refused goes to a person with the customer charged, and is not repeated', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.23');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({
        state: 'attention',
        reason: 'cancel_refused',
        charged: 'yes',
        owed: null,
      });
      expect(await terminal.alerts(clientSn)).toContain('cancel_refused');
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1023 });
      const before = (await gateway.wireLog(clientSn)).length;
      expect(await cancels(clientSn)).toHaveLength(1);
      await new Promise((resolve) => setTimeout(resolve, 3 * 400));
      expect(await gateway.wireLog(clientSn)).toHaveLength(before);
      return [clientSn];
    }));

  test('a cancel whose reply is lost is repeated, the second finds it done, and it ends reversed', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.24');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 1,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });
      const succeeded = (await cancels(clientSn)).filter(({ result }) => result?.includes('CANCEL_SUCCESS'));
      expect(succeeded).toHaveLength(1);
      await terminal.waitForIdle();
      return [clientSn];
    }));

  test('a cancel that meets NOOP is a promise like any other: the query proves it', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.12');
      await terminal.waitFor(clientSn, ['confirming']);
      // Somebody cancels at the acquirer's own till before the terminal's cancel is due.
      const byHand = await gateway.sendByHand(terminal.identity, 'cancel', { client_sn: clientSn });
      expect(byHand.biz_response?.result_code).toBe('CANCEL_SUCCESS');
      await gateway.setFault({ fault: 'request_lost', call: 'query', times: 20, clientSn });
      const order = await until('the terminal sent its cancel', async () => {
        const found = terminal.order(clientSn);
        return found.state === 'verifying' && found;
      });
      expect(order.charged).toBe('unknown');
      expect((await cancels(clientSn)).map(({ result }) => result)).toEqual([
        expect.stringContaining('CANCEL_SUCCESS'),
        expect.stringContaining('UPAY_CANCEL_ORDER_NOOP'),
      ]);
      await gateway.clearFaults();
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      return [clientSn];
    }));

  test('a cancel in progress is asked about until it is done', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.25');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 1,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });
      expect((await cancels(clientSn))[0]?.result).toContain('IN_PROGRESS');
      await terminal.waitForIdle();
      return [clientSn];
    }));

  test('a cancel with an unknown result is asked about and sent again, and the second works', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.28');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      const results = (await cancels(clientSn)).map(({ result }) => result);
      expect(results[0]).toContain('CANCEL_ABORT_ERROR');
      expect(results.at(-1)).toContain('CANCEL_SUCCESS');
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));

  test('a payment nobody knows that lands after the cancel is seen, told and reversed again', () =>
    expectTale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.26');
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'late_approval' });
        expect(await terminal.alerts(clientSn)).toContain('late_approval');
        const states = await terminal.states(clientSn);
        expect(states.join(' ')).toMatch(
          /^collecting confirming reversing verifying reversing verifying (reversing verifying )*reversed$/,
        );
        const truth = await gateway.order(clientSn);
        expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 0, orderStatus: 'CANCELED' });
        expect((await cancels(clientSn))[0]?.result).toContain('UPAY_ORDER_NOT_EXISTS');
        await terminal.waitForIdle();
        return [clientSn];
      },
      { policy: { ...HASTY, confirmWindowMs: 1000, inFlightHorizonMs: 7000 } },
    ));

  test('a success that is learnt while the reversal runs is journalled and does not stop it', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.28');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order.state).toBe('reversed');
      const learnt = (await terminal.timeline(clientSn)).filter(
        ({ event, detail }) => event === 'query_answered' && detail['kind'] === 'charged',
      );
      expect(learnt.length).toBeGreaterThanOrEqual(1);
      expect(learnt.map(({ detail }) => detail['state'])).not.toContain('paid');
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));

  test('one order cancelled by hand and by the terminal at once is given back once', () =>
    expectTale(async (terminal) => {
      const { clientSn } = terminal.collect('10.15');
      await until(
        'the cancel is due at once',
        () => terminal.order(clientSn).confirmUntilMs - Date.now() < 100,
      );
      const byHand = Promise.all(
        Array.from({ length: 4 }, () =>
          gateway.sendByHand(terminal.identity, 'cancel', { client_sn: clientSn }),
        ),
      );
      const order = await terminal.waitFor(clientSn, RESTING);
      await byHand;
      expect(['reversed', 'declined']).toContain(order.state);
      expect(order.charged).toBe('no');
      const done = (await cancels(clientSn)).filter(({ result }) =>
        /CANCEL(_ABORT)?_SUCCESS/.test(result ?? ''),
      );
      expect(done).toHaveLength(1);
      expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0, orderStatus: 'CANCELED' });
      await terminal.waitForIdle();
      return [clientSn];
    }));
});

describe.concurrent('the revoke of a paid order against the real gateway', () => {
  const paid = async (terminal: TestTerminal, amount: string): Promise<string> => {
    const { clientSn } = terminal.collect(amount);
    expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
    return clientSn;
  };
  const revoke = (terminal: TestTerminal, clientSn: string) =>
    terminal.terminal.call(
      'order.revoke',
      { clientSn, reason: 'brought back' },
      { kind: 'operator', name: 'lead' },
    );

  test('a revoke is proved before it is believed, and the journal says who asked and why', () =>
    expectTale(
      async (terminal) => {
        const clientSn = await paid(terminal, '12.34');
        expect(await revoke(terminal, clientSn)).toMatchObject({
          ok: true,
          value: { state: 'revoking', charged: 'yes' },
        });
        expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({
          state: 'revoked',
          charged: 'no',
          owed: null,
        });
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        expect((await gateway.wireLog(clientSn)).map(({ path }) => path.slice(9))).toEqual([
          'pay',
          'revoke',
          'query',
        ]);
        const asked = (await terminal.timeline(clientSn)).find(({ event }) => event === 'revoke_requested');
        expect(asked?.detail).toMatchObject({ by: 'lead', reason: 'brought back' });
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('a revoke refused because of a campaign leaves the order paid, with the refusal shown, and is not repeated', () =>
    expectTale(
      async (terminal) => {
        const clientSn = await paid(terminal, '10.22');
        await revoke(terminal, clientSn);
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order).toMatchObject({ state: 'paid', charged: 'yes', reason: 'revoke_refused', owed: null });
        expect(order.refusal?.code).toContain('UPAY_TCP_ORDER_NOT_REFUNDABLE');
        const shown = terminal.terminal.snapshot().orders.find((card) => card.clientSn === clientSn);
        expect(shown).toMatchObject({ instruction: 'hand_over', refusal: { code: order.refusal?.code } });
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1022 });
        await new Promise((resolve) => setTimeout(resolve, 3 * 400));
        expect(await cancels(clientSn)).toHaveLength(1);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('one order revoked on the screen and cancelled by hand at once is given back once', () =>
    expectTale(
      async (terminal) => {
        const clientSn = await paid(terminal, '12.34');
        const [first, second, byHand] = await Promise.all([
          revoke(terminal, clientSn),
          revoke(terminal, clientSn),
          gateway.sendByHand(terminal.identity, 'revoke', { client_sn: clientSn }),
        ]);
        expect(first.ok).toBe(true);
        expect(second).toMatchObject({ ok: false, error: { code: 'being_revoked' } });
        expect(byHand.result_code).toBe('200');
        expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'revoked', charged: 'no' });
        const done = (await cancels(clientSn)).filter(({ result }) => result?.includes('CANCEL_SUCCESS'));
        expect(done).toHaveLength(1);
        expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0, orderStatus: 'CANCELED' });
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('a revoke whose replies are lost goes on until it is proved', () =>
    expectTale(
      async (terminal) => {
        const clientSn = await paid(terminal, '12.34');
        await gateway.setFault({ fault: 'http_500', call: 'revoke', times: 2, clientSn });
        await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'revoke', clientSn });
        await revoke(terminal, clientSn);
        expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'revoked', charged: 'no' });
        expect(await cancels(clientSn)).toHaveLength(3);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [clientSn];
      },
      { policy: PATIENT },
    ));
});

test('a terminal that restarts in the middle of a reversal finishes it and never pays again', async () => {
  const terminal = await openTestTerminal({ gateway, policy: HASTY });
  try {
    const { clientSn } = terminal.collect('10.12');
    await gateway.setFault({ fault: 'http_500', call: 'cancel', times: 2, clientSn });
    await terminal.waitFor(clientSn, ['reversing']);
    await terminal.restart();
    expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
    await terminal.waitForIdle();
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
    const pays = (await gateway.wireLog(clientSn)).filter(({ path }) => path === '/upay/v2/pay');
    expect(pays).toHaveLength(1);
    await terminal.stop();
    expect(terminal.verify()).toEqual([]);
    expect(terminal.disagreements(gateway)).toEqual([]);
  } finally {
    await terminal.stop(0);
    terminal.remove();
  }
});
