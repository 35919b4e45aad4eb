import type { ExitCode } from '../../../shared/errors.ts';
import type { Actor } from '../../../shared/order/event.ts';
import { orderJson } from '../../order-view.ts';
import { withTerminal, type Context } from '../context.ts';
import { describeOrder, describeProgress, revokeExitCode } from '../describe-order.ts';
import { waitForOrder } from '../wait-for-order.ts';

export interface RevokeOptions {
  readonly reason: string;
  readonly operator: string;
  readonly wait: number;
}

/** Revokes a paid order of today and waits until the money is proved back or the acquirer refuses. */
export async function revoke(context: Context, number: string, options: RevokeOptions): Promise<ExitCode> {
  const { console } = context;
  const actor: Actor = { kind: 'operator', name: options.operator };
  const finished = await withTerminal(context, async ({ terminal }) => {
    const requested = terminal.revoke(number, options.reason, actor);
    if (!requested.ok) return requested;
    const { clientSn } = requested.value;
    console.note(`${clientSn} revoking: asking the acquirer to return the money`);
    await waitForOrder(terminal, clientSn, {
      waitMs: options.wait * 1000,
      isDone: (order) => order.state !== 'revoking',
      onState: (order) => console.note(`${clientSn} ${describeProgress(order)}`),
    });
    return terminal.find(clientSn);
  });
  if (!finished.ok) return console.fail(finished.error);
  if (!finished.value.ok) return console.fail(finished.value.error);
  const { refusal } = finished.value.value;
  const order = orderJson(finished.value.value);
  const refused = order.state === 'paid' && refusal !== null ? `\nThe acquirer refused: ${refusal.code}` : '';
  console.result(order, describeOrder(order) + refused);
  return revokeExitCode(order);
}
