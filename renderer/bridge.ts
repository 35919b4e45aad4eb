import type { Answer, CallArgs, CallName, CallResult, Push } from '../shared/contract.ts';

/**
 * What the screen needs of the terminal. The browser host is reached over fetch and server-sent events;
 * a preload bridge with the same shape replaces it in Electron.
 */
export interface TerminalBridge {
  readonly api: ScreenApi;
  /** Pushes and the state of the connection, until the returned function is called. */
  subscribe(listener: BridgeListener): () => void;
}

export interface BridgeListener {
  push(push: Push): void;
  connection(connection: Connection): void;
}

/** `refused` means that the terminal answers, but not to this page: its session is gone. */
export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

/** The answer of the terminal, or none: then nobody knows whether the call was carried out. */
export type Reply<Value> =
  | Answer<Value>
  | {
      readonly ok: false;
      readonly error: {
        readonly code: 'no_reply';
        readonly message: string;
        readonly detail?: never;
        readonly clientSn?: never;
      };
    };

/** One function for each call of the contract; the screen must also live without an answer. */
export type ScreenApi = {
  readonly [Name in CallName]: (args: CallArgs<Name>) => Promise<Reply<CallResult<Name>>>;
};

const CALL_TIMEOUT_MS = 20_000;
/** Reading a whole ledger takes as long as it is large. */
const CHECK_TIMEOUT_MS = 600_000;
/** Three missed heartbeats of the host. */
const SILENCE_MS = 45_000;
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
      signal: AbortSignal.timeout(name === 'ledger.check' ? CHECK_TIMEOUT_MS : CALL_TIMEOUT_MS),
    });
    return (await response.json()) as Answer<unknown>;
  } catch (error) {
    // The request may have arrived, so this is "no answer", never "not done".
    return { ok: false, error: { code: 'no_reply', message: String(error) } };
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
