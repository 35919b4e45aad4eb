import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserHost } from '../../main/browser/host.ts';
import type { OrderCard } from '../../shared/contract.ts';
import { instructionOf, ORDER_STATES, type OrderState } from '../../shared/order/order.ts';
import { launchBrowser, takeScreenshot } from '../support/browser.ts';
import { hostScreen } from '../support/hosted-screen.ts';
import {
  createScriptedTerminal,
  orderCard,
  refusal,
  type ScriptedTerminal,
  type ScriptedTerminalOptions,
} from '../support/scripted-terminal.ts';

const LANDSCAPE = { width: 1280, height: 800 };
const PORTRAIT = { width: 800, height: 1280 };
const WALLET_CODE = '281234567890123456';

let browser: Browser;
let axeSource: string;
let context: BrowserContext | null = null;
let host: BrowserHost | null = null;

beforeAll(async () => {
  browser = await launchBrowser();
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterEach(async () => {
  await context?.close();
  await host?.close();
  context = null;
  host = null;
});
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  readonly terminal: ScriptedTerminal;
}

interface OpenOptions extends ScriptedTerminalOptions {
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

async function open({
  locale = 'en-GB',
  viewport = LANDSCAPE,
  ...options
}: OpenOptions = {}): Promise<Opened> {
  const terminal = createScriptedTerminal(options);
  host = await hostScreen({ terminal });
  context = await browser.newContext({ locale, viewport });
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator('main').waitFor();
  return { page, terminal };
}

function card(state: OrderState, change: Partial<OrderCard> = {}): OrderCard {
  const charged = state === 'paid' || state === 'revoking' ? 'yes' : 'no';
  const revokeRefusal = state === 'paid' ? null : 'not_paid';
  return orderCard({
    state,
    charged,
    revokeRefusal,
    instruction: instructionOf({ state, charged }),
    ...change,
  });
}

function waiting(change: Partial<OrderCard> = {}): OrderCard {
  const nowMs = Date.now();
  const next = { call: 'query', atMs: nowMs + 2900, waitingFor: 'time' } as const;
  return card('confirming', { next, confirmUntilMs: nowMs + 31_000, createdAtMs: nowMs - 14_000, ...change });
}

/** Shaped like a real afternoon: one of each, newest first. */
function fullDay(): readonly OrderCard[] {
  const start = Date.now() - 4_000_000;
  const states: readonly Partial<OrderCard>[] = [
    card('paid', { amount: 4590 }),
    card('revoked', { amount: 12_800, revokeRefusal: 'already_revoked' }),
    card('declined', { amount: 990, reason: 'declined_by_acquirer' }),
    card('paid', { amount: 123_456, reason: 'revoke_refused' }),
    card('reversed', { amount: 2650, reason: 'no_answer' }),
    card('attention', { amount: 8800, reason: 'window_closed', revokeRefusal: 'undecided' }),
    card('paid', { amount: 1800 }),
    card('paid', { amount: 350, revokeRefusal: 'revoke_window_closed' }),
  ];
  return states.map((change, index) =>
    orderCard({
      ...change,
      clientSn: `R260522-000${index}-K7Q${index}`,
      createdAtMs: start + index * 460_000,
    }),
  );
}

async function violations(page: Page): Promise<readonly string[]> {
  // `addScriptTag` would be refused by the page's own policy; this goes through the debugger instead.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

const HEADLINES: Readonly<Record<OrderState, string>> = {
  collecting: 'Wait',
  confirming: 'Wait',
  paid: 'Hand over the goods',
  declined: 'Do not hand over',
  reversing: 'Do not hand over',
  verifying: 'Do not hand over',
  reversed: 'Do not hand over',
  revoking: 'Wait for the money to return',
  revoked: 'Take the goods back',
  attention: 'Call the shift lead',
  resolved: 'Do not hand over',
};

/** Waits for it, as a person would. */
function expectShown(locator: Locator): Promise<void> {
  return locator.waitFor();
}

describe('the instruction', () => {
  it('says the one thing to do in every state, without an accessibility fault', async () => {
    const { page, terminal } = await open({ orders: [card('collecting')] });
    const instruction = page.getByRole('region', { name: 'Instruction' });
    for (const state of ORDER_STATES) {
      terminal.show(card(state));
      await expectShown(page.locator(`.instruction[data-state="${state}"]`));
      expect(await instruction.locator('strong').textContent()).toBe(HEADLINES[state]);
      expect(await instruction.textContent()).toContain('¥12.34');
      expect(await violations(page)).toEqual([]);
      await takeScreenshot(page, `instruction-${state}`);
    }
  });

  it('counts down to the next step and to the decision', async () => {
    const { page } = await open({ orders: [waiting()] });
    const timer = page.getByRole('timer');
    await expectShown(timer.getByText(/Asking again in [123] s/));
    await expectShown(timer.getByText(/Decided in (30|31) s at most/));
    await expectShown(timer.getByText('Asking now…'));
    await takeScreenshot(page, 'waiting');
  });

  it('says what it waits for when time is not the reason', async () => {
    const next = { call: 'cancel', atMs: Date.now(), waitingFor: 'network' } as const;
    const { page, terminal } = await open({ orders: [card('reversing', { next })] });
    await expectShown(page.getByText('Waiting for the network.'));
    terminal.answer('order.retry', () => ({ ok: true, value: card('verifying') }));
    await page.getByRole('button', { name: 'Try now' }).click();
    await expectShown(page.getByText('The cancellation is accepted.'));
  });

  it('repeats the acquirer’s own words where someone has to ask about them', async () => {
    const declined = card('declined', { lastCode: '200/PAY_FAIL/INSUFFICIENT_FUND' });
    const { page, terminal } = await open({ orders: [declined] });
    await page.getByRole('listitem').getByRole('button').first().click();
    await expectShown(page.getByText('200/PAY_FAIL/INSUFFICIENT_FUND'));
    const refused = { code: 'REVOKE_REFUSED', message: 'Not today' };
    terminal.show(card('paid', { reason: 'revoke_refused', refusal: refused, lastCode: '200' }));
    await expectShown(page.getByText('Not today'));
    terminal.show(card('paid', { lastCode: '200/PAY_SUCCESS/PAID' }));
    await expect.poll(() => page.getByText('Not today').count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toContain('PAY_SUCCESS');
  });

  it('offers to give up only while that is possible', async () => {
    const { page, terminal } = await open({ orders: [waiting({ canGiveUp: true })] });
    terminal.answer('order.giveUp', () => ({ ok: true, value: card('reversing', { reason: 'given_up' }) }));
    await page.getByRole('button', { name: 'Give up' }).click();
    await expectShown(page.getByText('The cashier gave up.'));
    expect(await page.getByRole('button', { name: 'Give up' }).count()).toBe(0);
    expect(terminal.calls.map(({ name }) => name)).toEqual(['order.giveUp']);
  });

  it('turns back to ready when the next sale is begun, but not while an order is undecided', async () => {
    const { page, terminal } = await open({ orders: [waiting()] });
    await page.getByLabel('Amount').pressSequentially('1');
    expect(await page.locator('.instruction').getAttribute('data-state')).toBe('confirming');
    terminal.show(card('paid'));
    await expectShown(page.locator('.instruction[data-state="paid"]'));
    await page.getByLabel('Amount').pressSequentially('2');
    await expectShown(page.locator('.instruction[data-state="idle"]'));
  });
});

describe('collecting', () => {
  it('sends what was entered once, and the code leaves the screen at once', async () => {
    const { page, terminal } = await open();
    let finish = () => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    terminal.answer('sale.collect', async () => {
      await gate;
      return { ok: true, value: card('collecting') };
    });
    await page.getByLabel('Amount').fill('12.34');
    await page.getByLabel('Sale reference').fill('T-77');
    await page.getByLabel('Payment code').pressSequentially(WALLET_CODE);
    await page.keyboard.press('Enter');
    await expectShown(page.getByRole('button', { name: 'One moment…' }));
    expect(await page.getByLabel('Payment code').inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'One moment…' }).isDisabled()).toBe(true);

    // A second scan while the call runs is dropped and leaves no trace either.
    await page.getByLabel('Payment code').pressSequentially('289999999999999999');
    await page.keyboard.press('Enter');
    finish();
    await expectShown(page.locator('.instruction[data-state="collecting"]'));
    expect(terminal.calls.map(({ args }) => args)).toEqual([
      { amount: '12.34', code: WALLET_CODE, saleId: 'T-77' },
    ]);
    expect(await page.getByLabel('Payment code').inputValue()).toBe('');
    expect(await page.getByLabel('Amount').inputValue()).toBe('');
    expect(await page.content()).not.toContain(WALLET_CODE);
  });

  it('stays at "hand over" when the answer to collect arrives after the push it led to', async () => {
    const { page, terminal } = await open();
    const collecting = card('collecting', { clientSn: 'R-crossed' });
    terminal.answer('sale.collect', async () => {
      terminal.show(card('paid', { clientSn: 'R-crossed' }));
      await page.locator('[data-state="paid"]').first().waitFor();
      return { ok: true, value: collecting };
    });
    await page.getByLabel('Amount').fill('12.34');
    await page.getByLabel('Payment code').fill(WALLET_CODE);
    await page.keyboard.press('Enter');
    await expectShown(page.getByRole('button', { name: 'Collect' }));
    await expectShown(page.locator('.instruction[data-state="paid"]'));
  });

  it('ignores a scanner that reads the same code twice, in whichever field the second one lands', async () => {
    const { page, terminal } = await open();
    terminal.answer('sale.collect', () => ({ ok: true, value: card('paid') }));
    await page.getByLabel('Amount').fill('12.34');
    await page.keyboard.press('Enter');
    await page.keyboard.type(WALLET_CODE);
    await page.keyboard.press('Enter');
    await expectShown(page.locator('.instruction[data-state="paid"]'));
    await page.keyboard.type(WALLET_CODE);
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Amount').inputValue()).toBe('');
    await page.getByLabel('Payment code').pressSequentially(WALLET_CODE);
    await page.keyboard.press('Enter');
    expect(terminal.calls).toHaveLength(1);
  });

  it('strips what a scanner puts around a code', async () => {
    const { page, terminal } = await open();
    await page.getByLabel('Amount').fill('1');
    await page.getByLabel('Payment code').fill(`\u0002\u0010${WALLET_CODE}\u0003`);
    await page.getByRole('button', { name: 'Collect' }).click();
    await expectShown(page.getByRole('alert'));
    expect(terminal.calls[0]?.args).toEqual({ amount: '1', code: WALLET_CODE });
  });

  it('shows the words of a refusal, keeps the amount and lets the same code be scanned again', async () => {
    const { page, terminal } = await open();
    terminal.answer('sale.collect', () => refusal('amount_malformed'));
    await page.getByLabel('Amount').fill('12,34');
    for (const attempt of [1, 2]) {
      await page.getByLabel('Payment code').fill(WALLET_CODE);
      await page.keyboard.press('Enter');
      await expect.poll(() => terminal.calls.length).toBe(attempt);
      await expectShown(page.getByRole('alert').getByText('The amount is not a plain number'));
    }
    expect(await page.getByLabel('Amount').inputValue()).toBe('12,34');
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'refusal');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('goes past the sale guard only after a deliberate word', async () => {
    const { page, terminal } = await open();
    terminal.answer('sale.collect', (args: { readonly override?: boolean }) =>
      args.override === true ? { ok: true, value: card('collecting') } : refusal('sale_undecided'),
    );
    const attempt = async () => {
      await page.getByLabel('Amount').fill('12.34');
      await page.getByLabel('Payment code').fill(WALLET_CODE);
      await page.keyboard.press('Enter');
      await expectShown(page.getByRole('dialog', { name: 'Charge ¥12.34 anyway?' }));
    };
    await attempt();
    expect(await page.content()).not.toContain(WALLET_CODE);
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'sale-guard');
    // Enter presses the safe answer.
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(terminal.calls).toHaveLength(1);

    await page.waitForTimeout(2100);
    await attempt();
    await page.getByRole('button', { name: 'Charge anyway' }).click();
    await expectShown(page.locator('.instruction[data-state="collecting"]'));
    expect(terminal.calls.at(-1)?.args).toEqual({ amount: '12.34', code: WALLET_CODE, override: true });
  });

  it('says that nobody knows when the terminal gave no answer', async () => {
    const { page } = await open();
    await page.route('**/api/call', (route) => route.abort());
    await page.getByLabel('Amount').fill('12.34');
    await page.getByLabel('Payment code').fill(WALLET_CODE);
    await page.keyboard.press('Enter');
    await expectShown(page.getByRole('alert').getByText("Look at today's orders"));
  });
});

describe("today's orders", () => {
  it('are listed with what is in doubt, and follow every push', async () => {
    const { page, terminal } = await open({ orders: fullDay() });
    expect(await page.getByRole('listitem').count()).toBe(8);
    await expectShown(page.getByText('1 in doubt · ¥88.00 at risk'));
    expect(await page.getByRole('listitem').nth(4).textContent()).toContain('¥1,234.56');
    terminal.show(waiting({ clientSn: 'R260522-0100-NEW1' }));
    await expectShown(page.getByText('2 in doubt · ¥100.34 at risk'));
    expect(await page.getByRole('listitem').first().getAttribute('data-state')).toBe('confirming');
    await expectShown(
      page.getByRole('listitem').filter({ hasText: 'Money returned' }).getByText('Already revoked'),
    );
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'full-day-landscape');
    await page.setViewportSize(PORTRAIT);
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'full-day-portrait');
  });

  it('are revoked in two steps, the second with the amount', async () => {
    const { page, terminal } = await open({ orders: [card('paid')] });
    terminal.answer('order.revoke', () => ({
      ok: true,
      value: card('revoking', { revokeRefusal: 'being_revoked' }),
    }));
    await page.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog', { name: 'Return ¥12.34 to the customer?' });
    await expectShown(dialog);
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'revoke-confirm');
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(terminal.calls).toEqual([]);

    await page.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Return ¥12.34' }).click();
    await expectShown(page.locator('.instruction[data-state="revoking"]'));
    expect(terminal.calls.map(({ name, args }) => [name, args])).toEqual([
      ['order.revoke', { clientSn: 'R260522-0001-K7Q2' }],
    ]);
    await expectShown(page.getByText('Revoke under way'));
  });

  it('stay quick on a busy day by showing the newest first', async () => {
    const orders = Array.from({ length: 100 }, (_, index) =>
      card('paid', { clientSn: `R260522-${index}`, createdAtMs: Date.now() - index }),
    );
    const { page } = await open({ orders });
    expect(await page.getByRole('listitem').count()).toBe(40);
    await page.getByRole('button', { name: 'Show 40 more' }).click();
    await page.getByRole('button', { name: 'Show 20 more' }).click();
    expect(await page.getByRole('listitem').count()).toBe(100);
  });
});

describe('practice', () => {
  it('cannot be taken for business and fills the form for a tour', async () => {
    const { page, terminal } = await open({ practice: true, orders: fullDay() });
    await expectShown(page.getByText('PRACTICE — no real money'));
    await page.getByRole('button', { name: '10.12 Charged, then the line goes dead' }).click();
    expect(await page.getByLabel('Amount').inputValue()).toBe('10.12');
    await page.getByRole('button', { name: 'Collect' }).click();
    await expectShown(page.getByRole('alert'));
    expect(JSON.stringify(terminal.calls[0]?.args)).toMatch(/^\{"amount":"10\.12","code":"28\d{16}"\}$/);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'practice-landscape');
    await page.setViewportSize(PORTRAIT);
    await takeScreenshot(page, 'practice-portrait');
  });

  it('leaves no trace on a real terminal', async () => {
    const { page } = await open();
    expect(await page.getByText('PRACTICE').count()).toBe(0);
    expect(await page.getByRole('button', { name: /10\.12/ }).count()).toBe(0);
    await takeScreenshot(page, 'ready');
  });
});

describe('the connection', () => {
  it('covers the screen when it is lost, and everything returns by itself', async () => {
    const { page, terminal } = await open();
    const port = host?.port ?? 0;
    await host?.close();
    await expectShown(page.getByRole('alert').getByText('The terminal is not answering'));
    // Nothing below can be reached, not even with the keyboard.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'connection-lost');

    terminal.show(card('paid'));
    host = await hostScreen({ terminal, port });
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: 'Collect' }).click({ trial: true });
  });

  it('says so when the terminal is back but no longer knows this screen', async () => {
    const { page, terminal } = await open();
    const port = host?.port ?? 0;
    await host?.close();
    host = await hostScreen({ terminal, port, sessionSecret: 'another secret, another secret, another' });
    await expectShown(page.getByRole('alert').getByText('This screen has no session any more'));
  });

  it('to the acquirer is shown as it comes and goes', async () => {
    const { page, terminal } = await open();
    await expectShown(page.getByText('Acquirer reachable'));
    terminal.push({ type: 'online', online: false });
    await expectShown(page.getByText('No connection to the acquirer.'));
    await takeScreenshot(page, 'offline');
  });
});

describe('the language', () => {
  it('is the machine’s, can be switched, and is named to screen readers', async () => {
    const { page } = await open({ locale: 'zh-CN', practice: true, orders: [waiting(), ...fullDay()] });
    await expectShown(page.getByText('请等待').first());
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await violations(page)).toEqual([]);
    await takeScreenshot(page, 'chinese');
    await page.getByRole('button', { name: 'English' }).click();
    await expectShown(page.getByRole('region', { name: 'Instruction' }));
    // Set after the page is drawn, so it is waited for.
    await expect.poll(() => page.getAttribute('html', 'lang')).toBe('en');
  });

  it('covers the refusals a cashier meets', async () => {
    const { page, terminal } = await open({ locale: 'zh-CN' });
    terminal.answer('sale.collect', () => refusal('code_missing'));
    await page.getByRole('button', { name: '收款' }).click();
    await expectShown(page.getByRole('alert').getByText('请扫描顾客的付款码。'));
  });
});

it('works with the keyboard alone and shows where it is', async () => {
  const { page, terminal } = await open({ orders: [card('paid')] });
  terminal.answer('order.revoke', () => ({ ok: true, value: card('revoking') }));
  const reached: string[] = [];
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.textContent ?? ''));
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    );
    expect(outline).toBe('solid');
    if (reached.at(-1) === 'Revoke') break;
  }
  await page.keyboard.press('Enter');
  await expectShown(page.getByRole('dialog'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectShown(page.locator('.instruction[data-state="revoking"]'));
});

it('gives fingers at least 48 pixels', async () => {
  const { page } = await open({ practice: true, orders: [waiting({ canGiveUp: true }), ...fullDay()] });
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input')]
      .filter((element) => element.getBoundingClientRect().height < 48)
      .map((element) => element.outerHTML),
  );
  expect(small).toEqual([]);
});
