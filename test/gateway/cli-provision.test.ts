import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode } from '../support/terminal.ts';

let gateway: GatewayProcess;
let folder: string;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redress-provision-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(content: unknown): string {
  const file = join(folder, 'provisioning.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const good = () => ({
  settings: { protocol: 'upay', apiDomain: gateway.url, vendor: gateway.settings.vendor },
  activation: {
    code: gateway.activation.code,
    vendorKey: gateway.activation.vendorKeyFile.vendorKey,
    name: 'Counter 7',
  },
});

describe('redress provision', () => {
  test('makes a fresh directory ready for a sale, and takes the file away', async () => {
    const data = join(folder, 'data');
    const file = fileWith(good());
    const provisioned = await cli(['--json', 'provision', '--file', file], { data });
    expect(provisioned.code).toBe(0);
    expect(provisioned.json()).toMatchObject({ provisioned: true, isFileRemoved: true });
    expect(existsSync(file)).toBe(false);
    const paid = await cli(['--json', 'pay', '--amount', '12.34', '--code', freshCode()], { data });
    expect(paid.code).toBe(0);
    expect(paid.json()).toMatchObject({ state: 'paid', amount: 1234 });
  });

  test('refuses to replace a terminal that is set up, and leaves the file', async () => {
    const data = join(folder, 'data');
    await cli(['provision', '--file', fileWith(good())], { data });
    const file = fileWith(good());
    const again = await cli(['--json', 'provision', '--file', file], { data });
    expect(again.code).toBe(64);
    expect(again.json()).toMatchObject({ error: { code: 'already_activated' } });
    expect(existsSync(file)).toBe(true);
  });

  test.each([
    ['is a link', (file: string) => symlinkSync(`${file}.real`, file)],
    ['may be written by others', (file: string) => chmodSync(file, 0o666)],
  ] as const)('does not believe a file that %s', async (_, spoil) => {
    const file = fileWith(good());
    renameSync(file, `${file}.real`);
    copyFileSync(`${file}.real`, file);
    if (_ === 'is a link') rmSync(file);
    spoil(file);
    const refused = await cli(['--json', 'provision', '--file', file], { data: join(folder, 'data') });
    expect(refused.code).toBe(64);
    expect(refused.json()).toMatchObject({ error: { code: 'provisioning_invalid' } });
    expect(existsSync(file)).toBe(true);
  });

  test('given a file that is not valid names the member and nothing that it holds', async () => {
    const { settings, activation } = good();
    const file = fileWith({ settings, activation: { ...activation, vendorKye: activation.vendorKey } });
    const refused = await cli(['--json', 'provision', '--file', file], { data: join(folder, 'data') });
    expect(refused.code).toBe(64);
    expect(refused.json()).toMatchObject({ error: { code: 'provisioning_invalid' } });
    expect(refused.stdout).toContain('vendorKye');
    expect(refused.stdout + refused.stderr).not.toContain(activation.vendorKey);
  });
});
