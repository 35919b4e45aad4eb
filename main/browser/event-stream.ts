import type { ServerResponse } from 'node:http';
import type { HostedTerminal } from '../hosted-terminal.ts';
import type { Actor } from '../../shared/order/event.ts';
import { feedScreen } from '../screen-feed.ts';
import { securityHeaders } from '../security-headers.ts';
import type { Timers } from '../shell/clock.ts';

/** What one screen may leave unread before it is dropped; it reconnects and gets a new snapshot. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Far above what a counter has, far below what would hurt the terminal. */
const MAX_STREAMS = 32;

export interface EventStreams {
  /** Takes over the response, or returns false when too many screens are connected. */
  open(response: ServerResponse): boolean;
  /** Ends every stream; a screen that is still there opens a new one. */
  closeAll(): void;
}

export interface EventStreamsOptions {
  readonly terminal: HostedTerminal;
  readonly actor: Actor;
  readonly timers: Timers;
  readonly warn: (fields: object, message: string) => void;
}

/** Server-sent events: what `feedScreen` says, and a comment now and then. */
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
  response.writeHead(200, {
    ...securityHeaders("'self'"),
    'content-type': 'text/event-stream; charset=utf-8',
  });
  response.flushHeaders();

  function write(text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength <= MAX_UNREAD_BYTES) return;
    options.warn({ unreadBytes: response.writableLength }, 'A screen reads too slowly and was disconnected');
    response.destroy();
  }

  const endFeed = feedScreen({
    terminal: options.terminal,
    actor: options.actor,
    timers: options.timers,
    push: (push) => write(`data: ${JSON.stringify(push)}\n\n`),
    // The comment keeps the connection alive; the event is what the screen hears.
    beat: () => write(': heartbeat\nevent: heartbeat\ndata: {}\n\n'),
    fail: (error) => {
      options.warn({ error }, 'A screen could not be given its snapshot');
      response.destroy();
    },
  });

  function end(): void {
    endFeed();
    onClosed();
  }

  response.on('close', end);
  response.on('error', () => response.destroy());
  return () => {
    end();
    response.end();
  };
}
