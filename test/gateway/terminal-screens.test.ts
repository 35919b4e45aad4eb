import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventStreams } from '../../main/browser/event-stream.ts';
import { LedgerChecker } from '../../main/ledger-check.ts';
import { openDirectory } from '../../main/open-terminal.ts';
import { systemClock, systemTimers } from '../../main/shell/clock.ts';
import { dayAfter } from '../../shared/business-day.ts';
import type { Push, Snapshot } from '../../shared/contract.ts';
import { isUndecided } from '../../shared/order/order.ts';
import { collect, must } from '../support/fake-ledger.ts';
import { inDatabase } from '../support/database-file.ts';
import { REDRESS, startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import {
  CASHIER,
  expectStory,
  freshCode,
  HASTY,
  RESTING,
  until,
  type TestTerminal,
} from '../support/terminal.ts';

const DAY_MS = 86_400_000;
const LEAD = 'Ada Lead';

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});

afterAll(() => gateway.stop());

const pushesOf = <Type extends Push['type']>(terminal: TestTerminal, type: Type) =>
  terminal.records.filter((push): push is Extract<Push, { type: Type }> => push.type === type);

async function pay(terminal: TestTerminal, amount: string, saleId?: string): Promise<string> {
  const { clientSn } = terminal.collect(amount, saleId === undefined ? {} : { saleId });
  await terminal.waitFor(clientSn, ['paid']);
  return clientSn;
}

describe.concurrent('a card', () => {
  test('says what the acquirer said last, until when a revoke is taken and from when giving up works', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const { clientSn, createdAtMs } = terminal.collect('12.34');
      expect(terminal.terminal.card(clientSn)).toMatchObject({
        giveUpFromMs: createdAtMs + HASTY.minReverseAgeMs,
        waysOut: [],
      });
      const order = await terminal.waitFor(clientSn, ['paid']);
      expect(terminal.terminal.card(clientSn)).toMatchObject({
        lastAnswer: { call: 'pay', kind: 'approved', code: expect.stringContaining('200/') as string },
        giveUpFromMs: null,
        windowClosesAtMs: order.cancelUntilMs,
      });
      return [clientSn];
    }));

  test('of an attention case offers the ways out, and the journal names the person who took the word', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.23');
      await terminal.waitFor(clientSn, ['attention']);
      expect(terminal.terminal.card(clientSn)?.waysOut).toEqual([
        'check_again',
        'reverse',
        'refund',
        'settle',
      ]);
      const cancelled = (await terminal.timeline(clientSn)).find(
        ({ detail }) => detail['kind'] === 'refused',
      );
      expect(cancelled).toMatchObject({
        event: 'cancel_answered',
        detail: { by: 'terminal', code: expect.any(String) as string, message: expect.any(String) as string },
      });
      expect((await terminal.timeline(clientSn)).at(-1)).toMatchObject({
        event: 'query_answered',
        detail: {
          kind: 'charged',
          amountMinor: 1023,
          charged: 'yes',
          cause: 'cancel_refused',
          alerts: ['cancel_refused'],
        },
      });
      const word = { clientSn, charged: 'no', reason: 'refunded at the acquirer' } as const;
      const unnamed = await terminal.terminal.call('order.settle', { ...word, person: ' \t' }, CASHIER);
      expect(unnamed).toMatchObject({ ok: false, error: { code: 'arguments_invalid' } });
      await terminal.ask('order.settle', { ...word, person: ` ${LEAD}` });
      expect((await terminal.timeline(clientSn)).at(-1)).toMatchObject({
        event: 'settled',
        detail: { by: LEAD, charged: 'no', reason: word.reason },
      });
      return [clientSn];
    }));
});

describe.concurrent('what is in doubt', () => {
  test('travels with every push and in every snapshot, to nothing once all is decided', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const first = terminal.collect('10.12').clientSn;
      expect(pushesOf(terminal, 'order').at(-1)?.inDoubt).toEqual({ count: 1, amount: 1012 });
      const second = terminal.collect('10.15').clientSn;
      expect(terminal.terminal.snapshot().inDoubt).toEqual({ count: 2, amount: 2027 });
      await terminal.restart();
      expect(terminal.terminal.snapshot().inDoubt).toEqual({ count: 2, amount: 2027 });
      for (const clientSn of [first, second]) await terminal.waitFor(clientSn, ['reversed']);
      expect(pushesOf(terminal, 'order').at(-1)?.inDoubt).toEqual({ count: 0, amount: 0 });
      await terminal.waitForIdle();
      return [first, second];
    }));
});

describe.concurrent('a refused call', () => {
  test('names the order that stands in the way, apart from its sentence', () =>
    expectStory({ gateway, policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('10.15', { saleId: 'basket' });
      const again = { amount: '10.00', code: freshCode(), saleId: 'basket' };
      expect(await terminal.terminal.call('sale.collect', again, CASHIER)).toMatchObject({
        ok: false,
        error: { code: 'sale_undecided', clientSn, detail: `order ${clientSn}` },
      });
      expect(await terminal.terminal.call('sale.collect', { amount: '1' }, CASHIER)).toMatchObject({
        ok: false,
        error: { code: 'arguments_invalid', detail: 'code: is missing' },
      });
      await terminal.waitFor(clientSn, RESTING);
      await terminal.waitForIdle();
      return [clientSn];
    }));
});

describe.concurrent('the customer’s display', () => {
  test('follows the amount, the sale and the revoke, and is told of changes only', () =>
    expectStory({ gateway }, async (terminal) => {
      await terminal.ask('counter.show', { kind: 'amount', amount: '12.3' });
      await terminal.ask('counter.show', { kind: 'amount', amount: '12.30' });
      const first = await pay(terminal, '12.30');
      await terminal.ask('counter.show', { kind: 'idle' });
      await terminal.ask('order.revoke', { clientSn: first, reason: 'wrong size' });
      expect(terminal.terminal.snapshot().counter).toEqual({ kind: 'order', clientSn: first });
      expect(pushesOf(terminal, 'counter').map(({ counter }) => counter)).toEqual([
        { kind: 'amount', amount: 1230 },
        { kind: 'order', clientSn: first },
        { kind: 'idle' },
        { kind: 'order', clientSn: first },
      ]);
      const nobody = await terminal.terminal.call(
        'counter.show',
        { kind: 'order', clientSn: 'nobody' },
        CASHIER,
      );
      expect(nobody).toMatchObject({ ok: false, error: { code: 'order_unknown' } });
      await terminal.waitFor(first, ['revoked']);
      const asked = (await terminal.timeline(first)).find(({ event }) => event === 'revoke_requested');
      expect(asked?.detail).toMatchObject({ by: 'cashier', reason: 'wrong size' });
      return [first];
    }));

  test('stays as it was where a sale is refused', () =>
    expectStory({ gateway }, async (terminal) => {
      await terminal.ask('counter.show', { kind: 'amount', amount: '5' });
      await terminal.terminal.call('sale.collect', { amount: '5', code: '' }, CASHIER);
      await terminal.terminal.call('order.revoke', { clientSn: 'nobody' }, CASHIER);
      expect(terminal.terminal.snapshot().counter).toEqual({ kind: 'amount', amount: 500 });
      return [];
    }));
});

describe.concurrent('a search', () => {
  test('finds an order by its amount, its numbers, its sale and its time', () =>
    expectStory({ gateway }, async (terminal) => {
      const first = await pay(terminal, '12.34', 'basket-1');
      const second = await pay(terminal, '45.00');
      const { sn, createdAtMs } = terminal.order(first);
      const { timeZone } = terminal.settings;
      const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
      const found = async (text: string) =>
        (await terminal.ask('orders.search', { text })).orders.map(({ clientSn }) => clientSn);
      expect(await found('12.34')).toEqual([first]);
      expect(await found(sn ?? '')).toEqual([first]);
      expect(await found('basket-1')).toEqual([first]);
      expect(await found(second.slice(-6).toLowerCase())).toEqual([second]);
      expect(await found(time.format(createdAtMs))).toContain(first);
      expect(await terminal.ask('orders.search', { limit: 1 })).toMatchObject({
        businessDay: terminal.order(second).businessDay,
        isComplete: false,
        orders: [{ clientSn: second, state: 'paid', revokeRefusal: null }],
      });
      return [first, second];
    }));
});

describe.concurrent('the report of a terminal', () => {
  test('tells merchant IT what they ask for, and no secret', () =>
    expectStory({ gateway, checkedIn: false }, async (terminal) => {
      const clientSn = await pay(terminal, '12.34');
      const report = await terminal.ask('terminal.get', {});
      const today = terminal.order(clientSn).businessDay;
      expect(report).toMatchObject({
        protocol: 'upay',
        apiDomain: gateway.url,
        terminalSn: terminal.identity.terminalSn,
        dataDirectory: terminal.directory,
        network: { online: true, lastFailureAtMs: null },
        key: { checkedInDay: today, isStored: true, lastCheckin: { ok: true, code: null } },
        clockOffsetMs: 0,
        ledger: { entries: 4, lastCheck: null },
        owedCalls: 0,
        versions: { node: process.versions.node },
      });
      expect(report.network.lastReplyAtMs).toBeGreaterThanOrEqual(report.startedAtMs);
      expect(report.ledger.sizeBytes).toBe(terminal.ledgerBytes().length);
      expect(report.versions.sqlite).toMatch(/^3\.\d+\.\d+$/);
      expect(JSON.stringify(report)).not.toContain(terminal.identity.terminalKey);
      return [clientSn];
    }));

  test('tells when the acquirer was last not reached', () =>
    expectStory({ gateway, apiDomain: 'http://127.0.0.1:9', policy: HASTY }, async (terminal) => {
      const { clientSn } = terminal.collect('12.34');
      await terminal.waitFor(clientSn, ['declined']);
      const { network, key, startedAtMs, clockOffsetMs } = await terminal.ask('terminal.get', {});
      expect(network).toMatchObject({ online: false, lastReplyAtMs: null });
      expect(network.lastFailureAtMs).toBeGreaterThanOrEqual(startedAtMs);
      expect(key.lastCheckin).toBeNull();
      expect(clockOffsetMs).toBeNull();
      return [];
    }));
});

describe.concurrent('a check of the ledger', () => {
  test('lets payments go on and is remembered', () =>
    expectStory({ gateway }, async (terminal) => {
      const first = await pay(terminal, '12.34');
      const checking = terminal.ask('ledger.check', {});
      const second = await pay(terminal, '45.00');
      const check = await checking;
      expect(check.problems).toEqual([]);
      expect(check.orders).toBeGreaterThanOrEqual(1);
      expect((await terminal.ask('terminal.get', {})).ledger.lastCheck).toEqual(check);
      expect(await terminal.ask('ledger.check', {})).toMatchObject({ orders: 2, problems: [] });
      return [first, second];
    }));

  test('reports what somebody with the file has changed, and payments go on', () =>
    expectStory({ gateway }, async (terminal) => {
      const clientSn = await pay(terminal, '12.34');
      const file = join(terminal.directory, 'ledger.db');
      const write = (amount: number) =>
        inDatabase(
          file,
          (database) => void database.prepare('UPDATE orders SET amount_minor = ?').run(amount),
        );
      write(1);
      const { problems } = await terminal.ask('ledger.check', {});
      expect(problems).toEqual([`order ${clientSn}: differs from the journal`]);
      write(1234);
      expect((await terminal.ask('ledger.check', {})).problems).toEqual([]);
      return [clientSn, await pay(terminal, '45.00')];
    }));

  test('runs in the thread that the build puts beside the command line', () =>
    expectStory({ gateway }, async (terminal) => {
      const clientSn = await pay(terminal, '12.34');
      const checker = new LedgerChecker({
        file: join(terminal.directory, 'ledger.db'),
        workerFile: join(dirname(REDRESS), 'ledger-check.js'),
        clock: systemClock,
        timers: systemTimers,
      });
      expect(await checker.check()).toMatchObject({ ok: true, value: { orders: 1, problems: [] } });
      return [clientSn];
    }));

  test('does not keep a terminal from stopping', () =>
    expectStory({ gateway }, async (terminal) => {
      const checking = terminal.terminal.call('ledger.check', {}, CASHIER);
      await terminal.stop();
      expect(await checking).toMatchObject({ ok: false, error: { code: 'stopping' } });
      return [];
    }));
});

describe('the practice panel', () => {
  test('queues a fault, shows what the acquirer really holds, and takes the fault back', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own, practice: true, policy: HASTY }, async (terminal) => {
        const first = await pay(terminal, '12.34');
        const queued = await terminal.ask('practice.fault', { fault: 'declined', times: 2 });
        expect(queued.pending).toEqual([{ fault: 'declined', call: 'any', times: 2 }]);
        expect(queued.faults).toContainEqual({
          name: 'declined',
          words: { en: 'Declined for lack of money', zh: '余额不足，被拒绝' },
          calls: ['pay'],
        });
        const second = terminal.collect('45.00').clientSn;
        await terminal.waitFor(second, ['declined']);
        const { pending, orders } = await terminal.ask('practice.get', {});
        expect(pending).toEqual([{ fault: 'declined', call: 'any', times: 1 }]);
        expect(orders).toMatchObject([
          { clientSn: second, status: 'PAY_CANCELED', totalAmount: 4500, capturedAmount: 0 },
          { clientSn: first, status: 'PAID', totalAmount: 1234, capturedAmount: 1234 },
        ]);
        expect((await terminal.ask('practice.clear', {})).pending).toEqual([]);
        const unknown = await terminal.terminal.call('practice.fault', { fault: 'earthquake' }, CASHIER);
        expect(unknown).toMatchObject({ ok: false, error: { code: 'arguments_invalid' } });
        await own.kill('SIGKILL');
        expect(await terminal.terminal.call('practice.get', {}, CASHIER)).toMatchObject({
          ok: false,
          error: { code: 'acquirer_unreachable' },
        });
        await own.restart();
        return [first, second];
      });
    } finally {
      await own.stop();
    }
  });

  test('is not there on a terminal of real money, which asks its acquirer nothing of the kind', () =>
    expectStory({ gateway }, async (terminal) => {
      for (const [name, args] of [
        ['practice.get', {}],
        ['practice.fault', { fault: 'declined' }],
        ['practice.clear', {}],
      ] as const) {
        expect(await terminal.terminal.call(name, args, CASHIER)).toMatchObject({
          ok: false,
          error: { code: 'not_practice' },
        });
      }
      expect(terminal.sent.filter(({ path }) => path.startsWith('/__'))).toEqual([]);
      return [];
    }));
});

describe('a new day', () => {
  test('that the acquirer’s clock tells of gives every screen a new snapshot', async () => {
    const own = await startGatewayProcess();
    try {
      await expectStory({ gateway: own }, async (terminal) => {
        const yesterday = await pay(terminal, '12.34');
        const before = await until('the clock is known', () => pushesOf(terminal, 'snapshot').at(-1));
        await own.setClock(DAY_MS);
        const today = await pay(terminal, '12.34');
        const { snapshot } = await until('a new snapshot', () => {
          const last = pushesOf(terminal, 'snapshot').at(-1);
          return last !== before && last;
        });
        expect(snapshot.businessDay).toBe(dayAfter(before.snapshot.businessDay, 1));
        const shown = snapshot.orders.find(({ clientSn }) => clientSn === yesterday);
        expect(shown?.revokeRefusal ?? 'revoke_window_closed').toBe('revoke_window_closed');
        const closed = await terminal.ask('orders.search', { text: yesterday });
        expect(closed.orders).toMatchObject([{ revokeRefusal: 'revoke_window_closed' }]);
        return [yesterday, today];
      });
    } finally {
      await own.stop();
    }
  });
});

describe('a terminal with more in doubt than fits on a screen', () => {
  test('gives a stream its snapshot and keeps it open, and the totals count everything', () =>
    expectStory({ gateway, apiDomain: 'http://127.0.0.1:9' }, async (terminal) => {
      await terminal.restart(() => {
        const { ledger, close } = must(openDirectory(terminal.directory));
        for (let index = 0; index < 1200; index += 1) {
          must(collectLong(ledger, index));
        }
        close();
      });
      const { snapshot, warnings, isOpen, end } = await readStream(terminal);
      expect(snapshot.inDoubt).toEqual({ count: 1200, amount: 1200 * 1234 });
      expect(snapshot.orders.length).toBeLessThanOrEqual(300);
      expect(snapshot.orders.every(({ state }) => isUndecided(state))).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(snapshot))).toBeLessThan(512 * 1024);
      expect(warnings).toEqual([]);
      expect(isOpen()).toBe(true);
      await end();
      return [];
    }));
});

const LONG = '茶'.repeat(50);

/** As long as an order's texts may be, in characters of three bytes. */
function collectLong(ledger: Parameters<typeof collect>[0], index: number) {
  const clientSn = `R-${index}`;
  return collect(ledger, { clientSn, saleId: `${LONG}${index}`, atMs: Date.now() - index });
}

/** One screen's stream over a real socket, up to its first message. */
async function readStream({ terminal }: TestTerminal) {
  const warnings: string[] = [];
  const streams = createEventStreams({
    terminal,
    actor: CASHIER,
    timers: systemTimers,
    warn: (_fields, message) => warnings.push(message),
  });
  const server = createServer((_request, response) => void streams.open(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ host: '127.0.0.1', port }, resolve));
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await until('the snapshot', () => text.includes('\n\n'));
  const first = JSON.parse(text.slice('data: '.length, text.indexOf('\n\n'))) as Extract<
    Push,
    { type: 'snapshot' }
  >;
  const snapshot: Snapshot = first.snapshot;
  const end = async (): Promise<void> => {
    streams.closeAll();
    await new Promise((resolve) => server.close(resolve));
  };
  return { snapshot, warnings, isOpen: () => !response.destroyed && !response.complete, end };
}
