import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OrderState } from '../../shared/order/order.ts';
import {
  expectAgreement,
  GatewayProcess,
  LATE_POLICY,
  onlyOrder,
  PATIENT_POLICY,
  QUICK_POLICY,
  workUntilIdle,
  type CrashPolicy,
} from '../support/crash-gateway.ts';
import { killLeftovers, redress, startVictim } from '../support/crash-processes.ts';
import type { Point } from '../support/victim.ts';

/** A case takes seconds of waiting and several process starts; several run at once on a slow machine. */
const TIMEOUT_MS = 120_000;

interface CrashCase {
  readonly point: Point;
  readonly amount: string;
  readonly policy: CrashPolicy;
  readonly ends: OrderState;
}

const quick = (point: Point, amount: string, ends: OrderState): CrashCase => ({
  point,
  amount,
  policy: QUICK_POLICY,
  ends,
});
const patient = (point: Point, amount: string, ends: OrderState): CrashCase => ({
  point,
  amount,
  policy: PATIENT_POLICY,
  ends,
});

const CHECKIN_ANSWERED: Point = { call: 'checkin', moment: 'answered' };
const INTENT: Point = { call: 'pay', moment: 'leaving' };
const PAY_SENT: Point = { call: 'pay', moment: 'sent' };
const PAY_ANSWERED: Point = { call: 'pay', moment: 'answered' };
const QUERY_SENT: Point = { call: 'query', moment: 'sent' };
const QUERY_ANSWERED: Point = { call: 'query', moment: 'answered' };
const CANCEL_LEAVING: Point = { call: 'cancel', moment: 'leaving' };
const CANCEL_SENT: Point = { call: 'cancel', moment: 'sent' };
const CANCEL_ANSWERED: Point = { call: 'cancel', moment: 'answered' };
const PROOF_ANSWERED: Point = { call: 'query', moment: 'answered', after: 'cancel' };

/** Endings are those of main/training/magic-amounts.ts; 34 behaves. */
const COLLECTING: readonly CrashCase[] = [
  quick(CHECKIN_ANSWERED, '12.34', 'reversed'),
  quick(INTENT, '12.34', 'reversed'),
  quick(INTENT, '12.12', 'reversed'),
  patient(PAY_SENT, '12.34', 'paid'),
  patient(PAY_SENT, '12.14', 'paid'),
  patient(PAY_SENT, '12.16', 'declined'),
  quick(PAY_SENT, '12.12', 'reversed'),
  quick(PAY_SENT, '12.13', 'reversed'),
  quick(PAY_SENT, '12.27', 'reversed'),
  patient(PAY_ANSWERED, '12.34', 'paid'),
  patient(PAY_ANSWERED, '12.14', 'paid'),
  patient(PAY_ANSWERED, '12.16', 'declined'),
  patient(PAY_ANSWERED, '12.18', 'paid'),
  patient(PAY_ANSWERED, '12.29', 'attention'),
  quick(PAY_ANSWERED, '12.15', 'reversed'),
  quick(PAY_ANSWERED, '12.17', 'reversed'),
  patient(QUERY_SENT, '12.11', 'paid'),
  quick(QUERY_SENT, '12.12', 'reversed'),
  quick(QUERY_SENT, '12.13', 'reversed'),
  patient(QUERY_ANSWERED, '12.11', 'paid'),
  quick(QUERY_ANSWERED, '12.13', 'reversed'),
  quick(QUERY_ANSWERED, '12.15', 'reversed'),
  quick(CANCEL_LEAVING, '12.12', 'reversed'),
  quick(CANCEL_SENT, '12.12', 'reversed'),
  quick(CANCEL_SENT, '12.13', 'reversed'),
  quick(CANCEL_SENT, '12.15', 'reversed'),
  quick(CANCEL_SENT, '12.23', 'attention'),
  quick(CANCEL_SENT, '12.24', 'reversed'),
  quick(CANCEL_SENT, '12.25', 'reversed'),
  quick(CANCEL_ANSWERED, '12.12', 'reversed'),
  quick(CANCEL_ANSWERED, '12.13', 'reversed'),
  quick(CANCEL_ANSWERED, '12.23', 'attention'),
  quick(CANCEL_ANSWERED, '12.25', 'reversed'),
  quick(CANCEL_ANSWERED, '12.28', 'reversed'),
  { point: CANCEL_ANSWERED, amount: '12.26', policy: LATE_POLICY, ends: 'reversed' },
  quick(PROOF_ANSWERED, '12.12', 'reversed'),
  quick(PROOF_ANSWERED, '12.28', 'reversed'),
];

const REVOKING: readonly CrashCase[] = [
  quick({ call: 'revoke', moment: 'leaving' }, '12.34', 'revoked'),
  quick({ call: 'revoke', moment: 'sent' }, '12.34', 'revoked'),
  quick({ call: 'revoke', moment: 'answered' }, '12.34', 'revoked'),
  quick({ call: 'query', moment: 'answered', after: 'revoke' }, '12.34', 'revoked'),
  quick({ call: 'revoke', moment: 'sent' }, '12.22', 'paid'),
  quick({ call: 'revoke', moment: 'answered' }, '12.22', 'paid'),
];

/** A campaign forbids the revoke of 22, and no refund: the way out while the window is still open. */
const REFUNDING: readonly CrashCase[] = [
  quick({ call: 'refund', moment: 'leaving' }, '12.22', 'revoked'),
  quick({ call: 'refund', moment: 'sent' }, '12.22', 'revoked'),
  quick({ call: 'refund', moment: 'answered' }, '12.22', 'revoked'),
  quick({ call: 'query', moment: 'answered', after: 'refund' }, '12.22', 'revoked'),
];

const titled = (cases: readonly CrashCase[]): [string, CrashCase][] =>
  cases.map((given) => {
    const { call, moment, after } = given.point;
    const later = after === undefined ? '' : ` after the ${after}`;
    return [`${call} ${moment}${later}, amount ${given.amount}: ends ${given.ends}`, given];
  });

let root: string;
let gateway: GatewayProcess;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'redress-crash-'));
  gateway = await GatewayProcess.start(join(root, 'gateway.db'));
});

afterAll(async () => {
  await gateway.close();
  killLeftovers();
  rmSync(root, { recursive: true, force: true });
});

/** A code nobody else scans in this run. */
let codes = 0;
function newCode(): string {
  codes += 1;
  return `13${String(codes).padStart(16, '0')}`;
}

/** Kills a terminal at the point of a sale and says what was on the wire and on disk then. */
async function killWhileCollecting({ point, amount, policy }: CrashCase) {
  const terminal = await gateway.newTerminal(root, policy);
  const { directory, terminalSn } = terminal;
  const victim = await startVictim({ directory, point, does: { kind: 'collect', amount, code: newCode() } });
  await expectPointOnWire(point, terminalSn);
  await victim.kill();
  return { terminal, order: onlyOrder(directory) };
}

/** The victim stands still, so the gateway's log can be waited for without racing it. */
async function expectPointOnWire({ call, moment }: Point, terminalSn: string): Promise<void> {
  const arrived = async (): Promise<number> =>
    (await gateway.log()).filter(
      (entry) => entry.terminalSn === terminalSn && entry.path.endsWith(`/${call}`),
    ).length;
  if (moment === 'leaving') expect(await arrived()).toBe(0);
  else await vi.waitUntil(async () => (await arrived()) > 0, { timeout: 20_000, interval: 10 });
}

describe.concurrent('A terminal killed by SIGKILL while collecting', () => {
  it.each(titled(COLLECTING))('at %s', { timeout: TIMEOUT_MS }, async (_title, given) => {
    const { terminal, order } = await killWhileCollecting(given);
    expect(order.owed?.call).toBe(given.point.call === 'checkin' ? 'pay' : given.point.call);
    await workUntilIdle(terminal.directory);
    const [ended] = await expectAgreement(gateway, terminal);
    expect(ended).toMatchObject({ clientSn: order.clientSn, state: given.ends });
  });

  it(
    'asks before it cancels when it is back before the confirm window closes',
    { timeout: TIMEOUT_MS },
    async () => {
      const { terminal, order } = await killWhileCollecting(patient(PAY_SENT, '12.34', 'paid'));
      await workUntilIdle(terminal.directory);
      expect(await gateway.calls(order.clientSn)).toEqual(['pay', 'query']);
    },
  );

  it(
    'cancels without a question when it is back after the confirm window closed',
    { timeout: TIMEOUT_MS },
    async () => {
      const { terminal, order } = await killWhileCollecting(quick(PAY_SENT, '12.34', 'reversed'));
      await vi.waitUntil(() => Date.now() > order.confirmUntilMs, { timeout: 20_000, interval: 20 });
      await workUntilIdle(terminal.directory);
      const [ended] = await expectAgreement(gateway, terminal);
      expect(ended).toMatchObject({ state: 'reversed', reason: 'no_answer' });
      expect((await gateway.calls(order.clientSn)).slice(0, 2)).toEqual(['pay', 'cancel']);
    },
  );

  it('never tells anybody the payment code of the killed process', { timeout: TIMEOUT_MS }, async () => {
    const { terminal } = await killWhileCollecting(quick(INTENT, '12.34', 'reversed'));
    await workUntilIdle(terminal.directory);
    const pays = (await gateway.log()).filter(
      (entry) => entry.terminalSn === terminal.terminalSn && entry.path.endsWith('/pay'),
    );
    expect(pays).toEqual([]);
  });

  it(
    'sells again on the same directory, with the key it had not stored yet',
    { timeout: TIMEOUT_MS },
    async () => {
      const { terminal } = await killWhileCollecting(quick(CHECKIN_ANSWERED, '12.34', 'reversed'));
      const { directory } = terminal;
      await workUntilIdle(directory);
      const paid = await redress(
        '--data',
        directory,
        '--json',
        'pay',
        '--amount',
        '5.00',
        '--code',
        newCode(),
      );
      expect(JSON.parse(paid.stdout)).toMatchObject({ state: 'paid' });
      await workUntilIdle(directory);
      const verified = await redress('--data', directory, '--json', 'journal', 'verify');
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, orders: 2 });
      expect(verified.code).toBe(0);
      await expectAgreement(gateway, terminal);
    },
  );
});

/** A terminal of its own with one paid order. */
async function paidTerminal(amount: string) {
  const terminal = await gateway.newTerminal(root, PATIENT_POLICY);
  const own = ['--data', terminal.directory, '--json'] as const;
  const paid = await redress(...own, 'pay', '--amount', amount, '--code', newCode());
  expect(JSON.parse(paid.stdout)).toMatchObject({ state: 'paid' });
  return { ...terminal, own, clientSn: onlyOrder(terminal.directory).clientSn };
}

describe.concurrent('A terminal killed by SIGKILL while revoking', () => {
  it.each(titled(REVOKING))('at %s', { timeout: TIMEOUT_MS }, async (_title, given) => {
    const terminal = await paidTerminal(given.amount);
    const { directory, terminalSn, clientSn } = terminal;
    const victim = await startVictim({ directory, point: given.point, does: { kind: 'revoke', clientSn } });
    await expectPointOnWire(given.point, terminalSn);
    await victim.kill();
    expect(onlyOrder(directory)).toMatchObject({ state: 'revoking', charged: 'yes' });
    await workUntilIdle(directory);
    const [ended] = await expectAgreement(gateway, terminal);
    expect(ended).toMatchObject({ clientSn, state: given.ends });
  });
});

describe.concurrent('A terminal killed by SIGKILL while refunding', () => {
  it.each(titled(REFUNDING))('at %s', { timeout: TIMEOUT_MS }, async (_title, given) => {
    const terminal = await paidTerminal(given.amount);
    const { directory, terminalSn, own, clientSn } = terminal;
    const refused = await redress(...own, 'revoke', clientSn);
    expect(JSON.parse(refused.stdout)).toMatchObject({ state: 'paid', reason: 'revoke_refused' });
    const victim = await startVictim({ directory, point: given.point, does: { kind: 'refund', clientSn } });
    await expectPointOnWire(given.point, terminalSn);
    await victim.kill();
    const killed = onlyOrder(directory);
    expect(killed).toMatchObject({ state: 'revoking', charged: 'yes', owed: { call: given.point.call } });
    await workUntilIdle(directory);
    const [ended] = await expectAgreement(gateway, terminal);
    expect(ended).toMatchObject({ clientSn, state: given.ends });
    // The acquirer tells the same refund from another one by its number alone.
    expect(ended?.refund?.requestId).toBe(killed.refund?.requestId);
    const answers = (await gateway.log(clientSn)).filter(({ path }) => path.endsWith('/refund'));
    expect(answers[0]?.result).toContain('REFUND_SUCCESS');
    for (const { result } of answers.slice(1)) expect(result).toContain('UPAY_REFUND_ORDER_NOOP');
    if (given.point.call === 'refund' && given.point.moment !== 'leaving')
      expect(answers.length).toBeGreaterThanOrEqual(2);
  });
});

describe.concurrent('A terminal killed again and again', () => {
  it('at the cancel of every restart still ends reversed', { timeout: TIMEOUT_MS }, async () => {
    const { terminal } = await killWhileCollecting(quick(PAY_SENT, '12.12', 'reversed'));
    const { directory } = terminal;
    for (const point of [CANCEL_LEAVING, CANCEL_LEAVING, CANCEL_SENT, PROOF_ANSWERED]) {
      const victim = await startVictim({ directory, point, does: { kind: 'nothing' } });
      await victim.kill();
    }
    await workUntilIdle(directory);
    const [ended] = await expectAgreement(gateway, terminal);
    expect(ended?.state).toBe('reversed');
  });
});
