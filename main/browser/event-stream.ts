import type { ServerResponse } from 'node:http';
import type { Answer, Push } from '../../shared/contract.ts';
import type { HostedTerminal } from '../hosted-terminal.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { Timers } from '../shell/clock.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

const HEARTBEAT_MS = 15_000;
/** What one screen may leave unread before it is dropped; it reconnects and gets a new snapshot. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Far above what a counter has, far below what would hurt the terminal. */
const MAX_STREAMS = 32;

export interface EventStreams {
  /** Takes over the response, or returns false when too many screens are connected. */
  open(response: ServerResponse): boolean;
  /** Ends every stream; a second call does nothing. */
  closeAll(): void;
}

export interface EventStreamsOptions {
  readonly terminal: HostedTerminal;
  readonly actor: Actor;
  readonly timers: Timers;
  readonly warn: (fields: object, message: string) => void;
}

/**
 * Server-sent events: a snapshot first, then every push. Everything pushed while the snapshot is being
 * read follows it in order, so no change is lost and the last word about an order stays the last.
 */
export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const live = new Set<() => void>();
  return {
    open(response) {
      if (live.size >= MAX_STREAMS) return false;
      const close = openStream(response, options, () => live.delete(close));
      live.add(close);
      return true;
    },
    closeAll() {
      for (const close of live) close();
    },
  };
}

function openStream(
  response: ServerResponse,
  options: EventStreamsOptions,
  onClosed: () => void,
): () => void {
  const { terminal, timers } = options;
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();

  let waitingForSnapshot: Push[] | null = [];
  let cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  const unsubscribe = terminal.subscribe((push) => {
    if (waitingForSnapshot === null) write(message(push));
    else waitingForSnapshot.push(push);
  });

  function write(text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength <= MAX_UNREAD_BYTES) return;
    options.warn({ unreadBytes: response.writableLength }, 'A screen reads too slowly and was disconnected');
    response.destroy();
  }

  /** The comment keeps the connection alive; the event lets the screen notice a terminal that hangs. */
  function beat(): void {
    write(': heartbeat\nevent: heartbeat\ndata: {}\n\n');
    cancelHeartbeat = timers.after(HEARTBEAT_MS, beat);
  }

  function end(): void {
    unsubscribe();
    cancelHeartbeat();
    onClosed();
  }

  response.on('close', end);
  response.on('error', () => response.destroy());

  terminal
    .call('state.get', {}, options.actor)
    .then((answer) => {
      const snapshot = snapshotPush(answer);
      if (snapshot === null) throw new Error('The terminal gave no snapshot');
      const missed = waitingForSnapshot ?? [];
      waitingForSnapshot = null;
      for (const push of [snapshot, ...missed]) write(message(push));
    })
    .catch((error: unknown) => {
      // Without a snapshot the screen would show nothing as if it were all; it must try again instead.
      options.warn({ error }, 'A screen could not be given its snapshot');
      response.destroy();
    });

  return () => {
    end();
    response.end();
  };
}

function snapshotPush(answer: Answer<unknown>): unknown {
  return answer.ok ? { type: 'snapshot', snapshot: answer.value } : null;
}

function message(push: unknown): string {
  return `data: ${JSON.stringify(push)}\n\n`;
}
