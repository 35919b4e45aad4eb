import type { CallName } from './call-names.ts';
import type { Answer, CallArgs, CallResult, Push } from './contract.ts';

/**
 * What a screen needs of the terminal, whichever host carries it: the browser host over fetch and
 * server-sent events, the kiosk over its preload.
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
/** Reading a whole ledger takes as long as it is large, and a support bundle reads it too. */
const LONG_CALL_TIMEOUT_MS = 600_000;

/** How long a screen waits for an answer before it says that there was none. */
export function callTimeoutMs(name: CallName): number {
  return name === 'ledger.check' || name === 'diagnostics.write' ? LONG_CALL_TIMEOUT_MS : CALL_TIMEOUT_MS;
}

/** Three missed heartbeats of a host. */
export const SILENCE_MS = 45_000;

/** Nobody knows whether the call was carried out. */
export function noReply(error: unknown): Reply<never> {
  return { ok: false, error: { code: 'no_reply', message: String(error) } };
}
