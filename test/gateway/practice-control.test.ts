import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Gateway } from '../../main/training/gateway.ts';
import { gatewayControl, startPracticeGateway, testTerminal } from '../support/practice-gateway.ts';

let folder: string;
let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

const start = async (): Promise<void> => {
  gateway = await startPracticeGateway({ file: join(folder, 'practice.db') });
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-practice-'));
  await start();
});

afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

const pay = (clientSn: string, totalMinor: number) =>
  terminal.send('pay', terminal.payBody(clientSn, totalMinor));

describe('control endpoints', () => {
  test('list the faults, the magic amounts and what is pending', async () => {
    await control.fault({ fault: 'slow', call: 'pay', times: 3 });
    const listing = (await (await control.call('GET', '/__faults')).json()) as Record<
      string,
      readonly unknown[]
    >;
    expect(listing['pending']).toEqual([{ fault: 'slow', call: 'pay', times: 3 }]);
    expect(listing['faults']).toContainEqual(
      expect.objectContaining({
        name: 'late_approval',
        words: { en: 'Unknown first, charged a minute later', zh: '先查不到，一分钟后扣款' },
        calls: ['pay'],
      }),
    );
    expect(listing['magicAmounts']).toContainEqual(
      expect.objectContaining({ ending: '12', fault: 'line_dead_after_charging' }),
    );
    expect(await control.clearFaults()).toMatchObject({ pending: [] });
  });

  test.each([
    ['/__faults', { fault: 'no_such_fault' }, 'fault'],
    ['/__faults', { fault: 'slow', call: 'precreate' }, 'call'],
    ['/__faults', { fault: 'declined', call: 'cancel' }, 'cannot happen'],
    ['/__faults', { fault: 'slow', times: 0 }, 'times'],
    ['/__faults', { fault: 'slow', tims: 2 }, 'tims'],
    ['/__config', { pendingMs: -1 }, 'pendingMs'],
    ['/__config', { previousKeyTrades: 'yes' }, 'previousKeyTrades'],
    ['/__clock', {}, 'offsetMs'],
    ['/__clock', { offsetMs: 0.5 }, 'offsetMs'],
  ])('%s refuses %j and names the mistake', async (path, body, word) => {
    const response = await control.call('POST', path, body);
    expect(response.status).toBe(400);
    const answer = (await response.json()) as { error: { message: string } };
    expect(answer.error.message).toContain(word);
  });

  test('give the newest orders first where so many are asked for', async () => {
    for (const clientSn of ['first', 'second', 'third']) await pay(clientSn, 1234);
    const names = async (query: string): Promise<readonly string[]> => {
      const response = await control.call('GET', `/__orders${query}`);
      const orders = (await response.json()) as readonly { readonly clientSn: string }[];
      return orders.map(({ clientSn }) => clientSn);
    };
    expect(await names('')).toEqual(['first', 'second', 'third']);
    expect(await names('?newest=2')).toEqual(['third', 'second']);
    expect((await control.call('GET', '/__orders?newest=0')).status).toBe(400);
  });

  test('refuse a body that is not JSON', async () => {
    const response = await fetch(`${gateway.url}/__clock`, { method: 'POST', body: 'offset' });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { message: 'the body is not JSON' } },
    ]);
  });

  test('answer only to a loopback name, and not to a page from elsewhere', async () => {
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const request = httpRequest(`${gateway.url}/__orders`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject).end();
      });
    expect(await status({ host: `localhost:${gateway.port}` })).toBe(200);
    expect(await status({ host: `[::1]:${gateway.port}` })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: '127.0.0.1.evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ origin: gateway.url })).toBe(200);
  });

  test('say that an order or a terminal is unknown', async () => {
    expect((await control.call('GET', '/__orders/nobody')).status).toBe(404);
    expect((await control.call('POST', '/__rotate', { terminalSn: '0' })).status).toBe(404);
  });

  test('a shifted clock is shown and also moves what waits for its time', async () => {
    await pay('A1', 1014);
    await control.shiftClock(5_001);
    expect(await (await control.call('GET', '/__clock')).json()).toMatchObject({ offsetMs: 5_001 });
    expect(await control.order('A1')).toMatchObject({ orderStatus: 'PAID', charges: 1 });
  });
});

describe('the wire log', () => {
  test('notes every request with its signature, result and delivery', async () => {
    await pay('A1', 1234);
    terminal.useKey('wrong');
    await terminal.send('query', { client_sn: 'A1' });
    terminal.useKey(gateway.credentials.terminalKey);
    await expect(terminal.send('pay', terminal.payBody('A2', 1211))).rejects.toThrow(/fetch failed|timeout/);
    const entries = await control.log();
    expect(entries).toMatchObject([
      {
        seq: 1,
        path: '/upay/v2/pay',
        clientSn: 'A1',
        signature: 'ok',
        result: '200/PAY_SUCCESS/PAID',
        delivered: true,
      },
      {
        seq: 2,
        path: '/upay/v2/query',
        clientSn: 'A1',
        signature: 'wrong',
        result: '400/ILLEGAL_SIGN',
        delivered: true,
      },
      {
        seq: 3,
        clientSn: 'A2',
        signature: 'ok',
        result: '200/PAY_SUCCESS/PAID',
        delivery: 'withheld',
        delivered: false,
        fault: 'reply_lost_after_charging',
      },
    ]);
    expect(entries.map(({ atUs }) => atUs)).toEqual(
      entries.map(({ atUs }) => atUs).toSorted((a, b) => a - b),
    );
    expect(await control.log('A2')).toHaveLength(1);
  });

  test('notes a request that is lost right after it arrived', async () => {
    const lost = terminal.fetchCall('pay', terminal.payBody('A1', 1213), 200);
    await expect(lost).rejects.toThrow(/fetch failed|timeout/);
    expect(await control.log('A1')).toMatchObject([
      { result: null, delivery: 'withheld', fault: 'request_lost' },
    ]);
    expect(await control.orders()).toEqual([]);
  });

  test('neither the file nor any answer holds a payment code', async () => {
    const body = terminal.payBody('A1', 1234);
    const code = body['dynamic_id'] ?? '';
    const answers = [
      JSON.stringify(await terminal.send('pay', body)),
      JSON.stringify(await control.orders()),
      JSON.stringify(await control.log()),
    ];
    for (const answer of answers) expect(answer).not.toContain(code);
    // The bytes as they lie on the disk, free pages and the write-ahead log included.
    for (const name of await readdir(folder)) {
      expect((await readFile(join(folder, name))).includes(code)).toBe(false);
    }
  });
});

describe('a restart', () => {
  test('keeps orders, keys, used codes and what is still to happen', async () => {
    const body = terminal.payBody('A1', 1234);
    await terminal.send('pay', body);
    await control.config({ pendingMs: 300 });
    await pay('A2', 1014);
    await control.rotate();
    const before = await control.order('A1');
    await gateway.close();

    await start();
    expect(await control.order('A1')).toEqual(before);
    const again = await terminal.send('pay', { ...body, client_sn: 'A3' });
    expect(again.biz_response?.error_code).toBe('EXPIRED_BARCODE');
    await expect.poll(async () => (await control.order('A2')).orderStatus).toBe('PAID');
    expect((await control.log('A1')).length).toBe(1);
  });

  test('keeps a dead line dead and its trouble with the order', async () => {
    await expect(terminal.fetchCall('pay', terminal.payBody('A1', 1228), 200)).rejects.toThrow(
      /fetch failed|timeout/,
    );
    await gateway.close();
    await start();
    await expect(terminal.fetchCall('query', { client_sn: 'A1' }, 200)).rejects.toThrow(
      /fetch failed|timeout/,
    );
    const first = await terminal.send('cancel', { client_sn: 'A1' });
    const second = await terminal.send('cancel', { client_sn: 'A1' });
    expect([first, second].map((reply) => reply.biz_response?.result_code)).toEqual([
      'CANCEL_ABORT_ERROR',
      'CANCEL_SUCCESS',
    ]);
  });

  test('a gateway with silent connections closes at once', async () => {
    const silent = terminal.fetchCall('pay', terminal.payBody('A1', 1212), 20_000).catch(() => 'gone');
    await expect.poll(async () => (await control.orders()).length).toBe(1);
    const began = performance.now();
    await gateway.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await silent).toBe('gone');
    await start();
  });
});
