import { describe, expect, it } from 'vitest';
import { OwedCalls } from '../../main/ledger/owed-calls.ts';
import type { OwedRow } from '../../main/ledger/projections.ts';
import {
  collect,
  happens,
  must,
  newLedger,
  NO_ANSWER,
  NOON,
  openLedger,
  tamper,
} from '../support/fake-ledger.ts';
import { seededRandom } from '../support/seeded-random.ts';

const random = seededRandom(7);
const ROWS: readonly OwedRow[] = Array.from({ length: 200 }, (_, index) => ({
  clientSn: `order-${(index * 7919) % 1000}`,
  call: 'cancel',
  dueAtMs: Math.floor(random() * 40),
  waitingFor: 'time',
  attendedUntilMs: Math.floor(random() * 60),
}));

describe('What is owed, in memory', () => {
  it.each(['attended', 'unattended'] as const)('gives the oldest debts of the %s first', (lane) => {
    const calls = new OwedCalls(() => ROWS);
    for (const [atMs, limit] of [
      [-1, 10],
      [10, 1],
      [20, 7],
      [30, 1000],
    ] as const) {
      const expected = ROWS.filter(
        ({ dueAtMs, attendedUntilMs }) => dueAtMs <= atMs && attendedUntilMs > atMs === (lane === 'attended'),
      )
        .toSorted((a, b) => a.dueAtMs - b.dueAtMs || (a.clientSn < b.clientSn ? -1 : 1))
        .slice(0, limit);
      expect(calls.due(atMs, limit, lane), `${atMs}, ${limit}`).toEqual(expected);
    }
  });

  it('names the next instant at which something falls due', () => {
    const calls = new OwedCalls(() => ROWS);
    const later = ROWS.map(({ dueAtMs }) => dueAtMs).filter((dueAtMs) => dueAtMs > 12);
    expect(calls.nextDueAtMs(12)).toBe(Math.min(...later));
    expect(calls.nextDueAtMs(60)).toBeNull();
  });

  it('follows what is written, and a ledger that is opened anew finds the same', () => {
    const { ledger, file } = newLedger();
    for (const clientSn of ['one', 'two', 'three']) must(collect(ledger, { clientSn }));
    expect(ledger.owedCount()).toBe(3);
    happens(ledger, 'two', NO_ANSWER);
    const due = () => ledger.due(NOON + 60_000, 10);
    expect(due()).toEqual(openLedger(file).due(NOON + 60_000, 10));
    expect(due().attended.find(({ clientSn }) => clientSn === 'two')?.call).toBe('query');
  });

  it('is no further than the disk after a commit that was refused', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'one' }));
    const before = ledger.due(NOON + 60_000, 10);
    tamper(file, (database) =>
      database.exec(
        `CREATE TRIGGER refuse AFTER UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'refused here'); END`,
      ),
    );
    expect(() => happens(ledger, 'one', NO_ANSWER)).toThrow('refused here');
    expect(() => collect(ledger, { clientSn: 'refused', amountMinor: 0 })).toThrow(/CHECK/);
    expect(ledger.due(NOON + 60_000, 10)).toEqual(before);
    expect(ledger.owedCount()).toBe(1);
    expect(ledger.order('one')?.state).toBe('collecting');
    expect(ledger.order('refused')).toBeNull();
  });
});
