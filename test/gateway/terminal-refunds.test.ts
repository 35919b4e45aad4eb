import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { expectStory, HASTY, PATIENT, RESTING, until, type TestTerminal } from '../support/terminal.ts';

const DAY_MS = 86_400_000;
const LEAD = { kind: 'operator', name: 'lead' } as const;

let gateway: GatewayProcess;

// Each story turns the gateway's clock, so that each needs a gateway of its own.
beforeEach(async () => {
  gateway = await startGatewayProcess();
});

afterEach(() => gateway.stop());

/** A charged order whose day ended while its cancel was still owed. */
async function stranded(terminal: TestTerminal): Promise<string> {
  const { clientSn } = terminal.collect('10.12');
  await gateway.setFault({ fault: 'cancel_unknown', call: 'cancel', times: 1000, clientSn });
  await until('a cancel was tried', () => sent(terminal, clientSn, 'cancel').length >= 2);
  await gateway.setClock(DAY_MS);
  const order = await terminal.waitFor(clientSn, RESTING);
  expect(order).toMatchObject({ state: 'attention', reason: 'window_closed', charged: 'yes', owed: null });
  await gateway.clearFaults();
  return clientSn;
}

/** A paid order of a day that has ended, which the terminal has learnt from another sale. */
async function paidYesterday(terminal: TestTerminal): Promise<string> {
  const { clientSn } = terminal.collect('12.34');
  await terminal.waitFor(clientSn, ['paid']);
  await gateway.setClock(DAY_MS);
  await terminal.waitFor(terminal.collect('12.34').clientSn, ['paid']);
  return clientSn;
}

const sent = (terminal: TestTerminal, clientSn: string, call: string) =>
  terminal.sentFor(clientSn).filter(({ path }) => path === `/upay/v2/${call}`);

/** The number of each refund that left for an order, each once in a row. */
const refundNumbers = (terminal: TestTerminal, clientSn: string): ReadonlySet<string | undefined> =>
  new Set(sent(terminal, clientSn, 'refund').map(({ body }) => body['refund_request_no']));

const askForRefund = (terminal: TestTerminal, clientSn: string) =>
  terminal.terminal.call('order.refund', { clientSn, reason: 'the day is over' }, LEAD);

const cardOf = (terminal: TestTerminal, clientSn: string) =>
  terminal.terminal.snapshot().orders.find((card) => card.clientSn === clientSn);

const sourceOf = (policy: typeof HASTY | typeof PATIENT) => ({ gateway, policy });

describe('a refund of an order whose cancel came too late', () => {
  test('is asked for by a person, proved, and ends reversed with no money kept', () =>
    expectStory(sourceOf(HASTY), async (terminal) => {
      const clientSn = await stranded(terminal);
      expect(cardOf(terminal, clientSn)).toMatchObject({ refundRefusal: null });
      const asked = await askForRefund(terminal, clientSn);
      expect(asked).toMatchObject({ ok: true, value: { state: 'reversing', charged: 'unknown' } });
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      await terminal.waitForIdle();
      expect(terminal.order(clientSn).state).toBe('reversed');
      const [refund, ...more] = sent(terminal, clientSn, 'refund');
      expect(more).toEqual([]);
      expect(refund?.body).toMatchObject({
        refund_request_no: order.refund?.requestId,
        refund_amount: '1012',
      });
      expect(order.refund?.requestId).toMatch(/^R[0-9A-Z]{19}$/);
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 1,
        netCapturedMinor: 0,
        orderStatus: 'REFUNDED',
      });
      const told = (await terminal.timeline(clientSn)).find(({ event }) => event === 'refund_requested');
      expect(told?.detail).toMatchObject({
        by: 'lead',
        reason: 'the day is over',
        requestId: order.refund?.requestId,
      });
      return [clientSn];
    }));

  test('whose replies are lost is sent again under the same number until it is proved, and pays back once', () =>
    expectStory(sourceOf(HASTY), async (terminal) => {
      const clientSn = await stranded(terminal);
      await gateway.setFault({ fault: 'http_500', call: 'refund', clientSn });
      await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'refund', clientSn });
      // What the acquirer has done is hidden for a while, so that the refund must be sent once more.
      await gateway.setFault({ fault: 'http_500', call: 'query', times: 3, clientSn });
      expect(await askForRefund(terminal, clientSn)).toMatchObject({ ok: true });
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(sent(terminal, clientSn, 'refund').length).toBeGreaterThanOrEqual(3);
      expect(refundNumbers(terminal, clientSn)).toEqual(new Set([order.refund?.requestId]));
      const results = (await gateway.wireLog(clientSn)).filter(({ path }) => path === '/upay/v2/refund');
      expect(results.at(-1)?.result).toContain('UPAY_REFUND_ORDER_NOOP');
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));

  test('that was under way when the terminal was restarted goes on under the same number', () =>
    expectStory(sourceOf(HASTY), async (terminal) => {
      const clientSn = await stranded(terminal);
      await gateway.setFault({ fault: 'request_lost', call: 'refund', times: 1000, clientSn });
      expect(await askForRefund(terminal, clientSn)).toMatchObject({ ok: true });
      await until('a refund was tried', () => sent(terminal, clientSn, 'refund').length >= 1);
      const number = terminal.order(clientSn).refund?.requestId;
      await terminal.restart();
      expect(terminal.order(clientSn).refund?.requestId).toBe(number);
      await gateway.clearFaults();
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      expect(refundNumbers(terminal, clientSn)).toEqual(new Set([number]));
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));

  test('is refused while the cancel can still be sent, and nothing leaves', () =>
    expectStory(sourceOf(PATIENT), async (terminal) => {
      const { clientSn } = terminal.collect('12.34');
      await terminal.waitFor(clientSn, ['paid']);
      expect(cardOf(terminal, clientSn)).toMatchObject({ refundRefusal: 'cancel_possible' });
      expect(await askForRefund(terminal, clientSn)).toMatchObject({
        ok: false,
        error: { code: 'cancel_possible' },
      });
      expect(sent(terminal, clientSn, 'refund')).toEqual([]);
      return [clientSn];
    }));
});

describe('a refund of an order that was paid yesterday', () => {
  test('ends revoked: the goods come back for the money', () =>
    expectStory(sourceOf(PATIENT), async (terminal) => {
      const clientSn = await paidYesterday(terminal);
      const asked = await askForRefund(terminal, clientSn);
      expect(asked).toMatchObject({ ok: true, value: { instruction: 'take_goods_back_when_confirmed' } });
      const order = await terminal.waitFor(clientSn, ['revoked', 'paid', 'attention']);
      expect(order).toMatchObject({ state: 'revoked', charged: 'no', owed: null });
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      expect(await askForRefund(terminal, clientSn)).toMatchObject({
        ok: false,
        error: { code: 'already_revoked' },
      });
      return [clientSn];
    }));

  test('that the acquirer refuses leaves it paid, with the refusal shown, and the next one is another refund', () =>
    expectStory(sourceOf(PATIENT), async (terminal) => {
      const clientSn = await paidYesterday(terminal);
      // Somebody gave part of it back at the acquirer's own till, so that the whole cannot be.
      const byHand = {
        client_sn: clientSn,
        refund_request_no: 'HAND1',
        refund_amount: '234',
        operator: 'desk',
      };
      const identity = {
        ...terminal.identity,
        terminalKey: gateway.currentKey(terminal.identity.terminalSn),
      };
      await gateway.sendByHand(identity, 'refund', byHand);
      const refuse = async (): Promise<void> => {
        expect(await askForRefund(terminal, clientSn)).toMatchObject({ ok: true });
        const order = await terminal.waitFor(clientSn, ['revoked', 'paid', 'attention']);
        expect(order).toMatchObject({
          state: 'paid',
          charged: 'yes',
          reason: 'refund_refused',
          refund: null,
          owed: null,
        });
        expect(order.refusal?.code).toContain('REFUNDABLE_AMOUNT_NOT_ENOUGH');
      };
      await refuse();
      expect(cardOf(terminal, clientSn)?.refundRefusal ?? null).toBeNull();
      expect(await terminal.alerts(clientSn)).toContain('refund_refused');
      await refuse();
      expect(sent(terminal, clientSn, 'refund')).toHaveLength(2);
      expect(refundNumbers(terminal, clientSn).size).toBe(2);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1000 });
      return [clientSn];
    }));
});
