import { isCallName } from '../../shared/call-names.ts';
import {
  type Answer,
  CONTRACT,
  type InDoubt,
  type OrderCard,
  type Push,
  type Snapshot,
  snapshotSchema,
} from '../../shared/contract.ts';
import { type ErrorCode, failure, messageOf } from '../../shared/errors.ts';
import type { Actor } from '../../shared/order/event.ts';
import { isUndecided } from '../../shared/order/order.ts';
import type { HostedTerminal } from '../../main/hosted-terminal.ts';

/** One call as the terminal received it. */
interface ReceivedCall {
  readonly name: string;
  readonly args: unknown;
  readonly actor: Actor;
}

/**
 * A terminal in memory whose orders and answers a test writes down. It checks arguments against the real
 * contract and decides nothing by itself.
 */
export interface ScriptedTerminal extends HostedTerminal {
  readonly calls: readonly ReceivedCall[];
  /** Adds or replaces an order and pushes it. */
  show(order: OrderCard): void;
  push(push: Push): void;
  /** The answer to every further call of this name; without one, the call is refused as `stopping`. */
  answer(name: string, reply: (args: never) => Answer<unknown> | Promise<Answer<unknown>>): void;
}

export interface ScriptedTerminalOptions {
  readonly practice?: boolean;
  readonly orders?: readonly OrderCard[];
}

export function createScriptedTerminal(options: ScriptedTerminalOptions = {}): ScriptedTerminal {
  const calls: ReceivedCall[] = [];
  const listeners = new Set<(push: Push) => void>();
  const replies = new Map<string, (args: never) => Answer<unknown> | Promise<Answer<unknown>>>();
  const orders = new Map((options.orders ?? []).map((order) => [order.clientSn, order]));
  const push = (change: Push) => {
    for (const listener of listeners) listener(change);
  };
  return {
    calls,
    push,
    show(order) {
      orders.set(order.clientSn, order);
      push({ type: 'order', order, inDoubt: inDoubtOf([...orders.values()]) });
    },
    answer: (name, reply) => void replies.set(name, reply),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async call(name, args, actor) {
      if (name === 'state.get' && !replies.has(name))
        return { ok: true, value: snapshotOf([...orders.values()], options) };
      calls.push({ name, args, actor });
      if (!isCallName(name)) return refusal('call_unknown');
      if (!CONTRACT[name].args.safeParse(args).success) return refusal('arguments_invalid');
      const reply = replies.get(name);
      return reply === undefined ? refusal('stopping') : reply(args as never);
    },
  };
}

export function refusal(code: ErrorCode): Answer<never> {
  return { ok: false, error: { code, message: messageOf(failure(code)) } };
}

function snapshotOf(orders: readonly OrderCard[], { practice = false }: ScriptedTerminalOptions): Snapshot {
  return snapshotSchema.parse({
    practice,
    terminalSn: '100041520000001',
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    businessDay: '2026-05-22',
    nowMs: Date.now(),
    online: true,
    inDoubt: inDoubtOf(orders),
    counter: { kind: 'idle' },
    orders: orders.toSorted((a, b) => b.createdAtMs - a.createdAtMs),
  });
}

function inDoubtOf(orders: readonly OrderCard[]): InDoubt {
  const undecided = orders.filter(({ state }) => isUndecided(state));
  return { count: undecided.length, amount: undecided.reduce((sum, { amount }) => sum + amount, 0) };
}

let revisions = 0;

/** A card as a terminal would print it, newer than any before it; what matters to a test is written over it. */
export function orderCard(change: Partial<OrderCard> = {}): OrderCard {
  const nowMs = Date.now();
  revisions += 1;
  return {
    revision: revisions,
    clientSn: 'R260522-0001-K7Q2',
    sn: null,
    saleId: 'R260522-0001-K7Q2',
    state: 'collecting',
    charged: 'unknown',
    instruction: 'wait',
    amount: 1234,
    currency: 'CNY',
    reason: null,
    businessDay: '2026-05-22',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    subject: 'Sale',
    operator: 'cashier',
    next: null,
    lastAnswer: null,
    refusal: null,
    revokeRefusal: 'undecided',
    refundRefusal: 'undecided',
    confirmUntilMs: null,
    giveUpFromMs: null,
    windowClosesAtMs: null,
    waysOut: [],
    ...change,
  };
}
