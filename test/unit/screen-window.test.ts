import { describe, expect, test } from 'vitest';
import { screenWindow } from '../../main/screen-window.ts';
import { APPROVED, collect, happens, must, newLedger, NO_ANSWER, NOON } from '../support/fake-ledger.ts';

const TODAY = '2026-11-20';

describe('what a screen is given', () => {
  test('is the newest in doubt and the newest of the day, each once, newest first', () => {
    const { ledger } = newLedger();
    const name = (index: number) => `R-${String(index).padStart(3, '0')}`;
    for (let index = 0; index < 330; index += 1) {
      must(collect(ledger, { clientSn: name(index), atMs: NOON + index * 1000 }));
      // The newest 110 are paid, so that doubt lies below them.
      if (index >= 220) happens(ledger, name(index), APPROVED, NOON + index * 1000 + 1);
    }
    const shown = screenWindow(ledger, TODAY).map(({ clientSn }) => clientSn);
    const paid = Array.from({ length: 100 }, (_, index) => name(329 - index));
    const inDoubt = Array.from({ length: 200 }, (_, index) => name(219 - index));
    expect(shown).toEqual([...paid, ...inDoubt]);
    expect(screenWindow(ledger, '2026-11-21').map(({ clientSn }) => clientSn)).toEqual(inDoubt);
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
    expect(screenWindow(ledger, '2026-12-24')).toHaveLength(1);
    expect(ledger.undecidedAmounts()).toEqual([]);
  });
});
