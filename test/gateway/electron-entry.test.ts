import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer, OrderCard, Snapshot } from '../../shared/contract.ts';
import { cli } from '../support/cli.ts';
import type { EntryNews } from '../support/electron-module.ts';

/**
 * The built entry of the kiosk, whole, with a stand-in for nothing but the module `electron`: real terminal,
 * real ledger, the practice gateway in a process of its own.
 */

const ENTRY = resolve('test/support/electron-entry.ts');
const PATIENCE_MS = 20_000;

let folder = '';
const running = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redress-entry-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly news: readonly EntryNews[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
  const child = fork(ENTRY, [...args], {
    cwd: folder,
    silent: true,
    env: { ...process.env, REDRESS_DATA: join(folder, 'data'), REDRESS_LOG: 'silent', ...environment },
  });
  running.add(child);
  const news: EntryNews[] = [];
  const said = { stdout: '', stderr: '' };
  child.on('message', (told: EntryNews) => news.push(told));
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    return child.exitCode;
  });
  return { child, news, ended, stdout: () => said.stdout, stderr: () => said.stderr };
}

const pages = ({ news }: Started): readonly string[] =>
  news.flatMap((told) => ('page' in told ? told.page : []));

let calls = 0;

async function call(kiosk: Started, name: string, args: object): Promise<unknown> {
  calls += 1;
  const id = calls;
  kiosk.child.send({ id, name, args });
  const answered = (): Answer<unknown> | null =>
    kiosk.news.flatMap((told) => ('id' in told && told.id === id ? [told.answer] : []))[0] ?? null;
  await vi.waitUntil(() => answered() !== null, { timeout: PATIENCE_MS, interval: 20 });
  const answer = answered();
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
  return answer.value;
}

async function opened(environment: Readonly<Record<string, string>> = {}): Promise<Started> {
  const kiosk = start([], environment);
  await vi.waitUntil(() => pages(kiosk).length > 0 || kiosk.child.exitCode !== null, {
    timeout: PATIENCE_MS,
    interval: 20,
  });
  return kiosk;
}

describe('the kiosk', () => {
  test('opens the till in practice, sells, and ends in order with its ledger released', async () => {
    const kiosk = await opened();
    expect(kiosk.stderr()).toBe('');
    expect(pages(kiosk)).toEqual(['app://kiosk/']);
    expect((await call(kiosk, 'state.get', {})) as Snapshot).toMatchObject({ practice: true, orders: [] });

    const sale = { amount: '12.34', code: '134500000000000001' };
    const { clientSn } = (await call(kiosk, 'sale.collect', sale)) as OrderCard;
    await vi.waitUntil(
      async () => {
        const { orders } = (await call(kiosk, 'state.get', {})) as Snapshot;
        return orders.some((order) => order.clientSn === clientSn && order.state === 'paid');
      },
      { timeout: PATIENCE_MS, interval: 50 },
    );

    kiosk.child.kill('SIGTERM');
    expect(await kiosk.ended).toBe(0);
    const verified = await cli(['--json', 'journal', 'verify'], { data: join(folder, 'data/practice') });
    expect(verified.code).toBe(0);
  });

  test('takes a data directory that is named from where it is started', async () => {
    const kiosk = await opened({ REDRESS_DATA: 'data' });
    expect(kiosk.stderr()).toBe('');
    expect(pages(kiosk)).toEqual(['app://kiosk/']);
  });

  test('that fails before it has a window ends with 70 and says why', async () => {
    const kiosk = start([], { REDRESS_LOG: 'whisper' });
    expect(await kiosk.ended).toBe(70);
    expect(kiosk.stderr()).toContain('whisper');
    expect(kiosk.news).toEqual([]);
  });
});

describe('the command line of the same program', () => {
  test('prints one document and ends with the code of the command', async () => {
    const refused = start(['--ozone-platform=headless', '--cli', '--json', 'gateway', '--port', '65536']);
    expect(await refused.ended).toBe(64);
    expect(JSON.parse(refused.stdout())).toMatchObject({ error: { code: 'usage' } });
    expect(pages(refused)).toEqual([]);
  });

  test('reads the ledger that the kiosk has written', async () => {
    const kiosk = await opened();
    const practice = join(folder, 'data/practice');
    const beside = start(['--cli', '--data', practice, '--json', 'orders']);
    expect(await beside.ended).toBe(75);
    kiosk.child.kill('SIGTERM');
    await kiosk.ended;
    const after = start(['--cli', '--data', practice, '--json', 'orders']);
    expect(await after.ended).toBe(0);
    expect(JSON.parse(after.stdout())).toEqual([]);
  });
});
