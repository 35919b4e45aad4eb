import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { APP_ORIGIN } from '../../main/electron/app-address.ts';
import { createAppHandler } from '../../main/electron/app-scheme.ts';
import { bridgeIpc, type IpcMainLike, type SenderEvent } from '../../main/electron/ipc-bridge.ts';
import type { ScreenRole } from '../../main/electron/windows.ts';
import type { HostedTerminal } from '../../main/hosted-terminal.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';
import { RecordedLog } from './electron-stand-in.ts';

/** Chromium knows no `app:` scheme, so the kiosk's pages are asked for at this address instead. */
const ADDRESS = 'https://kiosk.test';

/**
 * Everything of the kiosk but Electron itself: its pages through its own scheme handler with its own policy,
 * its built preload, and its own bridge to the main process, in a real Chromium. What Electron would carry
 * between them is carried by Playwright.
 */
export class KioskScreens implements IpcMainLike {
  readonly log = new RecordedLog();
  readonly #browser: Browser;
  readonly #serve = createAppHandler({ root: resolve('dist/renderer'), log: this.log });
  readonly #preload = readFileSync(resolve('dist/main/preload.cjs'), 'utf8');
  readonly #roles = new Map<number, ScreenRole>();
  readonly #contexts: BrowserContext[] = [];
  #onCall: ((event: SenderEvent, ...values: unknown[]) => Promise<unknown>) | null = null;
  #onSubscribe: ((event: SenderEvent) => void) | null = null;
  /** While true, nothing gets from the main process to any page. */
  isMainSilent = false;

  constructor(browser: Browser, terminal: HostedTerminal) {
    this.#browser = browser;
    bridgeIpc({
      ipcMain: this,
      terminal,
      actor: { kind: 'operator', name: 'cashier' },
      roleOf: (id) => this.#roles.get(id) ?? null,
      timers: systemTimers,
      log: this.log,
      isStrict: true,
    });
  }

  handle(_channel: string, listener: (event: SenderEvent, ...values: unknown[]) => Promise<unknown>): void {
    this.#onCall = listener;
  }

  on(_channel: string, listener: (event: SenderEvent) => void): void {
    this.#onSubscribe = listener;
  }

  /** Opens a window of this role with a page of the kiosk. */
  async open(role: ScreenRole, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ locale: 'en-GB', ...options });
    this.#contexts.push(context);
    const page = await context.newPage();
    const id = this.#roles.size + 1;
    this.#roles.set(id, role);
    await context.route('**/*', async (route) => {
      const request = route.request();
      const url = request.url().replace(ADDRESS, APP_ORIGIN);
      const response = await this.#serve({ method: request.method(), url });
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    });
    await this.#connect(page, id);
    await page.goto(`${ADDRESS}${path}`);
    return page;
  }

  async close(): Promise<void> {
    this.isMainSilent = true;
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async #connect(page: Page, id: number): Promise<void> {
    const event: SenderEvent = {
      senderFrame: { origin: APP_ORIGIN, parent: null },
      sender: {
        id,
        isDestroyed: () => page.isClosed(),
        send: (channel, ...values) => void this.#send(page, channel, values),
        once: (_name, listener) => page.once('close', listener),
      },
    };
    await page.exposeFunction('toMain', (channel: string, values: readonly unknown[]) => {
      if (channel === KIOSK_CHANNELS.call) return this.#onCall?.(event, ...values);
      return this.#onSubscribe?.(event);
    });
    await page.addInitScript(`{
      const listeners = new Map();
      const of = (channel) => listeners.get(channel) ?? new Set();
      window.fromMain = (channel, values) => { for (const listener of of(channel)) listener({}, ...values); };
      const given = {
        contextBridge: { exposeInMainWorld: (name, value) => { window[name] = value; } },
        ipcRenderer: {
          invoke: (channel, ...values) => window.toMain(channel, values),
          send: (channel, ...values) => { window.toMain(channel, values); },
          on: (channel, listener) => { listeners.set(channel, of(channel).add(listener)); },
          off: (channel, listener) => { of(channel).delete(listener); },
        },
      };
      ((require, exports) => {
        ${this.#preload}
      })(() => given, {});
    }`);
  }

  async #send(page: Page, channel: string, values: readonly unknown[]): Promise<void> {
    if (this.isMainSilent) return;
    try {
      await page.evaluate(
        ([to, all]) =>
          (window as unknown as { fromMain(channel: unknown, values: unknown): void }).fromMain(to, all),
        [channel, values] as const,
      );
    } catch {
      // A page that is being reloaded or closed hears nothing, as in Electron.
    }
  }
}
