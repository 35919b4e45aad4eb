import type { CommandName } from '../renderer/input/scan-meaning.ts';

/** One card of the sheet: what its code says after `REDRESS:`. */
export type Command = CommandName | `${CommandName}:${string}`;

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export type CardName = (typeof DIGITS)[number] | keyof typeof NAMED;

const NAMED = {
  point: 'POINT',
  erase: 'ERASE',
  collect: 'COLLECT',
  nextSale: 'NEXT-SALE',
  confirm: 'CONFIRM',
  cancel: 'CANCEL',
  revoke: 'REVOKE',
  giveUp: 'GIVE-UP',
  tryNow: 'TRY-NOW',
  toCollect: 'SCREEN:COLLECT',
  toOrders: 'SCREEN:ORDERS',
  toInDoubt: 'SCREEN:IN-DOUBT',
  toTerminal: 'SCREEN:TERMINAL',
} as const satisfies Readonly<Record<string, Command>>;

/** The sheet in the order in which a sale goes. */
export const CARD_GROUPS = {
  amount: [...DIGITS, 'point', 'erase'],
  sale: ['collect', 'nextSale', 'confirm', 'cancel'],
  order: ['revoke', 'giveUp', 'tryNow'],
  screens: ['toCollect', 'toOrders', 'toInDoubt', 'toTerminal'],
} as const satisfies Readonly<Record<string, readonly CardName[]>>;
export type CardGroup = keyof typeof CARD_GROUPS;

/** What a scanner reads from this card. */
export function textOf(card: CardName): string {
  const command = isNamed(card) ? NAMED[card] : `DIGIT:${card}`;
  return `REDRESS:${command}`;
}

/** The picture of its code. */
export function fileOf(card: CardName): string {
  const [, ...words] = textOf(card).toLowerCase().split(':');
  return `${words.join('-')}.svg`;
}

function isNamed(card: CardName): card is keyof typeof NAMED {
  return Object.hasOwn(NAMED, card);
}
