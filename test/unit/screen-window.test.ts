import { describe, expect, test } from 'vitest';
import { screenWindow } from '../../main/screen-window.ts';
import { APPROVED, collect, happens, must, newLedger, NO_ANSWER, NOON } from '../support/fake-ledger.ts';

describe('what a screen is given', () => {
  test('is the newest in doubt and the newest of all, each once, newest first, whatever the day', () => {
    const { ledger } = newLedger();
    const name = (index: number) => `R-${String(index).padStart(3, '0')}`;
    for (let index = 0; index < 330; index += 1) {
      must(collect(ledger, { clientSn: name(index), atMs: NOON + index * 1000 }));
      // The newest 110 are paid, so that doubt lies below them.
      if (index >= 220) happens(ledger, name(index), APPROVED, NOON + index * 1000 + 1);
    }
    const shown = screenWindow(ledger).map(({ clientSn }) => clientSn);
    const paid = Array.from({ length: 100 }, (_, index) => name(329 - index));
    const inDoubt = Array.from({ length: 200 }, (_, index) => name(219 - index));
    expect(shown).toEqual([...paid, ...inDoubt]);
  });

  test('holds what is reversed but still owes its last question, on whatever day', () => {
    const { ledger } = newLedger();
    must(collect(ledger, { clientSn: 'A' }));
    happens(ledger, 'A', NO_ANSWER, NOON + 40_000);
    happens(ledger, 'A', { type: 'call_due' }, NOON + 45_000);
    happens(
      ledger,
      'A',
      { type: 'cancel_answered', outcome: { kind: 'accepted', evidence: { code: 'test' } } },
      NOON + 45_100,
    );
    happens(
      ledger,
      'A',
      { type: 'query_answered', outcome: { kind: 'not_charged', evidence: { code: 'test' } } },
      NOON + 45_200,
    );
    expect(ledger.order('A')).toMatchObject({ state: 'reversed', owed: { call: 'query' } });
    for (let index = 0; index < 120; index += 1) {
      must(collect(ledger, { clientSn: `N-${index}`, atMs: NOON + 60_000 + index }));
      happens(ledger, `N-${index}`, APPROVED, NOON + 60_000 + index);
    }
    expect(screenWindow(ledger).map(({ clientSn }) => clientSn)).toContain('A');
    expect(ledger.undecidedAmounts()).toEqual([]);
  });
});
