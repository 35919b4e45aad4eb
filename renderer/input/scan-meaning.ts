/**
 * What the text of a scan stands for. Wallet codes are told by the prefixes that wallets have agreed on
 * (upay.md 2.3); command cards are printed by this screen itself.
 */

/** WeChat 10-15, Alipay 25-30, UnionPay 62. */
const WALLET_CODE = /^(?:1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22}|62\d{17})$/;
const COMMAND = /^REDRESS:([A-Z-]+)(?::(.{1,128}))?$/;

/** What the cards can say; a whole sale with its revoke can be done by scanning alone. */
export const COMMANDS = [
  'DIGIT',
  'POINT',
  'ERASE',
  'AMOUNT',
  'SALE',
  'COLLECT',
  'REVOKE',
  'GIVE-UP',
  'TRY-NOW',
  'CONFIRM',
  'CANCEL',
  'NEXT-SALE',
  'SCREEN',
] as const;
export type CommandName = (typeof COMMANDS)[number];

export type ScanMeaning =
  | { readonly type: 'command'; readonly name: CommandName; readonly argument: string }
  | { readonly type: 'wallet_code'; readonly code: string }
  /** A receipt, a till slip, or a code of a wallet that nobody told us about. */
  | { readonly type: 'number'; readonly text: string };

export function meaningOf(text: string): ScanMeaning {
  const [, name, argument = ''] = COMMAND.exec(text) ?? [];
  const command = COMMANDS.find((known) => known === name);
  if (command !== undefined) return { type: 'command', name: command, argument };
  return WALLET_CODE.test(text) ? { type: 'wallet_code', code: text } : { type: 'number', text };
}
