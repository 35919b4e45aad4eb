import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Shop } from '../support/shop.ts';

/** The screen holds no truth about money: whatever happens to a window or to the terminal, the terminal knows. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

describe('a window', () => {
  test('that is reloaded in the middle of a sale shows the same sale', async () => {
    const counter = await shop.window();
    await counter.collect('10.15');
    await counter.expectState('confirming');
    await counter.page.reload();
    await counter.expectState('confirming');
    await counter.expectState('reversed');
  });

  test('follows what another one does, and neither of them charges twice', async () => {
    const first = await shop.window('en');
    const second = await shop.window('zh');
    await first.collect('11.00');
    await first.expectState('paid');
    const clientSn = await first.newest();
    await second.row(clientSn).waitFor();
    await second.revoke(clientSn);
    await first.page.locator(`[data-client-sn="${clientSn}"][data-state="revoked"]`).waitFor();
    expect(await shop.ordersOf(1100)).toMatchObject([{ charges: 1, reversals: 1, netCapturedMinor: 0 }]);
  });

  test('with a revoke open asks nothing of an order that was revoked elsewhere meanwhile', async () => {
    const first = await shop.window();
    const second = await shop.window();
    await first.collect('11.50');
    await first.expectState('paid');
    const clientSn = await first.newest();
    await first.row(clientSn).getByRole('button', { name: 'Revoke', exact: true }).click();
    await second.revoke(clientSn);
    await second.expectState('revoked');
    expect(await first.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(
      true,
    );
    expect(await shop.ordersOf(1150)).toMatchObject([{ reversals: 1 }]);
  });
});

describe('a terminal that is gone', () => {
  test('is told at once over everything, and the open page comes back with the order proved reversed', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await counter.collect('20.12');
    await counter.expectState('collecting');
    // The customer is charged before the process dies; its reply never comes.
    await expect.poll(async () => (await shop.ordersOf(2012))[0]?.charges, { timeout: 10_000 }).toBe(1);
    await shop.end('SIGKILL');
    await page.getByText('The terminal is not answering').waitFor();
    // Nothing below can be pressed, not even with the keyboard.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await shop.serve();
    await counter.expectState('reversed');
    expect(await page.getByText('The terminal is not answering').count()).toBe(0);
    expect(await shop.ordersOf(2012)).toMatchObject([{ charges: 1, netCapturedMinor: 0 }]);
  });

  test('and comes back not knowing this page says how to get in again', async () => {
    const counter = await shop.window('zh');
    await shop.end('SIGTERM');
    rmSync(join(shop.data.data, 'host.json'));
    const { url } = await shop.serve();
    // The page can only ask its own port; where that is free again, it hears that it is unknown.
    const isSamePort = new URL(counter.page.url()).origin === new URL(url).origin;
    await counter.page
      .getByRole('alert')
      .getByText(isSamePort ? '本页面的会话已失效' : '终端没有响应')
      .waitFor();
    shop.forgetSession();
    const again = await shop.window('zh');
    await again.page.locator('.sale').waitFor();
    expect(await again.page.getByRole('alert').count()).toBe(0);
  });
});

test('an order that is decided while the day changes is not left standing at "wait"', async () => {
  const counter = await shop.window();
  await counter.collect('2.00');
  await counter.expectState('paid');
  await shop.gateway.setClock(24 * 3_600_000);
  // The answer to Collect, the paid order and the new day's snapshot reach the page within one moment.
  await counter.collect('2.11');
  await counter.expectState('paid');
  expect(await counter.page.locator('.stage-amount').textContent()).toBe('¥2.11');
  await shop.gateway.setClock(0);
});

test('an acquirer out of reach is said on every screen and heals by itself', async () => {
  const counter = await shop.window();
  await shop.gateway.kill('SIGKILL');
  await counter.collect('1.50');
  await counter.expectState('declined');
  expect(await counter.instruction.textContent()).toContain('nothing was sent');
  for (const hash of ['#/', '#/orders', '#/in-doubt', '#/terminal']) {
    await counter.go(hash);
    await counter.page.locator('.offline').waitFor();
    expect(await counter.page.locator('.offline').textContent()).toContain('Acquirer not reachable');
  }
  await shop.gateway.restart();
  await counter.page.locator('.offline').waitFor({ state: 'detached' });
});
