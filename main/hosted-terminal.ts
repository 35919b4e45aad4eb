import type { Answer, Push, Standing } from '../shared/contract.ts';
import type { Failure } from '../shared/errors.ts';
import type { Actor } from '../shared/order/event.ts';
import type { Result } from '../shared/result.ts';

/** What a host needs of the terminal: one door for calls, one stream of changes. */
export interface HostedTerminal {
  /**
   * Runs one call of `shared/contract.ts`. Name and arguments come from outside and are checked here;
   * the answer is plain data and the promise never rejects for an expected failure.
   */
  call(name: string, args: unknown, actor: Actor): Promise<Answer<unknown>>;
  /** Every change after it is committed. Returns the function that ends the subscription. */
  subscribe(listener: (push: Push) => void): () => void;
}

/** A person set it up just now, or it opened or halted for whatever other reason. */
export type StandingCause = 'set_up' | 'opened';
export type StandingListener = (standing: Standing, cause: StandingCause) => void;

/**
 * What stands behind a host for as long as its process runs: the real terminal, or a practising one where
 * there are no settings, or a problem that must be solved first. Set-up turns one into another while the
 * screens stay open.
 */
export interface Station extends HostedTerminal {
  /** Begins to work. A failure leaves the station halted: it tries again by itself until it is stopped. */
  start(): Promise<Result<void, Failure>>;
  readonly standing: Standing;
  /** Tells of every change of `standing`. Returns the function that ends it. */
  onStanding(listener: StandingListener): () => void;
  /** Nothing is owed, in flight or waiting at the counter: nobody would notice a restart. */
  isQuiet(): boolean;
  /** The machine woke, its clock was set, or its network came back: look at everything now. */
  wake(): void;
  /** Takes nothing new and lets go of everything, after at most `drainMs` for what is in flight. */
  stop(drainMs: number): Promise<void>;
}
