import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Counter, newCode, Shop } from '../support/shop.ts';

/** What goes wrong at real counters: the lines of `fixtures/scenarios.ts` whose oracle is a screen. */

/** Pay gives up soon, every other call not even on a busy machine, and the terminal's own waits outlast a test. */
const STANDING_STILL = {
  payTimeoutMs: 900,
  callTimeoutMs: 10_000,
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

/** The card of an order among those in doubt. */
const cardOf = ({ page }: Counter, clientSn: string): Locator =>
  page.locator(`.doubt[data-client-sn="${clientSn}"]`);

const button = (place: Locator, name: string): Locator => place.getByRole('button', { name, exact: true });

/** Collects, and waits until the instruction is about this amount. */
async function sell(counter: Counter, amount: string, sale?: string): Promise<string> {
  if (sale !== undefined) await nameSale(counter, sale);
  await counter.collect(amount);
  await counter.page.locator('.stage-amount', { hasText: amount }).waitFor();
  return counter.newest();
}

async function nameSale({ page }: Counter, sale: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Sale reference' });
  if (!(await field.isVisible())) await page.getByText('More', { exact: true }).click();
  await field.fill(sale);
}

/** Gives up at the counter, then looks at the order among those in doubt. */
async function giveUp(counter: Counter, clientSn: string): Promise<Locator> {
  await counter.button('giveUp').click();
  await counter.go('#/in-doubt');
  return cardOf(counter, clientSn);
}

/** The card leaves what is at risk: its money is proved not charged. */
const reversed = (card: Locator): Promise<void> =>
  card.and(card.page().locator('[data-state="reversed"]')).waitFor();

const waitsForNetwork = (card: Locator): Promise<void> =>
  card.getByText('Waiting for the network. It goes on by itself.').waitFor();

/** Nothing reaches the acquirer meanwhile; afterwards it is there again, whatever happened. */
async function withoutNetwork<Value>(tell: () => Promise<Value>): Promise<Value> {
  await shop.gateway.kill('SIGKILL');
  try {
    return await tell();
  } finally {
    await shop.gateway.restart();
  }
}

const net = async (clientSn: string) => (await shop.gateway.order(clientSn))?.netCapturedMinor;

const cancels = async (clientSn: string) =>
  (await shop.gateway.wireLog(clientSn)).filter(({ call }) => call === 'cancel').length;

describe('what the terminal still owes', () => {
  test('#6 what is owed leaves at Try now, and by itself when the network is back, with no restart', async () => {
    const counter = await shop.window();
    const first = await sell(counter, '20.15');
    await counter.expectState('confirming');
    await shop.gateway.setFault({ fault: 'http_500', call: 'cancel' });
    const card = await giveUp(counter, first);
    await card.getByText(/Cancelling again in \d+ sec/).waitFor();
    await button(card, 'Try now').click();
    await reversed(card);
    expect(await cancels(first)).toBe(2);

    await counter.go('#/');
    const second = await sell(counter, '21.15');
    await counter.expectState('confirming');
    const other = await withoutNetwork(async () => {
      const waiting = await giveUp(counter, second);
      await waitsForNetwork(waiting);
      return waiting;
    });
    await reversed(other);
    expect(await net(second)).toBe(0);
  });

  test('#26 a network that drops again in the middle leaves the rest counted on the screen until it is out', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const inDoubt = () => page.locator('.badge').textContent();
    const easy = await sell(counter, '61.15');
    await counter.expectState('confirming');
    const hard = await sell(counter, '62.28');
    await counter.expectState('confirming');
    await counter.go('#/in-doubt');
    const [easyCard, hardCard] = [cardOf(counter, easy), cardOf(counter, hard)];
    await withoutNetwork(async () => {
      for (const card of [easyCard, hardCard]) {
        await button(card, 'Give up').click();
        await waitsForNetwork(card);
      }
      await expect.poll(inDoubt).toBe('22 in doubt');
    });

    // The first cancel of the other one comes to nothing, and the network is gone again.
    await reversed(easyCard);
    await hardCard.getByText('200/SUCCESS/PAID').waitFor();
    expect(await cancels(hard)).toBe(1);
    await withoutNetwork(async () => {
      await button(hardCard, 'Try now').click();
      await waitsForNetwork(hardCard);
      expect(await inDoubt()).toBe('11 in doubt');
      await page.locator('.offline').waitFor();
    });
    await reversed(hardCard);
    await page.getByRole('heading', { level: 1, name: 'Nothing is in doubt' }).waitFor();
    expect(await page.locator('.badge').count()).toBe(0);
    expect([await net(easy), await net(hard)]).toEqual([0, 0]);
  });

  test('#39 a cancel that the acquirer is still working on can be checked by hand', async () => {
    // A restart of the gateway has forgotten its habits.
    await shop.gateway.configure({ pendingMs: 300 });
    const counter = await shop.window();
    const clientSn = await sell(counter, '39.25');
    await counter.expectState('confirming');
    const card = await giveUp(counter, clientSn);
    await card.getByText(/IN_PROGRESS|INPROGRESS/).waitFor();
    await card.getByText(/in \d+ sec/).waitFor();
    await expect.poll(() => net(clientSn)).toBe(0);
    await button(card, 'Try now').click();
    await reversed(card);
    expect(await shop.gateway.order(clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });
  });
});

describe('an order that needs a person', () => {
  /** Charged, and the acquirer takes no cancel. */
  async function stuck(counter: Counter, amount: string): Promise<Locator> {
    const clientSn = await sell(counter, amount);
    await counter.expectState('confirming');
    return giveUp(counter, clientSn);
  }

  /** Closes the case of a charged customer, so that it counts for no other test. */
  async function closeAsCharged(counter: Counter, card: Locator): Promise<void> {
    await button(card, 'Close the case').click();
    const dialog = counter.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'The customer was charged' }).check();
    await dialog.getByRole('textbox', { name: 'Who says so (name)' }).fill('Wang Fang');
    await dialog.getByRole('textbox', { name: 'What it rests on' }).fill('Seen in the back office');
    await dialog.getByRole('button', { name: 'Sign and close' }).click();
    await card.waitFor({ state: 'detached' });
  }

  test('#19 a payment that went through after all can be checked again and closed on its evidence', async () => {
    const counter = await shop.window();
    const card = await stuck(counter, '19.23');
    await card.getByText('The customer was charged: the acquirer reported the payment.').waitFor();
    const clientSn = (await card.getAttribute('data-client-sn')) ?? '';
    const asked = (await shop.gateway.wireLog(clientSn)).length;
    await button(card, 'Try now').click();
    await expect
      .poll(async () => (await shop.gateway.wireLog(clientSn)).slice(asked))
      .toMatchObject([{ call: 'query' }]);
    await closeAsCharged(counter, card);
    await counter.go(`#/orders/${clientSn}`);
    await counter.page.locator('.order-headline', { hasText: 'Hand over the goods' }).waitFor();
    expect(await net(clientSn)).toBe(1923);
  });

  test('#31 an answer over another amount goes to a person, and the next customer pays his own amount', async () => {
    const counter = await shop.window();
    const wrong = await sell(counter, '31.29');
    await counter.expectState('attention');
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('call_shift_lead');
    expect(await counter.instruction.textContent()).toContain('The acquirer reports another amount.');
    expect(await counter.amount.inputValue()).toBe('');
    expect(await counter.code.inputValue()).toBe('');
    // A code alone charges nobody the amount of the customer before.
    await counter.scan(newCode());
    await counter.page.getByText('Scanned. Enter the amount, then Collect.').waitFor();
    await counter.amount.pressSequentially('5.31', { delay: 90 });
    await counter.page.keyboard.press('Enter');
    await counter.page.locator('.stage-amount', { hasText: '5.31' }).waitFor();
    await counter.expectState('paid');
    expect(await shop.ordersOf(531)).toMatchObject([{ charges: 1, netCapturedMinor: 531 }]);
    expect(await shop.ordersOf(3129)).toHaveLength(1);
    await counter.go('#/in-doubt');
    await closeAsCharged(counter, cardOf(counter, wrong));
  });

  test('#35 an order that cannot go on by itself says which one it is, why, and what to do', async () => {
    const counter = await shop.window();
    const card = await stuck(counter, '35.23');
    await card.getByText('Call the shift lead').waitFor();
    const clientSn = (await card.getAttribute('data-client-sn')) ?? '';
    const words = (await card.textContent()) ?? '';
    expect(words).toContain('¥35.23');
    expect(words).toContain('The acquirer refused the cancellation.');
    expect(words).toContain('UPAY_TCP_ORDER_NOT_REFUNDABLE');
    expect(words).toContain('The customer was charged: the acquirer reported the payment.');
    for (const name of ['Try now', 'Send the cancel again', 'Close the case'])
      expect(await button(card, name).count(), name).toBe(1);
    expect(await card.getByRole('link').first().getAttribute('href')).toBe(`#/orders/${clientSn}`);
    await closeAsCharged(counter, card);
  });
});

describe('a counter between two customers', () => {
  test('#21 a customer who would rather pay cash is first proved not charged (cash itself is not of this product)', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await sell(counter, '21.15', 'T-21');
    await counter.expectState('confirming');
    await nameSale(counter, 'T-21');
    await counter.collect('5.21');
    await page.getByRole('dialog').getByText('An earlier order of this sale is not decided yet').waitFor();
    await page.keyboard.press('Enter');
    await counter.button('giveUp').click();
    await counter.expectState('reversed');
    expect(await counter.instruction.textContent()).toContain('Do not hand over');
    expect(await page.locator('.stage').textContent()).toContain('T-21');
    expect(await shop.gateway.order(clientSn)).toMatchObject({ charges: 0, orderStatus: 'CANCELED' });
    expect(await shop.ordersOf(521)).toEqual([]);
    // Now nothing stands in the way of the sale any more, however it is paid.
    await sell(counter, '5.21', 'T-21');
    await counter.expectState('paid');
  });

  test('#29 a reload keeps the buttons an order had', async () => {
    const counter = await shop.window();
    const clientSn = await sell(counter, '29.00');
    await counter.expectState('paid');
    await counter.page.reload();
    await button(counter.row(clientSn), 'Revoke').waitFor();
    const fresh = await shop.window('en', {}, '#/orders');
    await button(fresh.row(clientSn), 'Revoke').waitFor();
    await counter.revoke(clientSn);
    await counter.expectState('revoked');
    await fresh.page.locator(`[data-client-sn="${clientSn}"][data-state="revoked"]`).waitFor();
    expect(await net(clientSn)).toBe(0);
  });

  test('#45 what a restart resumes is shown under its own sale, and steps back for the next customer', async () => {
    const counter = await shop.window();
    const { page } = counter;
    const clientSn = await sell(counter, '45.15', 'T-45');
    await counter.expectState('confirming');
    await shop.end('SIGKILL');
    await page.getByText('The terminal is not answering').waitFor();
    await shop.serve();
    await page.getByText('The terminal is not answering').waitFor({ state: 'detached' });
    await counter.expectState('confirming');
    expect(await page.locator('.stage').textContent()).toContain('T-45');
    expect(await page.locator('.stage-amount').textContent()).toBe('¥45.15');
    const lead = await shop.window('en', {}, '#/in-doubt');
    const card = cardOf(lead, clientSn);
    await card.getByText('T-45').waitFor();

    await sell(counter, '5.45');
    await counter.expectState('paid');
    await button(card, 'Give up').click();
    await reversed(card);
    await page.locator(`[data-client-sn="${clientSn}"][data-state="reversed"]`).waitFor();
    expect(await counter.instruction.getAttribute('data-state')).toBe('paid');
    expect(await page.locator('.stage-amount').textContent()).toBe('¥5.45');
    expect(await net(clientSn)).toBe(0);
  });

  test('#53 a scanner that fires twice, or ends with CR and LF, charges once', async () => {
    const counter = await shop.window();
    const code = newCode();
    await counter.amount.fill('53.01');
    await counter.scan(code + code);
    await counter.expectState('paid');
    await counter.amount.fill('53.02');
    await counter.scan(code, ['Enter', 'LineFeed']);
    await counter.amount.fill('53.03');
    await counter.scan('6901234567892');
    await counter.page.getByRole('alert').getByText('code_malformed').waitFor();
    expect(await shop.ordersOf(5301)).toHaveLength(1);
    await counter.amount.fill('53.04');
    await counter.scan(newCode(), ['Enter', 'LineFeed']);
    await counter.page.locator('.stage-amount', { hasText: '53.04' }).waitFor();
    await counter.expectState('paid');
    for (const amountMinor of [5302, 5303]) expect(await shop.ordersOf(amountMinor)).toEqual([]);
    expect(await shop.ordersOf(5304)).toHaveLength(1);
  });

  test('#54 a scan into the wrong field, and one with control characters, is still the payment', async () => {
    const counter = await shop.window();
    const { page } = counter;
    await nameSale(counter, 'T-54');
    await counter.amount.fill('54.01');
    const code = newCode();
    const goods = page.getByRole('textbox', { name: 'Goods' });
    await goods.fill('Tea');
    await goods.focus();
    await counter.scan(code);
    await counter.page.locator('.stage-amount', { hasText: '54.01' }).waitFor();
    await counter.expectState('paid');
    const shown = (await page.locator('.stage').textContent()) ?? '';
    expect(shown).toContain('T-54');
    expect(await page.content()).not.toContain(code);
    expect(await shop.ordersOf(5401)).toHaveLength(1);

    await counter.collect('54.02', `\u0002\u0010${newCode()}\u0003`);
    await counter.page.locator('.stage-amount', { hasText: '54.02' }).waitFor();
    await counter.expectState('paid');
    expect(await shop.ordersOf(5402)).toHaveLength(1);
  });
});
