import type { Push, Snapshot } from '../shared/contract.ts';
import type { Actor } from '../shared/order/event.ts';
import type { HostedTerminal } from './hosted-terminal.ts';
import type { Timers } from './shell/clock.ts';

const HEARTBEAT_MS = 15_000;

export interface ScreenFeedOptions {
  readonly terminal: HostedTerminal;
  readonly actor: Actor;
  readonly timers: Timers;
  readonly push: (push: Push) => void;
  /** Now and then, so that a screen notices a terminal that hangs. */
  readonly beat: () => void;
  /** There is no snapshot to begin with; without one a screen would show nothing as if it were all. */
  readonly fail: (error: unknown) => void;
}

/**
 * Feeds one screen: a snapshot first, then every push. Everything pushed while the snapshot is being read
 * follows it in order, so no change is lost and the last word about an order stays the last. Returns the
 * function that ends it.
 */
export function feedScreen(options: ScreenFeedOptions): () => void {
  const { terminal, timers } = options;
  let waitingForSnapshot: Push[] | null = [];
  let isEnded = false;
  let cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  const unsubscribe = terminal.subscribe((push) => {
    if (waitingForSnapshot === null) options.push(push);
    else waitingForSnapshot.push(push);
  });

  function beat(): void {
    options.beat();
    if (!isEnded) cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  }

  terminal
    .call('state.get', {}, options.actor)
    .then((answer) => {
      if (isEnded) return;
      if (!answer.ok) throw new Error('The terminal gave no snapshot');
      const missed = waitingForSnapshot ?? [];
      waitingForSnapshot = null;
      options.push({ type: 'snapshot', snapshot: answer.value as Snapshot });
      for (const push of missed) options.push(push);
    })
    .catch((error: unknown) => {
      if (!isEnded) options.fail(error);
    });

  return () => {
    isEnded = true;
    unsubscribe();
    cancelHeartbeat();
  };
}
