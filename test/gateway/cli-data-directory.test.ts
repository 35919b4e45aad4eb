import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  cli,
  prepareData,
  startCli,
  type CliOptions,
  type CliResult,
  type PreparedData,
} from '../support/cli.ts';
import { inDatabase } from '../support/database-file.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode, until } from '../support/terminal.ts';

let gateway: GatewayProcess;
let own: PreparedData;

beforeAll(async () => {
  gateway = await startGatewayProcess();
});

afterAll(() => gateway.stop());

beforeEach(async () => {
  own = await prepareData(gateway);
});

afterEach(() => own.remove());

const pay = (options: CliOptions = { data: own.data }) =>
  cli(['--json', 'pay', '--amount', '12.34', '--code', freshCode()], options);

/** Refused with this code and exit 69, and not a byte of a trade left the process. */
async function expectNoPayment(result: CliResult, codes: readonly string[], exit = 69): Promise<void> {
  const { error } = result.json() as { readonly error: { readonly code: string; readonly message: string } };
  expect(codes).toContain(error.code);
  expect(result.code).toBe(exit);
  expect(await own.trades()).toEqual([]);
}

function codeOf(result: CliResult): string {
  return (result.json() as { readonly error: { readonly code: string } }).error.code;
}

/** Every file with its bytes and the instant it was last written. */
function picture(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => {
      const file = join(directory, name);
      return [name, `${statSync(file).mtimeMs} ${readFileSync(file).toString('base64')}`];
    }),
  );
}

/** A ledger with one paid order in it, closed in order. */
async function filled(): Promise<{ readonly ledger: string; readonly before: number }> {
  expect((await pay()).code).toBe(0);
  return { ledger: join(own.data, 'ledger.db'), before: (await own.trades()).length };
}

const tradesSince = async (before: number): Promise<number> => (await own.trades()).length - before;

describe('a data directory that cannot be used', () => {
  test('because it is a file', async () => {
    const file = own.write('not-a-folder', 'mine');
    await expectNoPayment(await pay({ data: file }), ['data_unavailable']);
    await expectNoPayment(await pay({ data: join(file, 'below') }), ['data_unavailable']);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each(['/proc/1/redress', '/sys/redress', '/dev/null'])(
    'because nothing can be made at %s',
    async (data) => {
      await expectNoPayment(await pay({ data }), ['data_unavailable', 'data_read_only']);
    },
  );

  test('because the ledger is a folder', async () => {
    mkdirSync(join(own.data, 'ledger.db'));
    await expectNoPayment(await pay(), ['data_unavailable']);
  });

  test('because it is read-only: nothing starts, and nothing in it changes', async () => {
    await filled();
    const before = (await own.trades()).length;
    const isRoot = process.getuid?.() === 0;
    const readOnly = join(own.folder, 'read-only');
    cpSync(own.data, readOnly, { recursive: true });
    // Permissions do not stop root, so the command runs as nobody there.
    const nobody = 65_534;
    if (isRoot) chmodSync(own.folder, 0o755);
    for (const name of readdirSync(readOnly)) {
      if (isRoot) chownSync(join(readOnly, name), nobody, nobody);
      chmodSync(join(readOnly, name), 0o444);
    }
    if (isRoot) chownSync(readOnly, nobody, nobody);
    chmodSync(readOnly, 0o555);
    const seen = picture(readOnly);
    const result = await pay({ data: readOnly, ...(isRoot ? { uid: nobody } : {}) });
    expect(result.json()).toMatchObject({ error: { code: 'data_read_only' } });
    expect(result.code).toBe(69);
    expect(picture(readOnly)).toEqual(seen);
    expect(await tradesSince(before)).toBe(0);
    chmodSync(readOnly, 0o755);
  });

  test('because a file may not grow: an error page of the disk is no payment', async () => {
    const { ledger, before } = await filled();
    // The blocks of `ulimit -f` are of 1024 bytes in bash.
    const blocks = Math.floor(statSync(ledger).size / 1024);
    const wrapper = ['bash', '-c', `ulimit -f ${Math.min(blocks, 4)}; exec "$@"`, '--'];
    const result = await pay({ data: own.data, wrapper });
    expect(['data_full', 'data_unavailable']).toContain(codeOf(result));
    expect(result.code).toBe(69);
    expect(await tradesSince(before)).toBe(0);
    expect((await cli(['--json', 'journal', 'verify'], { data: own.data })).json()).toMatchObject({
      ok: true,
      orders: 1,
    });
    expect((await pay()).code).toBe(0);
  });

  test('because its disk is full: nothing is sent that could not be recorded, and space makes it well again', async (context) => {
    const disk = join(own.folder, 'disk');
    mkdirSync(disk);
    if (!canMount(disk)) return context.skip('this machine cannot mount a small disk');
    try {
      const data = join(disk, 'data');
      cpSync(own.data, data, { recursive: true });
      own.leaveUnchecked();
      expect((await pay({ data })).code).toBe(0);
      const before = (await own.trades()).length;
      fillUp(join(disk, 'ballast'));
      const full = await pay({ data });
      expect(full.json()).toMatchObject({ error: { code: 'data_full' } });
      expect(full.code).toBe(69);
      expect(await tradesSince(before)).toBe(0);
      rmSync(join(disk, 'ballast'));
      expect((await pay({ data })).code).toBe(0);
      expect((await cli(['--json', 'journal', 'verify'], { data })).json()).toMatchObject({
        ok: true,
        orders: 2,
      });
      expect(own.problems(data)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('because the disk fills up while an order is owed: it stays owed, and is settled once there is space', async (context) => {
    const disk = join(own.folder, 'disk');
    mkdirSync(disk);
    if (!canMount(disk)) return context.skip('this machine cannot mount a small disk');
    try {
      const data = join(disk, 'data');
      cpSync(own.data, data, { recursive: true });
      own.leaveUnchecked();
      const settings = {
        ...own.settings,
        policy: { ...own.settings.policy, confirmWindowMs: 1500, minReverseAgeMs: 300 },
      };
      const quick = {
        ...settings.policy,
        inFlightHorizonMs: 2500,
        queryIntervalMs: 150,
        reverseBackoffMs: [200],
      };
      writeFileSync(join(data, 'settings.json'), JSON.stringify({ ...settings, policy: quick }));
      const paying = startCli(['--json', 'pay', '--amount', '10.15', '--code', freshCode(), '--wait', '40'], {
        data,
      });
      await until('it is being asked about', () => paying.stderr().includes('confirming'));
      fillUp(join(disk, 'ballast'));
      await until('the full disk was met', () => paying.stderr().includes('data_full'));
      rmSync(join(disk, 'ballast'));
      const ended = await paying.ended;
      expect([ended.code, ended.json()]).toMatchObject([10, { state: 'reversed', charged: 'no' }]);
      const { clientSn } = ended.json() as { clientSn: string };
      expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0, orderStatus: 'CANCELED' });
      expect((await cli(['--json', 'journal', 'verify'], { data })).code).toBe(0);
      expect(own.problems(data)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('because another process has it: exit 75 at once, and not a byte there changes', async () => {
    await filled();
    let working = startCli(['work'], { data: own.data });
    const isHeld = async (): Promise<boolean> => {
      // Whoever looks holds the directory for a moment, and may have sent the other one away.
      if (working.child.exitCode !== null) working = startCli(['work'], { data: own.data });
      return (await cli(['--json', 'orders'], { data: own.data })).code === 75;
    };
    await until('work holds the directory', isHeld);
    const before = (await own.trades()).length;
    const seen = picture(own.data);
    const config = own.write('settings.json', own.settings);
    const key = own.write('key.json', { terminalKey: own.identity.terminalKey });
    for (const command of [
      ['pay', '--amount', '1.00', '--code', freshCode()],
      ['revoke', 'anything'],
      ['work', '--until-idle'],
      ['orders'],
      ['show', 'anything'],
      ['journal', 'verify'],
      ['journal', 'export'],
      ['checkin'],
      ['serve'],
      ['init', '--config', config, '--key-file', key],
      ['activate', '--code', gateway.activation.code, '--key-file', key],
    ]) {
      const second = await cli(['--json', ...command], { data: own.data });
      expect([...command, second.code, codeOf(second)]).toEqual([...command, 75, 'terminal_in_use']);
    }
    expect(picture(own.data)).toEqual(seen);
    expect(await tradesSince(before)).toBe(0);
    working.child.kill('SIGKILL');
    await working.ended;
    // A lock that a crash releases.
    expect((await pay()).code).toBe(0);
  });
});

describe('a ledger that is damaged', () => {
  test('at its head is told by every command and is not replaced', async () => {
    const { ledger, before } = await filled();
    overwrite(ledger, 0, Buffer.from('this is not a ledger any more'));
    const seen = readFileSync(ledger);
    for (const command of [['orders'], ['journal', 'verify'], ['work', '--until-idle'], ['serve']]) {
      const result = await cli(['--json', ...command], { data: own.data });
      expect([...command, result.code, codeOf(result)]).toEqual([...command, 69, 'data_corrupt']);
    }
    expect((await pay()).json()).toMatchObject({ error: { code: 'data_corrupt' } });
    expect(await tradesSince(before)).toBe(0);
    expect(readFileSync(ledger).equals(seen)).toBe(true);
  });

  test.each(['orders', 'journal', 'outbox'])(
    'in the middle, in the page of %s, stops payments before they start',
    async (table) => {
      const { ledger, before } = await filled();
      const [pageSize, rootPage] = inDatabase(ledger, (database) => {
        const size = database.pragma('page_size', { simple: true });
        const root = database
          .prepare<[string], { rootpage: number }>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
          .get(table);
        return [Number(size), root?.rootpage ?? 0];
      });
      overwrite(ledger, (rootPage - 1) * pageSize, Buffer.alloc(pageSize, 0xa5));
      const refused = await pay();
      expect(refused.json()).toMatchObject({ error: { code: 'data_corrupt' } });
      expect(refused.code).toBe(69);
      const verified = await cli(['--json', 'journal', 'verify'], { data: own.data });
      expect([verified.code, verified.json()]).toMatchObject([69, { error: { code: 'data_corrupt' } }]);
      expect(await tradesSince(before)).toBe(0);
    },
  );

  test('by being cut short is told, and is not replaced', async () => {
    const { ledger, before } = await filled();
    const half = readFileSync(ledger).subarray(0, 4096 * 2 + 100);
    writeFileSync(ledger, half);
    const refused = await pay();
    expect([refused.code, refused.json()]).toMatchObject([69, { error: { code: 'data_corrupt' } }]);
    expect(await tradesSince(before)).toBe(0);
    expect(readFileSync(ledger).equals(half)).toBe(true);
  });

  test('by nothing but a newer version is left untouched, byte for byte', async () => {
    const { ledger, before } = await filled();
    inDatabase(ledger, (database) => database.pragma('user_version = 999'));
    const seen = readFileSync(ledger);
    const names = readdirSync(own.data).toSorted();
    for (const command of [['orders'], ['journal', 'verify'], ['work', '--until-idle'], ['checkin']]) {
      const result = await cli(['--json', ...command], { data: own.data });
      expect([...command, result.code, codeOf(result)]).toEqual([...command, 69, 'data_newer']);
    }
    const refused = await pay();
    expect([refused.code, refused.json()]).toMatchObject([69, { error: { code: 'data_newer' } }]);
    expect(readFileSync(ledger).equals(seen)).toBe(true);
    expect(readdirSync(own.data).toSorted()).toEqual(names);
    expect(await tradesSince(before)).toBe(0);
  });
});

/** Whether this machine lets a small file system of its own be put there. */
function canMount(directory: string): boolean {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'none', directory]);
  return mounted.status === 0 && statSync(directory).dev !== statSync(dirname(directory)).dev;
}

function fillUp(file: string): void {
  const handle = openSync(file, 'w');
  for (const size of [4096, 512, 1]) {
    try {
      for (;;) writeSync(handle, Buffer.alloc(size));
    } catch {
      // Full at this size.
    }
  }
  closeSync(handle);
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

describe('what is on the disk', () => {
  test('is its owner’s alone, whatever the folder it lies in allows', async () => {
    chmodSync(own.data, 0o755);
    expect((await pay()).code).toBe(0);
    const open = readdirSync(own.data).filter((name) => (statSync(join(own.data, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  test('can be looked at as a copy of the ledger alone, and nothing can be collected with that', async () => {
    const { ledger } = await filled();
    const copy = join(own.folder, 'copy');
    mkdirSync(copy);
    for (const name of readdirSync(own.data).filter((each) => each.startsWith('ledger.db')))
      cpSync(join(own.data, name), join(copy, name));
    const verified = await cli(['--json', 'journal', 'verify'], { data: copy });
    expect(verified.json()).toMatchObject({ ok: true, orders: 1 });
    const [order] = (await cli(['--json', 'orders'], { data: copy })).json() as { clientSn: string }[];
    const shown = await cli(['--json', 'show', order?.clientSn ?? ''], { data: copy });
    expect(shown.json()).toMatchObject({ state: 'paid' });
    await expectNoFurtherPayment(await pay({ data: copy }), 'not_configured');
    expect(existsSync(ledger)).toBe(true);
  });
});

async function expectNoFurtherPayment(result: CliResult, code: string): Promise<void> {
  const before = (await own.trades()).length;
  expect(codeOf(result)).toBe(code);
  expect((await own.trades()).length).toBe(before);
}
