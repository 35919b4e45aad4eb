import { useEffect } from 'preact/hooks';
import { assertNever } from '../../shared/assert.ts';
import type { SearchResult } from '../../shared/contract.ts';
import type { Reply } from '../../shared/bridge.ts';
import { goTo, parseRoute, type Route } from '../route.ts';
import type { Till } from '../till.ts';
import { useLatest } from '../use-latest.ts';
import { giveUpShown, retryShown, revokeShown } from './order-commands.ts';
import { type CommandName, meaningOf } from './scan-meaning.ts';
import { useScanner } from './use-scanner.ts';

/** Does what a scan asks for, whichever screen is open and whichever field is focused. */
export function useScans(till: Till, route: Route): void {
  const latest = useLatest(till);
  const forget = useScanner((text) => onScan(text, till, route, () => latest.current));
  const { notice } = till.state;
  useEffect(() => {
    // Nothing was collected, so the same code may be scanned again at once.
    if (notice !== null) forget();
  }, [notice]);
}

function onScan(text: string, till: Till, route: Route, latest: () => Till): void {
  // Behind the overlay nobody sees what a scan would do.
  if (till.state.connection !== 'live') return;
  const meaning = meaningOf(text);
  switch (meaning.type) {
    case 'command':
      runCommand(meaning.name, meaning.argument, till, route);
      return;
    case 'wallet_code':
      if (till.state.question === null) takeCode(meaning.code, till, route);
      return;
    case 'number':
      if (till.state.question === null) void takeNumber(meaning.text, till, route, latest);
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

/**
 * A number on paper leads to its order. While an amount is waiting for a code, it is taken for one. Whatever
 * has changed while the terminal looked for it, nothing is collected by it afterwards without a press.
 */
async function takeNumber(text: string, till: Till, route: Route, latest: () => Till): Promise<void> {
  const { snapshot, api, actions } = till;
  const known = snapshot.orders.find(({ clientSn, sn }) => clientSn === text || sn === text);
  if (known !== undefined) {
    goTo({ screen: 'order', clientSn: known.clientSn });
    return;
  }
  const isCollecting = route.screen === 'collect';
  if (isCollecting && GOODS.test(text)) {
    actions.notice({ code: 'code_malformed', message: NO_CODE });
    return;
  }
  if (isCollecting && till.draft.current.amount !== '') {
    actions.scanCode(text);
    return;
  }
  const found = await api['orders.search']({ text });
  const isElsewhere = parseRoute(window.location.hash).screen !== route.screen;
  if (isElsewhere || latest().state.question !== null) return;
  const target = onlyOrder(found, text);
  if (target !== null) goTo({ screen: 'order', clientSn: target });
  else if (isCollecting) actions.prepare({ code: text });
  // Digits of a code's length may be a code, which no address may hold.
  else if (MAYBE_CODE.test(text)) actions.notice({ code: 'order_unknown', message: NO_ORDER });
  else goTo({ screen: 'orders', text });
}

const MAYBE_CODE = /^\d{16,}$/;
/** EAN, UPC and ITF of goods; no wallet's code is as short (upay.md 2.3). */
const GOODS = /^\d{8,14}$/;
const NO_ORDER = 'No such order on this terminal.';
const NO_CODE = 'That is no payment code.';

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
    case 'POINT':
    case 'ERASE':
    case 'AMOUNT':
    case 'SALE':
    case 'COLLECT':
      // Nobody changes or collects an amount that is not on the screen.
      if (route.screen === 'collect') prepareSale(name, argument, till);
      else goTo({ screen: 'collect' });
      return;
    case 'REVOKE':
      revokeShown(till);
      return;
    case 'GIVE-UP':
      giveUpShown(till);
      return;
    case 'TRY-NOW':
      retryShown(till);
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

type SaleCommand = 'DIGIT' | 'POINT' | 'ERASE' | 'AMOUNT' | 'SALE' | 'COLLECT';

function prepareSale(name: SaleCommand, argument: string, { actions, draft }: Till): void {
  switch (name) {
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
      // Another slip's reference would sell these goods under that sale.
      actions.prepare({ amount: argument, saleId: '' });
      return;
    case 'SALE': {
      // A reference may hold colons of its own.
      const [amount = '', ...reference] = argument.split(':');
      actions.prepare({ amount, saleId: reference.join(':') });
      return;
    }
    case 'COLLECT':
      if (draft.current.code !== '') actions.collect();
      return;
    default:
      assertNever(name);
  }
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
