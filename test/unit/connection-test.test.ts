import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testConnection } from '../../main/acquirer/connection-test.ts';
import { createPool, type PoolOptions } from '../../main/acquirer/transport.ts';
import { systemClock, systemTimers } from '../../main/shell/clock.ts';

const OPTIONS = { clock: systemClock, timers: systemTimers, timeoutMs: 3000 };

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = (answer: RequestListener): Promise<string> => listening(createServer(answer));

/** An answer whose Date header is the machine's own, moved by so many milliseconds. */
const answering =
  (status: number, shiftMs = 0): RequestListener =>
  (_request, response) => {
    response.setHeader('date', new Date(systemClock.nowMs() + shiftMs).toUTCString());
    response.writeHead(status).end();
  };

describe('a test of the connection to an acquirer', () => {
  test.each([200, 301, 404, 405, 500])('calls an address that answers %d reachable', async (status) => {
    const host = await http(answering(status));
    const tested = await testConnection(`http://${host}/`, OPTIONS);
    expect(tested).toEqual({
      ok: true,
      value: { reachable: true, code: null, latencyMs: expect.any(Number) as number, clockOffsetMs: 0 },
    });
  });

  test('tells how far its clock is from ours, and null where it tells none', async () => {
    const late = await http(answering(200, -600_000));
    const silent = await http((_request, response) => {
      response.sendDate = false;
      response.end();
    });
    const of = async (host: string): Promise<number | null | undefined> => {
      const tested = await testConnection(`http://${host}`, OPTIONS);
      return tested.ok ? tested.value.clockOffsetMs : undefined;
    };
    expect(Math.abs(((await of(late)) ?? 0) + 600_000)).toBeLessThan(2000);
    expect(await of(silent)).toBeNull();
  });

  test('asks once, with a HEAD that names nobody, and lets its connection go', async () => {
    const seen: IncomingMessage[] = [];
    const host = await http((request, response) => {
      seen.push(request);
      answering(200)(request, response);
    });
    const pools: ReturnType<typeof createPool>[] = [];
    const createDispatcher = (options: PoolOptions) => {
      const pool = createPool(options);
      pools.push(pool);
      return pool;
    };
    await testConnection(`http://${host}`, { ...OPTIONS, createDispatcher });
    expect(seen.map(({ method, url, headers }) => [method, url, Object.keys(headers).toSorted()])).toEqual([
      ['HEAD', '/', ['connection', 'host']],
    ]);
    await expect(pools[0]?.request({ method: 'HEAD', path: '/' })).rejects.toThrow(/destroyed/);
  });

  test('names a refused connection, an unknown name and a peer that speaks no TLS by their codes', async () => {
    const plain = await listening(createTcpServer((socket) => socket.end('no TLS here\n')));
    const gone = createTcpServer();
    const closed = await listening(gone);
    gone.close();
    await once(gone, 'close');
    const codeOf = async (apiDomain: string): Promise<unknown> => {
      const tested = await testConnection(apiDomain, OPTIONS);
      return tested.ok && !tested.value.reachable ? tested.value.code : tested;
    };
    expect(await codeOf(`http://${closed}`)).toBe('network/ECONNREFUSED');
    expect(await codeOf('https://no-such-acquirer.invalid')).toMatch(/^network\/(ENOTFOUND|EAI_AGAIN)$/);
    expect(await codeOf(`https://${plain}`)).toMatch(/^network\/ERR_SSL/);
  });

  test('does not call a peer reachable that breaks the connection instead of answering', async () => {
    const host = await listening(createTcpServer((socket) => socket.destroy()));
    const tested = await testConnection(`http://${host}`, OPTIONS);
    expect(tested).toMatchObject({ ok: true, value: { reachable: false, latencyMs: null } });
    expect(tested.ok && tested.value.code).toMatch(/^network\//);
  });

  test('gives up on a peer that keeps silent', async () => {
    const host = await listening(createTcpServer(() => undefined));
    const startedMs = systemClock.monotonicMs();
    const tested = await testConnection(`http://${host}`, { ...OPTIONS, timeoutMs: 300 });
    expect(tested).toMatchObject({ ok: true, value: { reachable: false } });
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(2500);
  });

  test.each([
    '',
    'acquirer.example.com',
    'http://acquirer.example.com',
    'https://a.example.com/path',
    'file:///etc',
  ])('refuses %j as settings would, and sends nothing', async (apiDomain) => {
    const createDispatcher = (): never => {
      throw new Error('nothing may be sent');
    };
    const tested = await testConnection(apiDomain, { ...OPTIONS, createDispatcher });
    expect(tested).toMatchObject({ ok: false, error: { code: 'settings_invalid' } });
  });
});
