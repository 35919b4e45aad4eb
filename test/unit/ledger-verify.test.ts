import { describe, expect, it } from 'vitest';
import type { DatabaseHandle } from '../../main/database/open.ts';
import {
  entriesOf,
  newLedger,
  openLedger,
  projected,
  tamper,
  tradeAMorning,
} from '../support/fake-ledger.ts';

/** Someone with the file, a SQLite shell and bad intentions. */
function withoutGuards(database: DatabaseHandle, damage: string): void {
  database.pragma('foreign_keys = OFF');
  database.exec(`DROP TRIGGER journal_keeps_rows; DROP TRIGGER journal_keeps_values; ${damage}`);
}

function problemsAfter(damage: string): readonly string[] {
  const { ledger, file } = newLedger();
  tradeAMorning(ledger);
  expect(ledger.verify()).toEqual({ entries: 6, orders: 3, problems: [] });
  tamper(file, (database) => withoutGuards(database, damage));
  return ledger.verify().problems;
}

describe('The journal', () => {
  it.each([
    ['an update', `UPDATE journal SET body = body WHERE seq = 1`],
    ['an update of every line', `UPDATE journal SET event = 'x'`],
    ['a delete', `DELETE FROM journal WHERE seq = 1`],
    ['a delete of all', `DELETE FROM journal`],
  ])('refuses %s', (_name, statement) => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    tamper(file, (database) => {
      expect(() => database.exec(statement)).toThrow(/append-only/);
    });
    expect(ledger.verify()).toMatchObject({ entries: 6, problems: [] });
  });

  it.each([
    ['a changed body', `UPDATE journal SET body = replace(body, '1234', '1') WHERE seq = 1`, 1],
    ['a changed time', `UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3`, 3],
    ['a changed event name', `UPDATE journal SET event = 'gave_up' WHERE seq = 2`, 2],
    ['a changed owner', `UPDATE journal SET client_sn = 'A-paid' WHERE seq = 6`, 6],
    ['a changed version', `UPDATE journal SET version = 2 WHERE seq = 4`, 4],
    ['a changed hash', `UPDATE journal SET hash = randomblob(32) WHERE seq = 4`, 4],
    ['a deleted line', `DELETE FROM journal WHERE seq = 2`, 3],
    ['a deleted first line', `DELETE FROM journal WHERE seq = 1`, 2],
    [
      'two swapped lines',
      `UPDATE journal SET seq = 100 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = 100`,
      2,
    ],
    [
      'an inserted line',
      `INSERT INTO journal (seq, at_ms, event, version, body, hash) VALUES (7, 1, 'x', 1, '{}', zeroblob(32))`,
      7,
    ],
  ])('shows %s', (_name, damage, seq) => {
    expect(problemsAfter(damage)).toContain(`journal: entry ${seq} does not follow from the one before it`);
  });

  it('shows a line that is not even JSON any more, without falling over it', () => {
    expect(problemsAfter(`UPDATE journal SET body = 'scribble' WHERE seq = 6`)).toContain(
      'journal: entry 6 does not follow from the one before it',
    );
  });

  it('shows a cut tail by the projections that still know better', () => {
    const problems = problemsAfter(`DELETE FROM journal WHERE seq = 6`);
    expect(problems.join('\n')).toMatch(/order C-begun/);
    expect(problems.join('\n')).toMatch(/outbox C-begun/);
  });

  it('keeps one order in the order things happened to it', () => {
    const { ledger } = newLedger();
    tradeAMorning(ledger);
    expect(ledger.timeline('A-paid').map((entry) => [entry.seq, entry.event])).toEqual([
      [1, 'collect_requested'],
      [2, 'pay_answered'],
    ]);
    expect(ledger.timeline('nobody')).toEqual([]);
  });

  it('is read in pages without losing or repeating a line', () => {
    const { ledger } = newLedger();
    for (let index = 0; index < 2001; index += 1) ledger.note('tick', index, { index });
    expect([...ledger.journal()].map((entry) => entry.seq)).toEqual(
      Array.from({ length: 2001 }, (_, index) => index + 1),
    );
    expect(ledger.verify()).toEqual({ entries: 2001, orders: 0, problems: [] });
  });
});

describe('The projections', () => {
  it.each([
    ['a state', `UPDATE orders SET state = 'reversed' WHERE client_sn = 'A-paid'`, /order A-paid: differs/],
    [
      'what is charged',
      `UPDATE orders SET charged = 'no' WHERE client_sn = 'A-paid'`,
      /order A-paid: differs/,
    ],
    ['an amount', `UPDATE orders SET amount_minor = 1 WHERE client_sn = 'A-paid'`, /order A-paid: differs/],
    ['a missing order', `DELETE FROM orders WHERE client_sn = 'A-paid'`, /order A-paid: is missing/],
    [
      'an owed call',
      `UPDATE outbox SET call = 'cancel' WHERE client_sn = 'B-asked'`,
      /outbox B-asked: differs/,
    ],
    [
      'a due time',
      `UPDATE outbox SET due_at_ms = due_at_ms + 1 WHERE client_sn = 'B-asked'`,
      /outbox B-asked: differs/,
    ],
    ['a missing owed call', `DELETE FROM outbox WHERE client_sn = 'C-begun'`, /outbox C-begun: is missing/],
    [
      'an owed call that nobody owes',
      `INSERT INTO outbox (client_sn, call, due_at_ms, waiting_for, attended_until_ms) VALUES ('A-paid', 'cancel', 1, 'time', 1)`,
      /outbox A-paid: differs/,
    ],
  ])('are held against the journal: %s', (_name, damage, problem) => {
    const problems = problemsAfter(damage);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('are rebuilt from the journal exactly', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    const before = projected(ledger);
    tamper(file, (database) => {
      database.exec(`DELETE FROM outbox; UPDATE orders SET state = 'paid', charged = 'yes'`);
    });
    expect(ledger.verify().problems).not.toEqual([]);
    expect(ledger.rebuild()).toEqual({ ok: true, value: undefined });
    expect(projected(ledger)).toEqual(before);
    expect(ledger.verify().problems).toEqual([]);
    expect(entriesOf(ledger)).toBe(6);
  });

  it('are not rebuilt from a broken journal', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    tamper(file, (database) => withoutGuards(database, `UPDATE journal SET at_ms = 1 WHERE seq = 2`));
    const before = projected(ledger);
    expect(() => ledger.rebuild()).toThrow(/intact journal/);
    expect(projected(ledger)).toEqual(before);
  });

  it('are whole when the ledger is opened again', () => {
    const { ledger, file } = newLedger();
    tradeAMorning(ledger);
    const before = projected(ledger);
    ledger.close();
    const reopened = openLedger(file);
    expect(projected(reopened)).toEqual(before);
    expect(reopened.undecidedCount()).toBe(2);
    expect(reopened.undecided().map((order) => order.clientSn)).toEqual(['C-begun', 'B-asked']);
  });
});
