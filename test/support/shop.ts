import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { OrderState } from '../../shared/order/order.ts';
import type { PolicyInput } from '../../shared/order/policy.ts';
import type { Language } from '../../renderer/strings/languages.ts';
import { launchBrowser } from './browser.ts';
import { prepareData, type PreparedData } from './cli.ts';
import { REDRESS, startGatewayProcess, type GatewayOrder, type GatewayProcess } from './gateway-process.ts';

/** Minutes of a real counter in seconds. */
export const FAST_POLICY: PolicyInput = {
  payTimeoutMs: 900,
  callTimeoutMs: 800,
  queryIntervalMs: 300,
  confirmWindowMs: 3000,
  minReverseAgeMs: 500,
  inFlightHorizonMs: 6000,
  reverseBackoffMs: [200, 400],
};

/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 30_000;

interface Served {
  readonly url: string;
  readonly pid: number;
}

/** Who the terminal was set up with. */
interface Acquirer {
  readonly gateway: GatewayProcess;
  readonly data: PreparedData;
}

/**
 * The whole product as it stands at a counter: real Chromium, the built `redress serve`, and the practice
 * gateway's own process. Nothing in it is a stand-in.
 */
export class Shop {
  /** What `redress serve` is pointed at. */
  readonly directory: string;
  readonly #acquirer: Acquirer | null;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  #child: ChildProcess | null = null;
  #cookies: Awaited<ReturnType<BrowserContext['storageState']>>['cookies'] = [];
  #url = '';

  private constructor(browser: Browser, directory: string, acquirer: Acquirer | null) {
    this.#browser = browser;
    this.directory = directory;
    this.#acquirer = acquirer;
  }

  static async open(policy: PolicyInput = FAST_POLICY): Promise<Shop> {
    const browser = await launchBrowser();
    const gateway = await startGatewayProcess();
    const data = await prepareData(gateway, policy);
    const shop = new Shop(browser, data.data, { gateway, data });
    await shop.serve();
    return shop;
  }

  /** A fresh machine: nothing is set up, so the terminal practises with a gateway of its own. */
  static async practice(): Promise<Shop> {
    const shop = new Shop(await launchBrowser(), mkdtempSync(join(tmpdir(), 'redress-fresh-')), null);
    await shop.serve();
    return shop;
  }

  get gateway(): GatewayProcess {
    return this.#set().gateway;
  }

  get data(): PreparedData {
    return this.#set().data;
  }

  /** What the gateway knows of the orders over an amount. */
  async ordersOf(amountMinor: number): Promise<readonly GatewayOrder[]> {
    return (await this.gateway.orders()).filter(({ totalMinor }) => totalMinor === amountMinor);
  }

  #set(): Acquirer {
    if (this.#acquirer === null) throw new Error('in practice the terminal keeps gateway and data to itself');
    return this.#acquirer;
  }

  /** Starts `redress serve` as merchant IT would; again after a kill. */
  async serve(): Promise<Served> {
    const child = spawn(process.execPath, [REDRESS, '--data', this.directory, '--json', 'serve'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { readonly url: string };
    this.#url = url;
    return { url, pid: child.pid ?? 0 };
  }

  /** Ends the terminal's process as a power cut would, or as merchant IT would. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Another window of the same terminal, signed in like the first. */
  async window(language: Language = 'en', options: BrowserContextOptions = {}, hash = ''): Promise<Counter> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      ...options,
      storageState: { cookies: this.#cookies, origins: [] },
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    if (this.#cookies.length === 0) {
      // The address opens one session; every further window carries its cookie.
      await page.goto(this.#url);
      this.#cookies = (await context.storageState()).cookies;
    }
    await page.goto(`${new URL(this.#url).origin}/${hash}`);
    await page.locator('main').waitFor();
    return new Counter(page, language);
  }

  /** The next window signs in anew, with the address that the last start printed. */
  forgetSession(): void {
    this.#cookies = [];
  }

  async closeWindows(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await this.closeWindows();
    await this.end('SIGTERM');
    await this.#browser.close();
    if (this.#acquirer === null) rmSync(this.directory, { recursive: true, force: true });
    try {
      this.#acquirer?.data.remove();
    } finally {
      await this.#acquirer?.gateway.stop();
    }
  }
}

const NAMES = {
  en: {
    amount: 'Amount',
    code: 'Payment code',
    collect: 'Collect',
    revoke: 'Revoke',
    refund: 'Refund',
    giveUp: 'Give up',
    tryNow: 'Try now',
  },
  zh: {
    amount: '金额',
    code: '付款码',
    collect: '收款',
    revoke: '撤单',
    refund: '退款',
    giveUp: '放弃',
    tryNow: '立即重试',
  },
} as const;

/** One key as the debugger's protocol names it. */
interface Stroke {
  readonly key: string;
  readonly code?: string;
  readonly text?: string;
  readonly windowsVirtualKeyCode?: number;
  readonly modifiers?: number;
}

const SCANNER_GAP_SECONDS = 0.004;
const CONTROL = 2;
/** What scanners put after a code. LF arrives as Ctrl+J from many of them. */
const ENDINGS = {
  Enter: { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 },
  Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  LineFeed: { key: 'j', code: 'KeyJ', modifiers: CONTROL, windowsVirtualKeyCode: 74 },
} as const satisfies Readonly<Record<string, Stroke>>;
type ScanEnding = keyof typeof ENDINGS;

let codes = 134_700_000_000_000_000n;

/** A wallet code that nobody has used yet. */
export function newCode(): string {
  codes += 1n + BigInt(process.pid % 1000) * 1_000_000n;
  return String(codes);
}

/** What a cashier sees and does in one window, by the stable names that other programs rely on as well. */
export class Counter {
  readonly page: Page;
  readonly names: (typeof NAMES)[Language];
  readonly amount: Locator;
  readonly code: Locator;
  readonly instruction: Locator;

  constructor(page: Page, language: Language) {
    this.page = page;
    this.names = NAMES[language];
    this.amount = page.getByRole('textbox', { name: this.names.amount, exact: true });
    this.code = page.getByRole('textbox', { name: this.names.code, exact: true });
    this.instruction = page.locator('[role="status"][data-instruction]');
  }

  button(name: keyof (typeof NAMES)['en']): Locator {
    return this.page.getByRole('button', { name: this.names[name], exact: true });
  }

  async collect(amount: string, code = newCode()): Promise<void> {
    await this.amount.fill(amount);
    await this.code.fill(code);
    await this.button('collect').click();
  }

  /** Waits until the instruction is about an order in this state. */
  async expectState(state: OrderState): Promise<void> {
    await this.page.locator(`[role="status"][data-state="${state}"]`).waitFor({ timeout: PATIENCE_MS });
  }

  /** The number of the newest order in the list of this page. */
  async newest(): Promise<string> {
    const row = this.page.locator('[data-client-sn]').first();
    return (await row.getAttribute('data-client-sn')) ?? '';
  }

  row(clientSn: string): Locator {
    return this.page.locator(`[data-client-sn="${clientSn}"]`);
  }

  /** Presses Revoke in the order's row and answers the question. */
  async revoke(clientSn: string): Promise<void> {
    await this.row(clientSn).getByRole('button', { name: this.names.revoke, exact: true }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: this.names.revoke }).click();
  }

  /**
   * Types as a scanner does: a burst, and then its endings. Each key carries the time at which a scanner
   * would have pressed it, however long a busy machine takes to deliver it.
   */
  async scan(text: string, endings: readonly ScanEnding[] = ['Enter']): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    let atSeconds = Date.now() / 1000;
    const sent: Promise<unknown>[] = [];
    // None waits for the one before it to be handled: a scanner does not either.
    const press = (stroke: Stroke): void => {
      const { text: typed, ...released } = stroke;
      atSeconds += SCANNER_GAP_SECONDS;
      const type = typed === undefined ? 'rawKeyDown' : 'keyDown';
      sent.push(
        session.send('Input.dispatchKeyEvent', { type, ...stroke, timestamp: atSeconds }),
        session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...released, timestamp: atSeconds }),
      );
    };
    for (const character of text) press({ key: character, text: character });
    for (const ending of endings) press(ENDINGS[ending]);
    await Promise.all(sent);
    await session.detach();
  }

  /** Follows an address within the page, as a link would. */
  async go(hash: string): Promise<void> {
    await this.page.evaluate((target) => {
      window.location.hash = target;
    }, hash);
  }
}
