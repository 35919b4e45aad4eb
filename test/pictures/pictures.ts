import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../renderer/strings/languages.ts';
import { type Counter, Shop } from '../support/shop.ts';
import { takeServicePictures } from './service-pictures.ts';

/**
 * `npm run pictures` takes the pictures of `docs/SCREENS.md` anew: a fresh machine in practice mode, driven
 * as its users would, once for each language. It takes about a minute and a half, most of it waiting until
 * giving up is allowed.
 */

const FOLDER = 'docs/images';
const LANDSCAPE = { width: 1280, height: 800 };
const PORTRAIT = { width: 810, height: 1440 };

for (const language of ['en', 'zh'] as const) {
  const folder = join(FOLDER, language);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const shop = await Shop.practice();
  try {
    await takeAll(shop, language, folder);
  } finally {
    await shop.close();
  }
  await takeServicePictures(language, folder);
}

async function takeAll(shop: Shop, language: Language, folder: string): Promise<void> {
  const counter = await shop.window(language, { viewport: LANDSCAPE });
  const customer = await shop.window(language, { viewport: LANDSCAPE }, '#/customer');
  const picture = async (name: string, from: Counter = counter) => {
    // Fonts and transitions first; the pointer would leave its hover on a button.
    await from.page.mouse.move(0, 0);
    await from.page.evaluate(() => document.fonts.ready);
    await from.page.waitForTimeout(300);
    await from.page.screenshot({ path: join(folder, `${name}.png`) });
    process.stderr.write(`${language}/${name}\n`);
  };

  await picture('ready');
  await counter.amount.pressSequentially('1234.5', { delay: 60 });
  await picture('amount');
  await counter.page.waitForTimeout(300);
  await picture('customer-amount', customer);
  await counter.page.keyboard.press('Escape');

  await counter.collect('12.34');
  await counter.expectState('paid');
  await picture('hand-over');
  await picture('customer-paid', customer);
  const paid = await counter.newest();
  await counter.row(paid).getByRole('button', { name: counter.names.revoke, exact: true }).click();
  await picture('revoke');
  await counter.page.locator('[data-answer="yes"]').click();
  await counter.expectState('revoked');
  await picture('goods-back');
  await picture('customer-refunded', customer);
  await counter.go(`#/orders/${paid}`);
  await counter.page.locator('.timeline li').first().waitFor();
  await picture('order');
  await counter.go('#/');
  await counter.amount.waitFor();

  await counter.collect('10.16');
  await counter.expectState('declined');
  await picture('declined');
  await counter.collect('45.90');
  await counter.expectState('paid');

  await counter.collect('10.23');
  await counter.expectState('collecting');
  await picture('wait');
  await counter.button('giveUp').click({ timeout: 60_000 });
  await counter.expectState('attention');
  await picture('call-shift-lead');
  await counter.collect('20.15');
  await counter.button('giveUp').click({ timeout: 60_000 });
  await counter.expectState('reversed');
  await picture('reversed');

  await counter.go('#/orders');
  await counter.page.locator('.order').first().waitFor();
  await picture('orders');
  await counter.go('#/');
  await counter.collect('10.15');
  await counter.expectState('confirming');
  await counter.go('#/in-doubt');
  await counter.page.locator('[data-client-sn]').first().waitFor();
  await picture('in-doubt');
  await counter.page.getByRole('button', { name: counter.names.refund, exact: true }).click();
  await picture('refund');
  await counter.page.keyboard.press('Escape');
  await counter.go('#/terminal');
  await counter.page.locator('.facts').first().waitFor();
  await counter.page.waitForTimeout(500);
  await picture('terminal');

  await counter.go('#/');
  await counter.page.emulateMedia({ colorScheme: 'dark' });
  await picture('dark');
  await counter.page.emulateMedia({ colorScheme: 'light' });
  await counter.page.setViewportSize(PORTRAIT);
  await picture('portrait');
}
