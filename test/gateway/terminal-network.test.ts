import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { expectStory, HASTY, mostAtOnce, PATIENT, RESTING, until } from '../support/terminal.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});

afterAll(() => gateway.stop());

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('an acquirer that cannot be reached', () => {
  for (const [what, addressOf] of [
    ['nothing listens', async () => `http://127.0.0.1:${await deadPort()}`],
    ['the name is unknown', async () => 'https://acquirer.redress.invalid'],
    ['it does not speak TLS', async () => gateway.url.replace('http:', 'https:')],
  ] as const) {
    test(`${what}: the order is declined as not sent at once, and nothing is owed`, async () => {
      await expectStory({ gateway, apiDomain: await addressOf() }, async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order).toMatchObject({ state: 'declined', charged: 'no', reason: 'not_sent', owed: null });
        expect(await terminal.states(clientSn)).toEqual(['collecting', 'declined']);
        expect(terminal.terminal.standing()).toEqual({ owed: 0, attention: 0 });
        expect(terminal.terminal.snapshot().online).toBe(false);
        expect(terminal.records).toContainEqual({ type: 'online', online: false });
        expect(await gateway.order(clientSn)).toBeNull();
        return [clientSn];
      });
    });
  }

  test('a cancel owed while the gateway is gone leaves within two seconds of the first connection', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory(
        { gateway: own, policy: { ...HASTY, reverseBackoffMs: [100, 60_000] } },
        async (terminal) => {
          const { clientSn } = terminal.collect('10.12');
          await until('the pay arrived', async () => (await own.order(clientSn))?.charges === 1);
          await own.kill('SIGKILL');
          await until('the cancel waits for the network, its own wait being long', () => {
            const { owed, state } = terminal.order(clientSn);
            return (
              state === 'reversing' && owed?.waitingFor === 'network' && owed.dueAtMs > Date.now() + 10_000
            );
          });
          expect(terminal.terminal.snapshot().online).toBe(false);
          await own.restart();
          const restartedMs = Date.now();
          const sentBefore = terminal.sent.length;
          expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({
            state: 'reversed',
            charged: 'no',
          });
          const connected = terminal.sent
            .slice(sentBefore)
            .find(({ method, answered }) => method === 'HEAD' && answered);
          const cancel = terminal.sent.findLast(
            ({ path, answered }) => path === '/upay/v2/cancel' && answered,
          );
          expect(connected).toBeDefined();
          expect((cancel?.startMs ?? Infinity) - (connected?.startMs ?? 0)).toBeLessThanOrEqual(2000);
          const arrived = (await own.wireLog(clientSn)).find(({ path }) => path === '/upay/v2/cancel');
          // A probe a second, and a second over which a fleet is spread; the rest is a slow machine.
          expect((arrived?.atMs ?? Infinity) - restartedMs).toBeLessThanOrEqual(3500);
          expect(await own.order(clientSn)).toMatchObject({
            charges: 1,
            netCapturedMinor: 0,
            orderStatus: 'CANCELED',
          });
          expect(terminal.records).toContainEqual({ type: 'online', online: true });
          await terminal.waitForIdle();
          return [clientSn];
        },
      );
    } finally {
      await own.stop();
    }
  });
});

describe('a terminal with much to do', () => {
  test('keeps to its bound of calls at once, and a new sale does not wait for fifty owed cancels', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own, policy: { ...HASTY, callTimeoutMs: 400 } }, async (terminal) => {
        await own.setFault({ fault: 'request_lost', call: 'cancel', times: 1000 });
        const doubtful = Array.from({ length: 50 }, () => terminal.collect('10.15').clientSn);
        await until('all fifty are being reversed', () =>
          doubtful.every((clientSn) => ['reversing', 'verifying'].includes(terminal.order(clientSn).state)),
        );
        const sale = terminal.collect('12.34').clientSn;
        expect((await terminal.waitFor(sale, RESTING)).state).toBe('paid');
        // Paid while all fifty were still owed: the sale went past them.
        expect(terminal.terminal.standing().owed).toBe(50);
        await own.clearFaults();
        await terminal.waitForIdle();
        for (const clientSn of doubtful)
          expect(terminal.order(clientSn)).toMatchObject({ state: 'reversed', charged: 'no' });
        const owedCalls = terminal.sent.filter(({ path }) => /\/(cancel|query)$/.test(path));
        // Four places for orders a pay could still land on, four for older ones.
        expect(mostAtOnce(owedCalls)).toBeGreaterThanOrEqual(4);
        expect(mostAtOnce(owedCalls)).toBeLessThanOrEqual(8);
        const nets = (await own.orders()).map(({ netCapturedMinor }) => netCapturedMinor);
        expect(nets.reduce((sum, net) => sum + net, 0)).toBe(1234);
        return [...doubtful, sale];
      });
    } finally {
      await own.stop();
    }
  });

  test('stop() waits for a reply that is on its way and records it', async () => {
    await gateway.configure({ slowMs: 700 });
    await expectStory({ gateway }, async (terminal) => {
      const { clientSn } = terminal.collect('10.21');
      await until('the pay arrived', async () => (await gateway.order(clientSn))?.charges === 1);
      await terminal.restart(() => undefined, 10_000);
      expect(terminal.order(clientSn)).toMatchObject({ state: 'paid', charged: 'yes' });
      expect((await gateway.wireLog(clientSn)).map(({ path }) => path)).toEqual(['/upay/v2/pay']);
      return [clientSn];
    });
  });

  test('stop() cuts off a silent call at its bound, takes nothing new, and the order stays owed', async () => {
    await expectStory({ gateway, policy: PATIENT }, async (terminal) => {
      const { clientSn } = terminal.collect('10.12');
      await until('the pay arrived', async () => (await gateway.order(clientSn))?.charges === 1);
      const before = performance.now();
      const stopping = terminal.restart(() => undefined, 300);
      const late = terminal.terminal.collect({ amount: '1.00', code: '281234567890123456' }, false, {
        kind: 'operator',
        name: 'x',
      });
      expect(late).toMatchObject({ ok: false, error: { code: 'stopping' } });
      await stopping;
      expect(performance.now() - before).toBeLessThan(3000);
      // Opened again: the pay has become a question, and is never a second pay.
      expect(terminal.order(clientSn)).toMatchObject({ state: 'confirming', charged: 'unknown' });
      await terminal.terminal.call('order.giveUp', { clientSn }, { kind: 'operator', name: 'x' });
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    });
  });
});
