import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { layoutFaults, violations } from '../support/accessibility.ts';
import { type Counter, Shop } from '../support/shop.ts';

/** The display that faces the customer, beside the cashier's own window. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

async function expectView(customer: Counter, view: string): Promise<void> {
  await customer.page.locator(`.customer[data-view="${view}"]`).waitFor();
}

for (const language of ['en', 'zh'] as const) {
  test(`a sale and its revoke are told to the customer, in ${language}`, async () => {
    const cashier = await shop.window(language);
    const customer = await shop.window(language, { viewport: { width: 1024, height: 768 } }, '#/customer');
    const expectSound = async () => {
      expect(await violations(customer.page)).toEqual([]);
      expect(await layoutFaults(customer.page)).toEqual([]);
    };
    // Whatever the customer before was shown.
    await cashier.page.keyboard.press('Escape');
    await expectView(customer, 'idle');
    await expectSound();

    await cashier.amount.pressSequentially('1234.5', { delay: 60 });
    await expectView(customer, 'amount');
    await customer.page.getByText('¥1,234.50').waitFor();
    await expectSound();
    await cashier.page.keyboard.press('Escape');
    await expectView(customer, 'idle');

    await cashier.collect('12.34');
    await expectView(customer, 'paid');
    await expectSound();
    const clientSn = await cashier.newest();
    await cashier.revoke(clientSn);
    await expectView(customer, 'revoked');
    // What the customer needs to ask anybody about it later.
    expect(await customer.page.locator('.customer').textContent()).toContain(clientSn);
    await expectSound();

    await cashier.collect('10.16');
    await expectView(customer, 'not_charged');
    await expectSound();
  });
}

test('a payment in doubt asks for patience, then promises the refund with the order number', async () => {
  const cashier = await shop.window();
  const customer = await shop.window('en', {}, '#/customer');
  await cashier.collect('10.25');
  await expectView(customer, 'wait');
  await expectView(customer, 'reversing');
  expect(await customer.page.locator('.customer').textContent()).toContain(await cashier.newest());
  await expectView(customer, 'not_charged');
});

test('what needs a person sends the customer to the staff', async () => {
  const cashier = await shop.window();
  const customer = await shop.window('en', {}, '#/customer');
  await cashier.collect('10.23');
  await cashier.expectState('attention');
  await expectView(customer, 'staff');
});

test('nothing internal is shown, and nothing can be pressed', async () => {
  const cashier = await shop.window();
  const customer = await shop.window('en', {}, '#/customer');
  await cashier.collect('10.16');
  await expectView(customer, 'not_charged');
  const text = (await customer.page.locator('body').textContent()) ?? '';
  expect(text).not.toMatch(/PAY_FAIL|INSUFFICIENT|declined|root/);
  expect(await customer.page.locator('button, a, input').count()).toBe(0);
});

test('a terminal that is gone leaves no old amount standing as if it were true', async () => {
  const cashier = await shop.window();
  const customer = await shop.window('en', {}, '#/customer');
  await cashier.collect('12.34');
  await expectView(customer, 'paid');
  await shop.end('SIGKILL');
  await expectView(customer, 'moment');
  expect(await customer.page.locator('.customer').textContent()).not.toContain('12.34');
  await shop.serve();
  await expectView(customer, 'idle');
});

test('the language follows the cashier’s screen in the same browser', async () => {
  const cashier = await shop.window('en');
  const customer = await cashier.page.context().newPage();
  await customer.goto(`${new URL(cashier.page.url()).origin}/#/customer`);
  await customer.locator('.customer').waitFor();
  await cashier.page.getByRole('button', { name: '中文' }).click();
  await expect.poll(() => customer.getAttribute('html', 'lang')).toBe('zh-CN');
});
