import { assertNever } from '../../shared/assert.ts';
import { businessDayEndMs } from '../../shared/business-day.ts';
import type { PracticeOrder } from './practice-order.ts';

/** Where the RSA protocols count their days: UTC+8, whatever the shop's zone (alipayplus.md 4.3). */
export const WALLET_ZONE = 'Asia/Shanghai';
/** Alipay+ takes cancels a quarter of an hour into the next day. */
const ALIPAYPLUS_GRACE_MS = 15 * 60_000;

/** The first instant, in epoch milliseconds, at which an order can no longer be cancelled. */
export function cancelUntilMs(
  order: PracticeOrder,
  {
    timeZone,
    miniprogramWindowMs,
  }: { readonly timeZone: string; readonly miniprogramWindowMs: number | null },
): number {
  switch (order.protocol) {
    case 'upay':
      // The documents name the order's creation as the day that counts (upay.md 4.3).
      return businessDayEndMs(order.createdAtMs, timeZone);
    case 'alipayplus':
      return businessDayEndMs(order.createdAtMs, WALLET_ZONE) + ALIPAYPLUS_GRACE_MS;
    case 'miniprogram':
      return miniprogramWindowMs === null
        ? businessDayEndMs(order.createdAtMs, WALLET_ZONE)
        : order.createdAtMs + miniprogramWindowMs;
    default:
      return assertNever(order.protocol);
  }
}
