import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cli, prepareData, startCli, type CliResult, type PreparedData } from '../support/cli.ts';
import { inDatabase } from '../support/database-file.ts';
import { startGatewayProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { freshCode, HASTY, until } from '../support/terminal.ts';

let gateway: GatewayProcess;
let own: PreparedData;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  await gateway.configure({ pendingMs: 700 });
});

afterAll(() => gateway.stop());

beforeEach(async () => {
  own = await prepareData(gateway);
});

afterEach(() => own.remove());

/** The members of an order, in this order (DESIGN section 7). */
const ORDER_MEMBERS = [
  'clientSn',
  'sn',
  'saleId',
  'state',
  'charged',
  'instruction',
  'amount',
  'currency',
  'reason',
  'businessDay',
  'createdAtMs',
  'updatedAtMs',
];

interface OrderJson {
  readonly clientSn: string;
  readonly sn: string | null;
  readonly state: string;
}

const run = (...args: readonly string[]) => cli(args, { data: own.data });
const json = (...args: readonly string[]) => run('--json', ...args);
const pay = (amount: string, ...more: readonly string[]) =>
  json('pay', '--amount', amount, '--code', freshCode(), ...more);

const membersOf = (result: CliResult): readonly string[] => Object.keys(result.json() as object);

describe('the documented shapes and exit codes', () => {
  test('pay prints one order with exactly the documented members; 0 paid, 10 declined, 30 attention', async () => {
    for (const [amount, state, exit] of [
      ['12.34', 'paid', 0],
      ['10.16', 'declined', 10],
      ['10.29', 'attention', 30],
    ] as const) {
      const paid = await pay(amount, '--sale', `sale-${exit}`, '--operator', 'wang');
      expect(paid.code).toBe(exit);
      const order = paid.json();
      expect(Object.keys(order as object)).toEqual(ORDER_MEMBERS);
      expect(order).toMatchObject({
        state,
        saleId: `sale-${exit}`,
        currency: 'CNY',
        amount: Number(amount.replace('.', '')),
      });
    }
  });

  test('pay exits 20 when the wait is up first, 10 once reversed, and work --until-idle finishes what is owed', async () => {
    own.remove();
    own = await prepareData(gateway, HASTY);
    const impatient = await pay('10.15', '--wait', '0.2');
    expect(impatient.code).toBe(20);
    const { clientSn } = impatient.json() as OrderJson;
    const early = await json('work', '--until-idle', '--for', '0');
    expect(early.code).toBe(20);
    expect(early.json()).toMatchObject({ idle: false, owed: 1, attention: 0 });
    const worked = await json('work', '--until-idle');
    expect(worked.code).toBe(0);
    expect(worked.json()).toEqual({ idle: true, owed: 0, attention: 0 });
    expect((await json('show', clientSn)).json()).toMatchObject({ state: 'reversed', charged: 'no' });
    expect(await gateway.order(clientSn)).toMatchObject({ netCapturedMinor: 0, orderStatus: 'CANCELED' });
    const patient = await pay('10.12');
    expect(patient.code).toBe(10);
    expect(patient.json()).toMatchObject({ state: 'reversed' });
  });

  test('work --until-idle with a time that is long enough returns 0 at once when nothing is owed', async () => {
    const worked = await json('work', '--until-idle', '--for', '60');
    expect(worked.code).toBe(0);
    expect(worked.json()).toMatchObject({ idle: true, owed: 0 });
    expect(await own.trades()).toEqual([]);
  });

  test('revoke by either number exits 0, and orders and show tell the same order', async () => {
    const paid = (await pay('12.34')).json() as OrderJson;
    const revoked = await json('revoke', paid.sn ?? '', '--reason', 'wrong size', '--operator', 'lead');
    expect(revoked.code).toBe(0);
    expect(membersOf(revoked)).toEqual(ORDER_MEMBERS);
    expect(revoked.json()).toMatchObject({
      clientSn: paid.clientSn,
      state: 'revoked',
      charged: 'no',
      instruction: 'goods_back',
    });
    expect(await gateway.order(paid.clientSn)).toMatchObject({ charges: 1, netCapturedMinor: 0 });

    const listed = (await json('orders')).json() as readonly object[];
    expect(listed).toEqual([revoked.json()]);
    const shown = (await json('show', paid.clientSn)).json();
    expect(Object.keys(shown as object)).toEqual([...ORDER_MEMBERS, 'timeline']);
    const { timeline, ...order } = shown as {
      readonly timeline: readonly { readonly event: string; readonly detail: object }[];
    };
    expect(order).toEqual(revoked.json());
    for (const entry of timeline) expect(Object.keys(entry)).toEqual(['seq', 'atMs', 'event', 'detail']);
    const events = timeline.map(({ event }) => event);
    expect(events).toEqual([
      'collect_requested',
      'pay_answered',
      'revoke_requested',
      'revoke_answered',
      'query_answered',
    ]);
    expect(timeline.find(({ event }) => event === 'revoke_requested')?.detail).toMatchObject({ by: 'lead' });
  });

  test('init, activate and checkin make a terminal that pays, and journal verify and export agree', async () => {
    const data = join(own.folder, 'fresh');
    const settings = { ...gateway.settings, terminal: { deviceId: 'cli-counter' } };
    const config = own.write('settings.json', settings);
    const fresh = (...args: readonly string[]) => cli(['--json', ...args], { data });
    const paying = ['pay', '--amount', '12.34', '--code', freshCode()];
    expect((await fresh(...paying)).json()).toMatchObject({ error: { code: 'not_configured' } });
    const initialised = await fresh('init', '--config', config);
    expect([initialised.code, initialised.json()]).toEqual([
      0,
      { initialised: true, directory: data, ready: false },
    ]);
    const keyless = await fresh(...paying);
    expect([keyless.code, keyless.json()]).toMatchObject([69, { error: { code: 'not_activated' } }]);
    const vendorKey = own.write('vendor.json', gateway.activation.vendorKeyFile);
    const refused = await fresh('activate', '--code', 'wrong', '--key-file', vendorKey);
    expect([refused.code, refused.json()]).toMatchObject([69, { error: { code: 'activation_refused' } }]);
    const activated = await fresh('activate', '--code', gateway.activation.code, '--key-file', vendorKey);
    expect([activated.code, activated.json()]).toMatchObject([0, { activated: true }]);
    const { terminalSn } = activated.json() as { terminalSn: string };
    const checked = await fresh('checkin');
    expect([checked.code, checked.json()]).toMatchObject([0, { checkedIn: true }]);
    const paid = await fresh('pay', '--amount', '12.34', '--code', freshCode());
    expect([paid.code, paid.json()]).toMatchObject([0, { state: 'paid' }]);
    const log = (await gateway.wireLog()).filter((entry) => entry.terminalSn === terminalSn);
    expect(log.map(({ path, signature }) => `${path} ${signature}`)).toEqual([
      '/terminal/checkin ok',
      '/upay/v2/pay ok',
    ]);

    const verified = await fresh('journal', 'verify');
    expect(verified.code).toBe(0);
    const { entries } = verified.json() as { entries: number };
    expect(verified.json()).toEqual({ ok: true, entries, orders: 1 });
    const exported = (await fresh('journal', 'export')).json() as readonly {
      readonly event: string;
      readonly hash: string;
    }[];
    expect(exported).toHaveLength(entries);
    expect(exported.map(({ event }) => event)).toEqual([
      'identity_bound',
      'checked_in',
      'collect_requested',
      'pay_answered',
    ]);
    for (const { hash } of exported) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const lines = (await cli(['journal', 'export'], { data })).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(exported);
  });

  test('checkin that the acquirer refuses exits 69 and keeps the key that worked', async () => {
    await gateway.rotate(own.identity.terminalSn);
    await gateway.rotate(own.identity.terminalSn);
    const refused = await json('checkin');
    expect([refused.code, refused.json()]).toMatchObject([69, { error: { code: 'checkin_refused' } }]);
    const stuck = await pay('12.34');
    expect([stuck.code, stuck.json()]).toMatchObject([
      69,
      { state: 'declined', reason: 'configuration', charged: 'no' },
    ]);
    gateway.reinstate(own.identity);
    expect((await pay('12.34')).code).toBe(0);
  });

  test('settings of another terminal are refused while this one still owes calls', async () => {
    const owing = await pay('10.15', '--wait', '0.1');
    expect(owing.code).toBe(20);
    const other = own.write('other.json', {
      ...own.settings,
      terminal: { terminalSn: '999', deviceId: 'other' },
    });
    const refused = await json('init', '--config', other);
    expect([refused.code, refused.json()]).toMatchObject([64, { error: { code: 'identity_changed' } }]);
    expect((await json('orders')).json()).toMatchObject([{ state: 'confirming' }]);
  });

  test('without --json the result is one line for people on stdout and progress is on stderr', async () => {
    const { code, stdout, stderr } = await run('pay', '--amount', '12.34', '--code', freshCode());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S+ {2}12\.34 CNY {2}paid {2}HAND OVER THE GOODS\n$/);
    expect(stderr).toContain('collecting: wait');
  });

  test('$REDRESS_DATA names the directory where --data does not', async () => {
    const listed = await cli(['--json', 'orders'], { env: { REDRESS_DATA: own.data } });
    expect([listed.code, listed.json()]).toEqual([0, []]);
  });
});

describe('hosts and processes', () => {
  test('gateway --data keeps its orders in that file, and prints what a terminal needs', async () => {
    const file = join(own.folder, 'practice.db');
    const other = await startGatewayProcess({ file });
    try {
      expect(existsSync(file)).toBe(true);
      expect(other.settings).toMatchObject({ protocol: 'upay', apiDomain: other.url });
      const owner = await prepareData(other);
      const paid = await cli(['--json', 'pay', '--amount', '1.00', '--code', freshCode()], {
        data: owner.data,
      });
      owner.remove();
      await other.restart();
      expect((await other.order((paid.json() as OrderJson).clientSn))?.charges).toBe(1);
    } finally {
      await other.stop();
    }
  });

  test('gateway on a taken port exits 69 with port_in_use', async () => {
    const refused = await cli(['--json', 'gateway', '--port', String(gateway.port)]);
    expect([refused.code, refused.json()]).toMatchObject([69, { error: { code: 'port_in_use' } }]);
  });

  test('serve prints one document with its one-time address, serves it, and ends in order', async () => {
    const serving = startCli(['--json', 'serve'], { data: own.data });
    const line = await until('serve is ready', () => /^\{.*\}\n/.exec(serving.stdout())?.[0]);
    const ready = JSON.parse(line) as { readonly url: string; readonly practice: boolean };
    expect(ready.practice).toBe(false);
    expect(new URL(ready.url).hostname).toBe('127.0.0.1');
    expect((await fetch(ready.url, { redirect: 'manual' })).status).toBeLessThan(400);
    const second = await json('orders');
    expect([second.code, second.json()]).toMatchObject([75, { error: { code: 'terminal_in_use' } }]);
    serving.child.kill('SIGTERM');
    const ended = await serving.ended;
    expect(ended.code).toBe(0);
    expect(membersOf(ended)).toEqual(['url', 'port', 'practice', 'pid']);
  });

  test('Ctrl-C during pay prints the order and exits 20; the order is still owed and is settled later', async () => {
    own.remove();
    own = await prepareData(gateway, { ...HASTY, confirmWindowMs: 5000, inFlightHorizonMs: 6000 });
    const paying = startCli(['--json', 'pay', '--amount', '10.15', '--code', freshCode()], {
      data: own.data,
    });
    await until('it is being asked about', () => paying.stderr().includes('confirming'));
    paying.child.kill('SIGINT');
    const interrupted = await paying.ended;
    expect(interrupted.code).toBe(20);
    expect(interrupted.json()).toMatchObject({
      state: 'confirming',
      charged: 'unknown',
      instruction: 'wait',
    });
    const { clientSn } = interrupted.json() as OrderJson;
    expect((await json('orders')).json()).toMatchObject([{ clientSn, state: 'confirming' }]);
    expect((await json('work', '--until-idle')).code).toBe(0);
    expect((await json('show', clientSn)).json()).toMatchObject({ state: 'reversed', charged: 'no' });
    const pays = (await own.trades()).filter(({ path }) => path === '/upay/v2/pay');
    expect(pays).toHaveLength(1);
  });
});

describe('a journal somebody wrote into', () => {
  const tamperings: Readonly<Record<string, string>> = {
    'a journal row that names another amount': `UPDATE journal SET body = replace(body, '"amountMinor":1234', '"amountMinor":4321') WHERE event = 'collect_requested'`,
    'a journal row that was deleted': 'DELETE FROM outbox; DELETE FROM journal WHERE seq = 3',
    'an order row in another state': `UPDATE orders SET state = 'declined', charged = 'no' WHERE state = 'paid'`,
    'an order row that was deleted': 'DELETE FROM orders',
    'a call nobody owes': `INSERT INTO outbox SELECT client_sn, 'query', 4102444800000, 'time', 0 FROM orders LIMIT 1`,
  };

  test.each(Object.entries(tamperings))('is found: %s', async (_what, sql) => {
    expect((await pay('12.34')).code).toBe(0);
    expect((await json('journal', 'verify')).code).toBe(0);
    own.leaveUnchecked();
    inDatabase(join(own.data, 'ledger.db'), (database) => {
      database.exec(
        `PRAGMA foreign_keys = OFF; DROP TRIGGER journal_keeps_values; DROP TRIGGER journal_keeps_rows; ${sql}`,
      );
    });
    const broken = await json('journal', 'verify');
    expect([broken.code, broken.json()]).toMatchObject([69, { error: { code: 'journal_broken' } }]);
    const text = await run('journal', 'verify');
    expect([text.code, text.stdout]).toEqual([69, '']);
    expect(text.stderr).toContain('journal_broken: ');
  });

  test.each(['collect_requested', 'pay_answered'])(
    'that is no longer JSON at a %s is damage every command tells',
    async (event) => {
      expect((await pay('12.34')).code).toBe(0);
      inDatabase(join(own.data, 'ledger.db'), (database) => {
        database.exec(
          `DROP TRIGGER journal_keeps_values; UPDATE journal SET body = 'nothing to see' WHERE event = '${event}'`,
        );
      });
      for (const command of [
        ['orders'],
        ['journal', 'verify'],
        ['pay', '--amount', '1.00', '--code', freshCode()],
      ]) {
        const broken = await json(...command);
        expect([broken.code, broken.json()]).toMatchObject([69, { error: { code: 'data_corrupt' } }]);
      }
      expect(await own.trades()).toHaveLength(1);
    },
  );

  test('cannot be written into without taking its guards away first', async () => {
    expect((await pay('12.34')).code).toBe(0);
    const attempts = [
      'UPDATE journal SET at_ms = 0',
      'DELETE FROM journal',
      'DELETE FROM journal WHERE seq = 1',
    ];
    for (const sql of attempts) {
      expect(() => inDatabase(join(own.data, 'ledger.db'), (database) => database.exec(sql))).toThrow(
        /append-only|FOREIGN KEY/,
      );
    }
    expect((await json('journal', 'verify')).code).toBe(0);
  });
});
