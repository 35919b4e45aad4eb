import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Counter, newCode, Shop } from '../support/shop.ts';

/** A scanner is a keyboard in a hurry. These tests type as one does, into the real page. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

describe('a wallet code', () => {
  test('is taken from wherever the focus is', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await counter.amount.fill('1.01');
    await page.getByRole('link', { name: 'Orders' }).focus();
    await counter.scan(newCode());
    await counter.expectState('paid');

    await counter.amount.fill('1.02');
    await counter.amount.focus();
    await counter.scan(newCode());
    await counter.page.locator('.stage-amount', { hasText: '1.02' }).waitFor();
    await counter.expectState('paid');
    expect(await counter.amount.inputValue()).toBe('');

    // In a field for words it would be read off the screen; it is taken out again.
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Sale reference' }).fill('T-1');
    await counter.amount.fill('1.03');
    await page.getByRole('textbox', { name: 'Sale reference' }).focus();
    await counter.scan(newCode());
    await counter.page.locator('.stage-amount', { hasText: '1.03' }).waitFor();
    await counter.expectState('paid');
    expect(await page.locator('.stage').textContent()).toContain('T-1');
    for (const amountMinor of [101, 102, 103]) expect(await shop.ordersOf(amountMinor)).toHaveLength(1);
  });

  test('ends with Enter, with Tab, with CR and LF, or with nothing at all', async () => {
    const counter = await shop.window();
    const scans = [
      ['2.01', ['Enter']],
      ['2.02', ['Tab']],
      ['2.03', []],
      ['2.04', ['Enter', 'LineFeed']],
      ['2.05', ['Enter', 'Enter']],
    ] as const;
    for (const [amount, endings] of scans) {
      await counter.amount.fill(amount);
      await counter.scan(newCode(), endings);
      await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
      await counter.expectState('paid');
      expect(await counter.page.getByRole('alert').count()).toBe(0);
      expect(await counter.page.getByRole('dialog').count()).toBe(0);
    }
    expect(await shop.ordersOf(203)).toHaveLength(1);
    expect(await shop.ordersOf(205)).toHaveLength(1);
  });

  test('scanned twice, or twice in one burst, is charged once', async () => {
    const counter = await shop.window();
    const code = newCode();
    await counter.amount.fill('3.01');
    await counter.scan(code + code);
    await counter.expectState('paid');
    await counter.scan(code);
    await counter.page.waitForTimeout(400);
    expect(await counter.page.getByRole('alert').count()).toBe(0);
    expect(await counter.amount.inputValue()).toBe('');
    expect(await counter.code.inputValue()).toBe('');
    expect(await shop.ordersOf(301)).toHaveLength(1);
  });

  test('scanned before the amount waits for it, unreadable, and goes with Collect', async () => {
    const counter = await shop.window();
    await counter.page.keyboard.press('Escape');
    await counter.scan(newCode());
    await counter.page.getByText('Scanned. Enter the amount, then Collect.').waitFor();
    await expect.poll(() => counter.instruction.count()).toBe(0);
    await counter.amount.pressSequentially('4.01', { delay: 90 });
    await counter.page.keyboard.press('Enter');
    await counter.expectState('paid');
    expect(await shop.ordersOf(401)).toHaveLength(1);
  });

  test('half an amount and a scan do not run into each other', async () => {
    const counter = await shop.window();
    await counter.amount.pressSequentially('5.0', { delay: 80 });
    await counter.page.waitForTimeout(80);
    await counter.scan(newCode());
    await counter.expectState('paid');
    expect(await shop.ordersOf(500)).toHaveLength(1);
  });

  test('with control characters around it is the same code', async () => {
    const counter = await shop.window();
    const code = newCode();
    await counter.amount.fill('6.01');
    await counter.code.fill(`\u0002\u0010${code}\u0003`);
    await counter.button('collect').click();
    await counter.expectState('paid');
    await counter.amount.fill('6.02');
    await counter.code.fill(code);
    await counter.button('collect').click();
    await counter.page.getByRole('alert').getByText('used a moment ago').waitFor();
  });

  test('scanned on another screen waits on Collect, where the amount can be seen', async () => {
    const counter = await shop.window('en', {}, '#/terminal');
    await counter.scan(newCode());
    await counter.page.getByText('Scanned. Enter the amount, then Collect.').waitFor();
    expect(await counter.code.inputValue()).not.toBe('');
  });

  test('may be scanned again at once after a refusal', async () => {
    const counter = await shop.window();
    const code = newCode();
    await counter.amount.fill('0');
    await counter.scan(code);
    await counter.page.getByRole('alert').getByText('greater than zero').waitFor();
    await counter.amount.fill('7.01');
    await counter.scan(code);
    await counter.expectState('paid');
  });
});

test('typing by hand is never taken for a scan', async () => {
  const counter = await shop.window();
  await counter.amount.pressSequentially('1234567.89', { delay: 70 });
  expect(await counter.amount.inputValue()).toBe('1234567.89');
  expect(await counter.code.inputValue()).toBe('');
});

test('a receipt leads to its order from any screen', async () => {
  const counter = await shop.window();
  await counter.collect('8.01');
  await counter.expectState('paid');
  const clientSn = await counter.newest();
  await counter.go('#/terminal');
  await counter.scan(clientSn);
  await counter.page.waitForURL(`**/#/orders/${clientSn}`);
  // The acquirer's number is on the customer's phone.
  const sn = (await shop.gateway.order(clientSn))?.sn ?? '';
  await counter.go('#/');
  await counter.amount.waitFor();
  await counter.scan(sn);
  await counter.page.waitForURL(`**/#/orders/${clientSn}`);
});

test('a whole sale with its revoke is done by scanning alone', async () => {
  const counter = await shop.window('zh');
  await counter.scan('REDRESS:SALE:9.01:T-900');
  await counter.scan(newCode());
  await counter.expectState('paid');
  await counter.scan('REDRESS:REVOKE');
  await counter.page.getByRole('dialog').waitFor();
  // A stray scan in front of the question answers nothing.
  await counter.scan(newCode());
  expect(await counter.page.getByRole('dialog').count()).toBe(1);
  await counter.scan('REDRESS:CONFIRM');
  await counter.expectState('revoked');
  expect(await shop.ordersOf(901)).toMatchObject([
    { orderStatus: 'CANCELED', charges: 1, netCapturedMinor: 0 },
  ]);
});

test('digits, too, can be scanned from their cards', async () => {
  const counter: Counter = await shop.window();
  for (const card of ['DIGIT:9', 'POINT', 'DIGIT:5', 'DIGIT:7', 'ERASE', 'DIGIT:2']) {
    await counter.scan(`REDRESS:${card}`);
  }
  expect(await counter.amount.inputValue()).toBe('9.52');
  await counter.scan('REDRESS:NEXT-SALE');
  await expect.poll(() => counter.amount.inputValue()).toBe('');
});

test('nothing that is held under the scanner answers a question, collects, or breaks the page', async () => {
  const counter = await shop.window();
  const { page } = counter;
  const broken: string[] = [];
  page.on('pageerror', ({ message }) => broken.push(message));
  await counter.collect('8.44');
  await counter.expectState('paid');
  const before = (await shop.gateway.orders()).length;
  const hostile = [
    '１３４７１２３４５６７８９０１２３４',
    '\u202e134712345678901234',
    '134712345678901234\u200b',
    '\ud800'.repeat(14),
    '<script>alert(1)</script>',
    "'; DROP TABLE journal; --",
    '../../../../etc/passwd?#&%',
    '%E0%A4%A%00%FF%FF%FF%FF',
    'REDRESS:FLY:AWAY',
    'REDRESS:CONFIRMED',
    'X-REDRESS:CONFIRM',
    'REDRESS:SALE:1e3:\u202e',
  ];
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').waitFor();
  for (const text of [...hostile, '9'.repeat(520)]) await counter.scan(text);
  expect(await page.getByRole('dialog').count()).toBe(1);
  await counter.scan('REDRESS:CANCEL');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // With no question open they lead to a search, to a notice, or into the field for a code.
  for (const hash of ['#/', '#/terminal']) {
    for (const text of hostile) {
      await counter.go(hash);
      await counter.scan(text);
    }
  }
  expect(await shop.gateway.orders()).toHaveLength(before);
  expect(broken).toEqual([]);
  await counter.go('#/');
  await counter.scan('REDRESS:NEXT-SALE');
  await counter.amount.fill('8.45');
  await counter.scan(newCode());
  await counter.page.locator('.stage-amount', { hasText: '8.45' }).waitFor();
  await counter.expectState('paid');
  expect(await shop.ordersOf(844)).toMatchObject([{ orderStatus: 'PAID' }]);
});
