import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Shop } from '../support/shop.ts';

/** Which pattern was played stands on the page; what it sounds like, only ears can tell. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

test('each instruction is heard when it comes, a refusal too, and a reload is silent', async () => {
  const counter = await shop.window();
  const heard = () => counter.page.evaluate(() => document.documentElement.dataset['lastSound'] ?? 'none');
  await counter.collect('12.34');
  await counter.expectState('paid');
  await expect.poll(heard).toBe('hand_over');
  await counter.collect('10.16');
  await expect.poll(heard).toBe('do_not_hand_over');
  await counter.collect('0');
  await expect.poll(heard).toBe('refused');
  await counter.page.reload();
  await counter.amount.waitFor();
  await counter.page.waitForTimeout(300);
  expect(await heard()).toBe('none');
});

test('nothing is heard once sound is off', async () => {
  const counter = await shop.window('en', {}, '#/terminal');
  await counter.page.getByRole('group', { name: 'Sound' }).getByText('Off').click();
  await counter.go('#/');
  await counter.collect('12.34');
  await counter.expectState('paid');
  expect(await counter.page.evaluate(() => document.documentElement.dataset['lastSound'])).toBeUndefined();
});
