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
 * follows it in order, so no change is lost and the last word about an order stays the last. After a failure
 * it begins with the next snapshot that is pushed. Returns the function that ends it.
 */
export function feedScreen(options: ScreenFeedOptions): () => void {
  const { terminal, timers } = options;
  /** What came before the snapshot; null once there was one. */
  let waiting: Push[] | null = [];
  let hasFailed = false;
  let isEnded = false;
  let cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  const unsubscribe = terminal.subscribe((push) => {
    // A snapshot says everything anew, so nothing before it matters and no other has to be waited for.
    if (push.type === 'snapshot') waiting = null;
    if (waiting === null) options.push(push);
    else if (!hasFailed) waiting.push(push);
  });

  function beat(): void {
    // A screen that was given nothing must not take the silence for a terminal at rest; it asks again.
    if (!hasFailed || waiting === null) options.beat();
    if (!isEnded) cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  }

  terminal
    .call('state.get', {}, options.actor)
    .then((answer) => {
      if (isEnded || waiting === null) return;
      if (!answer.ok) throw new Error('The terminal gave no snapshot');
      const missed = waiting;
      waiting = null;
      options.push({ type: 'snapshot', snapshot: answer.value as Snapshot });
      for (const push of missed) options.push(push);
    })
    .catch((error: unknown) => {
      hasFailed = true;
      waiting &&= [];
      if (!isEnded) options.fail(error);
    });

  return () => {
    isEnded = true;
    unsubscribe();
    cancelHeartbeat();
  };
}
