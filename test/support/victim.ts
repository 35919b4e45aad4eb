import { writeSync } from 'node:fs';
import { createPool, type Dispatcher, type PoolOptions } from '../../main/acquirer/transport.ts';
import { openTerminal } from '../../main/open-terminal.ts';
import type { Terminal } from '../../main/terminal.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Actor } from '../../shared/order/event.ts';
import type { Order } from '../../shared/order/order.ts';
import type { Result } from '../../shared/result.ts';

/**
 * A terminal that is going to be killed: real clock, disk and network, and a wire that stands still at
 * one exact point. It says so on stdout and then blocks its only thread, so that nothing more happens
 * before the SIGKILL, however late that comes.
 *
 * Run by Node itself: `node test/support/victim.ts '{ "directory": …, "point": …, "does": … }'`.
 */
export interface VictimOrders {
  readonly directory: string;
  readonly point: Point;
  /** What it does after starting; `nothing` leaves it to what a former process owes. */
  readonly does:
    | { readonly kind: 'collect'; readonly amount: string; readonly code: string }
    | { readonly kind: 'revoke' | 'refund'; readonly clientSn: string }
    | { readonly kind: 'nothing' };
}

export interface Point {
  readonly call: WireCall;
  /** `leaving`: no byte is written yet. `sent`: all are. `answered`: the reply is here and nobody knows. */
  readonly moment: 'leaving' | 'sent' | 'answered';
  /** Counts only once this other call was answered. */
  readonly after?: WireCall;
}

export type WireCall = 'checkin' | 'pay' | 'query' | 'cancel' | 'revoke' | 'refund';

/** What the victim says when it has reached its point; everything after it is silence. */
export const REACHED = 'reached\n';

/** Nobody waits longer for a victim; without this one could outlive a test that was itself killed. */
const LONGEST_LIFE_MS = 60_000;

const CASHIER: Actor = { kind: 'operator', name: 'cashier' };
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

function createWatchedPool(options: PoolOptions, point: Point): Dispatcher {
  const answered = new Set<string>();
  const reach = (call: string, moment: Point['moment']): void => {
    if (call !== point.call || moment !== point.moment) return;
    if (point.after === undefined || answered.has(point.after)) standStill();
  };
  return createPool(options).compose((dispatch) => (request, handler) => {
    const call = request.path.split('/').at(-1) ?? '';
    reach(call, 'leaving');
    return dispatch(request, {
      onRequestStart: (...given) => handler.onRequestStart?.(...given),
      onResponseStart: (...given) => handler.onResponseStart?.(...given),
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
      onRequestSent() {
        handler.onRequestSent?.();
        reach(call, 'sent');
      },
      onResponseEnd(...given) {
        reach(call, 'answered');
        answered.add(call);
        handler.onResponseEnd?.(...given);
      },
    });
  });
}

function standStill(): never {
  writeSync(1, REACHED);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_LIFE_MS);
  process.exit(1);
}

/** A data directory is let go once nothing refers to its lock; a victim holds it up to its end. */
const kept: unknown[] = [];

function run({ directory, point, does }: VictimOrders): string | null {
  const opened = openTerminal({
    directory,
    log: SILENT,
    practice: false,
    createDispatcher: (options) => createWatchedPool(options, point),
  });
  if (!opened.ok) return opened.error.code;
  kept.push(opened.value);
  const { terminal } = opened.value;
  terminal.start();
  if (does.kind === 'nothing') return null;
  const done = order(terminal, does);
  return done.ok ? null : done.error.code;
}

function order(
  terminal: Terminal,
  does: Exclude<VictimOrders['does'], { kind: 'nothing' }>,
): Result<Order, Failure> {
  switch (does.kind) {
    case 'collect':
      return terminal.collect({ amount: does.amount, code: does.code }, false, CASHIER);
    case 'revoke':
      return terminal.revoke(does.clientSn, 'goods came back', CASHIER);
    case 'refund':
      return terminal.refund(does.clientSn, 'goods came back', CASHIER);
  }
}

if (import.meta.main) {
  const refusal = run(JSON.parse(process.argv[2] ?? 'null') as VictimOrders);
  if (refusal !== null) {
    writeSync(1, `refused: ${refusal}\n`);
    process.exit(1);
  }
  setTimeout(() => process.exit(1), LONGEST_LIFE_MS);
}
