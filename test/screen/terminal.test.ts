import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { businessDayOf } from '../../shared/business-day.ts';
import { inDatabase } from '../support/database-file.ts';
import { type Counter, newCode, Shop } from '../support/shop.ts';

/** What merchant IT is told on the telephone, how a screen is set up, and what is never shown to anybody. */

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.closeWindows());
afterAll(() => shop.close());

/** What a panel says under a name. */
const fact = (page: Page, name: string) =>
  page
    .locator('.fact', { has: page.getByRole('term').getByText(name, { exact: true }) })
    .getByRole('definition');

async function expectFact(page: Page, name: string, words: string | RegExp): Promise<void> {
  await expect.poll(() => fact(page, name).textContent(), { message: name, timeout: 8000 }).toMatch(words);
}

async function sell(counter: Counter, amount: string): Promise<void> {
  await counter.go('#/');
  await counter.amount.waitFor();
  await counter.collect(amount);
  await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
  await counter.expectState('paid');
}

describe('the report', () => {
  test('names the terminal, its acquirer and its folder, as they were set up', async () => {
    const { page } = await shop.window('en', {}, '#/terminal');
    const { data } = shop;
    const facts = {
      'Terminal number': data.identity.terminalSn,
      Device: data.deviceId,
      Protocol: 'upay',
      "Acquirer's address": shop.gateway.url,
      'Data folder': data.data,
      'Time zone': 'Asia/Shanghai',
      Currency: 'CNY',
      'Node.js': process.versions.node,
      Redress: '0.1.0',
    };
    for (const [name, words] of Object.entries(facts)) {
      await fact(page, name).waitFor();
      expect(await fact(page, name).textContent(), name).toBe(words);
    }
    await expectFact(page, 'SQLite', /^3\.\d+\.\d+$/);
    await expectFact(page, 'System', new RegExp(process.platform === 'linux' ? 'linux' : '.', 'i'));
    await expectFact(page, 'Started', /\d\d:\d\d:\d\d/);
  });

  test('tells of the day’s check-in, the last reply, and that both clocks agree', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await sell(counter, '1.01');
    const today = businessDayOf(Date.now(), 'Asia/Shanghai');
    await counter.go('#/terminal');
    await expectFact(page, 'Acquirer', /^Reachable$/);
    await expectFact(page, 'Last reply', /\d\d:\d\d:\d\d.*\(\d sec ago\)$/);
    await expectFact(page, 'Last failure', /^None yet$/);
    await expectFact(page, 'Day of check-in', new RegExp(`^${today} \\(today\\)$`));
    await expectFact(page, 'Last check-in', /^Succeeded · .*ago\) ?$/);
    await expectFact(page, 'Key file', /^Stored on disk$/);
    await expectFact(page, "Acquirer's clock", /^The same, within a second$/);
    expect(await page.locator('.terminal-warning').count()).toBe(0);
  });

  test.each([
    ['ahead', '收单方快 10'],
    ['behind', '收单方慢 10'],
  ] as const)('warns of a clock that the acquirer’s is %s of', async (direction, chinese) => {
    const counter = await shop.window();
    const { page } = counter;
    await shop.gateway.setClock((direction === 'ahead' ? 1 : -1) * (10 * 60_000 - 20_000));
    try {
      await sell(counter, '1.02');
    } finally {
      await shop.gateway.setClock(0);
    }
    await counter.go('#/terminal');
    await expectFact(page, "Acquirer's clock", new RegExp(`^10 min ${direction}$`));
    await page.locator('.terminal-warning', { hasText: "set this machine's clock" }).waitFor();
    await page.locator('.nav-tool[lang]').click();
    await page.locator('.fact', { hasText: chinese }).waitFor();
    await page.locator('.terminal-warning', { hasText: '请校准' }).waitFor();
    await page.locator('.nav-tool[lang]').click();
    // The next reply tells that it is right again.
    await sell(counter, '1.03');
    await counter.go('#/terminal');
    await expectFact(page, "Acquirer's clock", /^The same/);
    expect(await page.locator('.terminal-warning').count()).toBe(0);
  });

  test('tells of an acquirer that is not reached, and of its return', async () => {
    const counter = await shop.window('en', {}, '#/terminal');
    const { page } = counter;
    await expectFact(page, 'Acquirer', /^Reachable$/);
    await counter.go('#/');
    await shop.gateway.kill('SIGKILL');
    try {
      await counter.collect('1.04');
      await counter.expectState('declined');
      await counter.go('#/terminal');
      await expectFact(page, 'Acquirer', /^Not reachable$/);
      await expectFact(page, 'Last failure', /ago\)$/);
    } finally {
      await shop.gateway.restart();
    }
    await expectFact(page, 'Acquirer', /^Reachable$/);
  });

  test('never carries a key, and neither does any other screen or answer', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const heard: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/api/call')) heard.push(response.text());
    });
    await sell(counter, '1.05');
    const clientSn = await counter.newest();
    const seen: string[] = [];
    for (const hash of ['#/', '#/orders', `#/orders/${clientSn}`, '#/in-doubt', '#/terminal']) {
      await counter.go(hash);
      await page.waitForTimeout(150);
      seen.push(await page.content());
    }
    await fact(page, 'Terminal number').waitFor();
    const { terminalSn, terminalKey } = shop.data.identity;
    seen.push(
      await page.content(),
      await page.evaluate(() => JSON.stringify([localStorage, sessionStorage])),
      ...(await Promise.all(heard)),
    );
    // What could have carried a key was really looked at.
    expect(seen.filter((text) => text.includes(terminalSn)).length).toBeGreaterThanOrEqual(2);
    const keys = [terminalKey, shop.gateway.currentKey(terminalSn)];
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) {
      expect(key.length).toBeGreaterThan(16);
      expect(seen.filter((text) => text.toLowerCase().includes(key.toLowerCase()))).toEqual([]);
    }
  });
});

test('the ledger is checked while the counter goes on, and holds', async () => {
  const it = await shop.window('en', {}, '#/terminal');
  const cashier = await shop.window();
  await cashier.amount.fill('2.01');
  await cashier.code.fill(newCode());
  const check = it.page.getByRole('button', { name: 'Check now' });
  await check.waitFor();
  await Promise.all([check.click(), cashier.button('collect').click()]);
  await cashier.expectState('paid');
  await expectFact(it.page, 'Last check', /^Holds · [\d,]+ entries, [\d,]+ orders · .*ago\)$/);
  await check.waitFor();

  // Once nothing moves any more, a second check counts what is really there.
  await check.click();
  const verified = truth();
  expect(verified.orders).toBeGreaterThan(0);
  const counted = `${verified.entries} entries, ${verified.orders} orders`;
  await expectFact(it.page, 'Last check', new RegExp(`^Holds · ${counted}`));
  await expectFact(it.page, 'Entries', new RegExp(`^${verified.entries}$`));
  await expectFact(it.page, 'Calls owed', /^0$/);

  // Every window is told of it.
  const other = await shop.window('zh', {}, '#/terminal');
  await expectFact(other.page, '最近检查', new RegExp(`^完好 · ${verified.entries} 条日志`));
});

/** What the journal of the terminal holds, counted in its file. */
function truth(): { readonly entries: number; readonly orders: number } {
  return inDatabase(join(shop.directory, 'ledger.db'), (database) => {
    const query = 'SELECT count(*) AS entries, count(DISTINCT client_sn) AS orders FROM journal';
    return (
      database.prepare<[], { entries: number; orders: number }>(query).get() ?? { entries: 0, orders: 0 }
    );
  });
}

describe('how the screen looks and sounds', () => {
  const root = (page: Page) =>
    page.evaluate(() => {
      const { lang, dataset } = document.documentElement;
      return { lang, theme: dataset['theme'], text: dataset['text'] };
    });
  const pick = (page: Page, legend: string, choice: string) =>
    page.getByRole('group', { name: legend }).getByRole('radio', { name: choice, exact: true }).check();
  const CHOSEN = { lang: 'zh-CN', theme: 'dark', text: '150' };

  test('is chosen here, lasts over a reload, and reaches every other window at once', async () => {
    const counter = await shop.window('en', {}, '#/terminal');
    const { page } = counter;
    const other = await page.context().newPage();
    await other.goto(page.url().replace('#/terminal', '#/'));
    await other.locator('main').waitFor();
    expect(await root(page)).toEqual({ lang: 'en', theme: 'system', text: '100' });

    await pick(page, 'Theme', 'Dark');
    await pick(page, 'Text size', '150 %');
    await pick(page, 'Sound', 'Off');
    await pick(page, 'Language', '中文');
    await page.getByRole('heading', { level: 1, name: '终端' }).waitFor();
    expect(await root(page)).toEqual(CHOSEN);
    await expect.poll(() => root(other)).toEqual(CHOSEN);
    await other.getByRole('button', { name: '收款', exact: true }).waitFor();

    await page.reload();
    await page.getByRole('heading', { level: 1, name: '终端' }).waitFor();
    expect(await root(page)).toEqual(CHOSEN);
    const checked = await page
      .getByRole('radio', { checked: true })
      .evaluateAll((radios) => radios.map((radio) => (radio as HTMLInputElement).value));
    expect(checked).toEqual(['zh', 'dark', '150', 'off']);
    const paper = (at: Page) => at.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    expect(await paper(page)).toContain('dark');
    // The other window chooses, and this one follows.
    await other.locator('.nav-tool[lang]').click();
    await page.getByRole('heading', { level: 1, name: 'Terminal' }).waitFor();
  });

  test('is that of the first painting after a reload, without a flash of another', async () => {
    const { page } = await shop.window('zh', {}, '#/terminal');
    await pick(page, '外观', '深色');
    await page.addInitScript(() => {
      new MutationObserver((_changes, observer) => {
        if (document.querySelector('#app > *') === null) return;
        observer.disconnect();
        const { lang, dataset } = document.documentElement;
        sessionStorage.setItem('first', `${lang} ${dataset['theme']}`);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.locator('main').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('first'))).toBe('zh-CN dark');
  });

  test('text grows by what was chosen', async () => {
    const { page } = await shop.window('en', {}, '#/terminal');
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
    const usual = await size();
    for (const percent of ['125', '150', '200']) {
      await pick(page, 'Text size', `${percent} %`);
      await expect.poll(size).toBeCloseTo((usual * Number(percent)) / 100, 1);
    }
  });
});

test('practice is nowhere on a terminal of real money, not even on paper', async () => {
  const counter = await shop.window();
  const { page } = counter;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  for (const hash of ['#/', '#/orders', '#/in-doubt', '#/terminal']) {
    await counter.go(hash);
    await page.waitForTimeout(150);
    for (const trace of ['.practice-panel', '.practice-banner', '.shell-practice', '.print-mark'])
      expect(await page.locator(trace).count(), `${trace} on ${hash}`).toBe(0);
  }
  await fact(page, 'Terminal number').waitFor();
  expect(await page.getByText(/practice/i).count()).toBe(0);
  expect(asked.filter((body) => body.includes('practice'))).toEqual([]);
});
