import { businessDayEndMs } from '../../business-day.ts';

/** Upay's days are China Standard Time whatever the shop's zone (upay.md 4.3). */
const UPAY_TIME_ZONE = 'Asia/Shanghai';

/**
 * When Upay stops accepting a cancel or revoke of an order created at `atMs`, both on the acquirer's
 * clock: the end of the calendar day.
 */
export function cancelUntilMs(atMs: number): number {
  return businessDayEndMs(atMs, UPAY_TIME_ZONE);
}
