import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Language } from '../../renderer/strings/languages.ts';
import { LOCALES } from '../../renderer/strings/languages.ts';
import { launchBrowser } from '../support/browser.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { KioskScreens } from '../support/kiosk-screen.ts';
import { freshMachine } from '../support/station.ts';

const VIEWPORT = { width: 1280, height: 800 };

/** What merchant IT sees of the kiosk: set-up step by step, a terminal that cannot collect, a screen that stopped. */
export async function takeServicePictures(language: Language, folder: string): Promise<void> {
  const browser = await launchBrowser();
  const gateway = await startGatewayProcess();
  const machine = freshMachine();
  const kiosk = new KioskScreens(browser, machine.station);
  const open = (path: string) =>
    kiosk.open('cashier', path, { viewport: VIEWPORT, locale: LOCALES[language] });
  const take = async (page: Page, name: string): Promise<void> => {
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    process.stderr.write(`${language}/${name}\n`);
  };
  try {
    machine.write('given.json', { settings: { protocol: 'upay' } });
    await machine.station.start();
    const halted = await open('/service.html');
    await halted.locator('[data-standing="halted"]').waitFor();
    await take(halted, 'halted');
    machine.removeGiven();
    await machine.station.restart();

    writeFileSync(
      join(machine.directory, 'vendor-key.json'),
      JSON.stringify(gateway.activation.vendorKeyFile),
    );
    const page = await open('/service.html');
    await page.locator('[data-standing="practice"]').waitFor();
    const inputs = page.locator('form input[type="text"]');
    const next = () => page.locator('form button[type="submit"]').click();
    await inputs.first().fill(gateway.url);
    await page.locator('.service-check button').click();
    await page.locator('.service-check .service-good').waitFor();
    await page.locator('form').scrollIntoViewIfNeeded();
    await take(page, 'set-up');
    await next();
    await inputs.nth(0).fill(gateway.settings.vendor.vendorSn);
    await inputs.nth(1).fill(gateway.settings.vendor.appId);
    await take(page, 'set-up-vendor');
    await next();
    await inputs.nth(0).fill(language === 'zh' ? '1 号柜台' : 'Counter 1');
    await inputs.nth(1).fill('till-1');
    await next();
    await inputs.first().fill(gateway.activation.code);
    await next();
    await page.locator('.service-warning').scrollIntoViewIfNeeded();
    await take(page, 'set-up-review');
    await next();
    await page.locator('[data-standing="running"]').waitFor();
    await take(page, 'set-up-done');

    await take(await open('/stopped.html'), 'stopped');
  } finally {
    await kiosk.close();
    await machine.remove();
    await gateway.stop();
    await browser.close();
  }
}
