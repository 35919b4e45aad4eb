import { contextBridge, ipcRenderer } from 'electron';
import {
  type BridgeListener,
  callTimeoutMs,
  noReply,
  type Reply,
  SILENCE_MS,
  type TerminalBridge,
} from '../../shared/bridge.ts';
import { CALL_NAMES, type CallName } from '../../shared/call-names.ts';
import type { Answer, Push } from '../../shared/contract.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';

/**
 * What the page is given of the main process: one function for each call of the contract, and its pushes.
 * Neither `ipcRenderer` nor an event of it gets through. Built as one CommonJS file, because a sandboxed
 * preload can be nothing else, and without zod: the main process believes none of this anyway.
 */

// SECURITY: #20 the page gets functions by name, never an API of Electron.
contextBridge.exposeInMainWorld('redress', {
  api: Object.fromEntries(CALL_NAMES.map((name) => [name, (args: unknown) => call(name, args)])),
  subscribe,
} satisfies Bridge);

/** `api` has every name by its construction; only the compiler cannot see it. */
type Bridge = Pick<TerminalBridge, 'subscribe'> & { readonly api: Readonly<Record<string, unknown>> };

async function call(name: CallName, args: unknown): Promise<Reply<unknown>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<Reply<unknown>>((resolve) => {
    timer = setTimeout(() => resolve(noReply('The main process did not answer')), callTimeoutMs(name));
  });
  try {
    const answer = ipcRenderer.invoke(KIOSK_CHANNELS.call, name, args) as Promise<Answer<unknown>>;
    return await Promise.race([answer, silence]);
  } catch (error) {
    return noReply(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks for pushes now, and again whenever nothing was heard for too long. */
function subscribe(listener: BridgeListener): () => void {
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      listener.connection('lost');
      ask();
    }, SILENCE_MS);
  };
  const ask = (): void => {
    ipcRenderer.send(KIOSK_CHANNELS.subscribe);
    heard();
  };
  const onPush = (_event: unknown, push: Push): void => {
    heard();
    listener.push(push);
    if (push.type === 'snapshot') listener.connection('live');
  };
  const onHeartbeat = (): void => heard();
  ipcRenderer.on(KIOSK_CHANNELS.push, onPush);
  ipcRenderer.on(KIOSK_CHANNELS.heartbeat, onHeartbeat);
  ask();
  return () => {
    clearTimeout(watchdog);
    ipcRenderer.off(KIOSK_CHANNELS.push, onPush);
    ipcRenderer.off(KIOSK_CHANNELS.heartbeat, onHeartbeat);
  };
}
