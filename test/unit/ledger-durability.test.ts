import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../main/database/open.ts';
import { migrate0001 } from '../../main/ledger/migrations/0001-first.ts';
import { migrate0002 } from '../../main/ledger/migrations/0002-bound-identity.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { changesOf, Ledger } from '../../main/ledger/ledger.ts';
import {
  APPROVED,
  collect,
  entriesOf,
  happens,
  must,
  newLedger,
  NO_ANSWER,
  NOON,
  openLedger,
  projected,
  tamper,
  temporaryFolder,
} from '../support/fake-ledger.ts';

const FULL = 2;

describe('The ledger file', () => {
  it('is opened at synchronous=FULL, in WAL and with foreign keys, the first time and every later time', () => {
    const file = join(temporaryFolder(), 'ledger.db');
    for (const opening of ['first', 'second', 'third']) {
      const database = must(openDatabase(file, [migrate0001]));
      expect.soft(database.pragma('synchronous', { simple: true }), opening).toBe(FULL);
      expect.soft(database.pragma('journal_mode', { simple: true }), opening).toBe('wal');
      expect.soft(database.pragma('foreign_keys', { simple: true }), opening).toBe(1);
      expect.soft(database.pragma('trusted_schema', { simple: true }), opening).toBe(0);
      database.close();
    }
  });

  it('refuses an outbox row without its order', () => {
    const { file } = newLedger();
    tamper(file, (database) => {
      expect(() =>
        database.exec(
          `INSERT INTO outbox (client_sn, call, due_at_ms, waiting_for, attended_until_ms) VALUES ('none', 'query', 1, 'time', 1)`,
        ),
      ).toThrow(/FOREIGN KEY/);
    });
  });

  it('has only STRICT tables', () => {
    const { file } = newLedger();
    tamper(file, (database) => {
      const tables = database
        .prepare<[], { name: string; strict: number }>(
          `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
        )
        .all();
      expect(tables.map((table) => table.name)).toEqual(
        expect.arrayContaining(['journal', 'orders', 'outbox']),
      );
      expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
    });
  });

  it('has the same schema when it is new as after any earlier version was brought up to date', () => {
    const folder = temporaryFolder();
    const migrations = [migrate0001, migrate0002];
    const schemaOf = (file: string): unknown => {
      must(Ledger.open(file, DEFAULT_POLICY)).close();
      let schema: unknown;
      tamper(file, (database) => {
        schema = [
          database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all(),
          database.pragma('user_version', { simple: true }),
        ];
      });
      return schema;
    };
    const fresh = schemaOf(join(folder, 'fresh.db'));
    for (let known = 0; known <= migrations.length; known += 1) {
      const file = join(folder, `from-${known}.db`);
      must(openDatabase(file, migrations.slice(0, known))).close();
      expect(schemaOf(file)).toEqual(fresh);
    }
  });

  it('takes back a migration that fails half-way, so that the next try starts clean', () => {
    const file = join(temporaryFolder(), 'half.db');
    expect(() =>
      openDatabase(file, [
        (database) => {
          database.exec('CREATE TABLE half (id INTEGER) STRICT');
          throw new Error('power cut');
        },
      ]),
    ).toThrow('power cut');
    const database = must(
      openDatabase(file, [(handle) => handle.exec('CREATE TABLE half (id INTEGER) STRICT')]),
    );
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    database.close();
  });
});

describe('One change is one transaction', () => {
  it('keeps journal, order and outbox row together', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one' }));
    const reopened = openLedger(file);
    expect(entriesOf(reopened)).toBe(1);
    expect(reopened.order('one')).toMatchObject({ state: 'collecting', owed: { call: 'pay' } });
    expect(reopened.owed()).toEqual([
      { clientSn: 'one', call: 'pay', dueAtMs: NOON, waitingFor: 'time', attendedUntilMs: NOON + 180_000 },
    ]);
  });

  it.each([
    ['outbox', 'INSERT'],
    ['orders', 'INSERT'],
  ])('writes nothing at all of a new order when the %s row is refused', (table, operation) => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'before' }));
    const before = projected(ledger);
    tamper(file, (database) =>
      database.exec(
        `CREATE TRIGGER refuse BEFORE ${operation} ON ${table} BEGIN SELECT RAISE(ABORT, 'refused here'); END`,
      ),
    );
    expect(() => collect(ledger, { clientSn: 'refused' })).toThrow('refused here');
    tamper(file, (database) => database.exec('DROP TRIGGER refuse'));
    expect(projected(ledger)).toEqual(before);
    expect(entriesOf(ledger)).toBe(1);
    expect(ledger.verify().problems).toEqual([]);
  });

  it('goes on with an intact chain after a refused transaction, and lets the same code be scanned again', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'before' }));
    expect(() => collect(ledger, { clientSn: 'refused', code: '28again', amountMinor: 0 })).toThrow(/CHECK/);
    must(collect(ledger, { clientSn: 'after', code: '28again' }));
    expect(ledger.verify()).toEqual({ entries: 2, orders: 2, problems: [] });
    expect(openLedger(file).verify().problems).toEqual([]);
  });

  it('writes nothing of an answer when the outbox row is refused', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one' }));
    tamper(file, (database) =>
      database.exec(
        `CREATE TRIGGER refuse BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'refused here'); END`,
      ),
    );
    expect(() => happens(ledger, 'one', NO_ANSWER)).toThrow('refused here');
    expect(ledger.order('one')?.state).toBe('collecting');
    tamper(file, (database) => database.exec('DROP TRIGGER refuse'));
    happens(ledger, 'one', NO_ANSWER);
    expect(ledger.order('one')?.state).toBe('confirming');
    expect(ledger.verify()).toEqual({ entries: 2, orders: 1, problems: [] });
  });

  it('applies one event to many orders together or to none', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one' }));
    must(collect(ledger, { clientSn: 'two' }));
    tamper(file, (database) =>
      database.exec(
        `CREATE TRIGGER refuse BEFORE UPDATE ON outbox WHEN old.client_sn = 'two' BEGIN SELECT RAISE(ABORT, 'refused here'); END`,
      ),
    );
    const restart = () =>
      ledger.applyTogether(
        ['one', 'two'].map((clientSn) => ({
          clientSn,
          event: {
            type: 'restarted',
            atMs: NOON + 1,
            serverOffsetMs: 0,
            random: 0,
            actor: { kind: 'terminal', name: 'terminal' },
          },
        })),
      );
    expect(restart).toThrow('refused here');
    expect(ledger.order('one')?.state).toBe('collecting');
    tamper(file, (database) => database.exec('DROP TRIGGER refuse'));
    expect(changesOf(must(restart())).map(({ order }) => order.state)).toEqual(['confirming', 'confirming']);
    expect(ledger.verify().problems).toEqual([]);
  });

  it('never gives one name to two orders', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one', saleId: 'sale-1' }));
    expect(() => collect(ledger, { clientSn: 'one', saleId: 'sale-2', code: '28another' })).toThrow(/UNIQUE/);
    expect(ledger.order('one')?.saleId).toBe('sale-1');
    expect(entriesOf(ledger)).toBe(1);
  });
});

describe('The sale guard', () => {
  it('refuses a second order while the first is undecided, and writes nothing', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one', saleId: 'sale' }));
    expect(collect(ledger, { clientSn: 'two', saleId: 'sale' })).toEqual({
      ok: false,
      error: { kind: 'sale_undecided', clientSn: 'one' },
    });
    expect(entriesOf(ledger)).toBe(1);
  });

  it('refuses a second order once the sale is paid', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one', saleId: 'sale' }));
    happens(ledger, 'one', APPROVED);
    expect(collect(ledger, { clientSn: 'two', saleId: 'sale' })).toEqual({
      ok: false,
      error: { kind: 'sale_already_paid', clientSn: 'one' },
    });
  });

  it('guards a sale that is named like an order of its own', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one' }));
    expect(collect(ledger, { clientSn: 'two', saleId: 'one' })).toMatchObject({ ok: false });
  });

  it('journals a deliberate override with the orders it went past', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one', saleId: 'sale' }));
    must(collect(ledger, { clientSn: 'two', saleId: 'sale', override: true }));
    expect(JSON.parse(ledger.timeline('two')[0]?.body ?? '')).toMatchObject({
      event: { overrides: ['one'] },
    });
  });

  it('reverses the later of two charged orders in the transaction that found them', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one', saleId: 'sale' }));
    must(collect(ledger, { clientSn: 'two', saleId: 'sale', override: true, atMs: NOON + 1 }));
    happens(ledger, 'two', APPROVED);
    tamper(file, (database) =>
      database.exec(
        `CREATE TRIGGER refuse BEFORE INSERT ON outbox WHEN new.call = 'cancel' BEGIN SELECT RAISE(ABORT, 'refused here'); END`,
      ),
    );
    expect(() => happens(ledger, 'one', APPROVED)).toThrow('refused here');
    expect(ledger.order('one')?.state).toBe('collecting');
    tamper(file, (database) => database.exec('DROP TRIGGER refuse'));
    const changes = happens(ledger, 'one', APPROVED);
    expect(changes.map(({ order }) => [order.clientSn, order.state])).toEqual([
      ['one', 'paid'],
      ['two', 'reversing'],
    ]);
    expect(ledger.verify().problems).toEqual([]);
  });
});

describe('A scanned code', () => {
  it('is refused for two minutes, also after a restart, and then forgotten', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one', code: '281111222233334444' }));
    ledger.close();
    const reopened = openLedger(file);
    const again = (clientSn: string, atMs: number) =>
      collect(reopened, { clientSn, code: '281111222233334444', atMs });
    expect(again('two', NOON + 119_000)).toEqual({
      ok: false,
      error: { kind: 'code_scanned_twice', clientSn: 'one' },
    });
    expect(again('three', NOON + 120_001)).toMatchObject({ ok: true });
  });

  it('may be scanned again at once where its pay call was never sent', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'one', code: '28same' }));
    happens(ledger, 'one', {
      type: 'pay_answered',
      outcome: { kind: 'not_sent', evidence: { code: 'network/ECONNREFUSED' } },
    });
    expect(collect(ledger, { clientSn: 'two', code: '28same' }).ok).toBe(true);
  });
});
