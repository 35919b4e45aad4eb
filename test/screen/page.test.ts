import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { type Counter, newCode, Shop } from '../support/shop.ts';

/** What the page is made of, and what it may not do. */

/** What the first paint may wait for, gzipped. */
const FIRST_SCRIPT_LIMIT_BYTES = 40_000;
/** All that a till ever loads: two scripts weigh more than one, and cutting is no way to grow. */
const ALL_SCRIPT_LIMIT_BYTES = 42_700;
const RENDERER = 'dist/renderer';
const ASSETS = join(RENDERER, 'assets');
/** A page of its own beside the screens. */
const SHEET = '/command-cards-zh.html#practice';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

async function visit(counter: Counter, target: string): Promise<void> {
  if (target.startsWith('#')) await counter.go(target);
  else await counter.page.goto(new URL(target, counter.page.url()).href);
}

test('its first script is at most 40 kB, gzipped, and asks for nothing before it runs', () => {
  const page = readFileSync(join(RENDERER, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, file]) => String(file));
  expect(named.length).toBe(1);
  const script = readFileSync(join(RENDERER, String(named[0])));
  expect(gzipSync(script).length).toBeLessThanOrEqual(FIRST_SCRIPT_LIMIT_BYTES);
  // A script that it imports as a whole would be waited for as well.
  expect(script.toString()).not.toMatch(/\bimport\s*(?:[\w*{]|["'`])/);
});

test('all of its script is little more than the first', () => {
  const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(ASSETS, name))).length);
  expect(scripts.length).toBe(2);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(ALL_SCRIPT_LIMIT_BYTES);
});

describe('the script of the Terminal screen', () => {
  const TERMINAL_SCRIPT = /\/terminal-screen-[^/]+\.js$/;

  test('is there before anybody asks for it, so that it needs no terminal then', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await expect
      .poll(async () => {
        const entries = await page.evaluate(() =>
          performance.getEntriesByType('resource').map(({ name }) => name),
        );
        return entries.some((name) => TERMINAL_SCRIPT.test(name));
      })
      .toBe(true);
    await page.route(TERMINAL_SCRIPT, (route) => route.abort());
    await counter.go('#/terminal');
    await page.getByRole('heading', { level: 1, name: 'Terminal' }).waitFor();
  });

  test('is not waited for by the first screen, nor by any that has to do with money', async () => {
    const counter = await shop.window();
    const { page } = counter;
    // It never arrives.
    await page.route(TERMINAL_SCRIPT, () => {});
    await page.reload();
    await counter.collect('8.00');
    await counter.expectState('paid');
    const clientSn = await counter.newest();
    for (const hash of [`#/orders/${clientSn}`, '#/orders', '#/in-doubt']) {
      await counter.go(hash);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    await counter.go(`#/orders/${clientSn}`);
    await counter.button('revoke').click();
    await page.getByRole('dialog').locator('[data-answer="yes"]').click();
    await page.locator('.order-headline[data-state="revoked"]').waitFor();
  });

  test.each(['en', 'zh'] as const)(
    'that cannot be had leaves a word and a way on in its place (%s)',
    async (language) => {
      const counter = await shop.window(language, {}, '#/terminal');
      const { page } = counter;
      await page.route(TERMINAL_SCRIPT, (route) => route.abort());
      await page.reload();
      const words = {
        en: 'This screen could not be loaded. Collecting goes on',
        zh: '此页面未能加载，收款不受影响',
      };
      await page.getByRole('alert').getByText(words[language]).waitFor();
      expect(await violations(page)).toEqual([]);
      await counter.go('#/');
      await counter.collect('9.00');
      await counter.expectState('paid');
      await counter.go('#/terminal');
      await page.unroute(TERMINAL_SCRIPT);
      await page.getByRole('alert').getByRole('button').click();
      await page.locator('.terminal-panels').waitFor();
    },
  );
});

test('a planted inline script, style or handler does nothing on any screen', async () => {
  const counter = await shop.window();
  const { page } = counter;
  for (const target of ['#/', '#/orders', '#/in-doubt', '#/terminal', '#/customer', SHEET]) {
    await visit(counter, target);
    await page.locator('main').waitFor();
    const ran = await page.evaluate(async () => {
      const planted: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => planted.push(event.effectiveDirective));
      const script = document.createElement('script');
      try {
        script.textContent = 'document.title = "planted"';
      } catch {
        planted.push('trusted-types');
      }
      document.body.append(script);
      const button = document.createElement('button');
      try {
        button.setAttribute('onclick', 'document.title = "planted"');
      } catch {
        planted.push('trusted-types');
      }
      document.body.append(button);
      button.click();
      await new Promise((resolve) => setTimeout(resolve, 50));
      button.remove();
      script.remove();
      return { title: document.title, planted };
    });
    expect(ran.title).not.toBe('planted');
    expect(ran.planted.length).toBeGreaterThan(0);
  }
});

test('it loads nothing from anywhere but its own terminal, and breaks no rule of its own policy', async () => {
  const counter = await shop.window('zh');
  const { page } = counter;
  const foreign: string[] = [];
  const complaints: string[] = [];
  const own = new URL(page.url()).origin;
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== own) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.reload();
  await page.locator('.sale').waitFor();
  await counter.collect('12.34');
  await counter.expectState('paid');
  const clientSn = await counter.newest();
  for (const target of [
    `#/orders/${clientSn}`,
    '#/orders',
    '#/in-doubt',
    '#/terminal',
    '#/customer',
    SHEET,
  ]) {
    await visit(counter, target);
    await page.locator('main').waitFor();
    await page.waitForTimeout(150);
  }
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test('Chinese is drawn with the font that ships, so that a bare Linux shows no empty boxes', async () => {
  const counter = await shop.window('zh');
  await counter.collect('5.05', newCode());
  await counter.expectState('paid');
  await counter.page.evaluate(() => document.fonts.ready);
  const session = await counter.page.context().newCDPSession(counter.page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument', { depth: -1 });
  for (const selector of [
    '.instruction-headline',
    '.instruction-sentence',
    '.nav-link span',
    '.field label',
  ]) {
    const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    expect(fonts.length, selector).toBeGreaterThan(0);
    for (const font of fonts) expect(font, selector).toMatchObject({ isCustomFont: true });
  }
});

test('the language is the system’s at first, changes at once, and is named to screen readers', async () => {
  const counter = await shop.window('zh');
  const { page } = counter;
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
  await counter.button('collect').waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Collect', exact: true }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  await page.reload();
  await page.getByRole('button', { name: 'Collect', exact: true }).waitFor();
});
