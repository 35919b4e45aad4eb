import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimDirectory } from '../../main/open-terminal.ts';
import { sealingVault } from '../../main/settings/vault.ts';
import { systemToken } from '../../main/shell/token.ts';
import type { SetupArgs } from '../../shared/contract.ts';
import { ok } from '../../shared/result.ts';
import { cli } from '../support/cli.ts';
import {
  startGatewayProcess,
  type GatewayProcess,
  type TerminalIdentity,
} from '../support/gateway-process.ts';
import { freshMachine, setUpFor, type FreshMachine } from '../support/station.ts';
import { freshCode, until } from '../support/terminal.ts';

/** From a fresh machine to a working counter, and what stands in the way. */

let gateway: GatewayProcess;
let machine: FreshMachine;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  machine = freshMachine();
});
afterEach(async () => {
  await machine.remove();
  // One that nothing met must not wait for the next test.
  await gateway.clearFaults();
});

const vendorKeyFile = (): string => machine.write('vendor-key.json', gateway.activation.vendorKeyFile);

async function paid(own: FreshMachine = machine): Promise<string> {
  const { clientSn } = await own.ask('sale.collect', { amount: '12.34', code: freshCode() });
  await until('the order is paid', async () => {
    const { order } = await own.ask('order.show', { clientSn });
    return order.state === 'paid';
  });
  return clientSn;
}

describe('a fresh machine', () => {
  test('practises until it is set up, then works for real without a restart', async () => {
    expect((await machine.station.start()).ok).toBe(true);
    expect(machine.station.standing).toBe('practice');
    expect(await machine.ask('setup.get', {})).toMatchObject({ standing: 'practice', problem: null });
    await paid();

    const standings: string[] = [];
    machine.station.onStanding((standing) => standings.push(standing));
    const args = setUpFor(gateway, vendorKeyFile());
    const { terminalSn } = await machine.ask('setup.apply', args);
    expect(machine.station.standing).toBe('running');
    expect(standings).toEqual(['running']);
    const snapshot = await machine.ask('state.get', {});
    expect(snapshot).toMatchObject({ practice: false, terminalSn, orders: [] });
    const told = machine.pushes.findLast(({ type }) => type === 'snapshot');
    expect(told).toMatchObject({ snapshot: { practice: false, terminalSn } });

    const clientSn = await paid();
    expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 1234 });
    expect(await machine.ask('setup.get', {})).toMatchObject({
      standing: 'running',
      terminalSn,
      form: { deviceId: args.deviceId, apiDomain: gateway.url },
    });
  });

  test('once set up is not set up again by anybody at its screen', async () => {
    await machine.station.start();
    const args = setUpFor(gateway, vendorKeyFile());
    await machine.ask('setup.apply', args);
    const before = readFileSync(join(machine.directory, 'secrets.json'), 'utf8');
    expect(await machine.call('setup.apply', args)).toMatchObject({
      ok: false,
      error: { code: 'already_activated' },
    });
    expect(readFileSync(join(machine.directory, 'secrets.json'), 'utf8')).toBe(before);
  });

  test.each([
    ['an address without https', { apiDomain: 'http://acquirer.example' }, 'settings_invalid'],
    ['a zone that does not exist', { timeZone: 'Mars/Olympus' }, 'settings_invalid'],
    ['an empty vendor number', { vendorSn: '' }, 'settings_invalid'],
    ['a key file that is not there', { vendorKeyFile: '/nowhere/key.json' }, 'key_file_invalid'],
    ['a wrong activation code', { activationCode: 'no-such-code' }, 'activation_refused'],
    ['a wrong vendor', { vendorSn: 'nobody' }, 'activation_refused'],
    ['an acquirer that is not there', { apiDomain: 'http://127.0.0.1:9' }, 'acquirer_unreachable'],
  ] as const)('given %s says so, stores nothing and goes on practising', async (_, wrong, code) => {
    await machine.station.start();
    const args = { ...setUpFor(gateway, vendorKeyFile()), ...wrong };
    const answer = await machine.call('setup.apply', args);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(answer)).not.toContain(gateway.activation.vendorKeyFile.vendorKey);
    expect(existsSync(join(machine.directory, 'settings.json'))).toBe(false);
    expect(existsSync(join(machine.directory, 'secrets.json'))).toBe(false);
    expect(machine.station.standing).toBe('practice');
    await paid();
  });

  test('uses the activation code once, however often Activate is pressed', async () => {
    await machine.station.start();
    const activations = async () =>
      (await gateway.wireLog()).filter(({ path }) => path === '/terminal/activate').length;
    const before = await activations();
    const args = setUpFor(gateway, vendorKeyFile());
    const answers = await Promise.all([machine.call('setup.apply', args), machine.call('setup.apply', args)]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect((await activations()) - before).toBe(1);
  });
});

describe('a provisioning file', () => {
  const provisioning = (more: object = {}) => ({
    settings: {
      protocol: 'upay',
      apiDomain: gateway.url,
      vendor: gateway.settings.vendor,
      terminal: { deviceId: `unattended-${Math.trunc(performance.now())}` },
    },
    activation: { code: gateway.activation.code, vendorKey: gateway.activation.vendorKeyFile.vendorKey },
    ...more,
  });

  test('sets the terminal up at its start without anybody, and is gone afterwards', async () => {
    const file = machine.write('given.json', provisioning());
    expect((await machine.station.start()).ok).toBe(true);
    expect(machine.station.standing).toBe('running');
    expect(existsSync(file)).toBe(false);
    await paid();
  });

  test('in the data directory serves as well, and names the machine where it names no device', async () => {
    const { settings, activation } = provisioning();
    const { terminal: _, ...unnamed } = settings;
    const file = join(machine.directory, 'provisioning.json');
    writeFileSync(file, JSON.stringify({ settings: unnamed, activation }));
    expect((await machine.station.start()).ok).toBe(true);
    const { form } = await machine.ask('setup.get', {});
    expect(form.deviceId).toMatch(/^[A-Za-z0-9-]+-[0-9a-f]{8}$/);
    expect(existsSync(file)).toBe(false);
  });

  test('with a key that was given before needs no activation', async () => {
    const { terminalSn, terminalKey } = await gateway.newTerminal('given-key');
    const { settings } = provisioning();
    machine.write('given.json', {
      settings: { ...settings, terminal: { deviceId: 'given-key', terminalSn } },
      key: { terminalKey },
    });
    expect((await machine.station.start()).ok).toBe(true);
    expect(await machine.ask('state.get', {})).toMatchObject({ terminalSn });
  });

  test.each([
    ['is not JSON', () => '{ "settings": '],
    ['has an unknown member', () => provisioning({ extra: 1 })],
    ['has neither activation nor key', () => provisioning({ activation: undefined })],
    ['has invalid settings', () => provisioning({ settings: { protocol: 'upay' } })],
  ] as readonly (readonly [string, () => unknown])[])(
    'that %s halts the terminal with its reason and no key in it',
    async (_, content) => {
      const file = machine.write('given.json', content());
      const started = await machine.station.start();
      expect(started).toMatchObject({ ok: false, error: { code: 'provisioning_invalid' } });
      expect(machine.station.standing).toBe('halted');
      const report = await machine.ask('setup.get', {});
      expect(report).toMatchObject({ standing: 'halted', problem: { code: 'provisioning_invalid' } });
      const said = JSON.stringify([started, report, machine.logged]);
      expect(said).not.toContain(gateway.activation.vendorKeyFile.vendorKey);
      expect(existsSync(file)).toBe(true);
      expect(await machine.call('sale.collect', { amount: '1', code: freshCode() })).toMatchObject({
        ok: false,
        error: { code: 'provisioning_invalid' },
      });
    },
  );

  test('that was mended heals the halted terminal by itself', async () => {
    machine.write('given.json', 'not yet');
    expect((await machine.station.start()).ok).toBe(false);
    machine.write('given.json', provisioning());
    await until('the station works', () => machine.station.standing === 'running');
    await paid();
  });

  test('whose activation was refused is not sent again and again, but once more when it is changed', async () => {
    const activations = async () =>
      (await gateway.wireLog()).filter(({ path }) => path === '/terminal/activate').length;
    const { settings, activation } = provisioning();
    machine.write('given.json', { settings, activation: { ...activation, code: 'used-up' } });
    const before = await activations();
    expect(await machine.station.start()).toMatchObject({ error: { code: 'activation_refused' } });
    for (let retry = 0; retry < 3; retry += 1)
      expect(await machine.station.start()).toMatchObject({ error: { code: 'activation_refused' } });
    expect((await activations()) - before).toBe(1);
    machine.write('given.json', { settings, activation });
    expect((await machine.station.start()).ok).toBe(true);
  });

  test('is answered by the same device number at every try', async () => {
    const { settings, activation } = provisioning();
    const { terminal: _, ...unnamed } = settings;
    machine.write('given.json', { settings: unnamed, activation: { ...activation, code: 'wrong' } });
    await machine.station.start();
    const { form } = await machine.ask('setup.get', {});
    const again = machine.secondStation();
    const answer = await again.call('setup.get', {}, { kind: 'operator', name: 'Ada' });
    expect(answer).toMatchObject({ ok: true, value: { form: { deviceId: form.deviceId } } });
  });

  test('never touches a terminal that is set up already', async () => {
    await machine.station.start();
    await machine.ask('setup.apply', setUpFor(gateway, vendorKeyFile()));
    const before = readFileSync(join(machine.directory, 'settings.json'), 'utf8');
    const file = machine.write('given.json', provisioning());
    await machine.station.restart();
    expect(machine.station.standing).toBe('running');
    expect(readFileSync(join(machine.directory, 'settings.json'), 'utf8')).toBe(before);
    expect(existsSync(file)).toBe(true);
  });
});

describe('set-up under way', () => {
  const slowly = async (args: SetupArgs) => {
    await gateway.configure({ slowMs: 3000 });
    await gateway.setFault({ fault: 'slow', call: 'activate' });
    return machine.call('setup.apply', args);
  };

  test('keeps a halted terminal from opening in the middle of it', async () => {
    machine.write('given.json', 'not yet');
    expect((await machine.station.start()).ok).toBe(false);
    machine.removeGiven();
    const applying = slowly(setUpFor(gateway, vendorKeyFile()));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    machine.station.wake();
    expect(await machine.ask('setup.get', {})).toMatchObject({ problem: { code: 'provisioning_invalid' } });
    expect(machine.station.isQuiet()).toBe(false);
    expect(await applying).toMatchObject({ ok: true });
    expect(machine.station.standing).toBe('running');
  });

  test('is waited for when the program ends, its key is kept, and nothing opens afterwards', async () => {
    await machine.station.start();
    const applying = slowly(setUpFor(gateway, vendorKeyFile()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await machine.station.stop(500);
    expect(await applying).toMatchObject({ ok: false, error: { code: 'stopping' } });
    expect(machine.station.standing).toBe('halted');
    const lock = claimDirectory(machine.directory);
    if (!lock.ok) throw new Error('the directory is still held');
    lock.value.release();
    const second = machine.secondStation();
    expect((await second.start()).ok).toBe(true);
    expect(second.standing).toBe('running');
    await second.stop(500);
  });
});

describe('a terminal that cannot open', () => {
  test('because another process holds its directory works as soon as that one has gone', async () => {
    await machine.station.start();
    await machine.ask('setup.apply', setUpFor(gateway, vendorKeyFile()));
    await machine.station.stop(500);
    const lock = claimDirectory(machine.directory);
    if (!lock.ok) throw new Error(lock.error.code);
    const second = machine.secondStation();
    expect(await second.start()).toMatchObject({ ok: false, error: { code: 'terminal_in_use' } });
    expect(second.standing).toBe('halted');
    lock.value.release();
    await until('it works', () => second.standing === 'running');
    await second.stop(500);
  });

  test('because its ledger is damaged says so, touches nothing, and is quiet enough to be replaced', async () => {
    await machine.station.start();
    await machine.ask('setup.apply', setUpFor(gateway, vendorKeyFile()));
    await machine.station.stop(500);
    const ledger = join(machine.directory, 'ledger.db');
    writeFileSync(ledger, 'no ledger at all, but long enough to be looked at'.repeat(100));
    const second = machine.secondStation();
    expect(await second.start()).toMatchObject({ ok: false, error: { code: 'data_corrupt' } });
    expect(readFileSync(ledger, 'utf8')).toContain('no ledger at all');
    expect(second.isQuiet()).toBe(true);
    await second.stop(500);
  });

  test('because its settings were lost beside its ledger never practises, and takes no other identity while it owes', async () => {
    await machine.station.start();
    const args = setUpFor(gateway, vendorKeyFile());
    await machine.ask('setup.apply', args);
    await gateway.setFault({ fault: 'line_dead_after_charging', call: 'pay' });
    await machine.ask('sale.collect', { amount: '12.34', code: freshCode() });
    await machine.station.stop(0);
    const settings = join(machine.directory, 'settings.json');
    const kept = readFileSync(settings, 'utf8');
    rmSync(settings);
    const second = machine.secondStation();
    expect(await second.start()).toMatchObject({ ok: false, error: { code: 'not_configured' } });
    expect(second.standing).toBe('halted');
    const answer = await second.call('setup.apply', args, { kind: 'operator', name: 'Ada' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'identity_changed' } });
    writeFileSync(settings, kept);
    await until('it works again with what was kept', () => second.standing === 'running');
    await second.stop(500);
  });

  test('because its settings are damaged takes no other identity while it owes, and its own one again', async () => {
    await machine.station.start();
    const args = setUpFor(gateway, vendorKeyFile());
    const { terminalSn } = await machine.ask('setup.apply', args);
    await gateway.setFault({ fault: 'line_dead_after_charging', call: 'pay' });
    const { clientSn } = await machine.ask('sale.collect', { amount: '12.34', code: freshCode() });
    await until('the customer is charged', async () => (await gateway.order(clientSn)) !== null);
    await machine.station.stop(0);
    const settings = join(machine.directory, 'settings.json');
    const kept = readFileSync(settings, 'utf8');
    writeFileSync(settings, '{');
    const second = machine.secondStation();
    expect(await second.start()).toMatchObject({ ok: false, error: { code: 'settings_unreadable' } });
    const answer = await second.call('setup.apply', args, { kind: 'operator', name: 'Ada' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'identity_changed' } });
    expect(JSON.stringify(answer)).toContain(terminalSn);
    await second.stop(0);

    const other = await gateway.newTerminal('another-terminal');
    const config = JSON.parse(kept) as { terminal: object };
    const give = (identity: TerminalIdentity, change: object = {}) =>
      cli(
        [
          '--json',
          'init',
          '--config',
          machine.write('config.json', {
            ...config,
            ...change,
            terminal: { ...config.terminal, terminalSn: identity.terminalSn },
          }),
          '--key-file',
          machine.write('key.json', { terminalKey: identity.terminalKey }),
        ],
        { data: machine.directory },
      );
    expect((await give(other)).json()).toMatchObject({ error: { code: 'identity_changed' } });
    const own = { terminalSn, terminalKey: gateway.currentKey(terminalSn) };
    const elsewhere = await give(own, { apiDomain: 'https://acquirer.example' });
    expect(elsewhere.json()).toMatchObject({ error: { code: 'identity_changed' } });
    expect((await give(own)).code).toBe(0);
    const third = machine.secondStation();
    expect((await third.start()).ok).toBe(true);
    await third.stop(500);
    expect(await gateway.order(clientSn)).toMatchObject({ charges: 1 });
  });

  test('because somebody edited the acquirer into its settings asks nobody there about what is owed', async () => {
    await machine.station.start();
    await machine.ask('setup.apply', setUpFor(gateway, vendorKeyFile()));
    await gateway.setFault({ fault: 'line_dead_after_charging', call: 'pay' });
    await machine.ask('sale.collect', { amount: '12.34', code: freshCode() });
    await machine.station.stop(0);
    const settings = join(machine.directory, 'settings.json');
    const other = await startGatewayProcess();
    writeFileSync(settings, readFileSync(settings, 'utf8').replace(gateway.url, other.url));
    const second = machine.secondStation();
    expect(await second.start()).toMatchObject({ ok: false, error: { code: 'identity_changed' } });
    await second.stop(0);
    expect(await other.wireLog()).toEqual([]);
    await other.stop();
  });

  test('because its key is sealed by the kiosk, with a provisioning file beside it, keeps its key', async () => {
    const sealing = freshMachine({
      openVault: () => Promise.resolve(ok(sealingVault(new Uint8Array(32).fill(7), systemToken))),
    });
    const file = sealing.write('vendor-key.json', gateway.activation.vendorKeyFile);
    await sealing.station.start();
    await sealing.ask('setup.apply', setUpFor(gateway, file));
    await sealing.station.stop(500);
    const secrets = join(sealing.directory, 'secrets.json');
    const stored = readFileSync(secrets, 'utf8');
    const { terminalSn, terminalKey } = await gateway.newTerminal('stale');
    sealing.write('given.json', {
      settings: { protocol: 'upay', apiDomain: gateway.url, terminal: { terminalSn } },
      key: { terminalKey },
    });
    const plain = sealing.secondStation();
    expect(await plain.start()).toMatchObject({ ok: false, error: { code: 'secrets_sealed' } });
    await plain.stop(0);
    expect(readFileSync(secrets, 'utf8')).toBe(stored);
    await sealing.remove();
  });

  test('because its key is sealed by the kiosk says so to every other host', async () => {
    const sealing = freshMachine({
      openVault: () => Promise.resolve(ok(sealingVault(new Uint8Array(32).fill(7), systemToken))),
    });
    const file = sealing.write('vendor-key.json', gateway.activation.vendorKeyFile);
    await sealing.station.start();
    await sealing.ask('setup.apply', setUpFor(gateway, file));
    await paid(sealing);
    const stored = readFileSync(join(sealing.directory, 'secrets.json'), 'utf8');
    expect(Object.keys(JSON.parse(stored) as object)).toEqual(['sealed', 'terminalSn']);
    await sealing.station.stop(500);
    const plain = sealing.secondStation();
    expect(await plain.start()).toMatchObject({ ok: false, error: { code: 'secrets_sealed' } });
    await plain.stop(0);
    expect(readFileSync(join(sealing.directory, 'secrets.json'), 'utf8')).toBe(stored);
    await sealing.remove();
  });

  test('because its folder cannot be made is told, and the station ends in order', async () => {
    mkdirSync(join(machine.folder, 'blocked'));
    writeFileSync(join(machine.folder, 'blocked', 'data'), 'a file where a folder should be');
    chmodSync(join(machine.folder, 'blocked', 'data'), 0o600);
    const blocked = machine.secondStation(join(machine.folder, 'blocked', 'data'));
    expect(await blocked.start()).toMatchObject({ ok: false, error: { code: 'data_unavailable' } });
    await blocked.stop(0);
  });
});
