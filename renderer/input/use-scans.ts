import { useEffect } from 'preact/hooks';
import { assertNever } from '../../shared/assert.ts';
import type { SearchResult } from '../../shared/contract.ts';
import type { Reply } from '../bridge.ts';
import { goTo, type Route } from '../route.ts';
import { type CommandName, meaningOf } from './scan-meaning.ts';
import { findOrder } from '../state.ts';
import { STRINGS } from '../strings/strings.ts';
import type { Till } from '../till.ts';
import { useScanner } from './use-scanner.ts';

/** Does what a scan asks for, whichever screen is open and whichever field is focused. */
export function useScans(till: Till, route: Route): void {
  const forget = useScanner((text) => onScan(text, till, route));
  const { notice } = till.state;
  useEffect(() => {
    // Nothing was collected, so the same code may be scanned again at once.
    if (notice !== null) forget();
  }, [notice]);
}

function onScan(text: string, till: Till, route: Route): void {
  const meaning = meaningOf(text);
  switch (meaning.type) {
    case 'command':
      runCommand(meaning.name, meaning.argument, till, route);
      return;
    case 'wallet_code':
      if (till.state.question === null) takeCode(meaning.code, till, route);
      return;
    case 'number':
      if (till.state.question === null) void takeNumber(meaning.text, till, route);
      return;
    default:
      assertNever(meaning);
  }
}

/** Away from the counter nobody sees the amount, so the code waits there for a deliberate Collect. */
function takeCode(code: string, { actions }: Till, route: Route): void {
  if (route.screen === 'collect') {
    actions.scanCode(code);
    return;
  }
  actions.prepare({ code });
  goTo({ screen: 'collect' });
}

/** A number on paper leads to its order. While an amount is waiting for a code, it is taken for one. */
async function takeNumber(text: string, till: Till, route: Route): Promise<void> {
  const { snapshot, api, actions } = till;
  const known = snapshot.orders.find(({ clientSn, sn }) => clientSn === text || sn === text);
  if (known !== undefined) {
    goTo({ screen: 'order', clientSn: known.clientSn });
    return;
  }
  const isCollecting = route.screen === 'collect';
  if (isCollecting && till.draft.current.amount !== '') {
    actions.scanCode(text);
    return;
  }
  const found = await api['orders.search']({ text });
  const target = onlyOrder(found, text);
  if (target !== null) goTo({ screen: 'order', clientSn: target });
  else if (isCollecting && (!found.ok || found.value.orders.length === 0)) actions.scanCode(text);
  else goTo({ screen: 'orders', text });
}

function onlyOrder(found: Reply<SearchResult>, text: string): string | null {
  if (!found.ok) return null;
  const exact = found.value.orders.filter(
    ({ clientSn, sn, saleId }) => clientSn === text || sn === text || saleId === text,
  );
  return exact.length === 1 ? (exact[0]?.clientSn ?? null) : null;
}

function runCommand(name: CommandName, argument: string, till: Till, route: Route): void {
  const { state, actions } = till;
  // A question in front of everything is answered first.
  if (state.question !== null && name !== 'CONFIRM' && name !== 'CANCEL') return;
  switch (name) {
    case 'CONFIRM':
      pressAnswer('yes');
      return;
    case 'CANCEL':
      pressAnswer('no');
      return;
    case 'DIGIT':
      if (/^\d$/.test(argument)) actions.key(argument);
      return;
    case 'POINT':
      actions.key('.');
      return;
    case 'ERASE':
      actions.key('erase');
      return;
    case 'AMOUNT':
      actions.prepare({ amount: argument });
      return;
    case 'SALE': {
      const [amount = '', saleId = ''] = argument.split(':');
      actions.prepare({ amount, saleId });
      return;
    }
    case 'COLLECT':
      if (till.draft.current.code !== '') actions.collect();
      return;
    case 'REVOKE':
      revokeShown(till, route);
      return;
    case 'GIVE-UP':
      giveUpShown(till, route);
      return;
    case 'TRY-NOW':
      retryShown(till, route);
      return;
    case 'NEXT-SALE':
      actions.nextSale();
      goTo({ screen: 'collect' });
      return;
    case 'SCREEN':
      goToNamed(argument);
      return;
    default:
      assertNever(name);
  }
}

/** The order that a command without a number means: the one this screen is about. */
function shownOrder({ state }: Till, route: Route) {
  return findOrder(state, route.screen === 'order' ? route.clientSn : state.focus);
}

/** Also behind the keys of the keyboard; nothing happens where it is not allowed. */
export function revokeShown(till: Till, route: Route): void {
  const order = shownOrder(till, route);
  if (order === null) return;
  if (order.revokeRefusal === null) till.actions.askRevoke(order);
  else {
    const { clientSn, revokeRefusal: code } = order;
    till.actions.notice({ code, message: STRINGS.en.order.revokeRefusals[code], clientSn });
  }
}

export function giveUpShown(till: Till, route: Route): void {
  const order = shownOrder(till, route);
  if (order !== null && order.giveUpFromMs !== null) till.actions.giveUp(order);
}

export function retryShown(till: Till, route: Route): void {
  const order = shownOrder(till, route);
  if (order !== null && (order.next !== null || order.state === 'attention')) till.actions.retry(order);
}

function goToNamed(name: string): void {
  if (name === 'COLLECT') goTo({ screen: 'collect' });
  if (name === 'ORDERS') goTo({ screen: 'orders', text: '' });
  if (name === 'IN-DOUBT') goTo({ screen: 'in-doubt' });
  if (name === 'TERMINAL') goTo({ screen: 'terminal' });
}

/** Presses what a finger would press, so that a card can do no more than a finger. */
function pressAnswer(answer: 'yes' | 'no'): void {
  document.querySelector<HTMLButtonElement>(`dialog[open] [data-answer='${answer}']`)?.click();
}
