import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FaultName } from '../../main/training/faults.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { SPOKEN, type SpokenProtocol } from '../support/protocols.ts';
import { HASTY, openTestTerminal, PATIENT, until, type TestTerminal } from '../support/terminal.ts';

/**
 * What happens to a whole gateway at once, so these stories run one after another: its day ends, it
 * forgets our key, it answers what no document promises.
 */

const DAY_MS = 24 * 3_600_000;

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({ allProtocols: true });
  await gateway.configure({ pendingMs: 300 });
});

afterAll(() => gateway.stop());

afterEach(async () => {
  await gateway.clearFaults();
  await gateway.setClock(0);
  await gateway.configure({ clientKeyAccepted: true });
});

describe.each(SPOKEN)('a terminal that speaks $name', (protocol: SpokenProtocol) => {
  let terminal: TestTerminal;

  beforeEach(async () => {
    terminal = await openTestTerminal({
      gateway,
      protocol,
      policy: { ...PATIENT, reverseBackoffMs: [100, 200] },
    });
  });

  afterEach(async () => {
    await terminal.stop(0);
    const problems = [...terminal.verify(), ...terminal.disagreements(gateway)];
    terminal.remove();
    if (problems.length > 0) throw new Error(problems.join('; '));
  });

  const troubled = (fault: FaultName, call: 'query' | 'cancel', clientSn: string) =>
    gateway.setFault({ fault, call, times: 1000, clientSn });

  /** The acquirer's day goes over while a charged order could not be cancelled. */
  async function overtakenByTheDay(): Promise<string> {
    await terminal.stop(0);
    terminal.remove();
    terminal = await openTestTerminal({ gateway, protocol, policy: HASTY });
    await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'pay' });
    await gateway.setFault({ fault: 'http_500', call: 'query', times: 1000 });
    await gateway.setFault({ fault: 'http_500', call: 'cancel', times: 1000 });
    const { clientSn } = terminal.collect('12.34');
    await terminal.waitFor(clientSn, ['reversing']);
    await until('a cancel was tried', () =>
      terminal.sentFor(clientSn).some(({ path }) => protocol.callAt(path) === 'cancel'),
    );
    await gateway.setClock(2 * DAY_MS);
    await terminal.terminal.ready();
    await gateway.clearFaults();
    return clientSn;
  }

  test('hands a charge whose day is over to a person, and refunds it when the person says so', async () => {
    const clientSn = await overtakenByTheDay();
    const order = await terminal.waitFor(clientSn, ['attention', 'reversed']);
    expect(order).toMatchObject({ state: 'attention', charged: 'yes', reason: 'window_closed' });
    expect(terminal.terminal.card(clientSn)?.waysOut).toEqual(['check_again', 'refund', 'settle']);
    expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 1234 });
    await terminal.ask('order.refund', { clientSn, reason: 'the day is over' });
    expect(await terminal.waitFor(clientSn, ['reversed', 'attention'])).toMatchObject({
      state: 'reversed',
      charged: 'no',
    });
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('never refunds by itself', async () => {
    const clientSn = await overtakenByTheDay();
    await terminal.waitFor(clientSn, ['attention']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const sent = terminal.sentFor(clientSn).map(({ path }) => protocol.callAt(path));
    expect(sent).not.toContain('refund');
    expect(terminal.order(clientSn).state).toBe('attention');
  });

  test('refunds a payment of yesterday, which cannot be revoked any more', async () => {
    const { clientSn } = terminal.collect('12.34');
    await terminal.waitFor(clientSn, ['paid']);
    const early = await terminal.terminal.call(
      'order.refund',
      { clientSn },
      { kind: 'operator', name: 'lead' },
    );
    expect(early).toMatchObject({ ok: false, error: { code: 'cancel_possible' } });
    await gateway.setClock(2 * DAY_MS);
    await terminal.terminal.ready();
    if (protocol.knowsWindow) {
      expect(terminal.terminal.card(clientSn)?.revokeRefusal).toBe('revoke_window_closed');
    } else {
      await terminal.ask('order.revoke', { clientSn });
      const late = await terminal.waitFor(clientSn, ['paid', 'revoked', 'attention']);
      expect(late).toMatchObject({ state: 'paid', reason: 'revoke_window_closed' });
      expect(late.refusal?.code).toContain(protocol.codes.windowClosed);
    }
    expect(terminal.terminal.card(clientSn)?.refundRefusal).toBeNull();
    await terminal.ask('order.refund', { clientSn, reason: 'brought back the day after' });
    expect(await terminal.waitFor(clientSn, ['revoked', 'attention', 'paid'])).toMatchObject({
      state: 'revoked',
      charged: 'no',
    });
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('is understood although its own clock is minutes off', async () => {
    await gateway.setClock(-17 * 60_000);
    await terminal.restart();
    const { clientSn } = terminal.collect('12.34');
    expect((await terminal.waitFor(clientSn, ['paid', 'declined', 'reversed'])).state).toBe('paid');
  });

  test('keeps what it owes while the acquirer does not accept its key, and goes on by itself afterwards', async () => {
    await terminal.stop(0);
    terminal.remove();
    terminal = await openTestTerminal({ gateway, protocol, policy: HASTY });
    const { clientSn } = terminal.collect('10.27');
    await terminal.waitFor(clientSn, ['reversing', 'verifying', 'reversed']);
    if (protocol.name !== 'upay') {
      const waiting = await until('the cancel waits for the configuration', () => {
        const order = terminal.order(clientSn);
        return order.owed?.waitingFor === 'configuration' && order;
      });
      expect(waiting).toMatchObject({ state: 'reversing', charged: 'unknown' });
      expect(await terminal.alerts(clientSn)).toContain('configuration');
      await gateway.configure({ clientKeyAccepted: true });
    }
    expect(await terminal.waitFor(clientSn, ['reversed', 'attention'])).toMatchObject({ state: 'reversed' });
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  const isSigned = protocol.name !== 'upay';
  const UNBELIEVED: readonly FaultName[] = [
    'reply_unsigned',
    'reply_mis_signed',
    'reply_other_client',
    'reply_amount_as_number',
    'reply_duplicate_member',
    'reply_without_status',
  ];

  test.each(isSigned ? UNBELIEVED : [])('does not believe %s to a pay, and asks', async (fault) => {
    await gateway.setFault({ fault, call: 'pay' });
    const { clientSn } = terminal.collect('12.34');
    expect((await terminal.waitFor(clientSn, ['paid', 'reversed', 'declined', 'attention'])).state).toBe(
      'paid',
    );
    expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
  });

  test.each(isSigned ? UNBELIEVED : [])('does not believe %s to a revoke or an inquiry', async (fault) => {
    const { clientSn } = terminal.collect('12.34');
    await terminal.waitFor(clientSn, ['paid']);
    await troubled(fault, 'query', clientSn);
    await gateway.setFault({ fault, call: 'cancel', times: 1, clientSn });
    await terminal.ask('order.revoke', { clientSn });
    await until(
      'it has asked twice',
      () => terminal.sentFor(clientSn).filter(({ path }) => protocol.callAt(path) === 'query').length >= 2,
    );
    expect(terminal.order(clientSn)).toMatchObject({ state: 'revoking', charged: 'yes' });
    await gateway.clearFaults();
    expect(await terminal.waitFor(clientSn, ['revoked', 'paid', 'attention'])).toMatchObject({
      state: 'revoked',
      charged: 'no',
    });
  });

  test.each<FaultName>(
    isSigned ? ['reply_signed_plain', 'reply_signed_base64url', 'reply_unknown_members'] : [],
  )('believes %s at once', async (fault) => {
    await gateway.setFault({ fault, call: 'pay' });
    const { clientSn } = terminal.collect('12.34');
    await terminal.waitFor(clientSn, ['paid', 'reversed', 'declined', 'attention']);
    expect(await terminal.states(clientSn)).toEqual(['collecting', 'paid']);
  });
});
