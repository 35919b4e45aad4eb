import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectSound } from '../support/accessibility.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { Shop } from '../support/shop.ts';

/** Merchant IT at a fresh machine: set-up on the screen, what can go wrong in it, and the support bundle. */

let shop: Shop;
let gateway: GatewayProcess;
beforeAll(async () => {
  shop = await Shop.practice();
  gateway = await startGatewayProcess();
  writeFileSync(join(shop.directory, 'vendor-key.json'), JSON.stringify(gateway.activation.vendorKeyFile));
});
afterEach(() => shop.closeWindows());
afterAll(async () => {
  await shop.close();
  await gateway.stop();
});

async function openService(language: 'en' | 'zh' = 'en'): Promise<Page> {
  const { page } = await shop.window(language, {}, 'service.html');
  await page.locator('.service-panel').first().waitFor();
  return page;
}

/** Fills in what a step asks for and goes on. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Next' }).click();
}

/** Comes to the last step with everything filled in; `change` replaces what a field is given. */
async function fillAll(page: Page, change: Readonly<Record<string, string>> = {}): Promise<void> {
  const { vendorSn, appId } = gateway.settings.vendor;
  const pick = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fields).map(([label, text]) => [label, change[label] ?? text]));
  await fill(page, pick({ "Acquirer's address": gateway.url }));
  await fill(page, pick({ 'Vendor number': vendorSn, 'Application number': appId }));
  await fill(page, pick({ 'Name of this counter': 'Counter 1', 'Device number': 'till-service-1' }));
  await fill(page, pick({ 'Activation code': gateway.activation.code }));
}

describe('the service page', () => {
  test('is found from the Terminal screen, and leads back to the till', async () => {
    const { page } = await shop.window('en', {}, '#/terminal');
    await page.getByRole('link', { name: 'Set-up and support' }).click();
    await page.getByRole('heading', { name: 'Practice' }).waitFor();
    await page.getByRole('link', { name: 'Back to the till' }).click();
    await page.locator('.sale').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('can be read and pressed by everybody, at every step and in both languages', async () => {
    const page = await openService();
    const { vendorSn, appId } = gateway.settings.vendor;
    await expectSound(page, 'step 1');
    await fill(page, { "Acquirer's address": gateway.url });
    await expectSound(page, 'step 2');
    await fill(page, { 'Vendor number': vendorSn, 'Application number': appId });
    await expectSound(page, 'step 3');
    await fill(page, { 'Device number': 'till-1' });
    await fill(page, { 'Activation code': 'x' });
    await expectSound(page, 'step 5');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '设置与支持' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await expectSound(page, 'step 5 in Chinese');
  });

  test('goes on with the keyboard alone, from the top of each step', async () => {
    const page = await openService();
    await page.getByLabel("Acquirer's address").fill(gateway.url);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Vendor' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Vendor');
    await page.getByRole('button', { name: 'Next' }).press('Enter');
    expect(await page.getByRole('heading', { name: 'Vendor' }).isVisible(), 'empty fields hold it').toBe(
      true,
    );
  });

  test('tests an address without moving money, and says why one cannot be reached', async () => {
    const page = await openService();
    const address = page.getByLabel("Acquirer's address");
    await address.fill(gateway.url);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText(/Reachable \(\d+ ms\)/).waitFor();
    await address.fill('http://127.0.0.1:9');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText(/Not reachable \(.*ECONNREFUSED/).waitFor();
    await address.fill('http://acquirer.example');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText(/must be https/).waitFor();
    expect(await gateway.wireLog()).toEqual([]);
  });

  test('warns of a clock that is minutes off', async () => {
    await gateway.setClock(10 * 60_000);
    const page = await openService();
    await page.getByLabel("Acquirer's address").fill(gateway.url);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const warning = page.getByText(/clock differs from the acquirer's by/);
    await warning.waitFor();
    await gateway.setClock(0);
    expect(await warning.textContent()).toMatch(/ (59\d|60\d) s\./);
  });

  test('says which file of the vendor’s key is missing, before and after the try', async () => {
    const page = await openService();
    await fillAll(page, { 'Vendor number': 'nobody' });
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('The file is there').waitFor();
    await page.getByLabel("File of the vendor's key").fill('/media/stick/no-such-key.json');
    for (let step = 2; step < 5; step += 1) await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.textContent()).toContain('key_file_invalid');
  });

  test('writes a support bundle and says where it is', async () => {
    const page = await openService();
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    const written = page.getByText(/^Written to .*\.json \(\d+ kB\)$/);
    await written.waitFor({ timeout: 30_000 });
    const [, file = ''] = /^Written to (.*) \(/.exec((await written.textContent()) ?? '') ?? [];
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('about');
  });

  test('sets the terminal up for real money: refused first, then right, and every open window follows', async () => {
    const till = await shop.window();
    await till.page.getByText('PRACTICE — no real money').waitFor();
    const page = await openService();
    await fillAll(page, { 'Activation code': 'wrong' });
    await page.getByRole('button', { name: 'Activate' }).click();
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.textContent()).toContain('activation_refused');
    expect(existsSync(join(shop.directory, 'settings.json'))).toBe(false);

    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Activation code').fill(gateway.activation.code);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('heading', { name: 'Working' }).waitFor();
    await page.getByText(/Set up as terminal/).waitFor();
    await expectSound(page, 'set up');
    // Nothing that the page was ever given holds the vendor's key.
    expect(await page.content()).not.toContain(gateway.activation.vendorKeyFile.vendorKey);

    await till.page.getByText('PRACTICE — no real money').waitFor({ state: 'detached' });
    await till.collect('12.34');
    await till.expectState('paid');
    expect(await gateway.orders()).toMatchObject([{ totalMinor: 1234, netCapturedMinor: 1234 }]);
  });

  test('of a terminal that is set up offers no second set-up', async () => {
    const page = await openService();
    await page.getByRole('heading', { name: 'Working' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Set up this terminal' }).count()).toBe(0);
    rmSync(join(shop.directory, 'vendor-key.json'));
  });
});

describe.each([
  { protocol: 'alipayplus', language: 'en', prefix: '/aps/api' },
  { protocol: 'miniprogram', language: 'zh', prefix: '' },
] as const)('set-up for $protocol ($language)', ({ protocol, language, prefix }) => {
  const WORDS = {
    en: {
      protocol: 'Protocol',
      address: "Acquirer's address",
      client: 'Client number (clientId)',
      version: 'Key version (keyVersion)',
      prefix: 'Path prefix',
      acquirer: 'Acquirer number (acquirerId)',
      psp: 'Payment service provider (pspId)',
      file: 'File of the keys',
      next: 'Next',
      back: 'Back',
      apply: 'Set up',
      done: /Set up as terminal/,
      practice: 'PRACTICE — no real money',
    },
    zh: {
      protocol: '协议',
      address: '收单方地址',
      client: '客户端编号（clientId）',
      version: '密钥版本（keyVersion）',
      prefix: '路径前缀',
      acquirer: '收单方编号（acquirerId）',
      psp: '支付机构编号（pspId）',
      file: '密钥文件',
      next: '下一步',
      back: '上一步',
      apply: '开始使用',
      done: /已设置，终端号/,
      practice: '练习模式 — 不涉及真实资金',
    },
  } as const;
  const words = WORDS[language];
  let fresh: Shop;
  let acquirer: GatewayProcess;
  beforeAll(async () => {
    acquirer = await startGatewayProcess({ allProtocols: true });
    fresh = await Shop.practice();
  });
  afterEach(() => fresh.closeWindows());
  afterAll(async () => {
    await fresh.close();
    await acquirer.stop();
  });

  test('takes a key pair by the name of its file, refuses one that is none, and collects', async () => {
    const config = acquirer.protocols?.[protocol];
    if (config === undefined) throw new Error('the gateway was started for every protocol');
    const { clientId } = config.settings.client;
    const keys = join(fresh.directory, 'client-keys.json');
    const till = await fresh.window(language);
    const { page } = await fresh.window(language, {}, 'service.html');
    const field = (name: string) => page.getByLabel(name, { exact: true });
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

    await field(words.protocol).selectOption(protocol);
    await field(words.address).fill(acquirer.url);
    await expectSound(page, `the choice of ${protocol}`);
    await press(words.next);
    expect(await field(words.version).inputValue()).toBe('1');
    expect(await field(words.prefix).inputValue()).toBe(prefix);
    await field(words.client).fill(clientId);
    await expectSound(page, `the client of ${protocol}`);
    if (protocol === 'alipayplus') {
      // One party alone is none: the other is asked for before it goes on.
      await field(words.acquirer).fill('A1');
      await press(words.next);
      expect(await field(words.psp).evaluate((input: HTMLInputElement) => input.validity.valueMissing)).toBe(
        true,
      );
      await field(words.acquirer).fill('');
    } else expect(await field(words.acquirer).count()).toBe(0);
    await press(words.next);
    await expectSound(page, `the review of ${protocol}`);
    expect(await page.locator('.facts').last().textContent()).toContain(clientId);

    writeFileSync(keys, JSON.stringify({ ...config.keyFile, privateKey: 'not a key' }));
    await press(words.apply);
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.textContent()).toContain('key_file_invalid');
    expect(existsSync(join(fresh.directory, 'settings.json'))).toBe(false);

    writeFileSync(keys, JSON.stringify(config.keyFile));
    await press(words.apply);
    await page.getByRole('heading', { name: words.done }).waitFor();
    expect(await page.getByRole('heading', { name: words.done }).textContent()).toContain(clientId);
    expect(await page.content()).not.toContain(config.keyFile.privateKey.split('\n')[1]);
    await till.page.getByText(words.practice).waitFor({ state: 'detached' });
    await till.collect('12.34');
    await till.expectState('paid');
    expect(await acquirer.orders()).toMatchObject([{ totalMinor: 1234, netCapturedMinor: 1234 }]);
  });
});
