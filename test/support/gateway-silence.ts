/** An honest answer is here by then, however busy the machine is. */
const LONGEST_MS = 20_000;

interface LogLine {
  readonly delivery: string;
  readonly fault: string | null;
}

/** Rejects like an aborted fetch, so that silence looks the same however it was found. */
const silence = (): DOMException => new DOMException('the gateway keeps silent', 'TimeoutError');

/**
 * Sends one call and waits for its answer. Silence is not guessed by a clock, which a busy machine belies:
 * after every `silenceMs` without an answer the gateway's own log is asked whether it keeps the newest
 * call's answer back, or makes it slowly. Rejects with a `TimeoutError` where it does.
 */
export async function answerOrSilence<Answer>(
  gatewayUrl: string,
  silenceMs: number,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const abort = new AbortController();
  const asking = send(abort.signal);
  // Whoever waits hears of a failure; one that comes after the wait is over is nobody's.
  asking.catch(() => undefined);
  const endMs = performance.now() + LONGEST_MS;
  try {
    for (let isHeldBack = false; ;) {
      const answer = await Promise.race([asking.then((value) => ({ value })), pause(silenceMs)]);
      if (answer !== null) return answer.value;
      // Looked at twice: a connection that was broken needs a moment to be noticed here.
      if (isHeldBack || performance.now() > endMs) throw silence();
      isHeldBack = await keepsBack(gatewayUrl);
    }
  } finally {
    abort.abort();
  }
}

async function keepsBack(gatewayUrl: string): Promise<boolean> {
  const response = await fetch(`${gatewayUrl}/__log`);
  const newest = ((await response.json()) as readonly LogLine[]).at(-1);
  return newest?.delivery === 'withheld' || (newest?.delivery === 'waiting' && newest.fault === 'slow');
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null));
}
