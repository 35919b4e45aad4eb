import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectSound, WINDOWS } from '../support/accessibility.ts';
import { type Counter, Shop } from '../support/shop.ts';

/** Where no cancel and no revoke helps any more, the money goes back by refund: asked for by a person, proved, and said so. */

/** Calls give up soon, and nothing but a person moves an order within a test. */
const STANDING_STILL = {
  payTimeoutMs: 900,
  callTimeoutMs: 5000,
  queryIntervalMs: 60_000,
  confirmWindowMs: 120_000,
  minReverseAgeMs: 100,
  reverseBackoffMs: [60_000],
  inFlightHorizonMs: 180_000,
};
const DAY_MS = 24 * 3_600_000;
/** How many days the acquirer's clock is ahead; it is never set back, as in a shop. */
let daysAhead = 0;
const nextDay = () => shop.gateway.setClock(++daysAhead * DAY_MS);

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open(STANDING_STILL);
});
afterEach(async () => {
  await shop.closeWindows();
  await shop.gateway.clearFaults();
});
afterAll(() => shop.close());

const cardOf = ({ page }: Counter, clientSn: string): Locator =>
  page.locator(`.doubt[data-client-sn="${clientSn}"]`);

const refunds = async (clientSn: string) =>
  (await shop.gateway.wireLog(clientSn)).filter(({ path }) => path.endsWith('/refund')).length;

/** The customer is charged, the acquirer has refused the cancel, and then its day has ended. */
async function leaveToDayEnd(counter: Counter): Promise<string> {
  await counter.collect('10.23');
  await counter.button('giveUp').click();
  await counter.expectState('attention');
  const clientSn = await counter.newest();
  await counter.go('#/in-doubt');
  await cardOf(counter, clientSn).waitFor();
  await nextDay();
  await cardOf(counter, clientSn).getByRole('button', { name: counter.names.tryNow, exact: true }).click();
  await cardOf(counter, clientSn).locator('.doubt-window[data-level="closed"]').waitFor();
  return clientSn;
}

/** An order that was paid on the day before, by the acquirer's clock. */
async function payYesterday(counter: Counter, amount: string): Promise<string> {
  await counter.collect(amount);
  await counter.expectState('paid');
  const clientSn = await counter.newest();
  await nextDay();
  // Any reply teaches the terminal the acquirer's time.
  await counter.collect('1.00');
  await counter.page.locator('.stage-amount', { hasText: '¥1.00' }).waitFor();
  await counter.expectState('paid');
  await counter.go(`#/orders/${clientSn}`);
  await counter.button('refund').waitFor();
  return clientSn;
}

describe('an order in doubt whose window has closed', () => {
  test('is refunded after a question, and the screen says so once it is proved', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await leaveToDayEnd(counter);
    const card = cardOf(counter, clientSn);
    await card
      .getByText(/The day's window closed at \d\d:\d\d: too late to cancel, so refund it instead/)
      .waitFor();
    const refund = card.getByRole('button', { name: 'Refund', exact: true });

    // By keyboard alone: the safe answer is focused, Escape is no answer, and the focus comes back.
    await refund.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Refund ¥10.23?' });
    for (const part of [
      'All of the money goes back to the customer through the acquirer',
      'may keep its fee',
      'cannot be undone',
      'only once that is proved',
      'Do not hand over the goods',
    ])
      expect(await dialog.textContent()).toContain(part);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await refund.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await refunds(clientSn)).toBe(0);

    await shop.gateway.setFault({ fault: 'http_500', call: 'refund' });
    await refund.click();
    await dialog.getByRole('radio', { name: 'Goods not available' }).check();
    await dialog.getByRole('textbox').fill('Shelf empty');
    await dialog.getByRole('button', { name: 'Refund ¥10.23' }).click();
    await card.getByText(/Refunding again in \d+ sec/).waitFor();
    const words = (await card.textContent()) ?? '';
    expect(words).toContain('The terminal is refunding this payment.');
    // What is under way is no cancellation, and no day ends for it.
    expect(words).not.toMatch(/cancel/i);
    expect(await card.locator('.doubt-window').count()).toBe(0);
    await expectSound(page, 'a refund under way');

    await card.getByRole('button', { name: 'Try now', exact: true }).click();
    await page.locator(`[data-client-sn="${clientSn}"][data-state="reversed"]`).waitFor();
    expect(await shop.gateway.order(clientSn)).toMatchObject({
      orderStatus: 'REFUNDED',
      netCapturedMinor: 0,
    });
    expect(await refunds(clientSn)).toBe(2);

    await counter.go(`#/orders/${clientSn}`);
    await page.locator('.order-headline-state', { hasText: 'Refunded, proved' }).waitFor();
    await page.getByText('Proved: the money is back with the customer.').waitFor();
    const story = (await page.locator('.timeline').textContent()) ?? '';
    for (const part of [
      'Refund was pressed',
      'Reason: Goods not available: Shelf empty',
      'From then on: Refunding',
      'From then on: Refunded, proved',
    ])
      expect(story).toContain(part);
  });

  test('is told in Chinese in the same words everywhere', async () => {
    const counter = await shop.window('zh');
    const { page } = counter;
    const clientSn = await leaveToDayEnd(counter);
    const card = cardOf(counter, clientSn);
    await card.getByText(/当日窗口已于 \d\d:\d\d 关闭，不能再撤销，可以退款/).waitFor();
    await card.getByRole('button', { name: '退款', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: '退款 ¥10.23？' });
    for (const part of ['全部款项经收单方退回顾客', '手续费', '不能取消', '有了证明', '请不要交货'])
      expect(await dialog.textContent()).toContain(part);
    await dialog.getByRole('button', { name: '退款 ¥10.23' }).click();
    await page.locator(`[data-client-sn="${clientSn}"][data-state="reversed"]`).waitFor();
    await counter.go(`#/orders/${clientSn}`);
    await page.locator('.order-headline-state', { hasText: '已退款并证明' }).waitFor();
    expect(await shop.gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0 });
  });
});

describe('a paid order of another day', () => {
  test('has Refund where Revoke stood, and the way back is followed to its proof', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await payYesterday(counter, '21.00');
    await page.getByText('No revoke: Only on the same day; refund instead').waitFor();
    expect(await counter.button('revoke').count()).toBe(0);
    await expectSound(page, 'a paid order of yesterday');

    await shop.gateway.setFault({ fault: 'http_500', call: 'refund' });
    await counter.button('refund').click();
    const dialog = page.getByRole('dialog', { name: 'Refund ¥21.00?' });
    await dialog.getByText('Take the goods back when this screen says so.').waitFor();
    await dialog.getByRole('button', { name: 'Refund ¥21.00' }).click();
    const headline = page.locator('.order-headline');
    await headline.getByText(/Refunding again in/).waitFor();
    expect(await headline.getAttribute('data-state')).toBe('revoking');
    expect(await headline.textContent()).toMatch(/Refunding.*Refund asked for/);
    expect(await counter.button('refund').count()).toBe(0);

    await counter.go('#/in-doubt');
    await cardOf(counter, clientSn).getByRole('button', { name: 'Try now', exact: true }).click();
    await counter.go(`#/orders/${clientSn}`);
    await headline.getByText('Take the goods back', { exact: true }).waitFor();
    expect(await headline.textContent()).toContain('The money is back with the customer.');
    expect(await shop.gateway.order(clientSn)).toMatchObject({
      orderStatus: 'REFUNDED',
      netCapturedMinor: 0,
    });
    expect(await refunds(clientSn)).toBe(2);
  });

  test('is refunded in Chinese, and its customer’s display says so', async () => {
    const counter = await shop.window('zh');
    const { page } = counter;
    const clientSn = await payYesterday(counter, '22.00');
    const display = await shop.window('zh', {}, '#/customer');
    await counter.button('refund').click();
    await page.getByRole('dialog').locator('[data-answer="yes"]').click();
    const headline = page.locator('.order-headline[data-state="revoked"]');
    await headline.waitFor();
    const words = (await headline.textContent()) ?? '';
    for (const part of ['收回商品', '已退款并证明', '款项已退回顾客', '已要求退款'])
      expect(words).toContain(part);
    expect(words).not.toContain('撤单');
    await display.page.locator('.customer[data-view="revoked"]').getByText('已退款').waitFor();
    expect(await shop.gateway.order(clientSn)).toMatchObject({
      orderStatus: 'REFUNDED',
      netCapturedMinor: 0,
    });
  });

  test('stands where the acquirer refuses the refund, and nobody is told to hand over goods again', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await payYesterday(counter, '23.00');
    const held = await shop.gateway.order(clientSn);
    const { terminalSn } = shop.data.identity;
    const terminal = { terminalSn, terminalKey: shop.gateway.currentKey(terminalSn) };
    // Somebody gave a part back at the acquirer, so the whole is more than is left.
    await shop.gateway.sendByHand(terminal, 'refund', {
      sn: held?.sn,
      refund_request_no: 'BYHAND1',
      operator: 'office',
      refund_amount: '100',
    });
    await counter.button('refund').click();
    await page.getByRole('dialog').locator('[data-answer="yes"]').click();
    const headline = page.locator('.order-headline');
    await headline.getByText('The refund was refused; no money was returned.').waitFor();
    expect(await headline.textContent()).toContain('The payment stands');
    expect(await headline.textContent()).toContain('REFUNDABLE_AMOUNT_NOT_ENOUGH');
    expect(await headline.textContent()).not.toContain('Hand over');
    await counter.button('refund').waitFor();
  });

  test('cannot be refunded twice from two windows', async () => {
    const here = await shop.window();
    const clientSn = await payYesterday(here, '24.00');
    const there = await shop.window('zh', {}, `#/orders/${clientSn}`);
    await here.button('refund').click();
    await there.button('refund').click();
    await there.page.getByRole('dialog').locator('[data-answer="yes"]').click();
    const dialog = here.page.getByRole('dialog');
    await dialog.getByRole('alert').getByText('No refund: Money returned already').waitFor();
    expect(await dialog.locator('[data-answer="yes"]').isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Keep the payment' }).click();
    expect(await refunds(clientSn)).toBe(1);
  });
});

test('the question is whole and within reach in every window of a shop, in both languages', async () => {
  const counter = await shop.window();
  const { page } = counter;
  await payYesterday(counter, '25.00');
  for (const language of ['en', 'zh'] as const) {
    await page
      .locator('.order-actions')
      .getByRole('button', { name: /^(Refund|退款)$/ })
      .click();
    await page.getByRole('dialog').waitFor();
    await expectSound(page, `the question before a refund in ${language}`);
    for (const size of [...WINDOWS, { width: 480, height: 854 }, { width: 800, height: 480 }]) {
      await page.setViewportSize(size);
      const answer = page.getByRole('dialog').locator('[data-answer="yes"]');
      await answer.scrollIntoViewIfNeeded();
      const { x = -1, y = -1, width = 0, height = 0 } = (await answer.boundingBox()) ?? {};
      const where = `${language}, ${size.width}×${size.height}`;
      expect(x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height, where).toBe(true);
    }
    await page.setViewportSize(WINDOWS[0]);
    await page.keyboard.press('Escape');
    await page.locator('.nav-tool[lang]').click();
  }
});
