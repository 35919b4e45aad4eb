import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { instructionOf, ORDER_STATES, type OrderState } from '../../shared/order/order.ts';
import { STRINGS } from '../../renderer/strings/strings.ts';
import { expectSound, violations, WINDOWS } from '../support/accessibility.ts';
import { type Counter, Shop } from '../support/shop.ts';

/**
 * Every state that an order can be in, reached through the practice gateway and looked at on every screen
 * that shows it, in both languages, light and dark, in the three windows of a shop, and with text twice
 * as large.
 */

/** Waits are long enough for a state to stand still while it is looked at. */
const STANDING_STILL = {
  payTimeoutMs: 600_000,
  callTimeoutMs: 3000,
  queryIntervalMs: 600_000,
  confirmWindowMs: 900_000,
  minReverseAgeMs: 100,
  reverseBackoffMs: [600_000],
  inFlightHorizonMs: 1_000_000,
};

let shop: Shop;
let counter: Counter;

beforeAll(async () => {
  shop = await Shop.open(STANDING_STILL);
  counter = await shop.window();
});
afterEach(async () => {
  if ((await counter.page.getAttribute('html', 'lang')) !== 'en') await switchLanguage();
  // Whatever a test was looking at when it failed.
  await counter.page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  await counter.page.setViewportSize(WINDOWS[0]);
});
afterAll(() => shop.close());

/** How a cashier and an acquirer get an order into each state. */
const WAYS: Readonly<Record<OrderState, () => Promise<void>>> = {
  collecting: () => counter.collect('10.12'),
  confirming: () => counter.collect('10.15'),
  paid: () => counter.collect('12.34'),
  declined: () => counter.collect('10.16'),
  async reversing() {
    await counter.collect('20.15');
    await shop.gateway.setFault({ fault: 'http_500', call: 'cancel' });
    await counter.button('giveUp').click();
  },
  async verifying() {
    await counter.collect('30.15');
    await counter.expectState('confirming');
    await shop.gateway.setFault({ fault: 'http_500', call: 'query' });
    await counter.button('giveUp').click();
  },
  async reversed() {
    await counter.collect('40.15');
    await counter.button('giveUp').click();
  },
  async revoking() {
    await counter.collect('13.00');
    await counter.expectState('paid');
    await shop.gateway.setFault({ fault: 'http_500', call: 'revoke' });
    await counter.revoke(await counter.newest());
  },
  async revoked() {
    await counter.collect('14.00');
    await counter.expectState('paid');
    await counter.revoke(await counter.newest());
  },
  attention: needPerson,
  async resolved() {
    await needPerson();
    await counter.expectState('attention');
    const clientSn = await counter.newest();
    await counter.go('#/in-doubt');
    await counter.row(clientSn).getByRole('button', { name: 'Close the case' }).click();
    const dialog = counter.page.getByRole('dialog');
    await dialog.getByRole('radio').last().check();
    await dialog.getByRole('textbox').first().fill('Wang Fang');
    await dialog.getByRole('textbox').last().fill('Paid in cash after all');
    await dialog.locator('[data-answer="yes"]').click();
    await counter.page.getByRole('dialog').waitFor({ state: 'detached' });
    await counter.go('#/');
  },
};

async function needPerson(): Promise<void> {
  await counter.collect('10.23');
  await counter.button('giveUp').click();
}

async function switchLanguage(): Promise<void> {
  await counter.page.locator('.nav-tool[lang]').click();
}

describe('an order in', () => {
  test.each(ORDER_STATES)('%s is told in both languages on every screen', async (state) => {
    await counter.go('#/');
    await counter.page.locator('.sale').waitFor();
    await WAYS[state]();
    await counter.expectState(state);
    const clientSn = await counter.newest();
    const charged = state === 'resolved' ? 'no' : 'unknown';
    const instruction = instructionOf({ state, charged });

    for (const language of ['en', 'zh'] as const) {
      const words = STRINGS[language].order;
      await counter.expectState(state);
      expect(await counter.instruction.getAttribute('data-instruction')).toBe(instruction);
      expect(await counter.instruction.textContent()).toContain(words.headlines[instruction]);
      expect(await counter.instruction.textContent()).toContain(words.sentences[state]);
      expect(await counter.row(clientSn).textContent()).toContain(words.states[state]);
      await expectSound(counter.page, `${state} on Collect in ${language}`);

      await counter.go(`#/orders/${clientSn}`);
      await counter.page.locator('.timeline li').first().waitFor();
      expect(await counter.page.locator('main').textContent()).toContain(words.states[state]);
      await expectSound(counter.page, `${state} on its page in ${language}`);

      await counter.go('#/');
      await counter.page.locator('.sale').waitFor();
      await switchLanguage();
    }
  });

  test('every state stands in the lists, and the lists are sound', async () => {
    for (const language of ['en', 'zh'] as const) {
      await counter.go('#/orders');
      for (const state of ORDER_STATES)
        await counter.page.locator(`.order[data-state="${state}"]`).first().waitFor();
      await expectSound(counter.page, `Orders in ${language}`);
      await counter.go('#/in-doubt');
      await counter.page.locator('[data-client-sn]').first().waitFor();
      await expectSound(counter.page, `In doubt in ${language}`);
      await switchLanguage();
    }
  });
});

test('high contrast and the system’s own colours leave nothing without an edge or a word', async () => {
  await counter.page.emulateMedia({ contrast: 'more', forcedColors: 'none' });
  await counter.go('#/orders');
  expect(await violations(counter.page)).toEqual([]);
  await counter.page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
  await counter.go('#/');
  await counter.page.locator('.sale').waitFor();
  const edges = await counter.page.evaluate(
    () =>
      [...document.querySelectorAll('.key, .button, .order')].filter(
        (element) => element.checkVisibility() && getComputedStyle(element).borderStyle === 'none',
      ).length,
  );
  expect(edges).toBe(0);
  await counter.page.emulateMedia({ forcedColors: 'none' });
});

test('with reduced motion nothing moves', async () => {
  await counter.page.emulateMedia({ reducedMotion: 'reduce' });
  const durations = await counter.page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return [transitionDuration, animationDuration]
        .flatMap((text) => text.split(', '))
        .filter((text) => text !== '0s');
    }),
  );
  expect(durations).toEqual([]);
  await counter.page.emulateMedia({ reducedMotion: 'no-preference' });
});
