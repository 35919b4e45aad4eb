import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALL_NAMES } from '../../shared/call-names.ts';
import { plantCode } from '../support/planted-code.ts';
import { callFrom, Kiosk } from './kiosk.ts';

/** What the kiosk's page is and is not able to do. One kiosk for all: nothing here changes it for good. */

const TILL = 'app://kiosk/';
/** Longer than a navigation that nobody refuses takes to begin. */
const NAVIGATION_MS = 1000;

let kiosk: Kiosk;
let page: Page;

beforeAll(async () => {
  kiosk = await Kiosk.open();
});
beforeEach(() => {
  page = kiosk.page;
});
afterAll(() => kiosk.remove());

const windowCount = (): Promise<number> =>
  kiosk.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

describe('a fresh machine', () => {
  test('shows the till, in practice', async () => {
    expect(page.url()).toBe(TILL);
    expect(await kiosk.snapshot()).toMatchObject({ practice: true, orders: [] });
    expect(await page.locator('.practice-banner').isVisible()).toBe(true);
    expect(await windowCount()).toBe(1);
  });

  test('keeps its data in a folder of its own, and has its gateway in a utility process', async () => {
    const path = await kiosk.application.evaluate(({ app }) => app.getPath('userData'));
    expect(path).toBe(join(kiosk.directory, 'browser'));
    const names = await kiosk.application.evaluate(({ app }) =>
      app.getAppMetrics().map(({ name, serviceName }) => name ?? serviceName),
    );
    expect(names).toContain('Redress practice gateway');
  });
});

describe('the page', () => {
  test('runs in a sandbox of the system', async () => {
    const renderer = await kiosk.application.evaluate(({ app, BrowserWindow }) => {
      const pid = BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId();
      const metric = app.getAppMetrics().find((each) => each.pid === pid);
      return { pid, isSandboxed: metric?.sandboxed ?? null };
    });
    if (process.platform === 'linux') {
      // Electron does not tell on Linux; the kernel does: a filter of system calls.
      expect(readFileSync(`/proc/${renderer.pid}/status`, 'utf8')).toMatch(/^Seccomp:\t2$/m);
    } else {
      expect(renderer.isSandboxed).toBe(true);
    }
  });

  test('has nothing of Node and nothing of Electron', async () => {
    const names = ['process', 'require', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'];
    const types = await page.evaluate(
      (asked) => asked.map((name) => typeof Reflect.get(globalThis, name)),
      names,
    );
    expect(types).toEqual(names.map(() => 'undefined'));
  });

  test('has the calls of the contract and their pushes, and nothing else', async () => {
    const found = await page.evaluate(() => {
      const { redress } = window as unknown as {
        readonly redress: { readonly api: Readonly<Record<string, unknown>> };
      };
      return {
        members: Object.keys(redress),
        calls: Object.keys(redress.api),
        types: [...new Set(Object.values(redress.api).map((value) => typeof value))],
      };
    });
    expect(found.members.toSorted()).toEqual(['api', 'subscribe']);
    expect(found.calls.toSorted()).toEqual(CALL_NAMES.toSorted());
    expect(found.types).toEqual(['function']);
  });

  test('runs no code that was planted in it', async () => {
    const { blocked, planted } = await plantCode(page);
    expect(planted).toEqual([]);
    expect(blocked).toEqual(expect.arrayContaining(['script-src-elem', 'require-trusted-types-for']));
  });

  test('gives a frame inside of it no way to the terminal', async () => {
    const type = await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      await new Promise((turn) => setTimeout(turn, 300));
      const inside = frame.contentWindow;
      const found = inside === null ? 'no window' : typeof Reflect.get(inside, 'redress');
      frame.remove();
      return found;
    });
    expect(['no window', 'undefined']).toContain(type);
  });
});

describe('the network', () => {
  let server: Server;
  let port = 0;
  let requests = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      requests += 1;
      response.setHeader('access-control-allow-origin', '*').end('reached');
    });
    server.on('upgrade', (_request, socket) => {
      requests += 1;
      socket.destroy();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  test('cannot be reached by the page in any way, not even on this machine', async () => {
    const outcomes = await page.evaluate(async (target) => {
      const outcome = async (begin: () => Promise<unknown>): Promise<string> => {
        try {
          await begin();
          return 'reached';
        } catch {
          return 'refused';
        }
      };
      const event = (of: EventTarget, good: string): Promise<unknown> =>
        new Promise((resolve, reject) => {
          of.addEventListener(good, resolve);
          of.addEventListener('error', () => reject(new Error('refused')));
        });
      return {
        fetch: await outcome(() => fetch(`http://${target}/fetch`)),
        request: await outcome(() => {
          const request = new XMLHttpRequest();
          const loaded = event(request, 'load');
          request.open('GET', `http://${target}/request`);
          request.send();
          return loaded;
        }),
        socket: await outcome(() => event(new WebSocket(`ws://${target}/socket`), 'open')),
        image: await outcome(() => {
          const image = new Image();
          const loaded = event(image, 'load');
          image.src = `http://${target}/image`;
          return loaded;
        }),
      };
    }, `127.0.0.1:${port}`);
    expect(outcomes).toEqual({ fetch: 'refused', request: 'refused', socket: 'refused', image: 'refused' });
    expect(requests).toBe(0);
  });
});

describe('a way out', () => {
  test.each([
    'https://example.com/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'app://other/',
    'app://kiosk/assets/',
    'data:text/html,out',
  ])('to %s is refused, and the page stays', async (address) => {
    await page.evaluate((target) => {
      window.location.href = target;
    }, address);
    await page.waitForTimeout(NAVIGATION_MS);
    expect(page.url()).toBe(TILL);
    expect(await page.locator('.sale').isVisible()).toBe(true);
  });

  test.each(['https://example.com/', 'app://kiosk/', 'file:///etc/passwd', 'about:blank'])(
    'in a window of its own to %s is refused',
    async (address) => {
      const isOpened = await page.evaluate((target) => window.open(target) !== null, address);
      await page.waitForTimeout(NAVIGATION_MS);
      expect([isOpened, await windowCount()]).toEqual([false, 1]);
    },
  );

  test.each([
    'app://kiosk/../package.json',
    'app://kiosk/%2e%2e/%2e%2e/package.json',
    'app://kiosk/..%2f..%2fpackage.json',
    'app://kiosk/assets/..%5c..%5c..%5cpackage.json',
    'app://kiosk/%252e%252e/package.json',
    'app://kiosk//etc/passwd',
    'app://kiosk/.%00./package.json',
    'app://other/index.html',
  ])('through our own scheme by %s gives no file', async (address) => {
    const answered = await statusOf(address);
    expect([403, 404, 'refused']).toContain(answered);
  });

  test('is none of the addresses that are refused because nothing is answered at all', async () => {
    expect(await statusOf('app://kiosk/index.html')).toBe(200);
  });
});

/** As the main process sees it: the page itself may not even ask. */
function statusOf(address: string): Promise<number | 'refused'> {
  return kiosk.application.evaluate(async ({ net }, asked) => {
    try {
      const response = await net.fetch(asked);
      return response.status;
    } catch {
      return 'refused' as const;
    }
  }, address);
}

/** Says whatever it likes to the main process, which no page of ours can. */
const RAW_PRELOAD = `
  const { contextBridge, ipcRenderer } = require('electron');
  contextBridge.exposeInMainWorld('raw', (name) => ipcRenderer.invoke('redress:call', name, {}));
`;

/** What our own page answers to `code` in a window that the kiosk did not open. */
function inForeignWindow(preload: string, code: string): Promise<unknown> {
  return kiosk.application.evaluate(
    async ({ BrowserWindow }, [path, run]) => {
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload: path, sandbox: true } });
      try {
        await foreign.loadURL('app://kiosk/');
        return (await foreign.webContents.executeJavaScript(run)) as unknown;
      } finally {
        foreign.destroy();
      }
    },
    [preload, code] as const,
  );
}

describe('who may call the terminal', () => {
  test('is no window that the kiosk did not open, although it shows the same page', async () => {
    const preload = join(import.meta.dirname, '../../dist/main/preload.cjs');
    const reply = await inForeignWindow(preload, "redress.api['state.get']({})");
    expect(reply).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  });

  test('is told of a call that is none, and of one that is not for it', async () => {
    const preload = join(kiosk.directory, 'raw-preload.cjs');
    writeFileSync(preload, RAW_PRELOAD);
    const unknown = await inForeignWindow(preload, "raw('order.print')");
    expect(unknown).toMatchObject({ ok: false, error: { code: 'call_unknown' } });
    const foreign = await inForeignWindow(preload, "raw('state.get')");
    expect(foreign).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  });

  test('is the customer’s display for what it shows, and for nothing that moves money', async () => {
    const opening = kiosk.application.waitForEvent('window', { timeout: 20_000 });
    await page.evaluate(() => void window.open('app://kiosk/#/customer'));
    const customer = await opening;
    await customer.locator('main.customer').waitFor({ timeout: 20_000 });
    expect(await callFrom(customer, 'state.get', {})).toMatchObject({ ok: true });
    const sale = { amount: '12.34', code: '134500000000000001' };
    expect(await callFrom(customer, 'sale.collect', sale)).toMatchObject({
      ok: false,
      error: { code: 'not_allowed' },
    });
    expect((await kiosk.snapshot()).orders).toEqual([]);
    await kiosk.application.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        if (window.webContents.getURL().endsWith('#/customer')) window.destroy();
      }
    });
  });
});
