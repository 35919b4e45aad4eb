import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { SPOKEN, type SpokenProtocol } from '../support/protocols.ts';
import {
  CASHIER,
  expectStory,
  HASTY as HASTIEST,
  PATIENT,
  RESTING,
  until,
  type TestTerminal,
  type TestTerminalOptions,
} from '../support/terminal.ts';

/**
 * What a counter sees is the same whatever the terminal speaks: the same scenarios against the real
 * gateway's process, the same states, for every row of `SPOKEN`.
 */

const CONFIRM_WINDOW_MS = 2500;
const IN_FLIGHT_MS = 5000;

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
  await gateway.configure({ pendingMs: 700, slowMs: 900, landAfterMs: 4500 });
});

afterAll(() => gateway.stop());

/** Long enough for a busy machine to sign and send, short enough for a suite of many stories. */
const HASTY: TestTerminalOptions['policy'] = {
  ...HASTIEST,
  payTimeoutMs: 1500,
  confirmWindowMs: CONFIRM_WINDOW_MS,
  inFlightHorizonMs: IN_FLIGHT_MS,
};
const LATE: TestTerminalOptions['policy'] = { ...HASTY, inFlightHorizonMs: 9000 };

/** The calls about an order as the gateway met them. */
const calls = async (clientSn: string): Promise<readonly string[]> =>
  (await gateway.wireLog(clientSn)).map(({ call }) => call);

const REVERSED_STATES = ['collecting', 'confirming', 'reversing', 'verifying', 'reversed'];

describe.concurrent.each(SPOKEN)('a terminal that speaks $name', (protocol: SpokenProtocol) => {
  const story = (
    tell: (terminal: TestTerminal) => Promise<readonly string[]>,
    policy: TestTerminalOptions['policy'] = PATIENT,
  ) => expectStory({ gateway, protocol, policy }, tell);

  /** Collects an amount whose ending chooses a fault, and waits until the order rests. */
  const collected = async (terminal: TestTerminal, amount: string) => {
    const { clientSn } = terminal.collect(amount);
    const order = await terminal.waitFor(clientSn, RESTING);
    return { clientSn, order, truth: await gateway.order(clientSn) };
  };

  test('collects a payment once, and asks and cancels nothing', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '12.34');
      expect(order).toMatchObject({ state: 'paid', charged: 'yes', owed: null, sn: truth?.sn });
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
      expect(clientSn).toMatch(protocol.names.pattern);
      expect(await calls(clientSn)).toEqual(['pay']);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'paid']);
      return [clientSn];
    }));

  test('takes a decline for what it is', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.16');
      expect(order).toMatchObject({ state: 'declined', charged: 'no', reason: 'declined_by_acquirer' });
      expect(order.lastAnswer?.code).toContain(protocol.codes.declined);
      expect(truth).toMatchObject({ charges: 0, netCapturedMinor: 0 });
      expect(await calls(clientSn)).toEqual(['pay']);
      return [clientSn];
    }));

  test('waits for a customer who confirms on the phone', () =>
    story(async (terminal) => {
      const { clientSn, truth } = await collected(terminal, '10.14');
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 1014 });
      expect(await calls(clientSn)).not.toContain('cancel');
      return [clientSn];
    }));

  test('reverses a payment that is never confirmed, when the window closes', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.15');
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'no_answer' });
      expect(truth).toMatchObject({ charges: 0, netCapturedMinor: 0 });
      const cancel = (await gateway.wireLog(clientSn)).find(({ call }) => call === 'cancel');
      expect(cancel?.atMs).toBeGreaterThanOrEqual(order.createdAtMs + CONFIRM_WINDOW_MS);
      await terminal.waitForIdle();
      return [clientSn];
    }, HASTY));

  test.each([
    ['is lost', '10.11', 1011],
    ['says that the system failed', '10.18', 1018],
    ['is cut in the middle', '10.19', 1019],
    ['is far too long', '10.20', 1020],
  ])('finds a payment whose answer %s by asking, and cancels nothing', (_name, amount, minor) =>
    story(async (terminal) => {
      const { clientSn, truth } = await collected(terminal, amount);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: minor });
      expect(await calls(clientSn)).toEqual(['pay', 'query']);
      return [clientSn];
    }),
  );

  test('gives the money back where the line goes dead after charging', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.12');
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      expect(await terminal.states(clientSn)).toEqual(REVERSED_STATES);
      await terminal.waitForIdle();
      return [clientSn];
    }, HASTY));

  test('takes absence for proof only once no pay can still be travelling', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.13');
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', sn: null });
      expect(order.updatedAtMs).toBeGreaterThanOrEqual(order.paySentAtMs + IN_FLIGHT_MS);
      expect(truth).toBeNull();
      return [clientSn];
    }, HASTY));

  test('sees, tells and reverses an approval that lands after the cancel', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.26');
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'late_approval' });
      expect(await terminal.alerts(clientSn)).toContain('late_approval');
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      await terminal.waitForIdle();
      return [clientSn];
    }, LATE));

  test.each([
    ['whose answer is lost', '10.24'],
    ['that takes its time', '10.25'],
    ['with an unknown result', '10.28'],
  ])('sends a cancel %s again until the money is proved back', (_name, amount) =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, amount);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      await terminal.waitForIdle();
      return [clientSn];
    }, HASTY),
  );

  test('calls a person where the acquirer refuses the cancel and holds the money', () =>
    story(async (terminal) => {
      const { clientSn, order, truth } = await collected(terminal, '10.23');
      expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'cancel_refused' });
      expect(order.refusal?.code).toContain(protocol.codes.cancelRefused);
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 1023 });
      const card = terminal.terminal.card(clientSn);
      expect(card?.waysOut).toEqual(['check_again', 'reverse', 'refund', 'settle']);
      expect(card?.windowClosesAtMs === null).toBe(!protocol.knowsWindow);
      return [clientSn];
    }, HASTY));

  test('refunds what no cancel gives back, by one id, and proves it', () =>
    story(async (terminal) => {
      const { clientSn } = await collected(terminal, '10.23');
      await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'refund', times: 1, clientSn });
      await terminal.ask('order.refund', { clientSn, reason: 'the cancel was refused' });
      const order = await terminal.waitFor(clientSn, ['reversed', 'attention']);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'refund_requested' });
      expect(order.lastAnswer?.code).toContain(protocol.codes.refunded);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      const refunds = terminal.sentFor(clientSn).filter(({ path }) => protocol.callAt(path) === 'refund');
      expect(refunds.length).toBeGreaterThanOrEqual(1);
      expect(new Set(refunds.map(({ body }) => body[protocol.names.refund]))).toEqual(
        new Set([order.refund?.requestId]),
      );
      return [clientSn];
    }, HASTY));

  test('repeats a refund that was not carried out, under the same id', () =>
    story(async (terminal) => {
      const { clientSn } = await collected(terminal, '10.23');
      await gateway.setFault({ fault: 'http_500', call: 'refund', times: 3, clientSn });
      await terminal.ask('order.refund', { clientSn });
      expect((await terminal.waitFor(clientSn, ['reversed', 'attention'])).state).toBe('reversed');
      const refunds = terminal.sentFor(clientSn).filter(({ path }) => protocol.callAt(path) === 'refund');
      expect(refunds.length).toBeGreaterThanOrEqual(4);
      expect(new Set(refunds.map(({ body }) => body[protocol.names.refund])).size).toBe(1);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }, HASTY));

  test('gives a paid order back by revoke, and proves it', () =>
    story(async (terminal) => {
      const { clientSn } = await collected(terminal, '12.34');
      await terminal.ask('order.revoke', { clientSn, reason: 'brought back' });
      expect(await terminal.waitFor(clientSn, ['revoked', 'attention', 'paid'])).toMatchObject({
        state: 'revoked',
        charged: 'no',
      });
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      expect(await calls(clientSn)).toEqual(['pay', protocol.revokesBy, 'query']);
      return [clientSn];
    }));

  test('leaves an order paid whose revoke is refused, with the refusal shown', () =>
    story(async (terminal) => {
      const { clientSn } = await collected(terminal, '10.22');
      await terminal.ask('order.revoke', { clientSn });
      const order = await terminal.waitFor(clientSn, ['revoked', 'attention', 'paid']);
      expect(order).toMatchObject({ state: 'paid', charged: 'yes', reason: 'revoke_refused' });
      expect(order.refusal?.code).toContain(protocol.codes.cancelRefused);
      expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 1022 });
      return [clientSn];
    }));

  test('calls a person where the acquirer names another amount', () =>
    story(async (terminal) => {
      const { clientSn, order } = await collected(terminal, '10.29');
      expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'amount_mismatch' });
      expect(terminal.terminal.card(clientSn)?.waysOut).not.toContain('refund');
      return [clientSn];
    }));

  test('sends nothing where nobody listens', () =>
    expectStory({ gateway, protocol, apiDomain: 'http://127.0.0.1:9' }, async (terminal) => {
      const { clientSn, order } = await collected(terminal, '12.34');
      expect(order).toMatchObject({ state: 'declined', charged: 'no', reason: 'not_sent' });
      return [clientSn];
    }));

  test('never sends a pay again after a restart, and gives the money back', () =>
    story(async (terminal) => {
      const { clientSn } = terminal.collect('10.12');
      await until('the pay has arrived', async () => (await calls(clientSn)).includes('pay'));
      await terminal.restart();
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect((await calls(clientSn)).filter((call) => call === 'pay')).toHaveLength(1);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }, HASTY));

  test('keeps the id of a refund over a restart', () =>
    story(async (terminal) => {
      const { clientSn } = await collected(terminal, '10.23');
      await gateway.setFault({ fault: 'request_lost', call: 'refund', times: 2, clientSn });
      await terminal.ask('order.refund', { clientSn });
      const before = terminal.order(clientSn).refund?.requestId;
      await until('a refund has arrived', async () => (await calls(clientSn)).includes('refund'));
      await terminal.restart();
      expect(await terminal.waitFor(clientSn, ['reversed', 'attention'])).toMatchObject({
        state: 'reversed',
        refund: { requestId: before },
      });
      expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0 });
      return [clientSn];
    }, HASTY));

  test('holds a second charge of a sale back, and an override is reversed once both are paid', () =>
    story(async (terminal) => {
      const first = terminal.collect('10.14', { saleId: `tea-${protocol.name.length}-${Date.now()}` });
      const again = terminal.terminal.collect(
        { amount: '12.34', code: '2899999999999999', saleId: first.saleId },
        false,
        CASHIER,
      );
      expect(again).toMatchObject({ ok: false, error: { code: 'sale_undecided' } });
      const second = terminal.collect('12.34', { saleId: first.saleId, override: true });
      const orders = await until('one is paid and the other given back', () => {
        const both = [terminal.order(first.clientSn), terminal.order(second.clientSn)];
        const states = both.map(({ state }) => state).toSorted();
        return states.join() === 'paid,reversed' && both;
      });
      const captured = await Promise.all(orders.map(({ clientSn }) => gateway.order(clientSn)));
      expect(captured.filter((order) => order?.netCapturedMinor !== 0)).toHaveLength(1);
      return orders.map(({ clientSn }) => clientSn);
    }));
});
