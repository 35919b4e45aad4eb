import type { Order } from './order.ts';
import type { Policy } from './policy.ts';

/**
 * How long the owed call may stay unanswered if it leaves at `atMs`. While the confirm window is open
 * it cuts every call short, so that the cancel leaves at the instant the window closes and not after
 * a query that hangs.
 */
export function callTimeoutMs(order: Order, atMs: number, policy: Policy): number {
  const ownMs = order.owed?.call === 'pay' ? policy.payTimeoutMs : policy.callTimeoutMs;
  if (order.state !== 'collecting' && order.state !== 'confirming') return ownMs;
  return Math.max(0, Math.min(ownMs, order.confirmUntilMs - atMs));
}
