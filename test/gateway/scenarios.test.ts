import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderCard } from '../../shared/contract.ts';
import type { Actor } from '../../shared/order/event.ts';
import { isUndecided, type Instruction } from '../../shared/order/order.ts';
import { ERROR_PAGE, startBentLine, upayAnswer, type Bend } from '../support/bent-line.ts';
import { cli, prepareData, startCli, type PreparedData } from '../support/cli.ts';
import { inDatabase } from '../support/database-file.ts';
import { counter } from '../support/fake-counter.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import {
  CASHIER,
  expectSound,
  expectStory,
  freshCode,
  HASTY,
  mostAtOnce,
  openTestTerminal,
  PATIENT,
  RESTING,
  until,
  type TestTerminal,
  type TestTerminalOptions,
} from '../support/terminal.ts';

/**
 * What goes wrong at real counters, one test for each line of `fixtures/scenarios.ts` whose oracle is not a
 * screen. Each tells its own story, whatever other tests tell of the same rule.
 */

const DAY_MS = 86_400_000;
const LEAD: Actor = { kind: 'operator', name: 'lead' };
/** The terminal gives up after half a second, sooner than any customer of these stories confirms. */
const IMPATIENT = { ...HASTY, confirmWindowMs: 500, minReverseAgeMs: 100 } as const;

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  await gateway.configure({ pendingMs: 2500, slowMs: 900, landAfterMs: 2500 });
});

afterAll(() => gateway.stop());

type Tell = (terminal: TestTerminal) => Promise<readonly string[]>;

const tale = (tell: Tell, options: Omit<TestTerminalOptions, 'gateway'> = { policy: HASTY }) =>
  expectStory({ gateway, ...options }, tell);

/** A story with a gateway of its own, which it may kill or whose clock it may set. */
async function lonelyTale(
  tell: (terminal: TestTerminal, own: GatewayProcess) => Promise<readonly string[]>,
  policy: TestTerminalOptions['policy'] = HASTY,
): Promise<void> {
  const own = await startGatewayProcess();
  try {
    await expectStory({ gateway: own, policy }, (terminal) => tell(terminal, own));
  } finally {
    await own.stop();
  }
}

/** A story whose calls pass a line that a test bends. */
async function bentTale(
  bend: Bend,
  tell: Tell,
  policy: TestTerminalOptions['policy'] = HASTY,
): Promise<void> {
  const line = await startBentLine(gateway.url, bend);
  try {
    // What the line has made up is in no acquirer's log.
    const own = { ...gateway, misled: line.misled };
    await expectStory({ gateway: own, apiDomain: line.url, policy }, tell);
  } finally {
    await line.stop();
  }
}

/** What an order's screens were told, one after another. */
const cardsOf = (terminal: TestTerminal, clientSn: string): readonly OrderCard[] =>
  terminal.records.flatMap((push) =>
    push.type === 'order' && push.order.clientSn === clientSn ? [push.order] : [],
  );

/** The instructions a cashier read for an order, each once in a row. */
const read = (terminal: TestTerminal, clientSn: string): readonly Instruction[] =>
  cardsOf(terminal, clientSn)
    .map(({ instruction }) => instruction)
    .filter((instruction, index, all) => instruction !== all[index - 1]);

/** The calls of an order as they arrived, with what became of their signature left out. */
const calls = async (from: GatewayProcess, clientSn: string): Promise<readonly string[]> =>
  (await from.wireLog(clientSn)).map(({ call }) => call);

const givenBack = async (from: GatewayProcess, clientSn: string) =>
  (await from.wireLog(clientSn)).filter(
    ({ call, result }) =>
      (call === 'cancel' || call === 'revoke') && /CANCEL(_ABORT)?_SUCCESS/.test(result ?? ''),
  );

const takeAgain = (terminal: TestTerminal, saleId: string, amount = '12.34') =>
  terminal.terminal.collect({ amount, code: freshCode(), saleId }, false, CASHIER);

const giveUp = (terminal: TestTerminal, clientSn: string) =>
  terminal.terminal.call('order.giveUp', { clientSn }, CASHIER);

const revoke = (terminal: TestTerminal, clientSn: string) =>
  terminal.terminal.call('order.revoke', { clientSn, reason: 'brought back' }, LEAD);

async function paid(terminal: TestTerminal, amount = '12.34', saleId?: string): Promise<string> {
  const { clientSn } = terminal.collect(amount, saleId === undefined ? {} : { saleId });
  expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
  return clientSn;
}

describe.concurrent('a payment without a plain answer', () => {
  test('#1 a lost answer whose repetition is called a conflict ends paid, and was never shown as declined', () =>
    bentTale(
      async ({ call }, pass) => {
        // What stands between sends the payment once more, and the terminal hears of that alone.
        if (call === 'pay') await pass();
        return pass();
      },
      async (terminal) => {
        const clientSn = await paid(terminal);
        const answered = (await terminal.timeline(clientSn)).find(({ event }) => event === 'pay_answered');
        expect(JSON.stringify(answered?.detail)).toContain('CLIENT_SN_CONFLICT');
        expect(read(terminal, clientSn)).toEqual(['wait', 'hand_over']);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
        // The terminal itself sent one pay; that the gateway saw two is the line's doing.
        expect(terminal.sentFor(clientSn).filter(({ path }) => path === '/upay/v2/pay')).toHaveLength(1);
        return [];
      },
      PATIENT,
    ));

  test('#2 an acquirer slower than the terminal waits is asked, and no failure is shown before the truth', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal, '10.21');
        expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
        expect(read(terminal, clientSn)).toEqual(['wait', 'hand_over']);
        return [clientSn];
      },
      { policy: { ...PATIENT, payTimeoutMs: 300 } },
    ));

  test('#3 a line that breaks while the customer confirms says wait until it says hand over', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.14');
        await gateway.setFault({ fault: 'reset_mid_body', call: 'query', times: 2, clientSn });
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        const broken = (await gateway.wireLog(clientSn)).filter(({ fault }) => fault === 'reset_mid_body');
        expect(broken).toHaveLength(2);
        expect(read(terminal, clientSn)).toEqual(['wait', 'hand_over']);
        expect(await calls(gateway, clientSn)).not.toContain('cancel');
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#8 an acquirer that never answers holds no call and no screen longer than its time', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.12');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const own = terminal.sentFor(clientSn);
        expect(own.filter(({ answered }) => !answered).length).toBeGreaterThanOrEqual(2);
        // The longest time of a call here is 600 ms; a busy machine adds to it, and nothing else.
        for (const { startMs, endMs } of own) expect((endMs ?? Infinity) - startMs).toBeLessThan(8000);
        for (const { state, next } of cardsOf(terminal, clientSn))
          expect(next !== null || !isUndecided(state), `${state} shows when it goes on`).toBe(true);
        return [clientSn];
      },
      { policy: { ...HASTY, callTimeoutMs: 300 } },
    ));

  test('#9 giving up works while the payment itself hangs, and so does the next sale', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.12');
        await until('the pay arrived', async () => (await gateway.order(clientSn))?.charges === 1);
        await until('a cancel is not harmful', () => Date.now() - terminal.order(clientSn).createdAtMs > 60);
        await giveUp(terminal, clientSn);
        const next = await paid(terminal);
        const { updatedAtMs, createdAtMs, state } = await terminal.waitFor(clientSn, RESTING);
        expect(state).toBe('reversed');
        expect(updatedAtMs - createdAtMs).toBeLessThan(PATIENT.payTimeoutMs);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [clientSn, next];
      },
      { policy: { ...PATIENT, minReverseAgeMs: 50 } },
    ));

  test('#20 a payment confirmed on the phone becomes paid by asking alone, with no webhook (there is none)', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal, '10.14');
        const seen = (await terminal.timeline(clientSn)).map(({ event }) => event);
        expect(seen.at(-1)).toBe('query_answered');
        expect(await calls(gateway, clientSn)).toEqual([
          'pay',
          ...seen.flatMap((event) => (event === 'query_answered' ? ['query'] : [])),
        ]);
        // Nothing that leaves invites a notice either.
        for (const { body } of terminal.sentFor(clientSn))
          expect(Object.keys(body).filter((member) => /notify|callback/i.test(member))).toEqual([]);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#42 an answer that breaks off is read again before anything is shown', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal, '10.19');
        expect(read(terminal, clientSn)).toEqual(['wait', 'hand_over']);
        expect(await calls(gateway, clientSn)).toEqual(['pay', 'query']);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#43 trying again is about the same payment: nothing is cancelled and nothing is paid anew', () =>
    bentTale(
      async ({ call, before }, pass) => {
        if (call === 'query' && before < 3) return ERROR_PAGE;
        const answer = await pass();
        return call === 'pay' ? ERROR_PAGE : answer;
      },
      async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        const asked = () => terminal.sentFor(clientSn).filter(({ answered }) => answered).length;
        for (let answers = 2; answers <= 5; answers += 1) {
          await until('the last question has its answer', () => asked() === answers);
          expect(terminal.order(clientSn).state).toBe('confirming');
          await terminal.ask('order.retry', { clientSn });
          if (answers === 4) break;
        }
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        const left = terminal.sentFor(clientSn).map(({ path }) => path.slice('/upay/v2/'.length));
        expect(left).toEqual(['pay', 'query', 'query', 'query', 'query']);
        expect(terminal.terminal.snapshot().orders).toHaveLength(1);
        return [clientSn];
      },
      // Its own next question comes too late to be taken for a press.
      { ...PATIENT, queryIntervalMs: 15_000 },
    ));
});

describe.concurrent('a cancel that is not taken at its word', () => {
  test('#11 a customer who pays after the cancel was accepted gets the money back', () => {
    let pay = async (): Promise<unknown> => undefined;
    return bentTale(
      async ({ call, before }, pass) => {
        if (call === 'pay') pay = pass;
        if (call === 'pay') return ERROR_PAGE;
        if (call !== 'cancel' || before > 0) return pass();
        // The acquirer says yes to the cancel, and still lets the customer confirm.
        await pay();
        return upayAnswer('CANCEL_SUCCESS');
      },
      async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        expect(await givenBack(gateway, clientSn)).toHaveLength(1);
        expect(await terminal.alerts(clientSn)).toContain('late_approval');
        expect(read(terminal, clientSn)).toEqual(['wait', 'do_not_hand_over']);
        return [clientSn];
      },
      IMPATIENT,
    );
  });

  test('#12 a cancel that finds no such payment proves nothing, and the payment found later is given back', () => {
    let cancels = 0;
    return bentTale(
      async ({ call, before }, pass) => {
        if (call === 'pay') await pass();
        if (call === 'pay' || (call === 'query' && cancels === 0)) return ERROR_PAGE;
        if (call === 'cancel') cancels += 1;
        return call === 'cancel' && before === 0
          ? upayAnswer('FAIL', { error_code: 'UPAY_ORDER_NOT_EXISTS' })
          : pass();
      },
      async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const told = await terminal.timeline(clientSn);
        const denied = told.findIndex(({ event }) => event === 'cancel_answered');
        expect(told[denied]?.detail).toMatchObject({ kind: 'not_found', state: 'verifying' });
        expect(told[denied + 1]).toMatchObject({ event: 'query_answered', detail: { kind: 'charged' } });
        expect(await givenBack(gateway, clientSn)).toHaveLength(1);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [clientSn];
      },
      IMPATIENT,
    );
  });

  test('#28 a revoke is done when its proof is here, and not when it is accepted', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal);
        await gateway.setFault({ fault: 'http_500', call: 'query', times: 2, clientSn });
        await revoke(terminal, clientSn);
        expect((await terminal.waitFor(clientSn, ['revoked', 'attention'])).state).toBe('revoked');
        const told = await terminal.timeline(clientSn);
        const accepted = told.findIndex(({ event }) => event === 'revoke_answered');
        expect(told[accepted]?.detail).toMatchObject({ kind: 'accepted', state: 'revoking' });
        expect(told.slice(accepted + 1).filter(({ detail }) => detail['state'] === 'revoked')).toHaveLength(
          1,
        );
        expect(told.at(-1)).toMatchObject({ event: 'query_answered', detail: { state: 'revoked' } });
        expect(read(terminal, clientSn)).toEqual([
          'wait',
          'hand_over',
          'take_goods_back_when_confirmed',
          'goods_back',
        ]);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#37 a payment completed after its cancel was proved is noticed and given back', () => {
    let pay = async (): Promise<unknown> => undefined;
    let cancels = 0;
    let denials = 0;
    return bentTale(
      async ({ call, body }, pass) => {
        if (call === 'pay') pay = pass;
        if (call === 'cancel') cancels += 1;
        if (call === 'pay' || (call === 'query' && cancels === 0)) return ERROR_PAGE;
        if (call === 'cancel' && cancels === 1) return upayAnswer('CANCEL_SUCCESS');
        if (call === 'cancel' || denials > 0) return pass();
        // The acquirer itself says once that nothing was charged, and lets the customer pay all the same.
        denials += 1;
        await pay();
        const data = { client_sn: body['client_sn'], order_status: 'CANCELED', total_amount: '1234' };
        return upayAnswer('SUCCESS', { data });
      },
      async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        await terminal.waitFor(clientSn, ['reversed']);
        await terminal.waitForIdle();
        expect(terminal.order(clientSn)).toMatchObject({ state: 'reversed', reason: 'late_approval' });
        expect(await terminal.alerts(clientSn)).toContain('late_approval');
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        expect(read(terminal, clientSn)).toEqual(['wait', 'do_not_hand_over']);
        return [clientSn];
      },
      IMPATIENT,
    );
  });

  test('#40 an order proved not charged is looked at once more later, also after a restart', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15');
        const { createdAtMs } = await terminal.waitFor(clientSn, ['reversed']);
        await terminal.restart();
        expect(terminal.order(clientSn)).toMatchObject({ state: 'reversed', owed: { call: 'query' } });
        await terminal.waitForIdle();
        const last = (await gateway.wireLog(clientSn)).at(-1);
        expect(last?.call).toBe('query');
        expect(last?.atMs).toBeGreaterThanOrEqual(createdAtMs + 4000);
        expect(terminal.order(clientSn)).toMatchObject({ state: 'reversed', owed: null });
        return [clientSn];
      },
      { policy: { ...IMPATIENT, inFlightHorizonMs: 4000 } },
    ));

  test('#50 a revoke that gets no answer is asked about and sent again until it is proved', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal);
        await gateway.setFault({ fault: 'http_500', call: 'revoke', clientSn });
        await gateway.setFault({ fault: 'reply_lost_after_charging', call: 'revoke', clientSn });
        await revoke(terminal, clientSn);
        expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'revoked', charged: 'no' });
        expect((await calls(gateway, clientSn)).filter((call) => call === 'revoke')).toHaveLength(2);
        expect(await givenBack(gateway, clientSn)).toHaveLength(1);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#56 a revoke that a campaign forbids is refused once, and the payment stands', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal, '10.22');
        await revoke(terminal, clientSn);
        const order = await until('the refusal is kept', () => {
          const found = terminal.order(clientSn);
          return found.refusal !== null && found.state !== 'revoking' && found;
        });
        expect(order).toMatchObject({ state: 'paid', reason: 'revoke_refused', owed: null });
        expect(order.refusal?.code).toContain('UPAY_TCP_ORDER_NOT_REFUNDABLE');
        // Longer than any wait before a further try.
        await new Promise((resolve) => setTimeout(resolve, 800));
        expect((await calls(gateway, clientSn)).filter((call) => call === 'revoke')).toHaveLength(1);
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 1022 });
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#58 a cancel sent again that the acquirer calls needless counts as done', () => {
    let cancels = 0;
    return bentTale(
      async ({ call }, pass) => {
        if (call === 'cancel') cancels += 1;
        if (call === 'query' && cancels < 2) return ERROR_PAGE;
        const answer = await pass();
        return call === 'pay' || (call === 'cancel' && cancels === 1) ? ERROR_PAGE : answer;
      },
      async (terminal) => {
        const { clientSn } = terminal.collect('12.34');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const arrived = (await gateway.wireLog(clientSn)).filter(({ call }) => call === 'cancel');
        expect(arrived.map(({ result }) => result)).toEqual([
          expect.stringContaining('CANCEL_SUCCESS'),
          expect.stringContaining('UPAY_CANCEL_ORDER_NOOP'),
        ]);
        const told = (await terminal.timeline(clientSn)).filter(({ event }) => event === 'cancel_answered');
        expect(told.at(-1)?.detail).toMatchObject({ kind: 'already', state: 'verifying' });
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [clientSn];
      },
      IMPATIENT,
    );
  });

  test('#59 an order the acquirer does not know is watched until its payment can no longer arrive', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.26');
        const order = await terminal.waitFor(clientSn, RESTING);
        expect(order).toMatchObject({ state: 'reversed', reason: 'late_approval' });
        const denied = (await gateway.wireLog(clientSn)).find(({ call }) => call === 'cancel');
        expect(denied?.result).toContain('UPAY_ORDER_NOT_EXISTS');
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [clientSn];
      },
      { policy: { ...IMPATIENT, inFlightHorizonMs: 6000 } },
    ));

  test('#62 every uncertain word about a cancel is asked about until the money is back', () => {
    const words = ['CANCEL_IN_PROGRESS', 'CANCEL_ABORT_IN_PROGRESS', 'CANCEL_ABORT_ERROR', 'CANCEL_ERROR'];
    const cancelled = new Set<string>();
    return bentTale(
      async ({ call, body }, pass) => {
        const clientSn = body['client_sn'] ?? '';
        if (call === 'pay') await pass();
        // Until its first cancel the terminal hears nothing of the charge, and knows one name of the order.
        if (call === 'pay' || (call === 'query' && clientSn !== '' && !cancelled.has(clientSn)))
          return ERROR_PAGE;
        if (call !== 'cancel' || clientSn === '' || cancelled.has(clientSn)) return pass();
        cancelled.add(clientSn);
        return upayAnswer(words[cancelled.size - 1] ?? 'CANCEL_SUCCESS');
      },
      async (terminal) => {
        const clientSns = words.map(() => terminal.collect('12.34').clientSn);
        for (const clientSn of clientSns) {
          expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
          expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        }
        const heard = await Promise.all(clientSns.map((clientSn) => terminal.timeline(clientSn)));
        const kinds = heard.map(
          (told) => told.find(({ event }) => event === 'cancel_answered')?.detail['kind'],
        );
        for (const kind of ['pending', 'unknown'])
          expect(kinds.filter((heardKind) => heardKind === kind)).toHaveLength(2);
        return clientSns;
      },
      IMPATIENT,
    );
  });

  test('#63 the terminal and a cashier who give one order back at once do it once', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15');
        await until('the cancel is due', () => terminal.order(clientSn).confirmUntilMs - Date.now() < 50);
        const tooEarly = await Promise.all(Array.from({ length: 3 }, () => revoke(terminal, clientSn)));
        for (const answer of tooEarly) expect(answer).toMatchObject({ ok: false });
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        expect(await givenBack(gateway, clientSn)).toHaveLength(1);

        const sold = await paid(terminal);
        const pressed = await Promise.all([
          revoke(terminal, sold),
          revoke(terminal, sold),
          gateway.sendByHand(terminal.identity, 'cancel', { client_sn: sold }),
        ]);
        expect(pressed.slice(0, 2)).toMatchObject([{ ok: true }, { error: { code: 'being_revoked' } }]);
        expect((await terminal.waitFor(sold, ['revoked', 'attention'])).state).toBe('revoked');
        expect(await givenBack(gateway, sold)).toHaveLength(1);
        return [clientSn, sold];
      },
      { policy: { ...PATIENT, confirmWindowMs: 500 } },
    ));
});

describe.concurrent('a sale that is tried more than once', () => {
  test('#10 a cancelled sale is free for its next try when the old one is proved ended, and not before', () =>
    bentTale(
      async ({ call, before }, pass) => (call === 'query' && before < 3 ? ERROR_PAGE : pass()),
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15', { saleId: 'basket' });
        await terminal.waitFor(clientSn, ['verifying']);
        expect(takeAgain(terminal, 'basket')).toMatchObject({ error: { code: 'sale_undecided' } });
        const other = await paid(terminal);
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const again = await paid(terminal, '12.34', 'basket');
        await terminal.waitForIdle();
        return [clientSn, other, again];
      },
      { ...IMPATIENT, queryIntervalMs: 400, reverseBackoffMs: [700] },
    ));

  test('#18 a till program is not told that a sale is done while its order is undecided', () =>
    withData(PATIENT, async (own) => {
      const pay = (amount: string, ...more: readonly string[]) => {
        const sale = ['--amount', amount, '--code', freshCode(), '--sale', 'T-18'];
        return cli(['--json', 'pay', ...sale, ...more], { data: own.data });
      };
      const first = await pay('10.15', '--wait', '0.1');
      expect(first.code).toBe(20);
      expect(first.json()).toMatchObject({ instruction: 'wait', charged: 'unknown' });
      const second = await pay('12.34');
      expect(second.code).not.toBe(0);
      expect(second.json()).toMatchObject({ error: { code: 'sale_undecided' } });
      const nets = (await gateway.orders()).filter(({ clientSn }) => clientSn === clientSnOf(first.json()));
      expect(nets).toMatchObject([{ charges: 0 }]);
    }));

  test('#41 trying a sale again after an unknown error meets the first try instead of a second charge', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.18', { saleId: 'basket' });
        expect(takeAgain(terminal, 'basket')).toMatchObject({ error: { code: 'sale_undecided', clientSn } });
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        expect(await terminal.states(clientSn)).toEqual(['collecting', 'confirming', 'paid']);
        expect(takeAgain(terminal, 'basket')).toMatchObject({ error: { code: 'sale_already_paid' } });
        expect(terminal.sent.filter(({ path }) => path === '/upay/v2/pay')).toHaveLength(1);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#46 a till killed after the charge settles that order before the same basket is taken again', () =>
    withData({ ...HASTY, reverseBackoffMs: [3000] }, async (own) => {
      const pay = (amount: string) =>
        startCli(['--json', 'pay', '--amount', amount, '--code', freshCode(), '--sale', 'B-46'], {
          data: own.data,
        });
      const dying = pay('10.12');
      const charged = await until('the customer is charged', async () => {
        const [trade] = await own.trades();
        return trade !== undefined && (await gateway.order(trade.clientSn ?? ''));
      });
      dying.child.kill('SIGKILL');
      // The money cannot come back before the same basket is taken again.
      await gateway.setFault({ fault: 'http_500', call: 'cancel', clientSn: charged.clientSn });
      await dying.ended;
      const early = await pay('12.34').ended;
      expect(early.json()).toMatchObject({ error: { code: 'sale_undecided' } });
      expect((await cli(['work', '--until-idle'], { data: own.data })).code).toBe(0);
      expect(await gateway.order(charged.clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      expect((await pay('12.34').ended).code).toBe(0);
      const pays = (await own.trades()).filter(({ call }) => call === 'pay');
      expect(pays).toHaveLength(2);
    }));

  test('#48 of two payments for one sale the later one goes back by itself', () =>
    tale(
      async (terminal) => {
        const first = terminal.collect('10.14', { saleId: 'basket' }).clientSn;
        await terminal.waitFor(first, ['confirming']);
        const second = terminal.collect('12.34', { saleId: 'basket', override: true }).clientSn;
        expect((await terminal.waitFor(first, RESTING)).state).toBe('paid');
        expect(await terminal.waitFor(second, ['reversed', 'attention'])).toMatchObject({
          state: 'reversed',
          reason: 'duplicate_charge',
        });
        expect(await terminal.states(second)).toContain('paid');
        expect(await terminal.alerts(second)).toContain('duplicate_charge');
        expect(await gateway.order(first)).toMatchObject({ netCapturedMinor: 1014 });
        expect(await gateway.order(second)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
        return [first, second];
      },
      { policy: PATIENT },
    ));

  test('#51 a second scan of a sale waits until the first code can no longer pay', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.14', { saleId: 'basket' });
        await terminal.waitFor(clientSn, ['confirming']);
        expect(takeAgain(terminal, 'basket')).toMatchObject({ error: { code: 'sale_undecided' } });
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const second = await paid(terminal, '12.34', 'basket');
        // Long after the customer could have confirmed the first one.
        await terminal.waitForIdle();
        expect(await gateway.order(clientSn)).toMatchObject({ charges: 0, netCapturedMinor: 0 });
        expect(await gateway.order(second)).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
        return [clientSn, second];
      },
      { policy: { ...IMPATIENT, inFlightHorizonMs: 4000 } },
    ));
});

describe.concurrent('a terminal and what it keeps', () => {
  test('#14 a cancel owed overnight is signed with the key of the morning', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15');
        await terminal.waitFor(clientSn, ['confirming']);
        const { terminalSn } = terminal.identity;
        const before = (await gateway.wireLog()).at(-1)?.seq ?? 0;
        await terminal.restart(() => terminal.storeKeys(gateway.currentKey(terminalSn), null));
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        const morning = (await gateway.wireLog()).filter(
          (entry) => entry.terminalSn === terminalSn && entry.seq > before,
        );
        expect(morning.map(({ path }) => path)[0]).toBe('/terminal/checkin');
        expect(morning.filter(({ path }) => path === '/terminal/checkin')).toHaveLength(1);
        expect(morning.map(({ signature }) => signature)).not.toContain('wrong');
        expect(morning.map(({ call }) => call)).toContain('cancel');
        return [clientSn];
      },
      // Nothing is asked between the note of what arrived and the restart.
      { policy: { ...HASTY, queryIntervalMs: 60_000 }, checkedIn: false },
    ));

  test('#16 a cashier who gives up on a silent acquirer is never left without a next step', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15');
        await terminal.waitFor(clientSn, ['confirming']);
        await gateway.setFault({ fault: 'request_lost', call: 'cancel', times: 2, clientSn });
        await gateway.setFault({ fault: 'request_lost', call: 'query', times: 3, clientSn });
        await giveUp(terminal, clientSn);
        expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({
          state: 'reversed',
          reason: 'given_up',
        });
        const silent = (await gateway.wireLog(clientSn)).filter(({ fault }) => fault === 'request_lost');
        expect(silent.map(({ call }) => call)).toContain('cancel');
        for (const { state, next } of cardsOf(terminal, clientSn))
          expect(next !== null || !isUndecided(state), `${state} shows when it goes on`).toBe(true);
        return [clientSn];
      },
      { policy: { ...PATIENT, callTimeoutMs: 300 } },
    ));

  test('#17 every state a screen is told is one the journal holds, in the same order', () =>
    tale(async (terminal) => {
      const { clientSn } = terminal.collect('10.28');
      while (!['reversed', 'attention'].includes(terminal.order(clientSn).state)) {
        // Whatever is pressed, and whenever: what is refused is refused, and nothing is half done.
        await giveUp(terminal, clientSn);
        await revoke(terminal, clientSn);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      const told = cardsOf(terminal, clientSn);
      const revisions = told.map(({ revision }) => revision);
      expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
      const shown = told.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
      expect(shown).toEqual(await terminal.states(clientSn));
      expect(shown.at(-1)).toBe('reversed');
      return [clientSn];
    }));

  test('#22 a second process on the same records is turned away and sends nothing', () =>
    tale(async (terminal) => {
      const { clientSn } = terminal.collect('10.15');
      const second = await cli(['--json', 'work', '--until-idle'], { data: terminal.directory });
      expect(second.code).toBe(75);
      expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
      await terminal.waitForIdle();
      // Everything that arrived left through this process.
      expect(await gateway.wireLog(clientSn)).toHaveLength(terminal.sentFor(clientSn).length);
      expect(await givenBack(gateway, clientSn)).toHaveLength(1);
      return [clientSn];
    }));

  test('#25 nothing is shown that is not in the file, and a restart shows it again (receipts are to come)', () =>
    tale(
      async (terminal) => {
        const stateOnDisk = (clientSn: string): string | undefined =>
          inDatabase(join(terminal.directory, 'ledger.db'), (database) => {
            const query = 'SELECT state FROM orders WHERE client_sn = ?';
            return database.prepare<[string], { state: string }>(query).get(clientSn)?.state;
          });
        const seen: (readonly [string, string | undefined])[] = [];
        terminal.terminal.subscribe((push) => {
          if (push.type !== 'order') return;
          seen.push([push.order.state, stateOnDisk(push.order.clientSn)]);
        });
        const { clientSn } = terminal.collect('10.11');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('paid');
        expect(seen.length).toBeGreaterThanOrEqual(3);
        for (const [shown, onDisk] of seen) expect(onDisk).toBe(shown);
        await terminal.restart();
        expect(terminal.terminal.snapshot().orders).toMatchObject([
          { clientSn, state: 'paid', instruction: 'hand_over' },
        ]);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#30 amounts are whole cents from the till to the acquirer, and half cents are refused', () =>
    tale(
      async (terminal) => {
        const amounts = { '0.01': 1, '0.57': 57, '1.10': 110, '4.35': 435, '8.30': 830, '1001.05': 100_105 };
        const clientSns: string[] = [];
        for (const [amount, amountMinor] of Object.entries(amounts)) {
          const clientSn = await paid(terminal, amount);
          expect(terminal.order(clientSn).amountMinor).toBe(amountMinor);
          expect(await gateway.order(clientSn)).toMatchObject({
            totalMinor: amountMinor,
            netCapturedMinor: amountMinor,
          });
          clientSns.push(clientSn);
        }
        for (const amount of ['0.005', '1.105', '1e2', ''])
          expect(terminal.terminal.collect({ amount, code: freshCode() }, false, CASHIER).ok).toBe(false);
        return clientSns;
      },
      { policy: PATIENT },
    ));

  test('#32 five presses on Try now from two screens send one cancel', () =>
    tale(
      async (terminal) => {
        const { clientSn } = terminal.collect('10.15');
        await gateway.setFault({ fault: 'http_500', call: 'cancel', clientSn });
        await until('the first cancel failed and the next is a minute away', () => {
          const { state, owed } = terminal.order(clientSn);
          return state === 'reversing' && owed?.call === 'cancel' && owed.dueAtMs > Date.now() + 10_000;
        });
        const screens = [CASHIER, LEAD, CASHIER, LEAD, CASHIER];
        await Promise.all(screens.map((who) => terminal.terminal.call('order.retry', { clientSn }, who)));
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        expect((await calls(gateway, clientSn)).filter((call) => call === 'cancel')).toHaveLength(2);
        expect(await givenBack(gateway, clientSn)).toHaveLength(1);
        return [clientSn];
      },
      { policy: { ...IMPATIENT, confirmWindowMs: 1500, reverseBackoffMs: [60_000] } },
    ));

  test('#36 payments that become known late count on their day as they count at the acquirer', () =>
    tale(
      async (terminal) => {
        const late = terminal.collect('10.14').clientSn;
        await terminal.waitFor(late, ['confirming', 'paid']);
        const clientSns = [late, await paid(terminal), terminal.collect('10.16').clientSn];
        await terminal.restart();
        for (const clientSn of clientSns) await terminal.waitFor(clientSn, RESTING);
        const { orders } = await terminal.ask('orders.search', {});
        const sold = orders.filter(({ charged }) => charged === 'yes');
        expect(sold.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([1014, 1234]);
        const truths = await Promise.all(clientSns.map((clientSn) => gateway.order(clientSn)));
        const held = truths.reduce((sum, truth) => sum + (truth?.netCapturedMinor ?? 0), 0);
        expect(sold.reduce((sum, { amount }) => sum + amount, 0)).toBe(held);
        return clientSns;
      },
      { policy: PATIENT },
    ));

  test('#55 money goes back by a call of its own, and an amount below zero is refused', () =>
    tale(
      async (terminal) => {
        const clientSn = await paid(terminal);
        for (const amount of ['-12.34', '-0.01', '0'])
          expect(terminal.terminal.collect({ amount, code: freshCode() }, false, CASHIER).ok).toBe(false);
        await revoke(terminal, clientSn);
        await terminal.waitFor(clientSn, ['revoked', 'attention']);
        const sent = terminal.sentFor(clientSn);
        expect(sent.map(({ path }) => path)).toEqual(['/upay/v2/pay', '/upay/v2/revoke', '/upay/v2/query']);
        const [, revoked] = sent;
        expect(Object.keys(revoked?.body ?? {}).filter((member) => member.includes('amount'))).toEqual([]);
        expect(terminal.terminal.snapshot().orders).toHaveLength(1);
        return [clientSn];
      },
      { policy: PATIENT },
    ));

  test('#60 a cancel refused for its signature checks in, is signed anew and goes out', () =>
    tale(async (terminal) => {
      const { clientSn } = terminal.collect('10.27');
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({ state: 'reversed', charged: 'no' });
      const story = (await gateway.wireLog())
        .filter(({ terminalSn }) => terminalSn === terminal.identity.terminalSn)
        .map(({ path, signature }) => `${path.replace(/^.*\//, '')} ${signature}`);
      const refused = story.indexOf('cancel wrong');
      const checkedIn = story.indexOf('checkin ok');
      expect(refused).toBeGreaterThan(0);
      expect(checkedIn).toBeGreaterThan(refused);
      expect(story.indexOf('cancel ok')).toBeGreaterThan(checkedIn);
      expect(await gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
      return [clientSn];
    }));
});

describe.concurrent('a network or a day that ends', () => {
  test('#4 cancels that leave when the network is back go out once each, while a new sale goes through', () =>
    lonelyTale(
      async (terminal, own) => {
        const owed = Array.from({ length: 4 }, () => terminal.collect('10.15').clientSn);
        await Promise.all(owed.map((clientSn) => terminal.waitFor(clientSn, ['confirming'])));
        await own.kill('SIGKILL');
        await until('all wait for the network', () =>
          owed.every((clientSn) => {
            const order = terminal.order(clientSn);
            return order.state === 'reversing' && order.owed?.waitingFor === 'network';
          }),
        );
        await own.restart();
        const sale = await paid(terminal);
        for (const clientSn of owed) {
          expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
          expect(await givenBack(own, clientSn)).toHaveLength(1);
        }
        return [...owed, sale];
      },
      { ...IMPATIENT, confirmWindowMs: 3000, inFlightHorizonMs: 5000, reverseBackoffMs: [60_000] },
    ));

  test('#7 a sale that fails for want of a network does not spoil the next one', () =>
    lonelyTale(async (terminal, own) => {
      await own.kill('SIGKILL');
      const { clientSn } = terminal.collect('12.34');
      expect(await terminal.waitFor(clientSn, RESTING)).toMatchObject({
        state: 'declined',
        reason: 'not_sent',
        owed: null,
      });
      await own.restart();
      const next = await paid(terminal);
      await until('the screens know that the network is back', () => terminal.terminal.snapshot().online);
      return [clientSn, next];
    }, PATIENT));

  test('#15 a terminal without a network starts, shows what it owes and takes a revoke', () =>
    lonelyTale(
      async (terminal, own) => {
        const sold = await paid(terminal);
        const { clientSn } = terminal.collect('10.15');
        await terminal.waitFor(clientSn, ['confirming']);
        await own.kill('SIGKILL');
        await terminal.restart();
        const { orders, inDoubt } = terminal.terminal.snapshot();
        expect(orders.map((order) => order.clientSn).toSorted()).toEqual([sold, clientSn].toSorted());
        expect(inDoubt).toEqual({ count: 1, amount: 1015 });
        expect(await revoke(terminal, sold)).toMatchObject({ ok: true, value: { state: 'revoking' } });
        await until('the revoke waits for the network', () => {
          const { owed } = terminal.order(sold);
          return owed?.call === 'revoke' && owed.waitingFor === 'network';
        });
        await own.restart();
        expect((await terminal.waitFor(sold, ['revoked', 'attention'])).state).toBe('revoked');
        expect((await terminal.waitFor(clientSn, RESTING)).state).toBe('reversed');
        return [sold, clientSn];
      },
      { ...HASTY, confirmWindowMs: 4000, inFlightHorizonMs: 5000 },
    ));

  test('#23 money at risk stays counted and shown when its day ends (there is no day close yet)', () =>
    lonelyTale(async (terminal, own) => {
      const { clientSn } = terminal.collect('10.12');
      await own.setFault({ fault: 'cancel_unknown', call: 'cancel', times: 1000, clientSn });
      await until('a cancel was tried', async () => (await calls(own, clientSn)).includes('cancel'));
      const today = terminal.terminal.snapshot();
      expect(today.inDoubt).toEqual({ count: 1, amount: 1012 });
      await own.setClock(DAY_MS);
      await terminal.waitFor(clientSn, ['attention']);
      const tomorrow = terminal.terminal.snapshot();
      expect(tomorrow.businessDay > today.businessDay).toBe(true);
      expect(tomorrow.inDoubt).toEqual({ count: 1, amount: 1012 });
      expect(tomorrow.orders).toMatchObject([{ clientSn, instruction: 'call_shift_lead' }]);
      const settled = { clientSn, charged: 'yes', reason: 'kept, by the lead' };
      await terminal.terminal.call('order.settle', settled, LEAD);
      expect(terminal.terminal.snapshot().inDoubt).toEqual({ count: 0, amount: 0 });
      return [clientSn];
    }));

  test('#57 a revoke after midnight, or after a partial refund, is refused with its reason and a way out', () =>
    lonelyTale(async (terminal, own) => {
      const partly = await paid(terminal);
      const byHand = { refund_request_no: 'HAND57', refund_amount: '234', operator: 'desk' };
      await own.sendByHand(terminal.identity, 'refund', { client_sn: partly, ...byHand });
      await revoke(terminal, partly);
      const refused = await until('the acquirer refused', () => {
        const order = terminal.order(partly);
        return order.refusal !== null && order.state !== 'revoking' && order;
      });
      expect(refused).toMatchObject({ state: 'paid', charged: 'yes', reason: 'revoke_refused' });
      expect(terminal.terminal.card(partly)).toMatchObject({ refundRefusal: null });

      const yesterday = await paid(terminal);
      await own.setClock(DAY_MS);
      const today = await paid(terminal);
      const before = (await own.wireLog()).length;
      expect(await revoke(terminal, yesterday)).toMatchObject({ error: { code: 'revoke_window_closed' } });
      expect(await own.wireLog()).toHaveLength(before);
      expect(terminal.terminal.card(yesterday)).toMatchObject({
        revokeRefusal: 'revoke_window_closed',
        refundRefusal: null,
      });
      return [partly, yesterday, today];
    }, PATIENT));
});

test('#33 eight tills that sell at once charge every sale once', async () => {
  const tills = await Promise.all(
    Array.from({ length: 8 }, () => openTestTerminal({ gateway, policy: PATIENT })),
  );
  try {
    const before = new Set((await gateway.orders()).map(({ clientSn }) => clientSn));
    const sold = tills.map((till) => Array.from({ length: 4 }, () => till.collect('12.34').clientSn));
    expect(new Set(sold.flat()).size).toBe(32);
    for (const [index, till] of tills.entries())
      for (const clientSn of sold[index] ?? [])
        expect((await till.waitFor(clientSn, RESTING)).state).toBe('paid');
    const made = (await gateway.orders()).filter(({ clientSn }) => !before.has(clientSn));
    expect(made.map(({ clientSn }) => clientSn).toSorted()).toEqual(sold.flat().toSorted());
    for (const order of made) expect(order).toMatchObject({ charges: 1, netCapturedMinor: 1234 });
    for (const [index, till] of tills.entries()) {
      expect(mostAtOnce(till.sent)).toBeGreaterThan(1);
      await expectSound(till, gateway, sold[index] ?? []);
    }
  } finally {
    for (const till of tills) {
      await till.stop(0);
      till.remove();
    }
  }
});

test('#49 a clock that is set neither hurries nor delays a cancel, and nothing is paid twice', async () => {
  for (const jumpMs of [DAY_MS, -3_600_000]) {
    const shop = counter();
    shop.resolver.start();
    shop.collect('A');
    await shop.time.advance(1000);
    await shop.answer('unknown');
    shop.time.stepWallClock(jumpMs);
    // One second has passed since the sale; the cancel is due after forty-four more.
    for (let second = 1; second < 45; second += 1) {
      for (const question of shop.acquirer.open()) question.answer('pending');
      await shop.time.advance(second < 44 ? 1000 : 999);
      expect(shop.acquirer.names(), `${jumpMs}: second ${second}`).not.toContain('cancel');
    }
    await shop.time.advance(1);
    expect(shop.acquirer.names().at(-1)).toBe('cancel');
    expect(shop.acquirer.names().filter((call) => call === 'pay')).toHaveLength(1);
  }
});

const clientSnOf = (order: unknown): string => (order as { readonly clientSn: string }).clientSn;

/** A data directory for the command line, gone after the story. */
async function withData(
  policy: Parameters<typeof prepareData>[1],
  tell: (own: PreparedData) => Promise<void>,
): Promise<void> {
  const own = await prepareData(gateway, policy);
  try {
    await tell(own);
  } finally {
    own.remove();
  }
}
