import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InDoubtTally } from '../../main/in-doubt.ts';
import { isUndecided, ORDER_STATES, type OrderState } from '../../shared/order/order.ts';
import {
  APPROVED,
  collect,
  happens,
  must,
  newLedger,
  NO_ANSWER,
  NOON,
  openLedger,
} from '../support/fake-ledger.ts';

const order = (clientSn: string, state: OrderState, amountMinor = 1234) => ({ clientSn, state, amountMinor });

describe('what is in doubt', () => {
  test('is nothing on a new terminal', () => {
    expect(new InDoubtTally([]).totals()).toEqual({ count: 0, amount: 0 });
  });

  test('counts an order once however often it changes, and no longer once it is decided', () => {
    const tally = new InDoubtTally([]);
    for (const state of ['collecting', 'confirming', 'reversing', 'verifying'] as const) {
      tally.move(order('A', state));
      expect(tally.totals()).toEqual({ count: 1, amount: 1234 });
    }
    tally.move(order('A', 'reversed'));
    expect(tally.totals()).toEqual({ count: 0, amount: 0 });
  });

  test('counts a paid order again while its revoke is not proved', () => {
    const tally = new InDoubtTally([]);
    tally.move(order('A', 'paid'));
    expect(tally.totals().count).toBe(0);
    tally.move(order('A', 'revoking'));
    expect(tally.totals()).toEqual({ count: 1, amount: 1234 });
    tally.move(order('A', 'revoked'));
    expect(tally.totals().count).toBe(0);
  });

  test('is always the sum over the undecided orders, whatever happens to whichever', () => {
    const change = fc.record({
      clientSn: fc.constantFrom('A', 'B', 'C', 'D'),
      state: fc.constantFrom(...ORDER_STATES),
    });
    const amounts = new Map(['A', 'B', 'C', 'D'].map((clientSn, index) => [clientSn, 10 ** index]));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 50 }), (changes) => {
        const tally = new InDoubtTally([]);
        for (const { clientSn, state } of changes) tally.move(order(clientSn, state, amounts.get(clientSn)));
        const last = new Map(changes.map(({ clientSn, state }) => [clientSn, state]));
        const undecided = [...last].filter(([, state]) => isUndecided(state)).map(([clientSn]) => clientSn);
        expect(tally.totals()).toEqual({
          count: undecided.length,
          amount: undecided.reduce((sum, clientSn) => sum + (amounts.get(clientSn) ?? 0), 0),
        });
      }),
    );
  });

  test('is filled from the ledger at a start', () => {
    const { ledger, file } = newLedger();
    must(collect(ledger, { clientSn: 'A-paid' }));
    happens(ledger, 'A-paid', APPROVED);
    must(collect(ledger, { clientSn: 'B-asked', amountMinor: 500 }));
    happens(ledger, 'B-asked', NO_ANSWER, NOON + 42_000);
    must(collect(ledger, { clientSn: 'C-begun', amountMinor: 7 }));
    ledger.close();
    const reopened = openLedger(file);
    expect(new InDoubtTally(reopened.undecidedAmounts()).totals()).toEqual({ count: 2, amount: 507 });
    expect(reopened.undecidedCount()).toBe(2);
  });
});
