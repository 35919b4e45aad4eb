import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from '../../main/ledger/ledger.ts';
import type { OrderHappening, Stamp } from '../../shared/order/event.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import type { Result } from '../../shared/result.ts';

/**
 * A program that opens a new ledger, trades, closes it, and trades on, and says after each commit that
 * returned how far the journal is. Somebody traces what it has the disk do.
 *
 * Run by Node itself: `node test/support/power-cut-writer.ts FOLDER`.
 */

/** Begins the line that acknowledges a commit; the number of the newest entry follows. */
export const ACKNOWLEDGED = 'acknowledged ';

const NOON = Date.parse('2026-11-20T04:00:00Z');

const stampAt = (atMs: number): Stamp => ({
  atMs,
  serverOffsetMs: 0,
  random: 0.5,
  actor: { kind: 'terminal', name: 'terminal' },
});

const APPROVED: OrderHappening = {
  type: 'pay_answered',
  outcome: { kind: 'approved', evidence: { code: '200/PAY_SUCCESS/PAID', sn: '78', amountMinor: 1234 } },
};
const NO_ANSWER: OrderHappening = {
  type: 'pay_answered',
  outcome: { kind: 'unknown', evidence: { code: 'local/timed_out' } },
};
const NOT_KNOWN: OrderHappening = {
  type: 'query_answered',
  outcome: { kind: 'unknown', evidence: { code: '502' } },
};
const LIVES: readonly (readonly OrderHappening[])[] = [
  [APPROVED],
  [NO_ANSWER, { type: 'gave_up' }],
  [{ type: 'restarted' }],
];

/** A result that is not the one expected ends the program, and with it the test. */
function keep(ledger: Ledger, result: Result<unknown, unknown>): void {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  writeSync(1, `${ACKNOWLEDGED}${ledger.lastSeq()}\n`);
}

function trade(file: string, from: number, to: number): void {
  const opened = Ledger.open(file, DEFAULT_POLICY);
  if (!opened.ok) throw new Error(opened.error.code);
  const ledger = opened.value;
  for (let sale = from; sale < to; sale += 1) {
    const atMs = NOON + sale * 60_000;
    const clientSn = `sale-${sale}`;
    const intent = {
      type: 'collect_requested' as const,
      clientSn,
      saleId: clientSn,
      terminalSn: '10298371039',
      amountMinor: 1234,
      currency: 'CNY' as const,
      subject: 'Tea',
      operator: 'Ada',
      businessDay: '2026-11-20',
      cancelUntilMs: null,
      ...stampAt(atMs),
    };
    keep(ledger, ledger.collect(intent, `28${String(sale).padStart(16, '0')}`, false));
    for (const happening of LIVES[sale % LIVES.length] ?? [])
      keep(ledger, ledger.apply(clientSn, { ...stampAt(atMs + 20_000), ...happening }));
  }
  // Answers that came together: all that stands open, in one commit.
  const stamp = stampAt(NOON + to * 60_000);
  const events = ledger.undecided().map(({ clientSn }) => ({ clientSn, event: { ...stamp, ...NOT_KNOWN } }));
  if (events.length < 2) throw new Error('too few orders stand open');
  keep(ledger, ledger.applyTogether(events));
  ledger.close();
}

if (import.meta.main) {
  const file = join(process.argv[2] ?? '', 'ledger.db');
  trade(file, 0, 8);
  trade(file, 8, 14);
}
