import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { businessDayEndMs } from '../../shared/business-day.ts';
import type { WindowLevel } from '../../renderer/in-doubt.ts';
import { layoutFaults, WINDOWS } from '../support/accessibility.ts';
import { type Counter, Shop } from '../support/shop.ts';

/** What is not settled yet, as the shift lead sees it: how it stands, what comes next, what a person may do. */

/** Calls give up soon, and nothing but a person moves an order within a test. */
const STANDING_STILL = {
  payTimeoutMs: 900,
  callTimeoutMs: 1500,
  queryIntervalMs: 60_000,
  confirmWindowMs: 120_000,
  minReverseAgeMs: 100,
  reverseBackoffMs: [60_000],
  inFlightHorizonMs: 180_000,
};

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open(STANDING_STILL);
});
afterEach(async () => {
  await shop.closeWindows();
  await shop.gateway.clearFaults();
});
afterAll(() => shop.close());

/** The card of an order; `doubt` tells it from the rows of other lists. */
const cardOf = ({ page }: Counter, clientSn: string): Locator =>
  page.locator(`.doubt[data-client-sn="${clientSn}"]`);

const inState = (card: Locator, state: string): Locator =>
  card.and(card.page().locator(`[data-state="${state}"]`));

/** Goes to the list once the newest order is in this state, and gives its number. */
async function lookAt(counter: Counter, state: 'confirming' | 'reversing' | 'attention'): Promise<string> {
  await counter.expectState(state);
  const clientSn = await counter.newest();
  await counter.go('#/in-doubt');
  await cardOf(counter, clientSn).waitFor();
  return clientSn;
}

/** The customer is charged and the acquirer will not take it back: only a person can go on. */
async function needPerson(counter: Counter, amount = '10.23'): Promise<string> {
  await counter.collect(amount);
  await counter.button('giveUp').click();
  return lookAt(counter, 'attention');
}

const captured = async (clientSn: string) => (await shop.gateway.order(clientSn))?.netCapturedMinor;
const calls = async (clientSn: string, call: 'cancel' | 'query') =>
  (await shop.gateway.wireLog(clientSn)).filter(({ path }) => path.endsWith(`/${call}`)).length;

describe('how much is in doubt', () => {
  test('is nothing on a good day, and the screen says so calmly', async () => {
    const counter = await shop.window('en', {}, '#/in-doubt');
    await counter.page.getByRole('heading', { level: 1, name: 'Nothing is in doubt' }).waitFor();
    expect(await counter.page.locator('.badge').count()).toBe(0);
    expect(await counter.page.locator('.doubt').count()).toBe(0);
    await counter.page.locator('.nav-tool[lang]').click();
    await counter.page.getByRole('heading', { level: 1, name: '没有未决的付款' }).waitFor();
  });

  test('is counted on every screen, with its amount on this one, and goes away with the doubt', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSns: string[] = [];
    for (const amount of ['1,010.15', '20.15']) {
      await counter.collect(amount.replace(',', ''));
      await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
      await counter.expectState('confirming');
      clientSns.push(await counter.newest());
    }
    for (const hash of ['#/', '#/orders', `#/orders/${clientSns[0]}`, '#/in-doubt', '#/terminal']) {
      await counter.go(hash);
      await expect.poll(() => page.locator('.badge').textContent(), { message: hash }).toBe('22 in doubt');
    }
    await counter.go('#/in-doubt');
    await page.locator('.doubt-figure', { hasText: '2 payments without a final word' }).waitFor();
    await page.locator('.doubt-figure', { hasText: '¥1,030.30 at risk' }).waitFor();
    await page.getByRole('heading', { name: 'The terminal is settling' }).waitFor();

    // Giving up is possible from here, without looking for the sale.
    for (const [index, clientSn] of clientSns.entries()) {
      await cardOf(counter, clientSn).getByRole('button', { name: 'Give up', exact: true }).click();
      await inState(cardOf(counter, clientSn), 'reversed').waitFor();
      expect(await page.locator('.badge').count()).toBe(1 - index);
      expect(await captured(clientSn)).toBe(0);
    }
    await page.getByRole('heading', { level: 1, name: 'Nothing is in doubt' }).waitFor();
  });
});

describe('an order that the terminal is settling', () => {
  test('counts down to its next step, and Try now takes that step at once', async () => {
    const counter = await shop.window();
    await counter.collect('20.15');
    await counter.expectState('confirming');
    await shop.gateway.setFault({ fault: 'http_500', call: 'cancel' });
    await counter.button('giveUp').click();
    const clientSn = await lookAt(counter, 'reversing');
    const card = cardOf(counter, clientSn);
    const secondsLeft = async () =>
      Number(/Cancelling again in (\d+) sec/.exec((await card.getByRole('timer').textContent()) ?? '')?.[1]);
    await card.getByText(/Cancelling again in/).waitFor();
    const first = await secondsLeft();
    expect(first).toBeGreaterThan(20);
    await expect.poll(secondsLeft, { timeout: 4000 }).toBeLessThan(first);
    // The raw answer is there for whoever has to ask the acquirer about it.
    expect(await card.textContent()).toMatch(/Last answerQuery at \d\d:\d\d:\d\d 200\/SUCCESS\/CREATED/);
    expect(await calls(clientSn, 'cancel')).toBe(1);
    await card.getByRole('button', { name: 'Try now', exact: true }).click();
    await inState(card, 'reversed').waitFor();
    expect(await calls(clientSn, 'cancel')).toBe(2);
    expect(await shop.gateway.order(clientSn)).toMatchObject({
      orderStatus: 'CANCELED',
      netCapturedMinor: 0,
    });
  });

  test('waits for an acquirer that is not there, says so, and goes on by itself once it is back', async () => {
    const counter = await shop.window('en', {}, '#/');
    const { page } = counter;
    await counter.collect('30.15');
    const clientSn = await lookAt(counter, 'confirming');
    const card = cardOf(counter, clientSn);
    await shop.gateway.kill('SIGKILL');
    try {
      await card.getByRole('button', { name: 'Give up', exact: true }).click();
      await card.getByText('Waiting for the network. It goes on by itself.').waitFor();
      await page.locator('.offline', { hasText: 'Acquirer not reachable' }).waitFor();
      await page.locator('.line[data-online="false"]').waitFor();
    } finally {
      await shop.gateway.restart();
    }
    await inState(card, 'reversed').waitFor();
    await page.locator('.offline').waitFor({ state: 'detached' });
    expect(await captured(clientSn)).toBe(0);
  });

  test('is looked at once more after its proof, apart from what is at risk', async () => {
    const counter = await shop.window('zh');
    const { page } = counter;
    await counter.collect('40.15');
    await counter.button('giveUp').click();
    await counter.expectState('reversed');
    const clientSn = await counter.newest();
    await counter.go('#/in-doubt');
    const group = page.getByRole('region', { name: '再核对一次' });
    const card = group.locator(cardOf(counter, clientSn));
    await card.getByText(/后再次查询/).waitFor();
    // Nothing is at risk: no badge, no window to hurry for.
    await page.getByRole('heading', { level: 1, name: '没有未决的付款' }).waitFor();
    expect(await page.locator('.badge').count()).toBe(0);
    expect(await card.locator('.doubt-window').count()).toBe(0);
    const before = await calls(clientSn, 'query');
    await card.getByRole('button', { name: '立即重试', exact: true }).click();
    await expect.poll(() => calls(clientSn, 'query')).toBe(before + 1);
    // Asked early it is still owed: a payment could land until the horizon.
    await inState(card, 'reversed').waitFor();
  });
});

describe('an order that needs a person', () => {
  test('shows the evidence and the ways out, and asking again moves no money', async () => {
    const counter = await shop.window();
    const clientSn = await needPerson(counter);
    const card = cardOf(counter, clientSn);
    await counter.page
      .getByRole('region', { name: /Needs a person/ })
      .locator(card)
      .waitFor();
    const words = await card.textContent();
    expect(words).toContain('Call the shift lead');
    expect(words).toContain('The acquirer refused the cancellation.');
    expect(words).toContain('The customer was charged: the acquirer reported the payment.');
    expect(words).toMatch(/Last answerQuery at \d\d:\d\d:\d\d 200\/SUCCESS\/PAID/);
    expect(words).toMatch(/Refused with200\/CANCEL_ERROR\/UPAY_TCP_ORDER_NOT_REFUNDABLE The order took part/);
    for (const name of ['Try now', 'Send the cancel again', 'Close the case'])
      expect(await card.getByRole('button', { name, exact: true }).count(), name).toBe(1);

    const [cancels, queries] = [await calls(clientSn, 'cancel'), await calls(clientSn, 'query')];
    await card.getByRole('button', { name: 'Try now', exact: true }).click();
    await expect.poll(() => calls(clientSn, 'query')).toBe(queries + 1);
    expect(await calls(clientSn, 'cancel')).toBe(cancels);
    expect(await captured(clientSn)).toBe(1023);
    await close(counter, clientSn);
  });

  test('has its cancel sent again after a question, and ends proved', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await shop.gateway.setFault({ fault: 'cancel_refused', call: 'cancel' });
    const clientSn = await needPerson(counter, '20.12');
    const card = cardOf(counter, clientSn);
    const before = await calls(clientSn, 'cancel');
    const again = card.getByRole('button', { name: 'Send the cancel again' });
    await again.click();
    const dialog = page.getByRole('dialog', { name: 'Cancel ¥20.12 again?' });
    await dialog.getByText('Do not hand over the goods').waitFor();
    // The safe answer is focused, so that Enter alone moves no money.
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await calls(clientSn, 'cancel')).toBe(before);
    expect(await captured(clientSn)).toBe(2012);

    await again.click();
    await dialog.getByRole('button', { name: 'Send the cancel again' }).click();
    await inState(card, 'reversed').waitFor();
    expect(await calls(clientSn, 'cancel')).toBe(before + 1);
    expect(await captured(clientSn)).toBe(0);
  });

  test('is closed only with a name, an answer and a reason, which the journal keeps', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await needPerson(counter);
    await cardOf(counter, clientSn).getByRole('button', { name: 'Close the case' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close the case of ¥10.23' });
    const sign = dialog.getByRole('button', { name: 'Sign and close' });
    const person = dialog.getByRole('textbox', { name: 'Who says so (name)' });
    const reason = dialog.getByRole('textbox', { name: 'What it rests on' });
    expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await sign.isDisabled()).toBe(true);
    await person.fill('Wang Fang');
    await reason.fill('Seen in the back office');
    expect(await sign.isDisabled()).toBe(true);
    await dialog.getByRole('radio', { name: 'The customer was not charged' }).check();
    await dialog.getByText('This goes against the evidence: Charged.').waitFor();
    await dialog.getByRole('radio', { name: 'The customer was charged' }).check();
    expect(await dialog.getByText('This goes against the evidence').count()).toBe(0);
    for (const field of [person, reason]) {
      const words = await field.inputValue();
      await field.fill('   ');
      expect(await sign.isDisabled()).toBe(true);
      await field.fill(words);
    }
    await sign.click();
    await cardOf(counter, clientSn).waitFor({ state: 'detached' });

    await counter.go(`#/orders/${clientSn}`);
    const step = page.locator('.step', { hasText: 'Settled by a person' });
    await step.waitFor();
    const words = await step.textContent();
    for (const part of ['Wang Fang', 'Reason: Seen in the back office', 'Charged', 'Settled by a person'])
      expect(words).toContain(part);
    expect(await page.locator('.order-headline').textContent()).toContain('Hand over the goods');
  });

  test('is closed in Chinese as well, under the name of whoever says so', async () => {
    const counter = await shop.window('zh');
    const clientSn = await needPerson(counter);
    await close(counter, clientSn);
    await counter.go(`#/orders/${clientSn}`);
    const step = counter.page.locator('.step', { hasText: '王芳' });
    await step.waitFor();
    expect(await step.textContent()).toContain('后台显示已付款');
  });

  test('leaves this window at once when another window has settled it, and its question with it', async () => {
    const here = await shop.window();
    const clientSn = await needPerson(here);
    const there = await shop.window('zh', {}, '#/in-doubt');
    await cardOf(here, clientSn).getByRole('button', { name: 'Close the case' }).click();
    const dialog = here.page.getByRole('dialog');
    await dialog.getByRole('radio').first().check();
    for (const field of await dialog.getByRole('textbox').all()) await field.fill('Li Na');
    await close(there, clientSn);
    await dialog.getByRole('alert').getByText('This order needs no person any more.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Sign and close' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    expect(await cardOf(here, clientSn).count()).toBe(0);
  });
});

/** Closes a case whose customer was charged, in either language. */
async function close(counter: Counter, clientSn: string): Promise<void> {
  await cardOf(counter, clientSn)
    .getByRole('button', { name: /^(Close the case|人工结案)$/ })
    .click();
  const dialog = counter.page.getByRole('dialog');
  await dialog.getByRole('radio').first().check();
  await dialog.getByRole('textbox').first().fill('王芳');
  await dialog.getByRole('textbox').last().fill('后台显示已付款');
  await dialog.locator('[data-answer="yes"]').click();
  await cardOf(counter, clientSn).waitFor({ state: 'detached' });
}

describe('the time left in which money can come back', () => {
  let evening: Shop;
  beforeAll(async () => {
    evening = await Shop.open(STANDING_STILL);
  });
  afterAll(() => evening.close());

  const MINUTE_MS = 60_000;

  /** Moves the acquirer's clock so that its day ends in so many minutes; the next reply tells the terminal. */
  async function endDayIn(minutesLeft: number): Promise<void> {
    const nowMs = Date.now();
    const dayEndMs = businessDayEndMs(nowMs, 'Asia/Shanghai');
    await evening.gateway.setClock(dayEndMs - minutesLeft * MINUTE_MS - nowMs);
  }

  /** Longer than the half second by which the clocks may be misread, and shorter than a minute. */
  const MARGIN_MINUTES = 0.3;

  const EVENING = [
    [90, 'open', /Can be taken back until \d\d:\d\d · 1 hr 30 min left/, null],
    [31, 'open', /Can be taken back until \d\d:\d\d · 31 min left/, null],
    [
      25,
      'soon',
      /Soon: the day's window closes at \d\d:\d\d, 25 min left/,
      'closes within 30 minutes for 1 payment.',
    ],
    [
      4,
      'now',
      /Now: nothing can be taken back after \d\d:\d\d. Only 4 min left/,
      'closes within 5 minutes for 1 payment!',
    ],
    [-2, 'closed', /The day's window closed at \d\d:\d\d: too late to cancel, so refund it instead/, null],
  ] as const satisfies readonly (readonly [number, WindowLevel, RegExp, string | null])[];

  test('is told quietly, then as a warning, then louder, until it is over', async () => {
    const counter = await evening.window();
    const { page } = counter;
    await endDayIn(120);
    const clientSn = await needPerson(counter);
    const card = cardOf(counter, clientSn);
    const looks = new Map<string, string>();
    for (const [minutesLeft, level, words, summary] of EVENING) {
      await endDayIn(minutesLeft - MARGIN_MINUTES);
      await card.getByRole('button', { name: 'Try now', exact: true }).click();
      const line = card.locator('.doubt-window');
      await line.getByText(words).waitFor();
      expect(await line.getAttribute('data-level')).toBe(level);
      looks.set(
        level,
        await line.evaluate((element) => {
          const { color, backgroundColor, fontWeight } = getComputedStyle(element);
          return [color, backgroundColor, fontWeight].join(' ');
        }),
      );
      if (summary === null) expect(await page.locator('.closing').textContent()).toBe('');
      else await page.locator('.closing').getByText(summary).waitFor();
      // Sending the cancel again is offered as long as the acquirer can take it.
      expect(await card.getByRole('button', { name: 'Send the cancel again' }).count()).toBe(
        level === 'closed' ? 0 : 1,
      );
      expect(await card.getByRole('button', { name: 'Close the case' }).count()).toBe(1);
    }
    expect(new Set(['open', 'soon', 'now'].map((level) => looks.get(level))).size).toBe(3);
  });

  test('is told on Collect as well, without a line of it standing over the instruction or its buttons', async () => {
    const counter = await evening.window();
    const { page } = counter;
    for (const minutesLeft of [25, 4]) {
      await endDayIn(minutesLeft - MARGIN_MINUTES);
      await counter.collect('10.15');
      await counter.expectState('confirming');
      await page.locator('.closing .doubt-window').first().waitFor();
      for (const size of WINDOWS) {
        await page.setViewportSize(size);
        expect(await layoutFaults(page), `${minutesLeft} min, ${size.width}×${size.height}`).toEqual([]);
        const { width = 0, y = -1 } = (await page.locator('.closing').boundingBox()) ?? {};
        expect([width, y], 'it crosses the window at its top').toEqual([size.width, 0]);
        const stage = (await page.locator('.stage').boundingBox()) ?? { width: 0 };
        expect(stage.width, 'the instruction has its room').toBeGreaterThan(size.width / 3);
      }
      await counter.button('giveUp').click();
      await counter.page.locator('[role="status"]:not([data-state="confirming"])').waitFor();
    }
    await endDayIn(120);
  });
});
