import fc from 'fast-check';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserHost } from '../../main/browser/host.ts';
import { bridgeIpc, type SenderEvent } from '../../main/electron/ipc-bridge.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import { ERRORS } from '../../shared/errors.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';
import { idleCall, wildCall } from '../arbitraries/calls.ts';
import { hostScreen } from '../support/hosted-screen.ts';
import { freshMachine, type FreshMachine } from '../support/station.ts';
import { freshCode, until } from '../support/terminal.ts';

/**
 * Whoever holds a session, or has got into the page: each call is answered, clearly and without a bug, nothing is
 * collected, and the counter goes on.
 */

const RUNS = 400;
const AT_ONCE = 300;

let machine: FreshMachine;
let host: BrowserHost;
let cookie: string;
let throughIpc: (name: unknown, args: unknown) => Promise<unknown>;

beforeAll(async () => {
  machine = freshMachine();
  await machine.station.start();
  host = await hostScreen({ terminal: machine.station });
  const opened = await fetch(host.newOneTimeUrl(), { redirect: 'manual' });
  cookie = opened.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  throughIpc = kioskPage(machine);
});

afterAll(async () => {
  await host.close();
  await machine.remove();
});

/** The kiosk's own page: what it sends arrives as Electron would copy it. */
function kioskPage({ station }: FreshMachine): typeof throughIpc {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const handlers = new Map<string, (event: SenderEvent, ...values: unknown[]) => Promise<unknown>>();
  bridgeIpc({
    ipcMain: { handle: (channel, handler) => handlers.set(channel, handler), on: () => undefined },
    terminal: station,
    actor: { kind: 'operator', name: 'cashier' },
    roleOf: () => 'cashier',
    timers: systemTimers,
    log: silent,
    isStrict: true,
  });
  const sender = { id: 1, isDestroyed: () => false, send: () => undefined, once: () => undefined };
  const event: SenderEvent = { sender, senderFrame: { origin: 'app://kiosk', parent: null } };
  return async (name, args) =>
    structuredClone(
      await handlers.get(KIOSK_CHANNELS.call)?.(event, structuredClone(name), structuredClone(args)),
    );
}

interface Reply {
  readonly status: number;
  readonly answer: unknown;
}

function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const origin = `http://127.0.0.1:${host.port}`;
  return new Promise((fulfil, reject) => {
    const outgoing = request(
      `${origin}/api/call`,
      {
        method: 'POST',
        agent: false,
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          fulfil({ status: incoming.statusCode ?? 0, answer: JSON.parse(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** An answer of the contract, and never one that admits a bug. */
function expectClear(answer: unknown): void {
  const { ok, value, error } = answer as {
    ok?: unknown;
    value?: unknown;
    error?: { code: string; message: string };
  };
  if (ok === true) {
    expect(value).toBeDefined();
    return;
  }
  expect(ok).toBe(false);
  expect(Object.keys(ERRORS)).toContain(error?.code);
  expect(error?.code).not.toBe('bug');
  expect(error?.message).toMatch(/\S/);
}

async function expectNothingCollected(): Promise<void> {
  const { orders, inDoubt } = await machine.ask('state.get', {});
  expect(orders).toEqual([]);
  expect(inDoubt.count).toBe(0);
}

async function expectAnOrdinarySale(): Promise<void> {
  const reply = await post(
    JSON.stringify({ name: 'sale.collect', args: { amount: '12.34', code: freshCode() } }),
  );
  const { clientSn } = (reply.answer as { value: { clientSn: string } }).value;
  await until(
    'the sale is paid',
    async () => (await machine.ask('order.show', { clientSn })).order.state === 'paid',
  );
}

describe('a call that means nothing', () => {
  test('is answered clearly through the browser host, whatever it is', async () => {
    const property = fc.asyncProperty(fc.oneof(wildCall, idleCall), async (call) => {
      const { status, answer } = await post(JSON.stringify(call));
      expect([200, 400, 413]).toContain(status);
      expectClear(answer);
    });
    await fc.assert(property, { numRuns: RUNS });
    await expectNothingCollected();
  });

  test('is answered clearly through the kiosk’s bridge, whatever it is', async () => {
    const property = fc.asyncProperty(fc.oneof(wildCall, idleCall), async ({ name, args }) => {
      expectClear(await throughIpc(name, args));
    });
    await fc.assert(property, { numRuns: RUNS });
    await expectNothingCollected();
  });

  test('is answered clearly where a page sends what JSON cannot say', async () => {
    const circular: Record<string, unknown> = { amount: '12.34' };
    circular['code'] = circular;
    const hollow: unknown[] = [];
    hollow.length = 10_000;
    let deep: unknown = '12.34';
    for (let depth = 0; depth < 500; depth += 1) deep = { amount: deep };
    const bytes = new Uint8Array(64 * 1024);
    const values = [
      circular,
      hollow,
      deep,
      bytes,
      new Map([['amount', '1']]),
      new Date(Number.NaN),
      10n ** 400n,
      /a/g,
    ];
    for (const name of ['sale.collect', 'orders.search', 'order.settle', 'counter.show', 'setup.apply']) {
      for (const value of values) {
        expectClear(await throughIpc(name, value));
        expectClear(await throughIpc(name, { amount: value, code: value, clientSn: value, kind: value }));
        expectClear(await throughIpc(value, {}));
      }
    }
    await expectNothingCollected();
  });

  test('is refused where it is nested, doubled, too large or no text', async () => {
    const within = (args: string): string => `{"name":"sale.collect","args":${args}}`;
    const bodies: readonly (string | Buffer)[] = [
      '['.repeat(16_000),
      `${'['.repeat(8000)}${']'.repeat(8000)}`,
      within(`${'{"a":'.repeat(2500)}1${'}'.repeat(2500)}`),
      within('{"__proto__":{"amount":"12.34","code":"281234567890123456"}}'),
      within('{"constructor":{"prototype":{"amount":"12.34"}}}'),
      within('{"amount":12.34,"code":281234567890123456}'),
      within('{"amount":"12.34"}'),
      within(`{"amount":"1${'0'.repeat(31)}","code":"281234567890123456"}`),
      within('{"amount":"12.34","code":"２８１２３４５６７８９０１２３４５６"}'),
      within('{"amount":"12.34","code":"28123456789012345\\u202e6"}'),
      `{"name":"state.get","args":"${'x'.repeat(20_000)}"}`,
      Buffer.from('{"name":"state.get","args":{}}', 'utf16le'),
      Buffer.from([0xff, 0xfe, 0x00]),
      '',
      'null',
      '{}',
    ];
    for (const body of bodies) {
      const { status, answer } = await post(body);
      expect([200, 400, 413, 415]).toContain(status);
      expectClear(answer);
      expect(answer).toMatchObject({ ok: false });
    }
    await expectNothingCollected();
  });
});

describe('a flood', () => {
  test('of calls at once is answered to the last one, and the next sale is an ordinary one', async () => {
    const calls = fc.sample(fc.oneof(wildCall, idleCall), AT_ONCE);
    const replies = await Promise.all(calls.map((call) => post(JSON.stringify(call))));
    for (const { answer } of replies) expectClear(answer);
    const straight = await Promise.all(calls.map(({ name, args }) => throughIpc(name, args)));
    for (const answer of straight) expectClear(answer);
    await expectNothingCollected();
    await expectAnOrdinarySale();
  });

  test('of one code from many hands is one order', async () => {
    const code = freshCode();
    const body = JSON.stringify({ name: 'sale.collect', args: { amount: '7.00', code } });
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(body)));
    const taken = replies.filter(({ answer }) => (answer as { ok: boolean }).ok);
    expect(taken).toHaveLength(1);
    for (const { answer } of replies) expectClear(answer);
    expect(
      new Set(replies.map(({ answer }) => (answer as { error?: { code: string } }).error?.code)),
    ).toEqual(new Set([undefined, 'code_scanned_twice']));
  });

  test('of connections that never finish asking keeps nobody waiting', async () => {
    const head = `POST /api/call HTTP/1.1\r\nhost: 127.0.0.1:${host.port}\r\ncookie: ${cookie}\r\n`;
    const sockets = Array.from({ length: 200 }, (_socket, index) => {
      const socket = connect(host.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        index % 2 === 0 ? head : `${head}content-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
      );
      return socket;
    });
    await expectAnOrdinarySale();
    for (const socket of sockets) socket.destroy();
  });
});
