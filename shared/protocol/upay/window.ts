import { fixedDayEndMs } from '../../business-day.ts';
import type { CancelWindow } from '../window.ts';

/** Upay's days are China Standard Time whatever the shop's zone (upay.md 4.3). */
const UPAY_AHEAD_MS = 8 * 3_600_000;

/**
 * When Upay stops accepting a cancel or revoke of an order created at `atMs`, both on the acquirer's
 * clock: the end of the calendar day.
 */
export function cancelUntilMs(atMs: number): number {
  return fixedDayEndMs(atMs, UPAY_AHEAD_MS);
}

/** Every order's window ends with its own day, so the next end is that of the day there is. */
export const upayWindow: CancelWindow = { cancelUntilMs, nextCloseMs: cancelUntilMs };
