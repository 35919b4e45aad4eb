import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { z } from 'zod';
import { openTerminal } from '../../main/open-terminal.ts';
import { createLog } from '../../main/shell/log.ts';
import { saveSettings } from '../../main/settings/settings-store.ts';
import { storeTerminalKey } from '../../main/settings/key-store.ts';
import { settingsSchema } from '../../shared/settings.ts';
import { median, quantile, type Measure } from './measure.ts';

const ROUNDS = 25;
const POLICY = {
  payTimeoutMs: 300,
  callTimeoutMs: 300,
  queryIntervalMs: 200,
  confirmWindowMs: 700,
  minReverseAgeMs: 300,
};
const readySchema = z.object({
  url: z.string(),
  settings: z.record(z.string(), z.unknown()),
  keyFile: z.object({ terminalKey: z.string() }),
});
const logSchema = z.array(z.object({ path: z.string(), atMs: z.number() }));

/**
 * From the instant the policy closes the confirm window to the cancel's arrival at the gateway's
 * process; in turn with a bare POST of the same size fired by a bare timer at a known instant.
 */
export async function cancelInstant(): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'));
  const gateway = spawn(process.execPath, ['dist/main/redress.js', '--json', 'gateway', '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(gateway.stdout), 'line')) as [string];
  const { url, settings, keyFile } = readySchema.parse(JSON.parse(line));
  const parsed = settingsSchema.parse({ ...settings, policy: POLICY });
  if (parsed.protocol !== 'upay') throw new Error('The gateway prints settings for upay first.');
  saveSettings(folder, parsed);
  storeTerminalKey(folder, parsed.terminal.terminalSn ?? '', keyFile.terminalKey);
  const opened = openTerminal({
    directory: folder,
    log: createLog('silent', process.stderr),
    practice: false,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const { terminal, stop } = opened.value;
  terminal.start();
  const pool = new Pool(url, { connections: 1 });
  const actor = { kind: 'operator', name: 'bench' } as const;
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const code = String(134_600_000_000_000_000n + BigInt(round));
    const collected = terminal.collect({ amount: '10.12', code }, false, actor);
    if (!collected.ok) throw new Error(collected.error.code);
    const { clientSn, confirmUntilMs } = collected.value;
    await reversed(terminal, clientSn);
    ours.push((await arrival(pool, clientSn, '/upay/v2/cancel')) - confirmUntilMs);
    reference.push(await barePost(pool, `bare-${round}`));
  }
  await stop(1000);
  await pool.close();
  gateway.stdin.end();
  await once(gateway, 'exit');
  rmSync(folder, { recursive: true });
  const figures = {
    p50Ms: median(ours),
    p95Ms: quantile(ours, 0.95),
    barePostP50Ms: median(reference),
    barePostP95Ms: quantile(reference, 0.95),
  };
  return {
    name: 'cancel-instant',
    figures,
    lines: [
      `window closes → cancel at the gateway: p50 ${figures.p50Ms} ms, p95 ${figures.p95Ms} ms (aim p50 ≤ 5 ms)`,
      `bare POST fired by a bare timer:       p50 ${figures.barePostP50Ms} ms, p95 ${figures.barePostP95Ms} ms (${ROUNDS} pairs, clock of 1 ms)`,
    ],
  };
}

function reversed(
  terminal: {
    subscribe(listener: (push: { readonly type: string }) => void): () => void;
    find(number: string): { ok: boolean; value?: { state: string } };
  },
  clientSn: string,
): Promise<void> {
  return new Promise((resolve) => {
    const end = terminal.subscribe(() => {
      const found = terminal.find(clientSn);
      if (found.value?.state !== 'reversed') return;
      end();
      resolve();
    });
  });
}

async function barePost(pool: Pool, clientSn: string): Promise<number> {
  const dueMs = Date.now() + 100;
  await new Promise((resolve) => setTimeout(resolve, dueMs - Date.now()));
  const body = JSON.stringify({ terminal_sn: '10770000001', client_sn: clientSn });
  const response = await pool.request({ method: 'POST', path: '/upay/v2/cancel', body });
  await response.body.dump();
  return (await arrival(pool, clientSn, '/upay/v2/cancel')) - dueMs;
}

async function arrival(pool: Pool, clientSn: string, path: string): Promise<number> {
  const response = await pool.request({ method: 'GET', path: `/__log?clientSn=${clientSn}` });
  const entries = logSchema.parse(await response.body.json());
  const first = entries.find((entry) => entry.path === path);
  if (first === undefined) throw new Error(`No ${path} arrived for ${clientSn}`);
  return first.atMs;
}
