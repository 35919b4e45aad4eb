import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, type CliResult } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { CASHIER, expectStory, HASTY, RESTING } from '../support/terminal.ts';

let gateway: GatewayProcess;
let folder: string;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  folder = mkdtempSync(join(tmpdir(), 'redress-secrets-'));
});

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder except the one whose purpose is to hold the keys. */
function bytesBelow(directory: string): Buffer {
  const files = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => name !== 'secrets.json');
  return Buffer.concat(
    files.map((file) => {
      const path = join(directory, file.name);
      return file.isDirectory() ? bytesBelow(path) : readFileSync(path);
    }),
  );
}

describe('keys and payment codes', () => {
  test('are in no byte of the ledger, its write-ahead log, the timeline or what a screen is told', async () => {
    const keys = ({ terminalKey }: { terminalKey: string }) => ({
      current: 'planted-stale-key',
      previous: terminalKey,
    });
    await expectStory({ gateway, policy: HASTY, keys, checkedIn: false }, async (terminal) => {
      const stories = ['12.34', '10.11', '10.12', '10.16', '10.19', '10.23', '10.29'].map((amount, index) => {
        const code = `2888777766665555${String(index).padStart(2, '0')}`;
        return { code, clientSn: terminal.collect(amount, { code }).clientSn };
      });
      for (const { clientSn } of stories) await terminal.waitFor(clientSn, RESTING);
      const told: unknown[] = [terminal.records, terminal.terminal.snapshot()];
      for (const { clientSn } of stories) told.push(await terminal.timeline(clientSn));
      const text = JSON.stringify(told);
      const bytes = terminal.ledgerBytes();
      const { terminalKey, terminalSn } = terminal.identity;
      const secrets = [
        terminalKey,
        'planted-stale-key',
        gateway.currentKey(terminalSn),
        ...stories.map(({ code }) => code),
      ];
      for (const secret of secrets) {
        expect(text.includes(secret), 'in what is told').toBe(false);
        expect(bytes.includes(secret), 'in the ledger').toBe(false);
      }
      expect(bytes.includes(terminalSn), 'the ledger was really read').toBe(true);
      await terminal.waitForIdle();
      return stories.map(({ clientSn }) => clientSn);
    });
  });

  test('stay out of an error that an acquirer provokes by echoing them', async () => {
    await expectStory({ gateway }, async (terminal) => {
      const code = '9988777766665555';
      const first = terminal.collect('12.34', { code }).clientSn;
      await terminal.waitFor(first, RESTING);
      const wrong = await terminal.terminal.call(
        'sale.collect',
        { amount: '1.00', code: `${code}!` },
        CASHIER,
      );
      const twice = await terminal.terminal.call('sale.collect', { amount: '1.00', code }, CASHIER);
      expect([wrong, twice].map((answer) => answer.ok)).toEqual([false, false]);
      expect(JSON.stringify([wrong, twice, await terminal.timeline(first)])).not.toContain(code);
      return [first];
    });
  });

  test('are printed by no command, also with the log at debug, and are in no file but the secrets', async () => {
    const data = join(folder, 'data');
    const config = join(folder, 'settings.json');
    const keyFile = join(folder, 'key.json');
    const identity = await gateway.newTerminal('secrets-counter');
    const { terminalSn, terminalKey } = identity;
    const settings = { ...gateway.settings, terminal: { terminalSn, deviceId: 'secrets-counter' } };
    writeFileSync(config, JSON.stringify({ ...settings, policy: HASTY }));
    writeFileSync(keyFile, JSON.stringify({ terminalKey }));
    const env = { REDRESS_LOG: 'debug' };
    const results: CliResult[] = [];
    const run = async (...args: readonly string[]): Promise<CliResult> => {
      const result = await cli(args, { data, env });
      results.push(result);
      return result;
    };
    const codes = ['2877666655554444', '2877666655554445', '2877666655554446'];
    await run('init', '--config', config, '--key-file', keyFile);
    expect((await run('pay', '--amount', '12.34', '--code', codes[0] ?? '')).code).toBe(0);
    await run('--json', 'pay', '--amount', '10.12', '--code', codes[1] ?? '');
    await run('pay', '--amount', '1.00', '--code', codes[0] ?? '');
    await run('pay', '--amount', '1.00', '--code', `${codes[0]}-bad`);
    await run('pay', '--amount', '1.00', '--code', codes[2] ?? '', '--kode=2877666655554446');
    await run('pay', '--amount', '1.00', `--kode=${codes[2]}`);
    await run('checkin');
    await run('orders');
    await run('journal', 'verify');
    const exported = await run('journal', 'export');
    expect(exported.stdout.split('\n').length).toBeGreaterThan(5);
    // A key put where a setting belongs, and settings put where a key belongs.
    writeFileSync(config, JSON.stringify({ ...settings, terminalKey }));
    expect((await run('init', '--config', config, '--key-file', keyFile)).code).toBe(64);
    writeFileSync(
      config,
      JSON.stringify({ ...settings, terminal: terminalKey, apiDomain: terminalKey, protocol: terminalKey }),
    );
    expect((await run('init', '--config', config)).code).toBe(64);
    writeFileSync(keyFile, `{"terminalKey":"${terminalKey}`);
    writeFileSync(config, JSON.stringify(settings));
    expect((await run('init', '--config', config, '--key-file', keyFile)).code).toBe(64);
    writeFileSync(keyFile, JSON.stringify({ terminalkey: terminalKey, [terminalKey]: 1 }));
    expect((await run('init', '--config', config, '--key-file', keyFile)).code).toBe(64);

    const printed = results.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const stored = bytesBelow(data);
    const secrets = [terminalKey, gateway.currentKey(terminalSn), ...codes];
    for (const secret of secrets) {
      const at = printed.indexOf(secret);
      expect(printed.slice(Math.max(0, at - 200), at + (at < 0 ? 0 : 60)), 'printed').not.toContain(secret);
      expect(stored.includes(secret), 'stored').toBe(false);
    }
    const kept = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as {
      readonly terminalKey: string;
    };
    expect(kept.terminalKey).toBe(gateway.currentKey(terminalSn));
  });

  test('live in a file that only its owner reads, in a folder that only its owner enters', () => {
    const data = join(folder, 'data');
    expect(statSync(join(data, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });
});
