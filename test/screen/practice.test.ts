import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UPAY_PATHS } from '../../shared/protocol/upay/requests.ts';
import { upayAuthorization } from '../../shared/signing/md5.ts';
import { FAULT_NAMES, faultOf } from '../../main/training/faults.ts';
import { type Counter, Shop } from '../support/shop.ts';

/** A fresh machine: nobody may take it for business, and everything that can go wrong can be tried on it. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.practice();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

const SCREENS = ['#/', '#/orders', '#/in-doubt', '#/terminal'];

/** How wide the frame around everything is, edge by edge. */
const frame = (page: Page) =>
  page.locator('.shell').evaluate((shell) => {
    const { borderInlineStartWidth, borderInlineEndWidth, borderBlockEndWidth } = getComputedStyle(shell);
    return [borderInlineStartWidth, borderInlineEndWidth, borderBlockEndWidth].map(parseFloat);
  });

describe('practice is unmistakable', () => {
  test('on every screen, in both languages, by its words and its frame', async () => {
    for (const [language, words] of [
      ['en', 'PRACTICE — no real money'],
      ['zh', '练习模式 — 不涉及真实资金'],
    ] as const) {
      const counter = await shop.window(language);
      for (const hash of SCREENS) {
        await counter.go(hash);
        await counter.page.waitForTimeout(100);
        const banner = counter.page.getByRole('complementary', { name: words });
        expect(await banner.getByText(words).isVisible(), hash).toBe(true);
        const { y = -1 } = (await banner.boundingBox()) ?? {};
        expect(y, hash).toBe(0);
        for (const width of await frame(counter.page)) expect(width, hash).toBeGreaterThanOrEqual(4);
      }
    }
  });

  test('on paper as well, across every page, and there alone', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await counter.collect('12.34');
    await counter.expectState('paid');
    const mark = page.locator('.print-mark');
    for (const hash of [`#/orders/${await counter.newest()}`, '#/orders']) {
      await counter.go(hash);
      await page.locator('main').waitFor();
      expect(await mark.isVisible(), hash).toBe(false);
      await page.emulateMedia({ media: 'print' });
      expect(await mark.isVisible(), hash).toBe(true);
      expect(await mark.textContent()).toBe('PRACTICE · NO REAL MONEY');
      // Printers repeat what is fixed on every page.
      expect(await mark.evaluate((element) => getComputedStyle(element).position)).toBe('fixed');
      await page.emulateMedia({ media: 'screen' });
    }
  });

  test('on a customer’s display, too', async () => {
    const { page } = await shop.window('zh', {}, '#/customer');
    await page.locator('main').waitFor();
    expect(await page.getByText('练习').first().isVisible()).toBe(true);
  });
});

const panel = (page: Page) => page.locator('.practice-panel');
const pending = (page: Page) => panel(page).locator('.fault-pending');

async function setFault(counter: Counter, fault: string, times: string): Promise<void> {
  const { page } = counter;
  await counter.go('#/terminal');
  await panel(page).getByLabel('Fault', { exact: true }).selectOption({ label: fault });
  await panel(page).getByLabel('How often').selectOption({ label: times });
  await panel(page).getByRole('button', { name: 'Set fault' }).click();
  await pending(page).getByText(`${fault} · ${times}`).waitFor();
}

async function sell(counter: Counter, amount: string): Promise<void> {
  await counter.go('#/');
  await counter.amount.waitFor();
  await counter.collect(amount);
  await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
}

describe('the practice panel', () => {
  test('offers every fault of the gateway in the language of the screen', async () => {
    for (const language of ['en', 'zh'] as const) {
      const { page } = await shop.window(language, {}, '#/terminal');
      const faults = panel(page).locator('select').first();
      await faults.waitFor();
      const offered = await faults.locator('option').allTextContents();
      expect(offered).toEqual(FAULT_NAMES.map((name) => faultOf(name).words[language]));
    }
  });

  test('makes the next sale meet the chosen fault, and only so many', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await counter.go('#/terminal');
    await pending(page).getByText('No fault is set; the next call goes well.').waitFor();
    await setFault(counter, 'Declined for lack of money', '2 times');
    await sell(counter, '3.01');
    await counter.expectState('declined');
    await counter.go('#/terminal');
    await pending(page).getByText('Declined for lack of money · Once').waitFor();
    await sell(counter, '3.02');
    await counter.expectState('declined');
    await counter.go('#/terminal');
    await pending(page).getByText('No fault is set; the next call goes well.').waitFor();
    await sell(counter, '3.03');
    await counter.expectState('paid');
  });

  test('takes a fault back before anything has met it', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await setFault(counter, 'Declined for lack of money', '5 times');
    await pending(page).getByRole('button', { name: 'Clear' }).click();
    await pending(page).getByText('No fault is set; the next call goes well.').waitFor();
    await sell(counter, '3.04');
    await counter.expectState('paid');
  });

  test('sets what the gateway holds beside what this terminal says: agreed, being found out, or disagreed', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await sell(counter, '12.00');
    await counter.expectState('paid');
    const paid = await counter.newest();
    await counter.go('#/terminal');
    const held = (clientSn: string) =>
      panel(page).locator('.held', { has: page.locator(`[href$="${clientSn}"]`) });
    await held(paid).locator('.held-agreement', { hasText: 'Agree' }).waitFor();
    expect(await held(paid).textContent()).toMatch(
      /¥12\.00.*Gateway holds ¥12\.00 PAID.*Terminal Paid · Charged/,
    );

    // A customer who never confirms: the terminal does not claim to know.
    await sell(counter, '12.15');
    await counter.expectState('confirming');
    const unsettled = await counter.newest();
    await counter.go('#/terminal');
    await held(unsettled).locator('.held-agreement', { hasText: 'Finding out' }).waitFor();
    expect(await held(unsettled).textContent()).toContain('Gateway holds nothing');

    // Somebody at the acquirer takes the paid one back behind this terminal's back.
    await cancelByHand(paid);
    await held(paid).locator('.held-agreement', { hasText: 'Disagree' }).waitFor();
    expect(await held(paid).textContent()).toContain('Gateway holds nothing');
    await held(paid).getByRole('link').click();
    await page.waitForURL(`**/#/orders/${paid}`);
  });
});

/** Cancels at the acquirer without this terminal: with its key, which lies in the folder of the practice. */
async function cancelByHand(clientSn: string): Promise<void> {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(shop.directory, 'practice', name), 'utf8'));
  const { apiDomain } = read('settings.json') as { readonly apiDomain: string };
  const { terminalSn, terminalKey } = read('secrets.json') as Readonly<
    Record<'terminalSn' | 'terminalKey', string>
  >;
  const body = new TextEncoder().encode(JSON.stringify({ terminal_sn: terminalSn, client_sn: clientSn }));
  const response = await fetch(apiDomain + UPAY_PATHS.cancel, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: upayAuthorization(terminalSn, body, terminalKey),
    },
    body,
  });
  expect(await response.text()).toContain('CANCEL_SUCCESS');
}
