import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newCode, Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

test('a whole sale with its revoke is done with the keyboard alone', async () => {
  const counter = await shop.window();
  const { keyboard } = counter.page;
  await keyboard.type('12.34', { delay: 70 });
  await keyboard.press('Enter');
  await keyboard.type(newCode(), { delay: 60 });
  await keyboard.press('Enter');
  await counter.expectState('paid');
  await keyboard.press('F7');
  await counter.page.getByRole('dialog').waitFor();
  // The safe answer is focused, so that Enter alone changes nothing.
  await keyboard.press('Enter');
  expect(await counter.page.getByRole('dialog').count()).toBe(0);
  await keyboard.press('F7');
  await counter.page.getByRole('dialog').waitFor();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await counter.expectState('revoked');
});

test('every screen and every button is reached with Tab, and the focus is always seen', async () => {
  const counter = await shop.window();
  for (const hash of ['#/', '#/orders', '#/in-doubt', '#/terminal']) {
    await counter.go(hash);
    await counter.page.waitForTimeout(200);
    const expected = await counter.page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>('button, a[href], input, select, summary')].filter(
          (element) =>
            element.checkVisibility() && !(element as HTMLButtonElement).disabled && element.tabIndex >= 0,
        ).length,
    );
    const reached = new Set<string>();
    for (let press = 0; press < expected + 4; press += 1) {
      await counter.page.keyboard.press('Tab');
      const focus = await counter.page.evaluate(() => {
        const { activeElement } = document;
        if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return null;
        const all = [...document.querySelectorAll('button, a[href], input, select, summary')];
        // The ring of a radio button stands around its label; the parts of a date field draw their own.
        const rings = [activeElement, activeElement.closest('label')].filter((element) => element !== null);
        const hasRing = rings.some((element) => getComputedStyle(element).outlineStyle !== 'none');
        return {
          position: String(all.indexOf(activeElement)),
          name: activeElement.outerHTML.slice(0, 100),
          isSeen: hasRing || activeElement.matches('[type="date"]'),
        };
      });
      if (focus === null) continue;
      expect(focus, hash).toMatchObject({ isSeen: true });
      reached.add(focus.position);
    }
    // Radio groups are one stop each, so fewer stops than controls is right there.
    expect(reached.size, hash).toBeGreaterThan(5);
  }
});

test('the keys of the list on ? do what it says', async () => {
  const counter = await shop.window();
  const { page } = counter;
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
  await dialog.waitFor();
  for (const key of ['F1', 'F2', 'F3', 'F4', 'F6', 'F7', 'F8', 'F9', 'Enter', 'Escape', '?'])
    expect(await dialog.getByText(key, { exact: true }).count(), key).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
  for (const [key, hash] of [
    ['F2', '#/orders'],
    ['F3', '#/in-doubt'],
    ['F4', '#/terminal'],
    ['F1', '#/'],
  ] as const) {
    await page.keyboard.press(key);
    await page.waitForURL(`**/${hash}`);
  }
  await counter.amount.waitFor();
  await page.keyboard.type('55', { delay: 70 });
  expect(await counter.amount.inputValue()).toBe('55');
  await page.keyboard.press('Escape');
  expect(await counter.amount.inputValue()).toBe('');
});

test('F8 gives up and F9 tries now', async () => {
  const counter = await shop.window();
  await counter.collect('10.15');
  await counter.button('giveUp').waitFor();
  await counter.page.keyboard.press('F8');
  await counter.expectState('reversed');
});
