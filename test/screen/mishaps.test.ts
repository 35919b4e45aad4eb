import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newCode, Shop } from '../support/shop.ts';

/** What once went wrong at this screen, or nearly did, named by what a person saw. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

describe('a scanner', () => {
  test('that ends with CR and LF typed the last amount back into the empty form', async () => {
    const counter = await shop.window();
    for (const amount of ['20.01', '20.02', '20.03']) {
      await counter.amount.fill(amount);
      await counter.scan(newCode(), ['Enter', 'LineFeed']);
      await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
      await counter.expectState('paid');
      expect(await counter.amount.inputValue()).toBe('');
    }
  });

  test('that ends with CR and LF could not use the command cards', async () => {
    const counter = await shop.window();
    for (const card of ['DIGIT:9', 'POINT', 'DIGIT:5', 'DIGIT:7'])
      await counter.scan(`REDRESS:${card}`, ['Enter', 'LineFeed']);
    expect(await counter.amount.inputValue()).toBe('9.57');
  });

  test('with an unknown code charged the amount that was typed while the terminal looked it up', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await page.route('**/api/call', async (route) => {
      if (route.request().postData()?.includes('orders.search') === true)
        await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
    await counter.scan('8112345678901234567');
    await counter.amount.pressSequentially('41', { delay: 90 });
    await page.getByText('Scanned. Enter the amount').waitFor({ state: 'hidden' });
    await page.waitForTimeout(700);
    expect(await counter.code.inputValue()).not.toBe('');
    expect(await shop.ordersOf(4100)).toEqual([]);
  });

  test('of the goods’ own barcode was taken for a wallet', async () => {
    const counter = await shop.window();
    await counter.amount.fill('5.55');
    await counter.scan('6901234567892');
    await counter.page.getByRole('alert').waitFor();
    expect(await counter.page.getByRole('alert').textContent()).toContain('code_malformed');
    expect(await counter.amount.inputValue()).toBe('5.55');
    expect(await shop.ordersOf(555)).toEqual([]);
  });

  test('collected behind "the terminal is not answering"', async () => {
    const counter = await shop.window();
    await counter.amount.fill('30.01');
    await shop.end('SIGKILL');
    await counter.page.getByText('The terminal is not answering').waitFor();
    const sent: string[] = [];
    counter.page.on('request', (request) => {
      if (request.postData()?.includes('sale.collect') === true) sent.push(request.url());
    });
    await counter.scan(newCode());
    await counter.page.waitForTimeout(400);
    expect(sent).toEqual([]);
    await shop.serve();
    await counter.page.getByText('The terminal is not answering').waitFor({ state: 'detached' });
  });

  test('that read the same code twice wiped "hand over" off the screen', async () => {
    const counter = await shop.window();
    const code = newCode();
    await counter.amount.fill('6.06');
    await counter.scan(code);
    await counter.expectState('paid');
    await counter.scan(code);
    await counter.page.waitForTimeout(500);
    expect(await counter.instruction.getAttribute('data-state')).toBe('paid');
  });

  test('in the search box put a wallet code into the address', async () => {
    const counter = await shop.window('en', {}, '#/orders');
    const code = newCode();
    await counter.page.getByRole('searchbox').focus();
    await counter.page.keyboard.type(code, { delay: 120 });
    await counter.page.waitForTimeout(800);
    expect(counter.page.url()).not.toContain(code);
  });
});

describe('a till slip', () => {
  test('whose sale number has colons was cut at the first one', async () => {
    const counter = await shop.window();
    await counter.scan('REDRESS:SALE:7.07:KASSE:1');
    await counter.scan(newCode());
    await counter.expectState('paid');
    expect(await counter.page.locator('.stage').textContent()).toContain('KASSE:1');
    await counter.scan('REDRESS:SALE:8.07:KASSE:2');
    await counter.scan(newCode());
    await counter.page.locator('.stage-amount', { hasText: '8.07' }).waitFor();
    await counter.expectState('paid');
  });

  test('left its sale number, unseen, to the next customer', async () => {
    const counter = await shop.window();
    await counter.scan('REDRESS:SALE:7.70:T-A');
    expect(await counter.page.getByRole('textbox', { name: 'Sale reference' }).inputValue()).toBe('T-A');
    expect(await counter.page.getByRole('textbox', { name: 'Sale reference' }).isVisible()).toBe(true);
    await counter.scan('REDRESS:AMOUNT:9.70');
    await counter.scan(newCode());
    await counter.expectState('paid');
    expect(await counter.page.locator('.stage').textContent()).not.toContain('T-A');
  });
});

describe('the instruction', () => {
  test('of another window’s customer stood over a sale that was still being typed here', async () => {
    const here = await shop.window();
    const there = await shop.window();
    await here.page.keyboard.press('Escape');
    await expect.poll(() => here.instruction.count()).toBe(0);
    await here.amount.pressSequentially('8.88', { delay: 70 });
    await there.collect('8.88');
    await there.expectState('paid');
    await here.row(await there.newest()).waitFor();
    expect(await here.instruction.count()).toBe(0);
  });

  test('vanished at the next key when it came while one typed', async () => {
    const counter = await shop.window();
    await shop.gateway.configure({ pendingMs: 1500 });
    await counter.collect('10.14');
    await counter.expectState('confirming');
    await counter.amount.pressSequentially('3', { delay: 70 });
    await counter.expectState('paid');
    await counter.amount.pressSequentially('3.50', { delay: 70 });
    await counter.page.waitForTimeout(300);
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('hand_over');
  });

  test('turned to an old order when somebody tried it again while a customer waited', async () => {
    const counter = await shop.window();
    await counter.collect('11.23');
    await counter.expectState('attention');
    const old = await counter.newest();
    await counter.collect('12.15');
    await counter.expectState('confirming');
    await counter.go('#/in-doubt');
    await counter.row(old).getByRole('button', { name: 'Try now' }).click();
    await counter.go('#/');
    await counter.page.locator('.stage-amount', { hasText: '12.15' }).waitFor();
  });

  test('said "hand over" a second time after a revoke was refused', async () => {
    const counter = await shop.window();
    await counter.collect('13.22');
    await counter.expectState('paid');
    await counter.revoke(await counter.newest());
    await counter.instruction.getByText('The payment stands', { exact: true }).waitFor();
    expect(await counter.instruction.textContent()).not.toContain('Hand over');
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('hand_over');
  });

  test('was gone after a reload', async () => {
    const counter = await shop.window();
    await counter.collect('14.00');
    await counter.expectState('paid');
    await counter.page.reload();
    await counter.expectState('paid');
    expect(await counter.page.locator('.stage-amount').textContent()).toBe('¥14.00');
  });
});

describe('a key', () => {
  test('gave up a payment from a screen that did not show it, or before it was allowed', async () => {
    const patient = await Shop.open({
      payTimeoutMs: 20_000,
      confirmWindowMs: 60_000,
      minReverseAgeMs: 20_000,
      queryIntervalMs: 5000,
    });
    try {
      const counter = await patient.window();
      await counter.collect('15.15');
      await counter.expectState('confirming');
      await counter.page.keyboard.press('F8');
      await counter.go('#/terminal');
      await counter.page.keyboard.press('F8');
      await counter.page.keyboard.press('F7');
      expect(await counter.page.getByRole('dialog').count()).toBe(0);
      await counter.go('#/');
      await counter.expectState('confirming');
      expect(await counter.instruction.textContent()).not.toContain('gave up');
    } finally {
      await patient.close();
    }
  });

  test('that a finger rested on asked the acquirer fifty times', async () => {
    const counter = await shop.window();
    await counter.collect('16.23');
    await counter.expectState('attention');
    const clientSn = await counter.newest();
    await expect.poll(async () => (await shop.gateway.wireLog(clientSn)).length).toBeGreaterThan(2);
    const before = (await shop.gateway.wireLog(clientSn)).length;
    for (let press = 0; press < 30; press += 1) await counter.page.keyboard.down('F9');
    await counter.page.keyboard.up('F9');
    await counter.page.waitForTimeout(500);
    expect((await shop.gateway.wireLog(clientSn)).length).toBeLessThanOrEqual(before + 1);
  });

  test('that belongs to no amount made another amount of it', async () => {
    const counter = await shop.window();
    await counter.amount.pressSequentially('12-34', { delay: 70 });
    expect(await counter.amount.inputValue()).toBe('12-34');
    await counter.code.fill(newCode());
    await counter.button('collect').click();
    await counter.page.getByRole('alert').getByText('amount_malformed').waitFor();
    expect(await shop.ordersOf(123_400)).toEqual([]);
  });
});

test('text twice as large left a slit of the form on a small window', async () => {
  const counter = await shop.window('en', { viewport: { width: 1024, height: 768 } });
  await counter.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  const heights = await counter.page
    .locator('.sale')
    .evaluate((form) => [form.clientHeight, form.scrollHeight]);
  expect(heights[0]).toBe(heights[1]);
});
