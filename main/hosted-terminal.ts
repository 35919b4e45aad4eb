import type { Answer, Push } from '../shared/contract.ts';
import type { Actor } from '../shared/order/event.ts';

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
