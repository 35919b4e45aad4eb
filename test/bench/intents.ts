import type { Ledger } from '../../main/ledger/ledger.ts';
import type { Order } from '../../shared/order/order.ts';

/** Epoch milliseconds in the middle of a business day in Shanghai, and the end of that day. */
export const BENCH_NOW_MS = Date.parse('2026-11-20T06:00:00Z');
const BENCH_DAY_END_MS = Date.parse('2026-11-20T16:00:00Z');
export const BENCH_DAY = '2026-11-20';
export const BENCH_TERMINAL_SN = '10770000001';

/** Commits the intent to collect as the terminal would; the number names the order and its payment code. */
export function recordIntent(ledger: Ledger, number: number, atMs = BENCH_NOW_MS + number): Order {
  const clientSn = `20261120-140000-${String(number).padStart(11, '0')}`;
  const recorded = ledger.collect(
    {
      type: 'collect_requested',
      clientSn,
      saleId: clientSn,
      terminalSn: BENCH_TERMINAL_SN,
      amountMinor: 1 + (number % 50_000),
      currency: 'CNY',
      subject: 'Counter sale',
      operator: 'Ada',
      businessDay: BENCH_DAY,
      cancelUntilMs: BENCH_DAY_END_MS,
      atMs,
      serverOffsetMs: 0,
      random: 0.5,
      actor: { kind: 'operator', name: 'Ada' },
    },
    String(134_500_000_000_000_000n + BigInt(number)),
    false,
  );
  if (!recorded.ok) throw new Error(`The intent was not recorded: ${JSON.stringify(recorded.error)}`);
  return recorded.value.order;
}
