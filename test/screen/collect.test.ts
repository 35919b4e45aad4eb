import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newCode, Shop } from '../support/shop.ts';

/** The Collect screen with fingers and keys; scanners have a file of their own. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

describe('a sale', () => {
  test('is typed on the keypad, read back with its separators, and handed over', async () => {
    const counter = await shop.window();
    const { page } = counter;
    for (const key of ['1', '2', '3', '4', '.', '5', '6', '7'])
      await page
        .getByRole('group', { name: 'Keypad' })
        .getByRole('button', { name: key, exact: true })
        .click();
    // A third decimal can never be charged, so the keypad does not take it.
    expect(await counter.amount.inputValue()).toBe('1234.56');
    expect(await page.getByText('¥1,234.56').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: '0', exact: true }).click();
    await counter.code.fill(newCode());
    await counter.button('collect').click();
    await counter.expectState('paid');
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('hand_over');
    expect(await counter.instruction.textContent()).toContain('Hand over the goods');
    expect(await counter.amount.inputValue()).toBe('');
    const [order] = await shop.ordersOf(123_400);
    expect(order).toMatchObject({ orderStatus: 'PAID', charges: 1 });
  });

  test('carries its reference and goods, and the order shows them', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Sale reference' }).fill('T-77');
    await page.getByRole('textbox', { name: 'Goods' }).fill('Two teas');
    await counter.collect('8.80');
    await counter.expectState('paid');
    expect(await page.locator('.stage').textContent()).toContain('T-77');
  });

  test('waits after a lost reply with the seconds to the next step, and ends with the proof', async () => {
    const counter = await shop.window();
    await counter.collect('10.12');
    await counter.expectState('confirming');
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('wait');
    await counter.page.getByText(/Decided in \d+ sec at most/).waitFor();
    await counter.expectState('reversed');
    expect(await counter.instruction.textContent()).toContain('Do not hand over');
    const [order] = await shop.ordersOf(1012);
    expect(order).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('can be given up once that is allowed, and no sooner', async () => {
    const counter = await shop.window();
    await counter.collect('20.15');
    await counter.page.getByText(/You can give up in/).waitFor();
    expect(await counter.button('giveUp').count()).toBe(0);
    await counter.button('giveUp').click();
    await counter.expectState('reversed');
    expect(await counter.instruction.textContent()).toContain('The cashier gave up.');
  });

  test('can start while an earlier one is still being reversed', async () => {
    const counter = await shop.window();
    await counter.collect('30.25');
    await counter.expectState('reversing');
    const earlier = await counter.newest();
    await counter.collect('5.00');
    await counter.expectState('paid');
    await counter.page.locator(`[data-client-sn="${earlier}"][data-state="reversed"]`).waitFor();
    // The instruction stays with the customer at the counter.
    expect(await counter.instruction.getAttribute('data-state')).toBe('paid');
  });

  test('is cleared from the screen by the first key of the next one', async () => {
    const counter = await shop.window();
    await counter.collect('6.00');
    await counter.expectState('paid');
    await counter.page.keyboard.press('7');
    await expect.poll(() => counter.instruction.count()).toBe(0);
    expect(await counter.amount.inputValue()).toBe('7');
  });
});

describe('what goes wrong at the form', () => {
  test('is said in words with its code, and the amount stays', async () => {
    const counter = await shop.window();
    await counter.collect('12,34');
    const alert = counter.page.getByRole('alert');
    await alert.getByText('The amount is not a plain number').waitFor();
    expect(await alert.textContent()).toContain('amount_malformed');
    expect(await counter.amount.inputValue()).toBe('12,34');
    expect(await counter.code.inputValue()).toBe('');
    await alert.getByRole('button', { name: 'Close' }).click();
    expect(await alert.count()).toBe(0);
  });

  test('a code that was just used leads to its order instead of a second charge', async () => {
    const counter = await shop.window('zh');
    const code = newCode();
    await counter.collect('3.00', code);
    await counter.expectState('paid');
    const first = await counter.newest();
    await counter.collect('3.00', code);
    const alert = counter.page.getByRole('alert');
    await alert.getByText('这个付款码刚刚用过').waitFor();
    await alert.getByRole('link', { name: '查看那一笔' }).click();
    await counter.page.waitForURL(`**/${first}`);
    expect(await shop.ordersOf(300)).toHaveLength(1);
  });

  test('the sale guard explains what stands in the way and takes a deliberate word', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const attempt = async () => {
      if (!(await page.getByRole('textbox', { name: 'Sale reference' }).isVisible()))
        await page.getByText('More', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Sale reference' }).fill('G-1');
      await counter.collect('40.12');
    };
    await attempt();
    await counter.expectState('confirming');
    await attempt();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('An earlier order of this sale is not decided yet').waitFor();
    expect(await dialog.textContent()).toContain('¥40.12');
    // Enter presses the safe answer.
    await page.keyboard.press('Enter');
    expect(await dialog.count()).toBe(0);
    await attempt();
    await dialog.getByRole('button', { name: 'Charge anyway' }).click();
    await expect.poll(async () => (await shop.ordersOf(4012)).length).toBe(2);
  });

  test('a terminal that gives no answer leaves nobody believing that nothing happened', async () => {
    const counter = await shop.window();
    await counter.page.route('**/api/call', (route) => route.abort());
    await counter.collect('12.00');
    const alert = counter.page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('nobody knows yet whether this was carried out');
  });

  test('a press on the button for the second time collects nothing', async () => {
    const counter = await shop.window();
    await counter.amount.fill('2.50');
    await counter.code.fill(newCode());
    await counter.button('collect').dblclick();
    await counter.expectState('paid');
    expect(await counter.page.getByRole('alert').count()).toBe(0);
    expect(await shop.ordersOf(250)).toHaveLength(1);
  });
});

test('a payment code is never legible, and leaves the page when it is sent', async () => {
  const counter = await shop.window();
  const code = newCode();
  await counter.amount.fill('1.00');
  await counter.code.fill(code);
  const shown = await counter.code.evaluate((field) =>
    getComputedStyle(field).getPropertyValue('-webkit-text-security'),
  );
  expect(shown).toBe('disc');
  await counter.button('collect').click();
  await counter.expectState('paid');
  expect(await counter.page.content()).not.toContain(code);
});
