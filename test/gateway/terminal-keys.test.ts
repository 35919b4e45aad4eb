import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startGatewayProcess,
  type GatewayProcess,
  type TerminalIdentity,
} from '../support/gateway-process.ts';
import { expectStory, HASTY, RESTING, until, type TestTerminal } from '../support/terminal.ts';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});

afterAll(() => gateway.stop());

/** Calls of a terminal in the order they arrived, with what became of their signature. */
const arrivals = async (terminal: TestTerminal): Promise<readonly string[]> =>
  (await gateway.wireLog())
    .filter(({ terminalSn }) => terminalSn === terminal.identity.terminalSn)
    .map(({ path, signature }) => `${path.replace(/^.*\//, '')} ${signature}`);

/** The acquirer expects another key than the terminal thinks: its own is now the one before. */
const behindItsBack = (terminal: TestTerminal) => gateway.rotate(terminal.identity.terminalSn);
const lostNewKey = ({ terminalKey }: TerminalIdentity) => ({
  current: 'a-key-nobody-knows',
  previous: terminalKey,
});
const staleBoth = ({ terminalKey }: TerminalIdentity) => ({
  current: terminalKey,
  previous: 'a-key-of-yesterday',
});

describe.concurrent('keys that change while orders are under way', () => {
  test('a pay whose signature is refused is signed once more with the other stored key', () =>
    expectStory({ gateway, keys: lostNewKey }, async (terminal) => {
      const { clientSn } = terminal.collect('12.34');
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'paid', charged: 'yes' });
      expect(await arrivals(terminal)).toEqual(['pay wrong', 'pay ok']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
      return [clientSn];
    }));

  test('a pay that both stored keys fail to sign goes through after a check-in, and charges once', () =>
    expectStory({ gateway, keys: staleBoth }, async (terminal) => {
      await behindItsBack(terminal);
      const { clientSn } = terminal.collect('12.34');
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'paid', charged: 'yes' });
      expect(await arrivals(terminal)).toEqual(['pay wrong', 'pay wrong', 'checkin ok', 'pay ok']);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
      return [clientSn];
    }));

  test('a pay that no key and no check-in can sign is declined as configuration, never executed', () =>
    expectStory({ gateway }, async (terminal) => {
      await behindItsBack(terminal);
      await behindItsBack(terminal);
      const { clientSn } = terminal.collect('12.34');
      const order = await terminal.waitFor(clientSn, RESTING);
      expect(order).toMatchObject({ state: 'declined', charged: 'no', reason: 'configuration', owed: null });
      expect(await terminal.alerts(clientSn)).toEqual(['configuration']);
      expect(await gateway.order(clientSn)).toBeNull();
      expect(await arrivals(terminal)).toEqual(['pay wrong', 'checkin wrong']);
      return [clientSn];
    }));

  test('a cancel whose signature is refused goes out again after a check-in, with the new key', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.27');
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      const seen = await arrivals(terminal);
      const first = seen.indexOf('cancel wrong');
      expect(seen.slice(first)).toContain('checkin ok');
      expect(seen.slice(first)).toContain('cancel ok');
      expect(seen.filter((arrival) => arrival.startsWith('pay'))).toEqual(['pay ok']);
      await terminal.waitForIdle();
      return [clientSn];
    }));

  test('a cancel that no key can sign stays owed for the configuration, and goes on once it is repaired', () =>
    expectStory({ gateway, policy: { ...HASTY, reverseBackoffMs: [300] } }, async (terminal) => {
      const { clientSn } = terminal.collect('10.15');
      await terminal.waitFor(clientSn, ['confirming']);
      await behindItsBack(terminal);
      await behindItsBack(terminal);
      await until('the cancel waits for the configuration', () => {
        const { owed, state } = terminal.order(clientSn);
        return owed?.waitingFor === 'configuration' && state === 'reversing';
      });
      expect(await terminal.alerts(clientSn)).toContain('configuration');
      expect(terminal.order(clientSn).attempts).toBe(0);
      // Merchant IT brings the key the acquirer has now.
      const { terminalSn } = terminal.identity;
      await terminal.restart(() => terminal.storeKeys(gateway.currentKey(terminalSn), null));
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'reversed', charged: 'no' });
      expect(await gateway.order(clientSn)).toMatchObject({
        charges: 0,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });
      await terminal.waitForIdle();
      return [clientSn];
    }));

  test('a check-in that works again repairs the terminal by itself, and the owed cancel leaves', () =>
    expectStory({ gateway, policy: { ...HASTY, reverseBackoffMs: [300, 60_000] } }, async (terminal) => {
      const { clientSn } = terminal.collect('10.15');
      await terminal.waitFor(clientSn, ['confirming']);
      await behindItsBack(terminal);
      await behindItsBack(terminal);
      await until('the cancel waits for the configuration, its own wait being long', () => {
        const { owed } = terminal.order(clientSn);
        return owed?.waitingFor === 'configuration' && owed.dueAtMs > Date.now() + 5000;
      });
      // The acquirer takes the terminal's key back into service, and IT presses "check in".
      gateway.reinstate(terminal.identity);
      expect(await terminal.terminal.checkin()).toMatchObject({
        ok: true,
        value: { ok: true, isStored: true },
      });
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'reversed', charged: 'no' });
      await terminal.waitForIdle();
      return [clientSn];
    }));
});

describe.concurrent('the daily check-in', () => {
  test('happens once before the first trade of the day, however many sales start at once', () =>
    expectStory({ gateway, checkedIn: false }, async (terminal) => {
      const orders = Array.from({ length: 5 }, () => terminal.collect('12.34').clientSn);
      for (const clientSn of orders) {
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
      }
      expect(await arrivals(terminal)).toEqual([
        'checkin ok',
        'pay ok',
        'pay ok',
        'pay ok',
        'pay ok',
        'pay ok',
      ]);
      const { clientSn } = terminal.collect('12.34');
      await terminal.waitFor(clientSn, RESTING);
      expect((await arrivals(terminal)).filter((arrival) => arrival.startsWith('checkin'))).toHaveLength(1);
      return [...orders, clientSn];
    }));

  test('that is refused does not stop the trade while the key still works', () =>
    expectStory({ gateway, checkedIn: false, keys: lostNewKey }, async (terminal) => {
      const { clientSn } = terminal.collect('12.34');
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
      const seen = await arrivals(terminal);
      expect(seen.slice(0, 2)).toEqual(['checkin wrong', 'checkin ok']);
      expect(seen.at(-1)).toBe('pay ok');
      return [clientSn];
    }));
});

test('a check-in whose answer is lost leaves the old key, which the next one is signed with', () =>
  expectStory({ gateway, checkedIn: false }, async (terminal) => {
    await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'checkin' });
    const { clientSn } = terminal.collect('12.34');
    expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
    expect(await arrivals(terminal)).toEqual(['checkin ok', 'pay wrong', 'checkin ok', 'pay ok']);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
    return [clientSn];
  }));

test('a check-in that fails with an error page lets the first sale through and is not repeated for each sale', () =>
  expectStory({ gateway, checkedIn: false }, async (terminal) => {
    await gateway.setFault({ fault: 'http_500', call: 'checkin' });
    const first = terminal.collect('12.34').clientSn;
    expect((await terminal.waitFor(first, RESTING)).state).toBe('paid');
    const second = terminal.collect('12.34').clientSn;
    expect((await terminal.waitFor(second, RESTING)).state).toBe('paid');
    expect(await arrivals(terminal)).toEqual(['checkin unchecked', 'pay ok', 'pay ok']);
    return [first, second];
  }));
