import { fixedDayEndMs } from '../../business-day.ts';
import type { CancelWindow } from '../window.ts';

/** Alipay+ counts its days in UTC+8 whatever the shop's zone (alipayplus.md 4.3). */
const ALIPAYPLUS_AHEAD_MS = 8 * 3_600_000;
/** A payment can be cancelled until 00:15 of the day after it (alipayplus.md 4.3). */
const GRACE_MS = 15 * 60_000;

/** When Alipay+ stops accepting a cancel of an order paid at `payAtMs`. */
function cancelUntilMs(payAtMs: number): number {
  return fixedDayEndMs(payAtMs, ALIPAYPLUS_AHEAD_MS) + GRACE_MS;
}

export const alipayplusWindow = {
  cancelUntilMs,
  // In the first quarter of an hour of a day it is the window of yesterday's orders that ends next.
  nextCloseMs: (atMs: number) => cancelUntilMs(atMs - GRACE_MS),
} as const satisfies CancelWindow;
