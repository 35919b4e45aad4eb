import type { ServerClock } from './server-clock.ts';
import { knock, type Dispatcher } from './transport.ts';

export interface ProbeDependencies {
  readonly dispatcher: Dispatcher;
  readonly serverClock: ServerClock;
  readonly clock: { nowMs(): number };
}

/** Whether a connection can be had at all; moves no money. A reply also tells the acquirer's time. */
export async function probe(
  { dispatcher, serverClock, clock }: ProbeDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await knock(dispatcher, signal);
  if (result.kind === 'reply') serverClock.learn(result.date, clock.nowMs());
  // A peer that accepts the connection and then breaks it can be reached.
  return result.kind === 'reply' || (result.kind === 'no_answer' && !signal.aborted);
}
