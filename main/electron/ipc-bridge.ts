import { type CallName, isCallName } from '../../shared/call-names.ts';
import { type Answer, CONTRACT, type Push } from '../../shared/contract.ts';
import { failure } from '../../shared/errors.ts';
import { KIOSK_CHANNELS } from '../../shared/kiosk-channels.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { HostedTerminal } from '../hosted-terminal.ts';
import { refusedAnswer } from '../refused-answer.ts';
import { feedScreen } from '../screen-feed.ts';
import type { Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import { APP_ORIGIN } from './app-address.ts';
import type { ScreenRole } from './windows.ts';

/** The frame of a page, as far as it tells who is speaking. */
export interface SenderFrame {
  readonly origin: string;
  /** Null for the outermost frame. */
  readonly parent: object | null;
}

/** The web contents of a window, as far as it is spoken to. */
export interface SenderContents {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, ...values: unknown[]): void;
  once(event: 'destroyed', listener: () => void): unknown;
}

/** What Electron says of a message: `senderFrame` is null where the frame has gone meanwhile. */
export interface SenderEvent {
  readonly sender: SenderContents;
  readonly senderFrame: SenderFrame | null;
}

/** The little of Electron's `ipcMain` that this needs. */
export interface IpcMainLike {
  handle(channel: string, listener: (event: SenderEvent, ...values: unknown[]) => Promise<unknown>): void;
  on(channel: string, listener: (event: SenderEvent) => void): unknown;
}

export interface IpcBridgeOptions {
  readonly ipcMain: IpcMainLike;
  readonly terminal: HostedTerminal;
  /** Who acts through the cashier's window. */
  readonly actor: Actor;
  readonly roleOf: (contentsId: number) => ScreenRole | null;
  readonly timers: Timers;
  readonly log: Log;
  /** In development and in tests a result that breaks the contract is refused; in production it is logged. */
  readonly isStrict: boolean;
}

/** What each window may ask for. The customer's display stands where anybody can touch it. */
const ALLOWED: Readonly<Record<ScreenRole, (name: CallName) => boolean>> = {
  cashier: () => true,
  customer: (name) => name === 'state.get',
};

/**
 * The one way from a page of the kiosk to the terminal: known channel, then sender, then arguments, then the
 * handler, then its result. Whatever is refused is answered with its reason and never dropped.
 */
export function bridgeIpc(options: IpcBridgeOptions): void {
  const { ipcMain } = options;
  ipcMain.handle(KIOSK_CHANNELS.call, (event, name, args) => answerCall(options, event, name, args));
  ipcMain.on(KIOSK_CHANNELS.subscribe, createSubscriptions(options));
}

async function answerCall(
  options: IpcBridgeOptions,
  event: SenderEvent,
  name: unknown,
  args: unknown,
): Promise<Answer<unknown>> {
  const { terminal, actor, log } = options;
  if (!isCallName(name)) return refusedAnswer(failure('call_unknown'));
  const role = roleOfSender(options, event);
  if (role === null || !ALLOWED[role](name)) {
    log.warn({ name, role, origin: event.senderFrame?.origin ?? null }, 'a call from this page was refused');
    return refusedAnswer(failure('not_allowed'));
  }
  try {
    // Arguments are checked by the terminal, for every host alike.
    return checkedResult(options, name, await terminal.call(name, args, actor));
  } catch (error) {
    log.error({ name, error }, 'a call met a bug');
    return refusedAnswer(failure('bug'));
  }
}

// SECURITY: #17 only the outermost frame of our own page in one of our own windows is heard.
function roleOfSender({ roleOf }: IpcBridgeOptions, { sender, senderFrame }: SenderEvent): ScreenRole | null {
  if (senderFrame === null || senderFrame.parent !== null || senderFrame.origin !== APP_ORIGIN) return null;
  return roleOf(sender.id);
}

function checkedResult(
  { log, isStrict }: IpcBridgeOptions,
  name: CallName,
  answer: Answer<unknown>,
): Answer<unknown> {
  if (!answer.ok) return answer;
  const parsed = CONTRACT[name].result.safeParse(answer.value);
  if (parsed.success) return answer;
  const paths = parsed.error.issues.map(({ path }) => path.map(String).join('.'));
  log.error({ name, paths }, 'a result breaks the contract');
  return isStrict ? refusedAnswer(failure('bug', `the result of ${name}`)) : answer;
}

/** One feed for each page; a page that asks again, after a reload for instance, begins anew. */
function createSubscriptions(options: IpcBridgeOptions): (event: SenderEvent) => void {
  const feeds = new Map<number, () => void>();
  return (event) => {
    const { sender } = event;
    if (roleOfSender(options, event) === null) {
      options.log.warn(
        { origin: event.senderFrame?.origin ?? null },
        'a page asked for pushes and was refused',
      );
      return;
    }
    const isKnown = feeds.has(sender.id);
    feeds.get(sender.id)?.();
    feeds.set(sender.id, feedPage(options, sender));
    if (isKnown) return;
    const { id } = sender;
    sender.once('destroyed', () => {
      feeds.get(id)?.();
      feeds.delete(id);
    });
  };
}

function feedPage({ terminal, actor, timers, log }: IpcBridgeOptions, sender: SenderContents): () => void {
  const send = (channel: string, ...values: unknown[]): void => {
    if (!sender.isDestroyed()) sender.send(channel, ...values);
  };
  return feedScreen({
    terminal,
    actor,
    timers,
    push: (push: Push) => send(KIOSK_CHANNELS.push, push),
    beat: () => send(KIOSK_CHANNELS.heartbeat),
    // The page asks again after a while of silence; a halted station feeds it as soon as it works.
    fail: (error) => log.warn({ error }, 'a page could not be given its snapshot'),
  });
}
