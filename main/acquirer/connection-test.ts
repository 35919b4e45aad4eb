import type { ConnectionTest } from '../../shared/contract.ts';
import type { Failure } from '../../shared/errors.ts';
import { ok, type Result } from '../../shared/result.ts';
import { parseApiDomain } from '../../shared/settings.ts';
import type { Clock, Timers } from '../shell/clock.ts';
import { ServerClock } from './server-clock.ts';
import { createPool, knock, type Dispatcher, type PoolOptions } from './transport.ts';

export interface ConnectionTestOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The real pool unless a test watches the wire. */
  readonly createDispatcher?: (options: PoolOptions) => Dispatcher;
  /** For everything together: name, connection, TLS and answer. */
  readonly timeoutMs: number;
}

/**
 * Asks an acquirer's address for nothing but an answer; any HTTP answer means that it can be reached. The
 * request carries no identity and moves no money. Fails with `settings_invalid` for an address that settings
 * would refuse; whatever the network does is a result, with its code.
 */
export async function testConnection(
  apiDomain: string,
  { clock, timers, createDispatcher = createPool, timeoutMs }: ConnectionTestOptions,
): Promise<Result<ConnectionTest, Failure>> {
  const origin = parseApiDomain(apiDomain);
  if (!origin.ok) return origin;
  const dispatcher = createDispatcher({
    origin: origin.value,
    connections: 1,
    connectTimeoutMs: timeoutMs,
    replyTimeoutMs: timeoutMs,
  });
  const abort = new AbortController();
  const cancelTimer = timers.after(timeoutMs, () => abort.abort());
  const startedMs = clock.monotonicMs();
  try {
    const answer = await knock(dispatcher, abort.signal);
    if (answer.kind !== 'reply') {
      return ok({ reachable: false, code: answer.code, latencyMs: null, clockOffsetMs: null });
    }
    const latencyMs = Math.round(clock.monotonicMs() - startedMs);
    const serverClock = new ServerClock();
    serverClock.learn(answer.date, clock.nowMs());
    return ok({ reachable: true, code: null, latencyMs, clockOffsetMs: serverClock.offsetMs });
  } finally {
    cancelTimer();
    await dispatcher.destroy();
  }
}
