import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OrderCard } from '../../shared/contract.ts';
import { cli } from '../support/cli.ts';
import { Kiosk } from './kiosk.ts';

/** How a kiosk lives and ends: a sale, a power cut in the middle of one, a second start, a lost page. */

/** Forty-five seconds until the cancel, the proof after it, and two starts. */
const TOUR_MS = 180_000;
const REVERSED_MS = 120_000;
const SOON_MS = 20_000;

let kiosk: Kiosk;
beforeEach(async () => {
  kiosk = await Kiosk.open();
});
afterEach(() => kiosk.remove());

const practice = (): string => join(kiosk.directory, 'practice');

/** The gateway's own truth about an order. */
async function chargesOf(clientSn: string): Promise<number> {
  const response = await fetch(`${gatewayUrl()}/__orders/${clientSn}`);
  return response.ok ? ((await response.json()) as { readonly charges: number }).charges : 0;
}

function gatewayUrl(): string {
  const settings = readFileSync(join(practice(), 'settings.json'), 'utf8');
  return (JSON.parse(settings) as { readonly apiDomain: string }).apiDomain;
}

async function isGone(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/__orders`);
    return false;
  } catch {
    return true;
  }
}

async function orderOf(clientSn: string): Promise<OrderCard> {
  const { orders } = await kiosk.snapshot();
  const found = orders.find((order) => order.clientSn === clientSn);
  if (found === undefined) throw new Error(`${clientSn} is not on the screen`);
  return found;
}

describe('a sale', () => {
  test('in practice ends paid, and the screen says hand over', async () => {
    const counter = await kiosk.counter();
    await counter.collect('12.34');
    await counter.expectState('paid');
    expect(await counter.instruction.getAttribute('data-instruction')).toBe('hand_over');
    expect(await chargesOf(await counter.newest())).toBe(1);
  });

  test(
    'whose reply is lost is reversed and proved after a power cut and a new start',
    { timeout: TOUR_MS },
    async () => {
      const counter = await kiosk.counter();
      await counter.collect('10.12');
      await counter.page.locator('[role="status"][data-instruction="wait"]').waitFor({ timeout: SOON_MS });
      const clientSn = await counter.newest();
      await vi.waitUntil(async () => (await chargesOf(clientSn)) === 1, { timeout: SOON_MS, interval: 50 });

      const gateway = gatewayUrl();
      expect(await kiosk.end('SIGKILL')).toBeNull();
      // The gateway is a process of its own, and ends with the one that forked it.
      await vi.waitUntil(() => isGone(gateway), { timeout: SOON_MS, interval: 100 });

      await kiosk.start();
      expect(['confirming', 'reversing', 'verifying', 'reversed']).toContain((await orderOf(clientSn)).state);
      const row = kiosk.page.locator(`[data-client-sn="${clientSn}"][data-state="reversed"]`).first();
      await row.waitFor({ timeout: REVERSED_MS });
      expect(await row.getAttribute('data-instruction')).toBe('do_not_hand_over');
      expect(await orderOf(clientSn)).toMatchObject({ state: 'reversed', charged: 'no' });
    },
  );
});

describe('a second start', () => {
  test('ends by itself with 0, and the first goes on', async () => {
    expect(await kiosk.run()).toEqual({ code: 0, stdout: '' });
    expect(await kiosk.snapshot()).toMatchObject({ practice: true });
    const counter = await kiosk.counter();
    await counter.collect('12.34');
    await counter.expectState('paid');
  });

  test('as a command line answers that the directory is in use', async () => {
    const { code, stdout } = await kiosk.run(['--cli', '--data', practice(), '--json', 'orders']);
    expect(code).toBe(75);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'terminal_in_use' } });
  });
});

describe('an end', () => {
  test('in order is 0, and the ledger is released and whole', async () => {
    const counter = await kiosk.counter();
    await counter.collect('12.34');
    await counter.expectState('paid');
    const gateway = gatewayUrl();
    expect(await kiosk.end('SIGTERM')).toBe(0);
    await vi.waitUntil(() => isGone(gateway), { timeout: SOON_MS, interval: 100 });
    const verified = await cli(['--json', 'journal', 'verify'], { data: practice() });
    expect(verified.code).toBe(0);
  });

  test('leaves what the command line of the same program reads', async () => {
    const counter = await kiosk.counter();
    await counter.collect('12.34');
    await counter.expectState('paid');
    const clientSn = await counter.newest();
    await kiosk.end('SIGTERM');
    const orders = await kiosk.run(['--cli', '--data', practice(), '--json', 'orders']);
    expect(orders.code).toBe(0);
    expect(JSON.parse(orders.stdout)).toMatchObject([{ clientSn, state: 'paid' }]);
    const missing = await kiosk.run(['--cli', '--data', practice(), '--json', 'show', 'nobody']);
    expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([
      64,
      { error: { code: 'order_unknown' } },
    ]);
  });
});

describe('a page whose process is lost', () => {
  const till = () =>
    kiosk.application.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return {
        pid: contents?.getOSProcessId() ?? 0,
        isThere: contents?.isCrashed() === false && !contents.isLoading(),
        url: contents?.getURL() ?? '',
      };
    });

  test('comes back by itself, and the terminal never noticed', async () => {
    const before = await till();
    await kiosk.application.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await vi.waitUntil(
      async () => {
        const now = await till();
        return now.isThere && now.pid !== 0 && now.pid !== before.pid;
      },
      { timeout: SOON_MS, interval: 100 },
    );
    expect((await till()).url).toBe('app://kiosk/');
    // The page of the debugger stays lost, so the new one is asked through the main process.
    const reply: unknown = await kiosk.application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("redress.api['state.get']({})"),
    );
    expect(reply).toMatchObject({ ok: true, value: { practice: true } });
  });
});
