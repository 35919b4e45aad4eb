import {
  type BridgeListener,
  callTimeoutMs,
  noReply,
  type Reply,
  type ScreenApi,
  SILENCE_MS,
  type TerminalBridge,
} from '../shared/bridge.ts';
import type { CallName } from '../shared/call-names.ts';
import type { Answer, Push } from '../shared/contract.ts';

const FIRST_RETRY_MS = 250;
const RETRY_MS = 1000;

/** The bridge to the browser host that served this page. */
export function createBrowserBridge(): TerminalBridge {
  return { api: createApi(), subscribe };
}

/** Every name is a call. The host checks names and arguments against the contract; the screen has no second list. */
function createApi(): ScreenApi {
  const target: Partial<ScreenApi> = {};
  return new Proxy(target, { get: (_, name: CallName) => (args: unknown) => post(name, args) }) as ScreenApi;
}

async function post(name: CallName, args: unknown): Promise<Reply<unknown>> {
  try {
    const response = await fetch('/api/call', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, args }),
      signal: AbortSignal.timeout(callTimeoutMs(name)),
    });
    return (await response.json()) as Answer<unknown>;
  } catch (error) {
    // The request may have arrived, so this is "no answer", never "not done".
    return noReply(error);
  }
}

/** Keeps one stream open and reopens it for ever; each new one begins with a whole snapshot. */
function subscribe(listener: BridgeListener): () => void {
  let source: EventSource | null = null;
  let watchdog: number | undefined;
  let retry: number | undefined;
  let failures = 0;

  function open(): void {
    source = new EventSource('/api/events');
    source.addEventListener('message', (event: MessageEvent<string>) => {
      failures = 0;
      heard();
      const push = JSON.parse(event.data) as Push;
      listener.push(push);
      if (push.type === 'snapshot') listener.connection('live');
    });
    source.addEventListener('heartbeat', heard);
    source.addEventListener('error', reopen);
    heard();
  }

  function heard(): void {
    window.clearTimeout(watchdog);
    watchdog = window.setTimeout(reopen, SILENCE_MS);
  }

  function reopen(): void {
    close();
    listener.connection('lost');
    retry = window.setTimeout(open, failures === 0 ? FIRST_RETRY_MS : RETRY_MS);
    failures += 1;
    // An event stream does not say why it failed; a call does.
    void post('state.get', {}).then((reply) => {
      if (!reply.ok && reply.error.code === 'not_allowed') listener.connection('refused');
    });
  }

  function close(): void {
    source?.close();
    source = null;
    window.clearTimeout(watchdog);
    window.clearTimeout(retry);
  }

  open();
  return close;
}
