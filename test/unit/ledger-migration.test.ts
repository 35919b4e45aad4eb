import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase, type DatabaseHandle } from '../../main/database/open.ts';
import { Journal } from '../../main/ledger/journal.ts';
import { migrate0001 } from '../../main/ledger/migrations/0001-first.ts';
import { migrate0002 } from '../../main/ledger/migrations/0002-bound-identity.ts';
import { Projections } from '../../main/ledger/projections.ts';
import { verifyFile } from '../../main/ledger/verify.ts';
import type { OrderHappening } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import { attention, collect, happen, pay, paid, reversed, reversing, revoked } from '../fixtures/orders.ts';
import {
  happens,
  must,
  NOON,
  openLedger,
  projected,
  tamper,
  temporaryFolder,
} from '../support/fake-ledger.ts';

/** A ledger that the version before refunds has left, with money in it. */

const OWN = { protocol: 'upay', apiDomain: 'https://acquirer.example', terminalSn: '10298371039' };

/** The order as that version wrote it: it had no word for a refund. */
function withoutRefund({ refund: _unknown, ...order }: Order): Omit<Order, 'refund'> {
  return order;
}

/** Puts an order into the file as its journal, its row and its owed call, the way that version did. */
function write(database: DatabaseHandle, clientSn: string, last: Order): void {
  const journal = new Journal(database);
  const projections = new Projections(database);
  const first = { ...collect(), clientSn, saleId: clientSn };
  const order = { ...last, clientSn, saleId: clientSn };
  const entry = (previousSeq: number | null, event: string, body: object): number =>
    journal.append({
      clientSn,
      previousSeq,
      atMs: first.createdAtMs,
      event,
      version: 1,
      body: JSON.stringify(body),
    });
  const intent = { type: 'collect_requested', codeFingerprint: clientSn, overrides: [] };
  const begun = entry(null, intent.type, { event: intent, order: withoutRefund(first), alerts: [] });
  projections.add(first, begun);
  const answer = { event: pay('unknown'), order: withoutRefund(order), alerts: [] };
  projections.move(order, entry(begun, 'pay_answered', answer));
}

const OLD_ORDERS = {
  'A-paid': paid,
  'B-owing': reversing,
  'C-attention': attention,
  'D-looking-back': reversed,
  'E-revoked': revoked,
} as const;

function oldLedger(
  identity: { readonly apiDomain: string; readonly terminalSn: string } | null = OWN,
): string {
  const file = join(temporaryFolder(), 'ledger.db');
  const database = must(openDatabase(file, [migrate0001, migrate0002]));
  database
    .transaction(() => {
      for (const [clientSn, order] of Object.entries(OLD_ORDERS)) write(database, clientSn, order());
      if (identity !== null) {
        database
          .prepare('UPDATE identity SET api_domain = ?, terminal_sn = ?')
          .run(identity.apiDomain, identity.terminalSn);
      }
    })
    .immediate();
  expect(database.pragma('user_version', { simple: true })).toBe(2);
  database.close();
  return file;
}

/** What the file itself says, before any of our code has read it. */
const rowsOf = (file: string, table: 'outbox' | 'identity'): readonly unknown[] => {
  const database = must(openDatabase(file, [migrate0001, migrate0002]));
  try {
    return database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all();
  } finally {
    database.close();
  }
};

describe('A ledger of the version before refunds', () => {
  test('opens, verifies, and keeps every call that it owed', () => {
    const file = oldLedger();
    const before = rowsOf(file, 'outbox');
    expect(before).toHaveLength(2);
    const ledger = openLedger(file);
    expect(ledger.verify()).toEqual({ entries: 10, orders: 5, problems: [] });
    expect(ledger.owed()).toMatchObject([
      { clientSn: 'B-owing', call: 'cancel', dueAtMs: NOON + 45_000, waitingFor: 'time' },
      { clientSn: 'D-looking-back', call: 'query', dueAtMs: NOON + 180_000 },
    ]);
    expect(ledger.owed().map((row) => row.attendedUntilMs)).toEqual(
      before.map((row) => (row as { readonly attended_until_ms: number }).attended_until_ms),
    );
    // The check from beside, which reads the file alone, says the same.
    expect(must(verifyFile(file)).problems).toEqual([]);
  });

  test('reads as it was written, and no order in it has a refund', () => {
    const ledger = openLedger(oldLedger());
    for (const [clientSn, order] of Object.entries(OLD_ORDERS)) {
      expect(ledger.order(clientSn)).toEqual({ ...order(), clientSn, saleId: clientSn, refund: null });
    }
    expect(ledger.recent(10).map(({ refund }) => refund)).toEqual([null, null, null, null, null]);
    expect(ledger.undecided().map(({ clientSn }) => clientSn)).toEqual(
      expect.arrayContaining(['B-owing', 'C-attention']),
    );
  });

  test('can owe a refund, which is still owed when it is opened again', () => {
    const file = oldLedger();
    const ledger = openLedger(file);
    const asked: Exclude<OrderHappening, { type: 'collect_requested' }> = {
      type: 'refund_requested',
      businessDay: '2026-11-20',
      requestId: 'R20261120AAAAAAAAAAA',
      refundReason: 'the cancel was refused',
    };
    happens(ledger, 'C-attention', asked, NOON + 90_000);
    const owed = { clientSn: 'C-attention', call: 'refund', dueAtMs: NOON + 90_000 };
    expect(ledger.owed()).toContainEqual(expect.objectContaining(owed));
    expect(ledger.verify()).toMatchObject({ entries: 11, problems: [] });
    const before = projected(ledger);
    ledger.close();
    const reopened = openLedger(file);
    expect(projected(reopened)).toEqual(before);
    expect(reopened.order('C-attention')?.refund).toEqual({
      requestId: 'R20261120AAAAAAAAAAA',
      acceptedAtMs: null,
    });
  });

  test('goes on from where the old version stood: its cancel is answered and proved', () => {
    const ledger = openLedger(oldLedger());
    const owing = ledger.order('B-owing');
    expect(owing && happen(owing, 45_000, { type: 'call_due' }).order).toBe(owing);
    happens(
      ledger,
      'B-owing',
      { type: 'cancel_answered', outcome: { kind: 'accepted', evidence: { code: '200/CANCEL_SUCCESS' } } },
      NOON + 45_100,
    );
    happens(
      ledger,
      'B-owing',
      { type: 'query_answered', outcome: { kind: 'not_charged', evidence: { code: '200/CANCELED' } } },
      NOON + 200_000,
    );
    expect(ledger.order('B-owing')).toMatchObject({ state: 'reversed', refund: null, owed: null });
    expect(ledger.verify().problems).toEqual([]);
  });

  test('is rebuilt from its old lines exactly', () => {
    const ledger = openLedger(oldLedger());
    const before = projected(ledger);
    must(ledger.rebuild());
    expect(projected(ledger)).toEqual(before);
    expect(ledger.verify().problems).toEqual([]);
  });

  test('still refuses a call that nobody knows, and one for an order that is not there', () => {
    const file = oldLedger();
    const ledger = openLedger(file);
    tamper(file, (database) => {
      expect(() => database.exec(`UPDATE outbox SET call = 'give_back'`)).toThrow(/CHECK constraint/);
      expect(() => database.exec(`UPDATE outbox SET client_sn = 'nobody' WHERE call = 'cancel'`)).toThrow(
        /FOREIGN KEY/,
      );
    });
    expect(ledger.verify().problems).toEqual([]);
  });

  test('belongs to Upay, the only protocol there was', () => {
    const ledger = openLedger(oldLedger());
    expect(ledger.mayBind(OWN)).toMatchObject({ ok: true });
    for (const protocol of ['alipayplus', 'miniprogram']) {
      expect(ledger.mayBind({ ...OWN, protocol })).toMatchObject({
        ok: false,
        error: { code: 'identity_changed' },
      });
    }
    const entries = [...ledger.journal()].length;
    must(ledger.bind(OWN, NOON));
    expect([...ledger.journal()]).toHaveLength(entries);
  });

  test('that no terminal had opened for business yet belongs to nobody but its own terminal number', () => {
    const ledger = openLedger(oldLedger(null));
    expect(ledger.mayBind({ ...OWN, terminalSn: 'somebody else' })).toMatchObject({ ok: false });
    must(ledger.bind(OWN, NOON));
    expect(ledger.mayBind({ ...OWN, protocol: 'miniprogram' })).toMatchObject({ ok: false });
  });
});
