import type { OrderCard, PracticeReport } from '../shared/contract.ts';
import { isUndecided } from '../shared/order/order.ts';

/** An order as the practice gateway has it. */
export type HeldOrder = PracticeReport['orders'][number];

/** How what the gateway holds compares with what this terminal shows. */
export type Agreement = 'agree' | 'settling' | 'disagree' | 'unlisted';

/** While the terminal is still finding out, a difference is no contradiction yet. */
export function agreementOf({ capturedAmount }: HeldOrder, order: OrderCard | null): Agreement {
  if (order === null) return 'unlisted';
  const expected = order.charged === 'yes' ? order.amount : 0;
  if (order.charged !== 'unknown' && expected === capturedAmount) return 'agree';
  return isUndecided(order.state) ? 'settling' : 'disagree';
}
