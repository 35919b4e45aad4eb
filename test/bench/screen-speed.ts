import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { startBrowserHost, type BrowserHost } from '../../main/browser/host.ts';
import { systemTimers } from '../../main/shell/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { createScriptedTerminal } from '../support/scripted-terminal.ts';
import { newCode, Shop } from '../support/shop.ts';
import type { Bench, BenchOptions, Figure, Measure, Series } from './figure.ts';
import { median, quantile } from './measure.ts';

/** A slow till: six times slower than the machine that measures. */
const SLOWER = 6;
const COLLECTING_AT_ONCE = 4;
const KEY_AIM_MS = 16;
const FIRST_SCREEN_AIM_MS = 400;
const SCRIPT_AIM_BYTES = 40_000;

interface Sizes {
  readonly orders: number;
  readonly firstScreens: number;
  readonly taps: number;
  readonly rowTaps: number;
}

const FULL: Sizes = { orders: 1000, firstScreens: 12, taps: 80, rowTaps: 8 };
const QUICK: Sizes = { orders: 50, firstScreens: 2, taps: 16, rowTaps: 2 };

/** The one-screen trial by which the UI library was chosen (models.md 5), slowed down as much. */
const TRIAL = {
  name: 'the trial screen in Preact, on another day',
  firstMs: 203,
  keyP50Ms: 1.4,
  keyP95Ms: 9.6,
  listMs: 1361,
};

export const screen: Bench = {
  id: 10,
  name: 'screen',
  about: `The screen of a day of a thousand orders against an empty page from the same kind of host, both ${SLOWER} times slowed down: what a cashier waits for after opening the till and after each tap.`,
  run: measureScreen,
};

async function measureScreen({ quick, progress }: BenchOptions): Promise<Measure> {
  const sizes = quick ? QUICK : FULL;
  const shop = await Shop.open({});
  const browser = await launchBrowser();
  const empty = await serveEmptyPage();
  try {
    const { page } = await shop.window();
    progress(`collecting ${sizes.orders} orders`);
    await collectDay(page, sizes.orders);
    const firstMs: number[] = [];
    const emptyFirstMs: number[] = [];
    const emptyPage = await browser.newPage();
    await emptyPage.goto(empty.host.url);
    for (let round = 0; round < sizes.firstScreens; round += 1) {
      progress(`first screen ${round + 1} of ${sizes.firstScreens}`);
      firstMs.push(await firstScreen(page, '.instruction'));
      emptyFirstMs.push(await firstScreen(emptyPage, '.word'));
    }
    progress(`${sizes.taps} keys`);
    const keys = await tapsInTurn(page, emptyPage, sizes.taps);
    progress(`${sizes.rowTaps} times through the list`);
    const list = await ordersScreen(page, sizes);
    return report({
      sizes,
      firstMs,
      emptyFirstMs,
      taps: { ...keys, ...list },
      gzipBytes: gzipOfFirstScript(),
    });
  } finally {
    await browser.close();
    await empty.close();
    await shop.close();
  }
}

/** Sales through the real terminal, by its own page. */
async function collectDay(page: Page, orders: number): Promise<void> {
  const sales = Array.from({ length: orders }, (_, index) => ({
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

async function tapsInTurn(page: Page, emptyPage: Page, taps: number) {
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
  for (let round = 0; round < taps; round += 1) {
    // Five digits and five times erased, so that the amount stays one.
    key.push(await tapOn(page, keys.nth(round % 10 < 5 ? round % 9 : erase)));
    emptyKey.push(await tapOn(emptyPage, emptyPage.locator('.key')));
  }
  return { key, emptyKey };
}

/** The whole day in the list, then taps in it. */
async function ordersScreen(page: Page, { orders, rowTaps }: Sizes) {
  const rows = page.locator('main [data-client-sn]');
  const toOrders = page.locator('.nav-link').nth(1);
  await tapOn(page, toOrders);
  const row: Tap[] = [];
  const back: Tap[] = [];
  const search: Tap[] = [];
  await readAllRows(page, orders);
  for (let round = 0; round < rowTaps; round += 1) {
    const target = rows.nth(round % 3).locator('a');
    row.push(await tapOn(page, target.first()));
    back.push(await tapOn(page, toOrders));
    await readAllRows(page, orders);
  }
  await page.locator('main input').first().focus();
  for (let round = 0; round < rowTaps; round += 1) {
    search.push(await timeTap(page, () => page.keyboard.press(round % 2 === 0 ? '7' : 'Backspace')));
    await readAllRows(page, round % 2 === 0 ? 1 : orders);
  }
  return { row, back, search };
}

/** Scrolls down until the list has them all. */
async function readAllRows(page: Page, wanted: number): Promise<void> {
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

/** What the till's page names itself: the scripts of other pages and of the Terminal screen come after it. */
function gzipOfFirstScript(): number {
  const folder = 'dist/renderer';
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map((found) => found[1] ?? '');
  return scripts.reduce(
    (sum, script) => sum + gzipSync(readFileSync(join(folder, script)), { level: 9 }).length,
    0,
  );
}

interface Samples {
  readonly sizes: Sizes;
  readonly firstMs: readonly number[];
  readonly emptyFirstMs: readonly number[];
  readonly taps: Readonly<Record<'key' | 'emptyKey' | 'row' | 'back' | 'search', readonly Tap[]>>;
  readonly gzipBytes: number;
}

function report({ sizes, firstMs, emptyFirstMs, taps, gzipBytes }: Samples): Measure {
  const frames = (of: readonly Tap[]) => of.map(({ frameMs }) => frameMs);
  const work = (of: readonly Tap[]) => of.map(({ workMs }) => workMs);
  const [keyMs, emptyKeyMs] = [frames(taps.key), frames(taps.emptyKey)];
  const backMs = frames(taps.back);
  const figures: Figure[] = [
    against('first screen, p50', 'an empty page', firstMs, emptyFirstMs, 0.5, FIRST_SCREEN_AIM_MS),
    against('key to frame, p50', 'a key of an empty page', keyMs, emptyKeyMs, 0.5, null),
    against('key to frame, p95', 'a key of an empty page', keyMs, emptyKeyMs, 0.95, KEY_AIM_MS),
    fixed('first screen, p50, beside the trial', 'ms', median(firstMs), TRIAL.firstMs, TRIAL.name),
    fixed('work of a key, p50', 'ms', median(work(taps.key)), TRIAL.keyP50Ms, TRIAL.name),
    fixed('work of a key, p95', 'ms', quantile(work(taps.key), 0.95), TRIAL.keyP95Ms, TRIAL.name),
    fixed(`list of ${sizes.orders} orders, p50`, 'ms', median(backMs), TRIAL.listMs, TRIAL.name),
    {
      ...fixed('script of the first screen, gzipped', 'bytes', gzipBytes, SCRIPT_AIM_BYTES, 'its limit'),
      aim: `≤ ${SCRIPT_AIM_BYTES} bytes`,
      met: gzipBytes <= SCRIPT_AIM_BYTES,
    },
  ];
  const series: Series[] = [
    { name: 'ours: first screen', unit: 'ms', samples: firstMs },
    { name: 'empty page: first screen', unit: 'ms', samples: emptyFirstMs },
    { name: 'ours: key to frame', unit: 'ms', samples: keyMs },
    { name: 'empty page: key to frame', unit: 'ms', samples: emptyKeyMs },
    { name: 'ours: work of a key', unit: 'ms', samples: work(taps.key) },
    { name: 'empty page: work of a key', unit: 'ms', samples: work(taps.emptyKey) },
    { name: `ours: one of ${sizes.orders} rows opened`, unit: 'ms', samples: frames(taps.row) },
    { name: `ours: back to the list of ${sizes.orders}`, unit: 'ms', samples: backMs },
    { name: 'ours: key in the search box', unit: 'ms', samples: frames(taps.search) },
  ];
  return {
    figures,
    series,
    notes: [
      `${sizes.orders} orders of one day; ${sizes.firstScreens} first screens and ${sizes.taps} keys in turn with the empty page, processor ${SLOWER} times slowed down by Chromium`,
      'first screen: from the start of the navigation, with an empty cache, to the frame that shows the instruction; the terminal answers from the same machine, which is not slowed down',
      'key to frame: from the instant of the input event to the end of the frame after it; headless frames come every 16.7 ms, so an empty page alone takes longer than the aim',
      'work of a key: handlers, style, layout and paint, without the wait for the frame',
      'the trial screen was measured on another day, so the ratio to it says which order of magnitude and no more',
    ],
  };
}

/** Ours against the empty page, round by round. */
function against(
  name: string,
  referenceName: string,
  ours: readonly number[],
  reference: readonly number[],
  share: number,
  aimMs: number | null,
): Figure {
  const value = quantile(ours, share);
  return {
    id: screen.id,
    name,
    unit: 'ms',
    ours: value,
    reference: quantile(reference, share),
    referenceName,
    ratio: median(ours.map((each, index) => each / (reference[index] ?? Number.NaN))),
    aim: aimMs === null ? null : `≤ ${aimMs} ms`,
    met: aimMs === null ? null : value <= aimMs,
  };
}

function fixed(name: string, unit: string, ours: number, reference: number, referenceName: string): Figure {
  return {
    id: screen.id,
    name,
    unit,
    ours,
    reference,
    referenceName,
    ratio: ours / reference,
    aim: null,
    met: null,
  };
}
