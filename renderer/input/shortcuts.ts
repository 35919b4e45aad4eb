import type { Strings } from '../strings/strings.ts';

export type ShortcutName = keyof Strings['shell']['shortcut'];

/** Keys as `KeyboardEvent.key` names them; function keys, because everything else may be typed or scanned. */
export const SHORTCUTS: ReadonlyMap<string, ShortcutName> = new Map([
  ['F1', 'collect'],
  ['F2', 'orders'],
  ['F3', 'inDoubt'],
  ['F4', 'terminal'],
  ['F6', 'search'],
  ['F7', 'revoke'],
  ['F8', 'giveUp'],
  ['F9', 'tryNow'],
  ['Enter', 'submit'],
  ['Escape', 'nextSale'],
  ['?', 'help'],
]);
