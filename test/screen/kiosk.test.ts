import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CALL_NAMES } from '../../shared/call-names.ts';
import { violations } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { KioskScreens } from '../support/kiosk-screen.ts';
import { Counter, newCode } from '../support/shop.ts';
import { freshMachine, type FreshMachine } from '../support/station.ts';

/** The kiosk's pages, preload, policy and bridge, with a real station behind them and no Electron. */

let browser: Browser;
let machine: FreshMachine;
let kiosk: KioskScreens;

beforeAll(async () => {
  browser = await launchBrowser();
  machine = freshMachine();
  await machine.station.start();
  kiosk = new KioskScreens(browser, machine.station);
});
afterEach(async () => {
  await kiosk.close();
  kiosk.isMainSilent = false;
});
afterAll(async () => {
  await machine.remove();
  await browser.close();
});

async function openTill(): Promise<{ readonly page: Page; readonly counter: Counter }> {
  const page = await kiosk.open('cashier', '/');
  await page.locator('.sale').waitFor();
  return { page, counter: new Counter(page, 'en') };
}

describe('the customer’s display in the kiosk', () => {
  test('follows the cashier, and can neither collect nor look an order up', async () => {
    const { counter } = await openTill();
    const customer = await kiosk.open('customer', '/#/customer');
    await customer.locator('main').waitFor();
    await counter.amount.fill('21.00');
    await customer.getByText('21.00').waitFor();
    await counter.code.fill(newCode());
    await counter.button('collect').click();
    await counter.expectState('paid');
    await customer.locator('main', { hasText: /paid/i }).waitFor();
    const refused = await customer.evaluate(async () => {
      type Call = (args: object) => Promise<{ ok: boolean; error?: { code: string } }>;
      const { api } = (window as unknown as { redress: { api: Record<string, Call> } }).redress;
      const answers = await Promise.all([
        api['sale.collect']?.({ amount: '1', code: '134700000000000001' }),
        api['orders.search']?.({}),
        api['setup.get']?.({}),
      ]);
      return answers.map((answer) => answer?.error?.code);
    });
    expect(refused).toEqual(['not_allowed', 'not_allowed', 'not_allowed']);
    expect(kiosk.log.lines.join()).not.toContain('134700000000000001');
  });
});

describe('the till in the kiosk', () => {
  test('sells and revokes without a byte over any network, and breaks no rule of its policy', async () => {
    const { page, counter } = await openTill();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.reload();
    await page.locator('.sale').waitFor();
    await counter.collect('12.34');
    await counter.expectState('paid');
    await counter.revoke(await counter.newest());
    await counter.expectState('revoked');
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('https://kiosk.test/'))).toEqual([]);
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
  });

  test('is given one function for each call of the contract, and nothing of Electron', async () => {
    const { page } = await openTill();
    const given = await page.evaluate(() => {
      const { redress } = window as unknown as { redress: { api: Record<string, unknown> } };
      return { members: Object.keys(redress).toSorted(), calls: Object.keys(redress.api) };
    });
    expect(given.members).toEqual(['api', 'subscribe']);
    expect(given.calls).toEqual([...CALL_NAMES]);
  });

  test('runs no planted script and reaches no address, its own included', async () => {
    const { page } = await openTill();
    const ran = await page.evaluate(async () => {
      const done: string[] = [];
      const attempt = async (name: string, work: () => unknown): Promise<void> => {
        try {
          await work();
          done.push(name);
        } catch {
          // Refused, as it should be.
        }
      };
      await attempt('inline', () => {
        const script = document.createElement('script');
        script.append('document.title = "planted"');
        document.body.append(script);
        if (document.title !== 'planted') throw new Error('refused');
      });
      // Apart from this function, which the debugger runs and the policy therefore lets do anything.
      const later = (work: () => void) =>
        new Promise<void>((resolve, reject) => {
          setTimeout(() => {
            try {
              work();
              resolve();
            } catch (error) {
              reject(error);
            }
          }, 0);
        });
      await attempt('eval', () => later(() => void window.eval('1 + 1')));
      await attempt('fetch', () => fetch('/index.html'));
      await attempt('foreign fetch', () => fetch('http://127.0.0.1:9/'));
      await attempt('event source', async () => {
        const source = new EventSource('/api/events');
        await new Promise((opened, failed) => {
          source.addEventListener('open', opened);
          source.addEventListener('error', failed);
        });
      });
      await attempt('image', async () => {
        const image = new Image();
        image.src = 'http://127.0.0.1:9/pixel.png';
        await image.decode();
      });
      return done;
    });
    expect(ran).toEqual([]);
  });

  test('says so when the main process hangs, and goes on when it is back', async () => {
    const page = await kiosk.open('cashier', '/');
    await page.clock.install();
    await page.reload();
    await page.locator('.sale').waitFor();
    kiosk.isMainSilent = true;
    await page.clock.fastForward(46_000);
    await page.getByText('The terminal is not answering').waitFor();
    kiosk.isMainSilent = false;
    await page.clock.fastForward(46_000);
    await page.getByText('The terminal is not answering').waitFor({ state: 'detached' });
    expect(await page.locator('.sale').isVisible()).toBe(true);
  });

  test('reloaded in the middle of a sale shows the same sale', async () => {
    const { page, counter } = await openTill();
    await counter.collect('10.15');
    await counter.expectState('confirming');
    const clientSn = await counter.newest();
    await page.reload();
    await counter.expectState('confirming');
    expect(await counter.newest()).toBe(clientSn);
    await machine.ask('order.giveUp', { clientSn });
  });
});

describe('other pages of the kiosk', () => {
  test('the service page reads how the terminal stands through the same bridge', async () => {
    const page = await kiosk.open('cashier', '/service.html');
    await page.getByRole('heading', { name: 'Practice' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('the page for a screen that stopped needs no script and says the same in both languages', async () => {
    const page = await kiosk.open('cashier', '/stopped.html');
    expect(await page.locator('script').count()).toBe(0);
    const text = (await page.locator('body').textContent()) ?? '';
    expect(text).toContain('screen_stopped');
    expect(text).toMatch(/[一-鿿]{8}/);
    expect(await violations(page)).toEqual([]);
  });
});
