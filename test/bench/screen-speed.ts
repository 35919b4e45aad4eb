import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { startBrowserHost, type BrowserHost } from '../../main/browser/host.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { createScriptedTerminal } from '../support/scripted-terminal.ts';
import { newCode, Shop } from '../support/shop.ts';
import { median, quantile, type Measure } from './measure.ts';

/** A slow till: six times slower than the machine that measures. */
const SLOWER = 6;
const ORDERS = 1000;
const FIRST_SCREENS = 12;
const TAPS = 80;
const ROW_TAPS = 20;
const COLLECTING_AT_ONCE = 4;

/**
 * The screen of a full day against an empty page from the same kind of host, in turn, both slowed down:
 * what a cashier waits for after opening the till and after each tap.
 */
export async function screenSpeed(): Promise<Measure> {
  const shop = await Shop.open({});
  const browser = await launchBrowser();
  const empty = await serveEmptyPage();
  try {
    const { page } = await shop.window();
    await collectDay(page);
    const firstMs: number[] = [];
    const emptyFirstMs: number[] = [];
    const emptyPage = await browser.newPage();
    await emptyPage.goto(empty.host.url);
    for (let round = 0; round < FIRST_SCREENS; round += 1) {
      firstMs.push(await firstScreen(page, '.instruction'));
      emptyFirstMs.push(await firstScreen(emptyPage, '.word'));
    }
    const taps = { ...(await tapsInTurn(page, emptyPage)), ...(await ordersScreen(page)) };
    return report({ firstMs, emptyFirstMs, taps, gzipBytes: gzipOfScripts() });
  } finally {
    await browser.close();
    await empty.close();
    await shop.close();
  }
}

/** A thousand sales through the real terminal, by its own page. */
async function collectDay(page: Page): Promise<void> {
  const sales = Array.from({ length: ORDERS }, (_, index) => ({
    amount: `${(index % 90) + 1}.50`,
    code: newCode(),
  }));
  const refused = await page.evaluate(
    async ([left, lanes]) => {
      const refusals: string[] = [];
      const collectSome = async (): Promise<void> => {
        for (let args = left.pop(); args !== undefined; args = left.pop()) {
          const response = await fetch('/api/call', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ name: 'sale.collect', args }),
          });
          const text = await response.text();
          if (!text.includes('"ok":true')) refusals.push(text);
        }
      };
      await Promise.all(Array.from({ length: lanes }, collectSome));
      return refusals;
    },
    [sales, COLLECTING_AT_ONCE] as const,
  );
  if (refused.length > 0) throw new Error(`Sales were refused: ${refused[0]}`);
  // The day is full when the last of them is paid.
  await page.waitForFunction(() => document.querySelectorAll('[data-instruction="wait"]').length === 0);
}

async function serveEmptyPage(): Promise<{
  readonly host: BrowserHost;
  readonly close: () => Promise<void>;
}> {
  const assetsDir = mkdtempSync(join(tmpdir(), 'redress-empty-page-'));
  writeFileSync(
    join(assetsDir, 'index.html'),
    '<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>Empty</title>' +
      '<script type="module" src="./empty.js"></script></head><body></body></html>',
  );
  writeFileSync(
    join(assetsDir, 'empty.js'),
    `const word = document.createElement('button');
     word.className = 'word key';
     word.textContent = '0';
     word.addEventListener('click', () => { word.textContent = String(Number(word.textContent) + 1); });
     document.body.append(word);`,
  );
  const host = await startBrowserHost({
    port: 0,
    timers: systemTimers,
    sessionSecret: 'only for this bench, only for this bench',
    terminal: createScriptedTerminal(),
    assetsDir,
    newToken: () => 'a token for one bench on one machine',
    operator: 'bench',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  if (!host.ok) throw new Error(`The empty page's host did not start: ${host.error.code}`);
  const { value } = host;
  return {
    host: value,
    async close() {
      await value.close();
      rmSync(assetsDir, { recursive: true });
    },
  };
}

/** From the start of the navigation until the frame that first shows `selector`, with an empty cache. */
async function firstScreen(opened: Page, selector: string): Promise<number> {
  const context = await opened
    .context()
    .browser()
    ?.newContext({ storageState: await opened.context().storageState() });
  if (context === undefined) throw new Error('The browser has gone');
  const page = await context.newPage();
  await slowDown(page);
  await page.addInitScript((wanted) => {
    const painted = new Promise<number>((resolve) => {
      const look = () => {
        if (document.querySelector(wanted) === null) return;
        seen.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', () => resolve(performance.now()));
          port1.start();
          port2.postMessage(null);
        });
      };
      const seen = new MutationObserver(look);
      seen.observe(document, { childList: true, subtree: true });
    });
    Object.assign(globalThis, { painted });
  }, selector);
  await page.goto(new URL('/', opened.url()).href);
  const tookMs = await page.evaluate(
    async () => (globalThis as unknown as { readonly painted: Promise<number> }).painted,
  );
  await context.close();
  return tookMs;
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

/** One tap, told twice. */
interface Tap {
  /** From the finger's instant to the end of the frame that follows; the display's pace is part of it. */
  readonly frameMs: number;
  /** What the page itself did for it: the handlers, then style, layout and paint. */
  readonly workMs: number;
}

async function watchTaps(page: Page): Promise<void> {
  await page.evaluate(() => {
    let tell: (tap: Tap) => void = () => undefined;
    const nextTap = () =>
      new Promise<Tap>((resolve) => {
        tell = resolve;
      });
    const afterThis = (act: () => void) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', act);
      port1.start();
      port2.postMessage(null);
    };
    const note = ({ timeStamp }: Event) => {
      const beganMs = performance.now();
      let handledMs = Number.NaN;
      afterThis(() => {
        handledMs = performance.now() - beganMs;
      });
      requestAnimationFrame(() => {
        const drawingMs = performance.now();
        afterThis(() => {
          const endMs = performance.now();
          // A frame that comes at once is drawn in the same breath as the handlers end.
          const handlersMs = Number.isNaN(handledMs) ? drawingMs - beganMs : handledMs;
          tell({ frameMs: endMs - timeStamp, workMs: handlersMs + endMs - drawingMs });
        });
      });
    };
    window.addEventListener('click', note, { capture: true });
    window.addEventListener('keydown', note, { capture: true });
    Object.assign(globalThis, { nextTap });
  });
}

/** Does one tap and waits for its frame. Nothing of ours runs in the page meanwhile. */
async function timeTap(page: Page, tap: () => Promise<void>): Promise<Tap> {
  const noted = page.evaluate(async () =>
    (globalThis as unknown as { readonly nextTap: () => Promise<Tap> }).nextTap(),
  );
  await tap();
  return noted;
}

/** Like a finger: without the looks under it by which a test makes sure of its target. */
async function tapOn(page: Page, target: Locator): Promise<Tap> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('There is nothing to tap');
  return timeTap(page, () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2));
}

async function tapsInTurn(page: Page, emptyPage: Page) {
  const key: Tap[] = [];
  const emptyKey: Tap[] = [];
  for (const each of [page, emptyPage]) {
    await each.reload();
    await each.locator('.key').first().waitFor();
    await slowDown(each);
    await watchTaps(each);
  }
  const keys = page.locator('.key');
  const erase = (await keys.count()) - 1;
  for (let round = 0; round < TAPS; round += 1) {
    // Five digits and five times erased, so that the amount stays one.
    key.push(await tapOn(page, keys.nth(round % 10 < 5 ? round % 9 : erase)));
    emptyKey.push(await tapOn(emptyPage, emptyPage.locator('.key')));
  }
  return { key, emptyKey };
}

/** The whole day in the list, then taps in it. */
async function ordersScreen(page: Page) {
  const rows = page.locator('main [data-client-sn]');
  const toOrders = page.locator('.nav-link').nth(1);
  const open = [await tapOn(page, toOrders)];
  const row: Tap[] = [];
  const back: Tap[] = [];
  const search: Tap[] = [];
  await readAllRows(page);
  for (let round = 0; round < ROW_TAPS; round += 1) {
    row.push(
      await tapOn(
        page,
        rows
          .nth(round % 3)
          .locator('a')
          .first(),
      ),
    );
    back.push(await tapOn(page, toOrders));
    await readAllRows(page);
  }
  const box = page.locator('main input').first();
  await box.focus();
  for (let round = 0; round < ROW_TAPS; round += 1) {
    search.push(await timeTap(page, () => page.keyboard.press(round % 2 === 0 ? '7' : 'Backspace')));
    await readAllRows(page, round % 2 === 0 ? 1 : ORDERS);
  }
  return { open, row, back, search };
}

/** Scrolls down until the list has them all. */
async function readAllRows(page: Page, wanted = ORDERS): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const found = document.querySelectorAll('main [data-client-sn]');
      if (found.length >= count) return true;
      found[found.length - 1]?.scrollIntoView();
      return false;
    },
    wanted,
    { polling: 100, timeout: 120_000 },
  );
  await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 0));
}

function gzipOfScripts(): number {
  const folder = 'dist/renderer/assets';
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
  return scripts.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length,
    0,
  );
}

interface Samples {
  readonly firstMs: readonly number[];
  readonly emptyFirstMs: readonly number[];
  readonly taps: Readonly<Record<'key' | 'emptyKey' | 'open' | 'row' | 'back' | 'search', readonly Tap[]>>;
  readonly gzipBytes: number;
}

function report({ firstMs, emptyFirstMs, taps, gzipBytes }: Samples): Measure {
  const timed: Record<string, readonly number[]> = { firstMs, emptyFirstMs };
  for (const [name, values] of Object.entries(taps)) {
    timed[`${name}FrameMs`] = values.map(({ frameMs }) => frameMs);
    timed[`${name}WorkMs`] = values.map(({ workMs }) => workMs);
  }
  const told = (name: string) => {
    const values = timed[name] ?? [];
    return `p50 ${median(values).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms`;
  };
  const tap = (name: keyof typeof taps) => `${told(`${name}FrameMs`)}; work ${told(`${name}WorkMs`)}`;
  const figures = Object.fromEntries(
    Object.entries(timed).flatMap(([name, values]) => [
      [`${name}P50`, median(values)],
      [`${name}P95`, quantile(values, 0.95)],
    ]),
  );
  return {
    name: 'screen',
    figures: { ...figures, gzipBytes },
    lines: [
      `${ORDERS} orders, ${SLOWER}× slower than this machine`,
      `first screen:              ${told('firstMs')} (aim 400 ms)`,
      `an empty page's one word:  ${told('emptyFirstMs')} (${FIRST_SCREENS} pairs)`,
      `key of the keypad:         ${tap('key')} (aim p95 16 ms)`,
      `key of the empty page:     ${tap('emptyKey')} (${TAPS} pairs)`,
      `to Orders:                 ${tap('open')}`,
      `one of ${ORDERS} rows:          ${tap('row')}`,
      `back to Orders:            ${tap('back')}`,
      `key in the search box:     ${tap('search')}`,
      `all script, gzipped:       ${gzipBytes} bytes (aim 40000)`,
    ],
  };
}
