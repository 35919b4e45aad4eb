import type { ExitCode } from '../../../shared/errors.ts';
import type { OrderState } from '../../../shared/order/order.ts';
import type { Actor } from '../../../shared/order/event.ts';
import { orderJson } from '../../order-view.ts';
import type { Context } from '../context.ts';
import { withTerminal } from '../context.ts';
import { describeOrder, describeProgress, payExitCode } from '../describe-order.ts';
import { waitForOrder } from '../wait-for-order.ts';

export interface PayOptions {
  readonly amount: string;
  readonly code: string;
  readonly sale?: string | undefined;
  readonly subject?: string | undefined;
  readonly operator: string;
  readonly override: boolean;
  readonly wait: number;
}

const DECIDED: readonly OrderState[] = ['paid', 'declined', 'reversed', 'attention'];

/** Collects one payment and waits for its outcome; whatever happens to this process, the intent is on disk. */
export async function pay(context: Context, options: PayOptions): Promise<ExitCode> {
  const { console } = context;
  const actor: Actor = { kind: 'operator', name: options.operator };
  const { amount, code, sale: saleId, subject, operator, override } = options;
  const finished = await withTerminal(context, async ({ terminal }) => {
    const collected = terminal.collect({ amount, code, saleId, subject, operator }, override, actor);
    if (!collected.ok) return collected;
    const { clientSn } = collected.value;
    console.note(`${clientSn} collecting: wait`);
    await waitForOrder(terminal, clientSn, {
      waitMs: options.wait * 1000,
      isDone: (order) => DECIDED.includes(order.state),
      onState: (order) => console.note(`${clientSn} ${describeProgress(order)}`),
    });
    return terminal.find(clientSn);
  });
  if (!finished.ok) return console.fail(finished.error);
  if (!finished.value.ok) return console.fail(finished.value.error);
  const order = orderJson(finished.value.value);
  console.result(order, describeOrder(order));
  return payExitCode(order);
}
