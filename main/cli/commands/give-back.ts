import type { ExitCode, Failure } from '../../../shared/errors.ts';
import type { Actor } from '../../../shared/order/event.ts';
import type { Order, OrderState } from '../../../shared/order/order.ts';
import type { Result } from '../../../shared/result.ts';
import { orderJson } from '../../order-view.ts';
import type { Terminal } from '../../terminal.ts';
import { withTerminal, type Context } from '../context.ts';
import { describeOrder, describeProgress, giveBackExitCode } from '../describe-order.ts';
import { waitForOrder } from '../wait-for-order.ts';

export interface GiveBackOptions {
  readonly reason: string;
  readonly operator: string;
  /** Seconds. */
  readonly wait: number;
}

/** The states an order is in while its money is on the way back. */
const UNDER_WAY: ReadonlySet<OrderState> = new Set(['revoking', 'reversing', 'verifying']);

/** Revokes a paid order of today and waits until the money is proved back or the acquirer refuses. */
export function revoke(context: Context, number: string, options: GiveBackOptions): Promise<ExitCode> {
  return giveBack(context, options, (terminal, actor) => terminal.revoke(number, options.reason, actor));
}

/** Refunds an order that no cancel or revoke can help any more, and waits like `revoke`. */
export function refund(context: Context, number: string, options: GiveBackOptions): Promise<ExitCode> {
  return giveBack(context, options, (terminal, actor) => terminal.refund(number, options.reason, actor));
}

async function giveBack(
  context: Context,
  options: GiveBackOptions,
  ask: (terminal: Terminal, actor: Actor) => Result<Order, Failure>,
): Promise<ExitCode> {
  const { console } = context;
  const actor: Actor = { kind: 'operator', name: options.operator };
  const finished = await withTerminal(context, async ({ terminal }) => {
    const requested = ask(terminal, actor);
    if (!requested.ok) return requested;
    const { clientSn, state } = requested.value;
    console.note(`${clientSn} ${state}: asking the acquirer to return the money`);
    await waitForOrder(terminal, clientSn, {
      waitMs: options.wait * 1000,
      isDone: (order) => !UNDER_WAY.has(order.state),
      onState: (order) => console.note(`${clientSn} ${describeProgress(order)}`),
    });
    return terminal.find(clientSn);
  });
  if (!finished.ok) return console.fail(finished.error);
  if (!finished.value.ok) return console.fail(finished.value.error);
  const { refusal } = finished.value.value;
  const order = orderJson(finished.value.value);
  const isRefused = refusal !== null && !UNDER_WAY.has(order.state);
  const refused = isRefused ? `\nThe acquirer refused: ${refusal.code}` : '';
  const isTooLate = order.reason === 'revoke_window_closed';
  const next = isTooLate ? `\nIts day is over. Next: redress refund ${order.clientSn}` : '';
  console.result(order, describeOrder(order) + refused + next);
  return giveBackExitCode(order);
}
