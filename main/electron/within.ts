import type { Timers } from '../shell/clock.ts';

/**
 * Waits for work, but no longer than a bound. True when the work ended in time; the work itself goes on
 * where it did not, and then nobody hears how it ends.
 */
export async function within(work: Promise<unknown>, boundMs: number, timers: Timers): Promise<boolean> {
  let cancel: () => void = () => undefined;
  const late = new Promise<boolean>((resolve) => {
    cancel = timers.after(boundMs, () => resolve(false));
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    cancel();
  }
}
