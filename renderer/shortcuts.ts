import type { Strings } from './strings/strings.ts';

export type ShortcutName = keyof Strings['shell']['shortcut'];

/** Keys as `KeyboardEvent.key` names them; function keys, because everything else may be typed or scanned. */
export const SHORTCUTS: readonly { readonly key: string; readonly name: ShortcutName }[] = [
  { key: 'F1', name: 'collect' },
  { key: 'F2', name: 'orders' },
  { key: 'F3', name: 'inDoubt' },
  { key: 'F4', name: 'terminal' },
  { key: 'F6', name: 'search' },
  { key: 'F7', name: 'revoke' },
  { key: 'F8', name: 'giveUp' },
  { key: 'F9', name: 'tryNow' },
  { key: 'Enter', name: 'submit' },
  { key: 'Escape', name: 'nextSale' },
  { key: '?', name: 'help' },
];

export function shortcutOf(key: string): ShortcutName | null {
  return SHORTCUTS.find((shortcut) => shortcut.key === key)?.name ?? null;
}
