import { EXIT, failure, type ExitCode } from '../../../shared/errors.ts';
import { openToRead } from '../../open-terminal.ts';
import { orderJson, timelineEntry } from '../../order-view.ts';
import type { Context } from '../context.ts';
import { describeOrder } from '../describe-order.ts';

/** Lists orders, newest first. */
export function orders(context: Context, options: { readonly limit: number }): ExitCode {
  const opened = openToRead(context.directory);
  if (!opened.ok) return context.console.fail(opened.error);
  const list = opened.value.ledger.recent(options.limit).map(orderJson);
  opened.value.close();
  context.console.result(list, list.length === 0 ? 'No orders yet.' : list.map(describeOrder).join('\n'));
  return EXIT.done;
}

/** One order with everything that ever happened to it. */
export function show(context: Context, number: string): ExitCode {
  const opened = openToRead(context.directory);
  if (!opened.ok) return context.console.fail(opened.error);
  const { ledger, close } = opened.value;
  const order = ledger.find(number);
  const timeline = order === null ? [] : ledger.timeline(order.clientSn).map(timelineEntry);
  close();
  if (order === null) return context.console.fail(failure('order_unknown'));
  const lines = timeline.map(
    ({ seq, atMs, event, detail }) =>
      `${seq}  ${new Date(atMs).toISOString()}  ${event}  ${JSON.stringify(detail)}`,
  );
  const json = orderJson(order);
  context.console.result({ ...json, timeline }, [describeOrder(json), ...lines].join('\n'));
  return EXIT.done;
}
