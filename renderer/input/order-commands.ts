import { canGiveUp, isWorthTrying } from '../allowed.ts';
import { STRINGS } from '../strings/strings.ts';
import type { Till } from '../till.ts';

/**
 * What keys and command cards do to the order on the screen. Where no order is on the screen, or a button
 * for it would not be there, they do nothing.
 */

export function revokeShown({ onScreen, actions }: Till): void {
  const order = onScreen.current;
  if (order === null) return;
  const { clientSn, revokeRefusal: code } = order;
  if (code === null) actions.askRevoke(order);
  else actions.notice({ code, message: STRINGS.en.order.refusals[code], clientSn });
}

export function giveUpShown({ onScreen, actions, state }: Till): void {
  const order = onScreen.current;
  if (order !== null && canGiveUp(order, Date.now() + state.clockOffsetMs)) actions.giveUp(order);
}

export function retryShown({ onScreen, actions }: Till): void {
  const order = onScreen.current;
  if (order !== null && isWorthTrying(order)) actions.retry(order);
}
