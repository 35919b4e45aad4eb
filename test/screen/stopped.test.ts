import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layoutFaults, violations } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';

/** What stands in the window when the till itself cannot be shown. Nobody scrolls a page that looks broken. */

const ORIGIN = 'http://kiosk.invalid';
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openStopped(width: number, height: number): Promise<Page> {
  const assets = resolve('dist/renderer');
  if (!existsSync(assets)) throw new Error('The screen is not built. Run `npm run build`.');
  const page = await browser.newPage({ viewport: { width, height } });
  await page.route('**/*', (route) =>
    route.fulfill({ path: join(assets, new URL(route.request().url()).pathname) }),
  );
  await page.goto(`${ORIGIN}/stopped.html`);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** In pixels from the top of the window, one for each language. */
function bottomsOf(page: Page, selector: string): Promise<readonly number[]> {
  return page
    .locator(selector)
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().bottom));
}

describe('a screen that stopped', () => {
  test.each([
    [768, 1024],
    [800, 600],
    [1024, 768],
    [1280, 720],
    [1280, 800],
    [1366, 768],
    [1920, 1080],
  ])('says everything in both languages without scrolling, at %d by %d', async (width, height) => {
    const page = await openStopped(width, height);
    const bottoms = await bottomsOf(page, 'section');
    expect(bottoms).toHaveLength(2);
    for (const bottom of bottoms) expect(bottom).toBeLessThanOrEqual(height);
    expect(await layoutFaults(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test.each([
    [512, 384],
    [640, 400],
  ])('says what not to do and the first step, magnified to %d by %d', async (width, height) => {
    const page = await openStopped(width, height);
    for (const selector of ['.stopped-warning', 'li:first-child']) {
      const bottoms = await bottomsOf(page, selector);
      expect(bottoms).toHaveLength(2);
      for (const bottom of bottoms) expect(bottom, selector).toBeLessThanOrEqual(height);
    }
    await page.close();
  });
});
