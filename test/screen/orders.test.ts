import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Counter, Shop } from '../support/shop.ts';

/** The Orders screen, one order's page, and Revoke. */

let shop: Shop;
const sales: Readonly<Record<string, string>>[] = [];

beforeAll(async () => {
  shop = await Shop.open();
  const counter = await shop.window();
  for (const amount of ['12.00', '12.34', '5.00', '5.00', '1,234.56']) {
    await counter.collect(amount.replace(',', ''));
    await counter.expectState('paid');
    await counter.page.locator(`.stage-amount:text-is("¥${amount}")`).waitFor();
    sales.push({ amount, clientSn: await counter.newest() });
  }
  await shop.closeWindows();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

const rows = (counter: Counter) => counter.page.locator('.order[data-client-sn]');

/** Types into the search box as a person does. */
async function find(counter: Counter, text: string): Promise<void> {
  await counter.page.getByRole('searchbox').fill(text);
}

async function expectRows(counter: Counter, count: number): Promise<void> {
  await expect.poll(() => rows(counter).count()).toBe(count);
}

describe('searching', () => {
  test('finds by amount, by time, by part of a number and by nothing at all', async () => {
    const counter = await shop.window('en', {}, '#/orders');
    await expectRows(counter, sales.length);
    await find(counter, '5.00');
    await expectRows(counter, 2);
    await find(counter, '1,234.56');
    await expectRows(counter, 1);
    const clientSn = sales[1]?.['clientSn'] ?? '';
    await find(counter, clientSn.slice(-8));
    await counter.page.locator(`.order:only-child[data-client-sn="${clientSn}"]`).waitFor();
    const time = (await rows(counter).first().locator('time').textContent()) ?? '';
    await find(counter, time);
    await expect.poll(() => rows(counter).count()).toBeGreaterThanOrEqual(1);
    await find(counter, 'no-such-number');
    await expectRows(counter, 0);
    expect(await counter.page.locator('main').textContent()).toContain('Nothing found for no-such-number.');
    await find(counter, '');
    await expectRows(counter, sales.length);
  });

  test('by a whole number opens its order, also by the acquirer’s', async () => {
    const counter = await shop.window('zh', {}, '#/orders');
    const clientSn = sales[2]?.['clientSn'] ?? '';
    const sn = (await shop.gateway.order(clientSn))?.sn ?? '';
    await find(counter, sn);
    await counter.page.waitForURL(`**/#/orders/${clientSn}`);
    await counter.page.locator('main').getByText(clientSn).first().waitFor();
    expect(await counter.page.locator('main').textContent()).toContain('¥5.00');
  });

  test('says in words that there is no such order, and how to go on', async () => {
    const counter = await shop.window('en', {}, '#/orders/nobody');
    await counter.page.getByRole('heading', { name: 'No such order' }).waitFor();
    await counter.page.getByRole('link', { name: 'Back to orders' }).first().click();
    await expectRows(counter, sales.length);
  });
});

test('a new order appears on top by itself, with who and when', async () => {
  const counter = await shop.window('en', {}, '#/orders');
  const other = await shop.window();
  const before = await rows(counter).count();
  await other.collect('7.77');
  await other.expectState('paid');
  await expectRows(counter, before + 1);
  const row = rows(counter).first();
  for (const text of ['¥7.77', 'Paid', 'Hand over']) expect(await row.textContent()).toContain(text);
  expect(await row.locator('.order-operator').textContent()).not.toBe('');
});

describe('revoking', () => {
  test('asks with the amount and for a reason, and is live until the money is proved back', async () => {
    const counter = await shop.window('en', {}, '#/orders');
    const { page } = counter;
    const clientSn = sales[0]?.['clientSn'] ?? '';
    await counter.row(clientSn).getByRole('button', { name: 'Revoke', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('¥12.00');
    await dialog.getByRole('radio', { name: 'Other' }).check();
    // "Other" alone is no reason.
    expect(await dialog.locator('[data-answer="yes"]').isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Counted twice');
    await dialog.getByRole('button', { name: 'Revoke ¥12.00' }).click();
    await page.locator(`[data-client-sn="${clientSn}"][data-state="revoked"]`).waitFor();
    expect(await counter.row(clientSn).textContent()).toContain('Money returned already');
    expect(await shop.gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0, reversals: 1 });

    await counter.go(`#/orders/${clientSn}`);
    await page.locator('.timeline').getByText('Counted twice').waitFor();
    const story = (await page.locator('.timeline').textContent()) ?? '';
    for (const part of ['Collect began', '200/', 'Other: Counted twice']) expect(story).toContain(part);
  });

  test('that the acquirer refuses leaves the payment standing and says why', async () => {
    const counter = await shop.window();
    await counter.collect('10.22');
    await counter.expectState('paid');
    const clientSn = await counter.newest();
    await counter.revoke(clientSn);
    await counter.instruction.getByText('The revoke was refused; the payment stands.').waitFor();
    expect(await counter.page.locator('.stage').textContent()).toContain('NOT_REFUNDABLE');
    expect(await shop.gateway.order(clientSn)).toMatchObject({ orderStatus: 'PAID', netCapturedMinor: 1022 });
  });

  test('is not offered for what was never paid, and the reason stands in its place', async () => {
    const counter = await shop.window('zh');
    await counter.collect('10.16');
    await counter.expectState('declined');
    const row = counter.row(await counter.newest());
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await row.textContent()).toContain('没有扣款，无需退回');
  });

  test('is not offered after the acquirer’s day is over', async () => {
    const counter = await shop.window('en', {}, '#/orders');
    const clientSn = sales[3]?.['clientSn'] ?? '';
    await counter.row(clientSn).getByRole('button', { name: 'Revoke', exact: true }).waitFor();
    await shop.gateway.setClock(24 * 3_600_000);
    const other = await shop.window();
    // Any call teaches the terminal the acquirer's time.
    await other.collect('1.00');
    await other.expectState('paid');
    await counter.go(`#/orders/${clientSn}`);
    await counter.page.locator('main').getByText('Only on the same day').first().waitFor();
    expect(await counter.button('revoke').count()).toBe(0);
    await shop.gateway.setClock(0);
  });
});
