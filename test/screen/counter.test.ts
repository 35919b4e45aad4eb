import { createInterface } from 'node:readline';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, takeScreenshot } from '../support/browser.ts';
import { prepareData } from '../support/cli.ts';
import { REDRESS, startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';

/** The whole product: real Chromium, the real command line, the practice gateway's process. */

const POLICY = {
  payTimeoutMs: 900,
  callTimeoutMs: 800,
  queryIntervalMs: 300,
  confirmWindowMs: 3000,
  minReverseAgeMs: 500,
  inFlightHorizonMs: 6000,
  reverseBackoffMs: [200, 400],
};

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
}

let browser: Browser;
let gateway: GatewayProcess;
let page: Page;
const running = new Set<ChildProcess>();
const folders: string[] = [];
let code = 134_700_000_000_000_000n;

beforeAll(async () => {
  browser = await launchBrowser();
  gateway = await startGatewayProcess();
});

afterAll(async () => {
  await gateway.stop();
  await browser.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
});

afterEach(async () => {
  await page.close();
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `redress serve` as merchant IT would run it. Without settings in the directory it is practice. */
async function serve(data: string): Promise<Served> {
  const child = spawn(process.execPath, [REDRESS, '--data', data, '--json', 'serve'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { readonly url: string };
  return { url, child };
}

async function collect(amount: string): Promise<void> {
  code += 1n;
  await page.getByLabel('Amount').fill(amount);
  await page.getByLabel('Payment code').fill(String(code));
  await page.keyboard.press('Enter');
}

async function revokeNewest(): Promise<void> {
  await page
    .getByRole('button', { name: /^Revoke/ })
    .first()
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Return/ })
    .click();
}

/** The one instruction in the middle of the screen. */
const instruction = (state: string): Locator => page.locator(`[data-state="${state}"]`).first();

async function reaches(state: string): Promise<void> {
  await instruction(state).waitFor({ timeout: 20_000 });
}

describe('a cashier at the counter', () => {
  test('collects 12.34, hands over, revokes, and sees the money proved back', async () => {
    const data = await terminalData();
    await page.goto((await serve(data)).url);
    await collect('12.34');
    await reaches('paid');
    expect(await page.getByText('Hand over').first().isVisible()).toBe(true);
    await revokeNewest();
    await reaches('revoked');
    await takeScreenshot(page, 'counter-revoked');
    const [order] = await gateway.orders();
    expect(order).toMatchObject({ orderStatus: 'CANCELED', charges: 1, netCapturedMinor: 0 });
  });

  test('waits after a lost reply and is told not to hand over once the cancel is proved', async () => {
    const data = await terminalData();
    await page.goto((await serve(data)).url);
    await collect('10.12');
    await reaches('confirming');
    expect(await page.getByText('Wait', { exact: true }).first().isVisible()).toBe(true);
    await reaches('reversed');
    expect(await page.getByText('Do not hand over').first().isVisible()).toBe(true);
    await takeScreenshot(page, 'counter-reversed');
    const charged = (await gateway.orders()).filter((order) => order.totalMinor === 1012);
    expect(charged.map((order) => order.netCapturedMinor)).toEqual([0]);
  });

  test('keeps the open page through SIGKILL and a restart, and sees the order reversed', async () => {
    const data = await terminalData();
    const first = await serve(data);
    await page.goto(first.url);
    await collect('20.12');
    await reaches('collecting');
    // The customer is charged before the process dies; its reply never comes.
    const ofSale = async () => (await gateway.orders()).filter(({ totalMinor }) => totalMinor === 2012);
    await expect.poll(async () => (await ofSale())[0]?.charges, { timeout: 10_000 }).toBe(1);
    first.child.kill('SIGKILL');
    await page.getByText('The terminal is not answering').waitFor({ timeout: 10_000 });
    await serve(data);
    await reaches('reversed');
    expect((await ofSale())[0]).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });

  test('is shown why a revoke was refused, and the payment stands', async () => {
    const data = await terminalData();
    await page.goto((await serve(data)).url);
    await collect('10.22');
    await reaches('paid');
    await revokeNewest();
    await page
      .getByText(/refused/i)
      .first()
      .waitFor({ timeout: 10_000 });
    await reaches('paid');
    const [order] = (await gateway.orders()).filter(({ totalMinor }) => totalMinor === 1022);
    expect(order).toMatchObject({ orderStatus: 'PAID', netCapturedMinor: 1022 });
  });
});

test('a fresh machine without settings opens in practice mode and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-fresh-'));
  folders.push(folder);
  await page.goto((await serve(folder)).url);
  await collect('12.34');
  await reaches('paid');
  expect(
    await page
      .getByText(/PRACTICE/)
      .first()
      .isVisible(),
  ).toBe(true);
});

/** The data directory of a fresh terminal with a short policy. */
async function terminalData(): Promise<string> {
  const { folder, data } = await prepareData(gateway, POLICY);
  folders.push(folder);
  return data;
}
