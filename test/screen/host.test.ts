import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrowserHost } from '../../main/browser/host.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { plantCode, type Planted } from '../support/planted-code.ts';
import { hostScreen } from '../support/hosted-screen.ts';
import {
  createScriptedTerminal,
  orderCard,
  refusal,
  type ScriptedTerminal,
} from '../support/scripted-terminal.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let terminal: ScriptedTerminal;
let host: BrowserHost;

beforeEach(async () => {
  terminal = createScriptedTerminal();
  host = await hostScreen({ terminal });
});
afterEach(() => host.close());

/** Bare HTTP, because `fetch` would not let a test choose Host and Origin. */
function send({ method = 'GET', path, headers = {}, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: host.port, method, path, headers, agent: false },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function origin(): string {
  return `http://127.0.0.1:${host.port}`;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

async function openSession(): Promise<string> {
  const reply = await send({ path: pathOf(host.newOneTimeUrl()) });
  return reply.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
}

async function call(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const cookie = await openSession();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { cookie, origin: origin(), 'content-type': 'application/json', ...headers };
  return send({ method: 'POST', path: '/api/call', headers: all, body: text });
}

/** Reads the stream until `count` events came, then hangs up. */
function readEvents(cookie: string, count: number, onFirst: () => void): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: host.port, path: '/api/events', headers: { cookie }, agent: false },
      (incoming) => {
        let text = '';
        let hasFirst = false;
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
          const events = text.split('\n\n').slice(0, -1);
          if (events.length > 0 && !hasFirst) {
            hasFirst = true;
            onFirst();
          }
          if (events.length < count) return;
          outgoing.destroy();
          resolve(events.map((event): unknown => JSON.parse(event.replace('data: ', ''))));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('the one-time address', () => {
  it('is exchanged once for a cookie that scripts and other sites cannot use', async () => {
    const first = await send({ path: pathOf(host.url) });
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);

    const again = await send({ path: pathOf(host.url) });
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.text).toContain('not_allowed');
  });

  it('can be made again for one more screen', async () => {
    const cookie = await openSession();
    expect((await send({ path: '/', headers: { cookie } })).status).toBe(200);
    expect(await openSession()).not.toBe(cookie);
  });

  it('opens nothing when the token is wrong, empty or given twice', async () => {
    for (const query of ['?token=', '?token=0000', '?token=a&token=b', '?other=1']) {
      expect((await send({ path: `/${query}` })).status).toBe(403);
    }
  });

  it('is not spent by a HEAD request of something that only looks', async () => {
    await send({ method: 'HEAD', path: pathOf(host.url) });
    expect((await send({ path: pathOf(host.url) })).status).toBe(303);
  });
});

describe('every request', () => {
  it('is refused without a session, whatever it asks for', async () => {
    for (const path of ['/', '/index.html', '/api/events', '/api/nothing', '/nothing', '/assets/']) {
      expect((await send({ path })).status).toBe(403);
    }
    const forged = { cookie: `redress_session_${host.port}=forged.signature` };
    expect((await send({ path: '/', headers: forged })).status).toBe(403);
  });

  it('is refused when its Host is foreign, so that DNS rebinding gets nowhere', async () => {
    const cookie = await openSession();
    for (const name of [
      'till.example',
      `till.example:${host.port}`,
      '127.0.0.1',
      `127.0.0.1:${host.port + 1}`,
    ]) {
      expect((await send({ path: '/', headers: { cookie, host: name } })).status).toBe(403);
    }
    expect((await send({ path: '/', headers: { cookie, host: `localhost:${host.port}` } })).status).toBe(200);
  });

  it('carries the strict policy, also when it is refused', async () => {
    const cookie = await openSession();
    const replies = [
      await send({ path: '/', headers: { cookie } }),
      await send({ path: '/' }),
      await send({ path: '/nothing', headers: { cookie } }),
      await send({ path: '/%c0', headers: { cookie } }),
      await call({ name: 'state.get', args: {} }),
    ];
    for (const { headers } of replies) {
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('cannot leave the folder of the screen', async () => {
    const cookie = await openSession();
    for (const path of [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/assets/..%2f..%2f..%2fpackage.json',
    ]) {
      expect((await send({ path, headers: { cookie } })).text).not.toContain('"redress"');
    }
  });
});

describe('a call', () => {
  it('reaches the terminal with the operator as its actor and brings back the answer', async () => {
    terminal.answer('order.giveUp', () => ({ ok: true, value: orderCard() }));
    const reply = await call({ name: 'order.giveUp', args: { clientSn: 'A1' } });
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toMatchObject({ ok: true, value: { clientSn: 'R260522-0001-K7Q2' } });
    expect(terminal.calls).toEqual([
      { name: 'order.giveUp', args: { clientSn: 'A1' }, actor: { kind: 'operator', name: 'cashier' } },
    ]);
  });

  it('passes the refusal of an unknown call through', async () => {
    const reply = await call({ name: 'order.forget', args: {} });
    expect(JSON.parse(reply.text)).toEqual(refusal('call_unknown'));
  });

  it('is refused from another origin, and without any', async () => {
    const cookie = await openSession();
    const headers = { cookie, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'state.get', args: {} });
    const foreign = ['http://127.0.0.1:1', 'https://till.example', 'null', `http://localhost:${host.port}`];
    for (const value of foreign) {
      const reply = await send({
        method: 'POST',
        path: '/api/call',
        headers: { ...headers, origin: value },
        body,
      });
      expect(reply.status).toBe(403);
    }
    expect((await send({ method: 'POST', path: '/api/call', headers, body })).status).toBe(403);
  });

  it('is refused when a page on another port of this machine started it', async () => {
    const cookie = await openSession();
    const headers = { cookie, 'sec-fetch-site': 'same-site' };
    expect((await send({ path: '/api/events', headers })).status).toBe(403);
  });

  it('is refused when it is too large, not JSON, or malformed', async () => {
    const large = await call({ name: 'sale.collect', args: { amount: 'x'.repeat(17 * 1024) } });
    expect(large.status).toBe(413);
    expect(JSON.parse(large.text)).toEqual(refusal('arguments_invalid'));
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
    for (const type of types) {
      expect((await call({ name: 'state.get', args: {} }, { 'content-type': type })).status).toBe(415);
    }
    for (const body of ['{', '[]', 'null', '{"name":1}', '{"name":"state.get","args":{},"more":1}']) {
      expect((await call(body)).status).toBe(400);
    }
    expect(terminal.calls).toEqual([]);
  });

  it('that meets a bug answers with the code and nothing about the bug', async () => {
    terminal.answer('order.retry', () => Promise.reject(new Error('secret inside')));
    const reply = await call({ name: 'order.retry', args: { clientSn: 'A1' } });
    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.text)).toEqual(refusal('bug'));
  });
});

describe('the event stream', () => {
  it('begins with a snapshot and goes on with every push', async () => {
    const cookie = await openSession();
    const events = await readEvents(cookie, 2, () => terminal.show(orderCard({ clientSn: 'B2' })));
    expect(events[0]).toMatchObject({ type: 'snapshot', snapshot: { practice: false, orders: [] } });
    expect(events[1]).toMatchObject({ type: 'order', order: { clientSn: 'B2' } });
  });

  it('beats, and ends at once when the host closes', async () => {
    const armed: { readonly ms: number; readonly run: () => void }[] = [];
    await host.close();
    host = await hostScreen({
      terminal,
      timers: { ...systemTimers, after: (ms, run) => (armed.push({ ms, run }), () => undefined) },
    });
    const cookie = await openSession();
    const text = await new Promise<string>((resolve, reject) => {
      const outgoing = request(
        `${origin()}/api/events`,
        { headers: { cookie }, agent: false },
        (incoming) => {
          let all = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => {
            all += chunk;
            if (all.includes('heartbeat')) void host.close();
            else armed.find(({ ms }) => ms === 15_000)?.run();
          });
          incoming.on('end', () => resolve(all));
        },
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(text).toContain(': heartbeat\n');
  });

  it('drops a screen that does not read, instead of keeping everything for it', async () => {
    const cookie = await openSession();
    const socket = connect(host.port, '127.0.0.1');
    const closed = new Promise<string>((resolve) =>
      socket.on('close', () => resolve('closed by the host')).on('error', () => undefined),
    );
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nCookie: ${cookie}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const order = orderCard({ subject: 'x'.repeat(64 * 1024) });
    for (let turn = 0; turn < 400; turn += 1) {
      terminal.push({ type: 'order', order, inDoubt: { count: 1, amount: order.amount } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.resume();
    expect(await closed).toBe('closed by the host');
  });

  it('is refused beyond a bound, so that screens cannot pile up', async () => {
    const cookie = await openSession();
    const opened = [];
    for (let count = 0; count < 32; count += 1) {
      opened.push(
        new Promise<() => void>((resolve) => {
          const outgoing = request(`${origin()}/api/events`, { headers: { cookie }, agent: false }, () =>
            resolve(() => outgoing.destroy()),
          );
          outgoing.on('error', () => undefined);
          outgoing.end();
        }),
      );
    }
    const hangUps = await Promise.all(opened);
    expect((await send({ path: '/api/events', headers: { cookie } })).status).toBe(503);
    for (const hangUp of hangUps) hangUp();
  });
});

it('says that the port is taken', async () => {
  await expect(hostScreen({ terminal, port: host.port })).rejects.toThrow('port_in_use');
});

it('keeps sessions across a restart where the secret is kept', async () => {
  const cookie = await openSession();
  const { port } = host;
  await host.close();
  host = await hostScreen({ terminal, port });
  expect((await send({ path: '/', headers: { cookie } })).status).toBe(200);
});

/** Plants code in the real page, in a window of its own. */
async function plantIn(
  browser: Browser,
  url: string,
  options: { readonly bypassCSP: boolean },
): Promise<Planted> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Collect' }).waitFor();
  const found = await plantCode(page);
  await context.close();
  return found;
}

describe('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('code that was planted in the page does not run', async () => {
    const { blocked, planted } = await plantIn(browser, host.url, { bypassCSP: false });
    expect(planted).toEqual([]);
    expect(blocked).toEqual(
      expect.arrayContaining(['script-src-elem', 'require-trusted-types-for', 'style-src-attr', 'TypeError']),
    );
  });

  it('the same code would run without the policy, so the attempts above are real', async () => {
    const { planted } = await plantIn(browser, host.url, { bypassCSP: true });
    expect(planted.toSorted()).toEqual(['attribute', 'evaluated', 'inline', 'link', 'markup']);
  });

  it('the screen itself breaks no rule of the policy', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(host.url);
    await page.getByRole('button', { name: 'Collect' }).waitFor();
    terminal.show(
      orderCard({ state: 'paid', charged: 'yes', instruction: 'hand_over', revokeRefusal: null }),
    );
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor();
    expect(complaints).toEqual([]);
    expect(new URL(page.url()).search).toBe('');
    await page.close();
  });
});
