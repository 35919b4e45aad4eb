import { assertNever } from '../../shared/assert.ts';
import { goTo, type Route } from '../route.ts';
import { type ShortcutName, SHORTCUTS } from './shortcuts.ts';
import type { Till } from '../till.ts';
import { giveUpShown, retryShown, revokeShown } from './order-commands.ts';
import { useWindowEvent } from '../use-window-event.ts';

/** The keys of `SHORTCUTS`, and digits that find their way into the amount from anywhere on Collect. */
export function useKeyboard(till: Till, route: Route): void {
  const { question, connection } = till.state;
  useWindowEvent('keydown', (event) => {
    // A finger that rests on a key asks once.
    if (event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (question !== null || connection !== 'live') return;
    const name = SHORTCUTS.get(event.key);
    if (name !== undefined) runShortcut(name, event, till);
    else if (route.screen === 'collect') turnToAmount(event);
  });
}

function runShortcut(name: ShortcutName, event: KeyboardEvent, till: Till): void {
  switch (name) {
    case 'submit':
      // Enter belongs to whatever is focused.
      return;
    case 'help':
      if (isWords(event.target)) return;
      till.actions.ask({ type: 'shortcuts' });
      break;
    case 'nextSale':
      till.actions.nextSale();
      goTo({ screen: 'collect' });
      break;
    case 'collect':
      goTo({ screen: 'collect' });
      break;
    case 'orders':
    case 'search':
      goTo({ screen: 'orders', text: '' });
      break;
    case 'inDoubt':
      goTo({ screen: 'in-doubt' });
      break;
    case 'terminal':
      goTo({ screen: 'terminal' });
      break;
    case 'revoke':
      revokeShown(till);
      break;
    case 'giveUp':
      giveUpShown(till);
      break;
    case 'tryNow':
      retryShown(till);
      break;
    default:
      assertNever(name);
  }
  event.preventDefault();
}

/** A digit typed while a button is focused is meant for the amount. */
function turnToAmount({ key, target }: KeyboardEvent): void {
  if (!/^[\d.]$/.test(key) || target instanceof HTMLInputElement) return;
  document.querySelector<HTMLInputElement>('[data-scan="amount"]')?.focus();
}

function isWords(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.dataset['scan'] === 'words';
}
