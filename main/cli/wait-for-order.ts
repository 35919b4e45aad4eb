import type { OrderCard } from '../../shared/contract.ts';
import type { Terminal } from '../terminal.ts';
import { systemTimers } from '../shell/clock.ts';
import { interruption } from './context.ts';

/**
 * Follows one order until `isDone` says so, the time is up or the person interrupts. Returns nothing:
 * the order on disk is what counts, and the caller reads it.
 */
export async function waitForOrder(
  terminal: Terminal,
  clientSn: string,
  options: {
    readonly waitMs: number;
    readonly isDone: (order: OrderCard) => boolean;
    readonly onState: (order: OrderCard) => void;
  },
): Promise<void> {
  const interrupted = interruption();
  let lastState = '';
  let unsubscribe: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    unsubscribe = terminal.subscribe((push) => {
      if (push.type !== 'order' || push.order.clientSn !== clientSn) return;
      // One commit can change an order twice (paid, then given back as a duplicate): only its end counts.
      const order = terminal.card(clientSn);
      if (order === null || order.state === lastState) return;
      options.onState(order);
      lastState = order.state;
      if (options.isDone(order)) resolve();
    });
  });
  let cancelTimer: () => void = () => undefined;
  const timeUp = new Promise<void>((resolve) => {
    cancelTimer = systemTimers.after(options.waitMs, resolve);
  });
  await Promise.race([done, timeUp, interrupted.happened]);
  unsubscribe();
  cancelTimer();
  interrupted.dispose();
}
