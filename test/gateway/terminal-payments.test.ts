import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultName } from '../../main/training/faults.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import {
  expectStory,
  HASTY,
  PATIENT,
  RESTING,
  type TestTerminal,
  type TestTerminalOptions,
} from '../support/terminal.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  await gateway.configure({ pendingMs: 700, slowMs: 900 });
});

afterAll(() => gateway.stop());

const story = (
  options: Omit<TestTerminalOptions, 'gateway'>,
  tell: (terminal: TestTerminal) => Promise<readonly string[]>,
) => expectStory({ gateway, ...options }, tell);

const paths = async (clientSn: string): Promise<readonly string[]> =>
  (await gateway.wireLog(clientSn)).map(({ path }) => path.replace('/upay/v2/', ''));

describe.concurrent('one payment against the real gateway', () => {
  test('a paid order is charged once and nothing is asked or cancelled', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('12.34');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'paid', charged: 'yes', owed: null, amountMinor: 1234 });
      const truth = await gateway.order(clientSn);
      expect(truth).toMatchObject({ charges: 1, netCapturedMinor: 1234, orderStatus: 'PAID' });
      expect(order.sn).toBe(truth?.sn);
      expect(await paths(clientSn)).toEqual(['pay']);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'paid']);
      return [clientSn];
    }));

  test('a declined order is not charged and nothing is owed for it', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('10.16');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({
        state: 'declined',
        charged: 'no',
        reason: 'declined_by_acquirer',
        owed: null,
      });
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 0, netCapturedMinor: 0 });
      expect(await paths(clientSn)).toEqual(['pay']);
      return [clientSn];
    }));

  test('a payment that is confirmed on the phone becomes paid by asking', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('10.14');
      await terminal.waitFor(clientSn, RESTING);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1014 });
      expect(await paths(clientSn)).not.toContain('cancel');
      return [clientSn];
    }));

  test('a payment that is never confirmed is reversed when the window closes', () =>
    story({ policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.15');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', reason: 'no_answer' });
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 0,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });
      const log = await gateway.wireLog(clientSn);
      const cancel = log.find(({ path }) => path.endsWith('/cancel'));
      expect(cancel?.atMs).toBeGreaterThanOrEqual(order.createdAtMs + HASTY.confirmWindowMs);
      await terminal.waitForIdle();
      expect((await terminal.timeline(clientSn)).at(-1)).toMatchObject({ event: 'query_answered' });
      return [clientSn];
    }));

  test('a reply lost after charging heals to paid by asking, without a cancel', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('10.11');
      await terminal.waitFor(clientSn, RESTING);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1011 });
      expect(await paths(clientSn)).toEqual(['pay', 'query']);
      return [clientSn];
    }));

  test('a line that goes dead after charging ends reversed, with the money back', () =>
    story({ policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.12');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 1,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });
      expect(await terminal.states(clientSn)).toEqual([
        'collecting',
        'confirming',
        'reversing',
        'verifying',
        'reversed',
      ]);
      await terminal.waitForIdle();
      return [clientSn];
    }));

  test('a lost request is reversed by absence, and only once no pay can still be travelling', () =>
    story({ policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.13');
      const verifying = await terminal.waitFor(clientSn, ['verifying', ...RESTING]);
      expect(verifying.state).toBe('verifying');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'reversed', charged: 'no', owed: null });
      expect(order.updatedAtMs).toBeGreaterThanOrEqual(order.createdAtMs + HASTY.inFlightHorizonMs);
      expect(await gateway.order(clientSn)).toBeNull();
      expect(await paths(clientSn)).toContain('cancel');
      return [clientSn];
    }));

  test('an error page is no answer: the order is asked about and ends reversed by absence', () =>
    story({ policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.17');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order.state).toBe('reversed');
      expect(await terminal.states(clientSn)).toEqual([
        'collecting',
        'confirming',
        'reversing',
        'verifying',
        'reversed',
      ]);
      expect(await gateway.order(clientSn)).toBeNull();
      return [clientSn];
    }));

  for (const [amount, what] of [
    ['10.18', 'an envelope that says the system failed'],
    ['10.19', 'a garbled reply'],
    ['10.20', 'an oversize reply'],
  ] as const) {
    test(`${what} after charging is a question, and asking finds it paid`, () =>
      story({}, async (terminal) => {
        const { clientSn } = terminal.collect(amount);
        await terminal.waitFor(clientSn, RESTING);
        expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, orderStatus: 'PAID' });
        expect(await paths(clientSn)).toEqual(['pay', 'query']);
        return [clientSn];
      }));
  }

  test('a slow reply within the time for pay is believed', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('10.21');
      await terminal.waitFor(clientSn, RESTING);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'paid']);
      expect(await paths(clientSn)).toEqual(['pay']);
      return [clientSn];
    }));

  test('a reply slower than the time for pay is not waited for; asking finds it paid', () =>
    story({ policy: { ...PATIENT, payTimeoutMs: 400 } }, async (terminal) => {
      const { clientSn } = terminal.collect('11.21');
      await terminal.waitFor(clientSn, RESTING);
      expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1121 });
      return [clientSn];
    }));

  test('an answer that names another amount needs a person and is never called paid', () =>
    story({}, async (terminal) => {
      const { clientSn } = terminal.collect('10.29');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'attention', reason: 'amount_mismatch', charged: 'yes' });
      expect(await terminal.alerts(clientSn)).toEqual(['amount_mismatch']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1029 });
      expect(await paths(clientSn)).toEqual(['pay']);
      return [clientSn];
    }));
});

/** One after another: a scripted fault meets whichever pay comes first. */
describe('one payment that meets a scripted fault', () => {
  for (const [fault, charges] of [
    ['empty_body', 1],
    ['reset_mid_body', 1],
    ['redirect_302', 0],
  ] as const satisfies readonly (readonly [FaultName, number])[]) {
    const ending = charges === 1 ? 'paid by asking' : 'reversed by absence, and the redirect is not followed';
    test(`${fault} ends ${ending}`, () =>
      story({ policy: charges === 1 ? PATIENT : HASTY }, async (terminal) => {
        await gateway.setFault({ fault, call: 'pay' });
        const { clientSn } = terminal.collect('12.34');
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order.state).toBe(charges === 1 ? 'paid' : 'reversed');
        expect((await gateway.order(clientSn))?.charges ?? 0).toBe(charges);
        expect((await gateway.wireLog(clientSn))[0]).toMatchObject({ path: '/upay/v2/pay', fault });
        // Only the question for the acquirer's time, asked at every start, is no trade.
        const others = terminal.sent.filter(({ path }) => !path.startsWith('/upay/v2/'));
        expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual(['HEAD /']);
        return [clientSn];
      }));
  }
});
