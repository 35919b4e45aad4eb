import { assertNever } from '../../shared/assert.ts';
import type { OrderCard, OrderJson } from '../../shared/contract.ts';
import { EXIT, type ExitCode } from '../../shared/errors.ts';
import { printAmount } from '../../shared/money.ts';
import type { Instruction } from '../../shared/order/order.ts';

const INSTRUCTION_TEXT: Readonly<Record<Instruction, string>> = {
  wait: 'WAIT',
  hand_over: 'HAND OVER THE GOODS',
  do_not_hand_over: 'DO NOT HAND OVER THE GOODS',
  take_goods_back_when_confirmed: 'TAKE THE GOODS BACK ONCE CONFIRMED',
  goods_back: 'MONEY RETURNED, GOODS BACK',
  call_shift_lead: 'CALL THE SHIFT LEAD',
};

/** One order in one line for people. */
export function describeOrder(order: OrderJson): string {
  const reason = order.reason === null ? '' : ` (${order.reason})`;
  const amount = `${printAmount(order.amount, order.currency)} ${order.currency}`;
  return `${order.clientSn}  ${amount}  ${order.state}${reason}  ${INSTRUCTION_TEXT[order.instruction]}`;
}

/** What happens next, for the progress lines of a waiting command. */
export function describeProgress(order: OrderCard): string {
  const code = order.lastAnswer === null ? '' : `, last answer ${order.lastAnswer.code}`;
  return `${order.state}: ${INSTRUCTION_TEXT[order.instruction].toLowerCase()}${code}`;
}

/** The exit code a finished or unfinished collect stands for (DESIGN section 7). */
export function payExitCode(order: OrderJson): ExitCode {
  switch (order.state) {
    case 'paid':
      return EXIT.done;
    case 'declined':
      return order.reason === 'configuration' ? EXIT.refused : EXIT.notCharged;
    case 'reversed':
    case 'revoked':
      return EXIT.notCharged;
    case 'attention':
      return EXIT.attention;
    case 'resolved':
      return order.charged === 'yes' ? EXIT.done : EXIT.notCharged;
    case 'collecting':
    case 'confirming':
    case 'reversing':
    case 'verifying':
    case 'revoking':
      return EXIT.stillOwed;
    default:
      return assertNever(order.state);
  }
}

/** The exit code of a revoke or a refund: back to paid means the acquirer refused it. */
export function giveBackExitCode(order: OrderJson): ExitCode {
  switch (order.state) {
    case 'revoked':
      return EXIT.done;
    case 'paid':
      return EXIT.refused;
    case 'attention':
      return EXIT.attention;
    case 'revoking':
    case 'collecting':
    case 'confirming':
    case 'reversing':
    case 'verifying':
      return EXIT.stillOwed;
    case 'declined':
    case 'reversed':
    case 'resolved':
      return order.charged === 'no' ? EXIT.done : EXIT.refused;
    default:
      return assertNever(order.state);
  }
}
