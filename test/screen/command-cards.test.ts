import { readdirSync, readFileSync } from 'node:fs';
import { decodeQR } from 'qr/decode.js';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drawCards } from '../../.ci/command-cards.ts';
import { COMMANDS, meaningOf } from '../../renderer/input/scan-meaning.ts';
import { LANGUAGES, type Language } from '../../renderer/strings/languages.ts';
import { layoutFaults, violations } from '../support/accessibility.ts';
import { Shop } from '../support/shop.ts';

/** The sheet of command cards: what is printed from it is scanned for years, so its codes are read back here. */

const PRACTICE = '#practice';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

async function openSheet(language: Language, fragment = ''): Promise<Page> {
  const { page } = await shop.window(language);
  await page.goto(new URL(`/command-cards-${language}.html${fragment}`, page.url()).href);
  await page.locator('main').waitFor();
  return page;
}

/** What a scanner reads from each picture, as the browser draws it. */
async function scanned(page: Page): Promise<readonly string[]> {
  const pictures = await page.locator('.command-card img').evaluateAll((images) =>
    images.map((image) => {
      const [width, height] = [132, 132];
      const canvas = new OffscreenCanvas(width, height).getContext('2d');
      canvas?.drawImage(image as HTMLImageElement, 0, 0, width, height);
      const points = canvas?.getImageData(0, 0, width, height).data ?? [];
      // One letter for each pixel, because long lists of numbers are slow to hand over.
      const isLight = Array.from({ length: width * height }, (_, at) => (points[at * 4] ?? 0) > 127);
      return { width, height, light: isLight.map(Number).join('') };
    }),
  );
  return pictures.map(({ width, height, light }) => {
    const data = Uint8Array.from(
      light.split('').flatMap((digit) => Array.from('rgb', () => Number(digit) * 255)),
    );
    return decodeQR({ width, height, data });
  });
}

test('what is kept is what `npm run command-cards` makes, byte for byte', () => {
  const files = drawCards();
  for (const [path, text] of files) expect(readFileSync(path, 'utf8'), path).toBe(text);
  const pictures = readdirSync('renderer/command-cards').map((name) => `renderer/command-cards/${name}`);
  expect([...files.keys()]).toEqual(expect.arrayContaining(pictures));
});

describe.each(LANGUAGES)('the sheet in %s', (language) => {
  test('has codes that read as what stands in their place, one for every command', async () => {
    const page = await openSheet(language);
    const texts = await scanned(page);
    const names = page.locator('.command-card img');
    expect(texts).toEqual(
      await names.evaluateAll((images) => images.map((image) => image.getAttribute('alt'))),
    );
    expect(new Set(texts).size).toBe(texts.length);
    // What carries an amount of its own cannot be on a card, so it is described as a slip.
    const slips = await page.locator('code').allTextContents();
    const meanings = [...texts, ...slips].map((text) => meaningOf(text));
    const said = meanings.map((meaning) => (meaning.type === 'command' ? meaning.name : meaning.type));
    expect(new Set(said)).toEqual(new Set(COMMANDS));
  });

  test('can be used by everyone: axe, fingers, large text, the dark', async () => {
    const page = await openSheet(language, PRACTICE);
    expect(await page.getAttribute('html', 'lang')).toBe({ zh: 'zh-CN', en: 'en' }[language]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    for (const width of [1024, 1080, 1920]) {
      await page.setViewportSize({ width, height: 768 });
      await page.evaluate(() => {
        document.documentElement.dataset['text'] = '200';
      });
      expect(await layoutFaults(page), String(width)).toEqual([]);
    }
  });

  test('shows practice, and prints it over every page, where the address says so and nowhere else', async () => {
    const page = await openSheet(language);
    const band = page.locator('.practice-banner');
    const mark = page.locator('.print-mark');
    const shown = async () => {
      await page.emulateMedia({ media: 'screen' });
      const onScreen = [await band.isVisible(), await mark.isVisible()];
      await page.emulateMedia({ media: 'print' });
      return [...onScreen, await band.isVisible(), await mark.isVisible()];
    };
    expect(await shown()).toEqual([false, false, false, false]);
    await page.goto(`${page.url()}${PRACTICE}`);
    expect(await shown()).toEqual([true, false, false, true]);
  });

  test('is one press away from the Terminal screen, needs no script, and leads back', async () => {
    const counter = await shop.window(language, {}, '#/terminal');
    const { page } = counter;
    await page.getByRole('link', { name: { zh: '命令卡', en: 'Command cards' }[language] }).click();
    await page.waitForURL(`**/command-cards-${language}.html`);
    expect(await page.evaluate(() => document.scripts.length)).toBe(0);
    await page.getByRole('link', { name: { zh: '返回终端页', en: 'Back to Terminal' }[language] }).click();
    await page.waitForURL('**/#/terminal');
    await page.locator('.nav-link[aria-current="page"]').waitFor();
  });
});

test('a terminal in practice opens the sheet as practice', async () => {
  const fresh = await Shop.practice();
  try {
    const { page } = await fresh.window('en', {}, '#/terminal');
    await page.getByRole('link', { name: 'Command cards' }).click();
    await page.waitForURL(`**/command-cards-en.html${PRACTICE}`);
    const band = page.getByRole('complementary', { name: 'PRACTICE — no real money' });
    expect(await band.isVisible()).toBe(true);
  } finally {
    await fresh.close();
  }
});
