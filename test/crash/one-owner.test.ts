import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAgreement,
  GatewayProcess,
  QUICK_POLICY,
  workUntilIdle,
  type CrashTerminal,
} from '../support/crash-gateway.ts';
import { killLeftovers, redress, startVictim, type Child } from '../support/crash-processes.ts';

let root: string;
let gateway: GatewayProcess;
let terminal: CrashTerminal;
/** Holds the directory and stands still with an intent on disk, so that no byte changes by itself. */
let owner: Child;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'redress-owner-'));
  gateway = await GatewayProcess.start(join(root, 'gateway.db'));
  terminal = await gateway.newTerminal(root, QUICK_POLICY);
  owner = await startVictim({
    directory: terminal.directory,
    point: { call: 'pay', moment: 'leaving' },
    does: { kind: 'collect', amount: '12.34', code: '130000000000000001' },
  });
});

afterAll(async () => {
  await owner.kill();
  await gateway.close();
  killLeftovers();
  rmSync(root, { recursive: true, force: true });
});

/** Content, mode and time of every file below the directory. */
function fingerprintOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const file = join(directory, name);
      const status = statSync(file);
      const { mode, mtimeMs, size } = status;
      const hash = status.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
      return [name, mode, mtimeMs, size, hash].join(' ');
    });
}

const json = (name: string, value: object): string => {
  const file = join(root, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
};

describe('A second process on a data directory', () => {
  it.each([
    ['pay', () => ['pay', '--amount', '1.00', '--code', '130000000000000002']],
    ['revoke', () => ['revoke', 'any']],
    ['work', () => ['work', '--until-idle', '--for', '5']],
    ['orders', () => ['orders']],
    ['show', () => ['show', 'any']],
    ['journal verify', () => ['journal', 'verify']],
    ['journal export', () => ['journal', 'export']],
    ['checkin', () => ['checkin']],
    ['serve', () => ['serve']],
    [
      'init',
      () => [
        'init',
        '--config',
        json('config.json', {
          protocol: 'upay',
          apiDomain: gateway.ready.url,
          terminal: { terminalSn: '1', deviceId: 'd' },
        }),
        '--key-file',
        json('key.json', { terminalKey: 'another' }),
      ],
    ],
    [
      'activate',
      () => ['activate', '--code', '10000001', '--key-file', json('vendor.json', { vendorKey: 'v' })],
    ],
  ])('%s ends with exit code 75 and touches nothing', { timeout: 60_000 }, async (_name, arguments_) => {
    const before = fingerprintOf(terminal.directory);
    const wireBefore = (await gateway.log()).length;
    const second = await redress('--data', terminal.directory, '--json', ...arguments_());
    expect(second.code).toBe(75);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'terminal_in_use' } });
    expect(fingerprintOf(terminal.directory)).toEqual(before);
    expect(await gateway.log()).toHaveLength(wireBefore);
  });

  it('takes over once the first is killed', { timeout: 90_000 }, async () => {
    await owner.kill();
    await workUntilIdle(terminal.directory);
    expect(await expectAgreement(gateway, terminal)).toMatchObject([{ state: 'reversed' }]);
  });
});
