import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with the page as it stands; empty where nothing is. */
export async function violations(page: Page): Promise<readonly string[]> {
  // A transition under way shows colours that nobody will see.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  // A script element would be refused by the page's own policy; this goes through the debugger instead.
  await page.evaluate(readFileSync(axeFile, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** Whatever can be pressed and is smaller than a finger needs, and whatever sticks out of the window. */
export function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const faults: string[] = [];
    if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide`);
    const smallest = 56;
    const targets = document.querySelectorAll<HTMLElement>(
      'button, a[href], select, summary, input:not([type=radio], [type=checkbox])',
    );
    for (const target of targets) {
      const { width, height, right } = target.getBoundingClientRect();
      if (width === 0 || !target.checkVisibility()) continue;
      if (height < smallest - 0.5 || width < smallest - 0.5) {
        faults.push(`${Math.round(width)}×${Math.round(height)}: ${target.outerHTML.slice(0, 160)}`);
      }
      if (right > window.innerWidth + 1 && target.closest('.nav, .practice-banner') === null) {
        faults.push(`outside: ${target.outerHTML.slice(0, 160)}`);
      }
    }
    for (const label of document.querySelectorAll<HTMLElement>(
      'label:has(input[type=radio], input[type=checkbox])',
    )) {
      const { width, height } = label.getBoundingClientRect();
      if (width > 0 && height < smallest - 0.5)
        faults.push(`${Math.round(height)}: ${label.outerHTML.slice(0, 160)}`);
    }
    return faults;
  });
}

/** The windows of a shop: the smallest till, a large one, and one that stands upright. */
export const WINDOWS = [
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
] as const;

/** Looks at the page as it stands: both themes for axe, three windows and large text for the layout. */
export async function expectSound(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  for (const size of WINDOWS) {
    await page.setViewportSize(size);
    expect(await layoutFaults(page), `${what}, ${size.width}×${size.height}`).toEqual([]);
  }
  await page.setViewportSize(WINDOWS[0]);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect(await layoutFaults(page), `${what}, text at 200 %`).toEqual([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
}
