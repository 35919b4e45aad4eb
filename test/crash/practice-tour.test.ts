import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { OrderCard, Snapshot } from '../../shared/contract.ts';
import { problemsOf } from '../support/check-story.ts';
import { killLeftovers, startRedress, type Child } from '../support/crash-processes.ts';
import type { GatewayOrder } from '../support/crash-gateway.ts';

/** The default policy reverses after 45 s. */
const TOUR_MS = 150_000;

const root = mkdtempSync(join(tmpdir(), 'redress-tour-'));

afterAll(() => {
  killLeftovers();
  rmSync(root, { recursive: true, force: true });
});

interface Session {
  readonly child: Child;
  readonly pid: number;
  readonly call: (name: string, args: object) => Promise<unknown>;
}

/** `redress serve` on a directory without settings, with a cookie from its one-time address. */
async function open(): Promise<Session> {
  const child = startRedress('--data', root, '--json', 'serve');
  const ready = JSON.parse(await child.printed('\n')) as { url: string; practice: boolean; pid: number };
  expect(ready.practice).toBe(true);
  const exchanged = await fetch(ready.url, { redirect: 'manual' });
  const cookie = (exchanged.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const { origin } = new URL(ready.url);
  const call = async (name: string, args: object): Promise<unknown> => {
    const response = await fetch(`${origin}/api/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify({ name, args }),
    });
    const answer = (await response.json()) as { ok: boolean; value: unknown };
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer.value;
  };
  return { child, pid: ready.pid, call };
}

const orderIn = async ({ call }: Session, clientSn: string): Promise<OrderCard> => {
  const { orders } = (await call('state.get', {})) as Snapshot;
  const found = orders.find((order) => order.clientSn === clientSn);
  if (found === undefined) throw new Error(`${clientSn} is not on the screen`);
  return found;
};

const gatewayUrl = (): string =>
  (JSON.parse(readFileSync(join(root, 'practice', 'settings.json'), 'utf8')) as { apiDomain: string })
    .apiDomain;

async function truthOf(clientSn: string): Promise<GatewayOrder | null> {
  const response = await fetch(`${gatewayUrl()}/__orders/${clientSn}`);
  return response.ok ? ((await response.json()) as GatewayOrder) : null;
}

async function isGone(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/__orders`);
    return false;
  } catch {
    return true;
  }
}

describe('The tour of the README', () => {
  it(
    'ends reversed: a sale whose reply is lost, SIGKILL, and a new start',
    { timeout: TOUR_MS },
    async () => {
      const first = await open();
      const begun = (await first.call('sale.collect', {
        amount: '12.12',
        code: '134500000000000001',
      })) as OrderCard;
      const { clientSn } = begun;
      expect(begun).toMatchObject({ state: 'collecting', instruction: 'wait' });
      await vi.waitUntil(async () => (await truthOf(clientSn))?.charges === 1, {
        timeout: 20_000,
        interval: 50,
      });

      const firstGateway = gatewayUrl();
      await first.child.kill();
      await vi.waitUntil(() => isGone(firstGateway), { timeout: 20_000, interval: 50 });

      const second = await open();
      const resumed = await orderIn(second, clientSn);
      expect(['confirming', 'reversing', 'verifying', 'reversed']).toContain(resumed.state);
      await vi.waitUntil(async () => (await orderIn(second, clientSn)).state === 'reversed', {
        timeout: 100_000,
        interval: 250,
      });
      expect(await orderIn(second, clientSn)).toMatchObject({
        charged: 'no',
        instruction: 'do_not_hand_over',
      });
      expect(await truthOf(clientSn)).toMatchObject({
        charges: 1,
        netCapturedMinor: 0,
        orderStatus: 'CANCELED',
      });

      const secondGateway = gatewayUrl();
      second.child.process.kill('SIGTERM');
      expect((await second.child.ended).code).toBe(0);
      await vi.waitUntil(() => isGone(secondGateway), { timeout: 20_000, interval: 50 });
      const practice = join(root, 'practice');
      expect(problemsOf(practice, join(practice, 'gateway.db'), { terminalSn: null })).toEqual([]);
    },
  );
});
