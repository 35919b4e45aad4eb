import { CURRENCIES, type Currency } from '../../shared/money.ts';

export const ERASE = 'erase';
/** The keypad, row by row. */
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '0', ERASE] as const;

/** More digits than any amount has are a finger resting on a key. */
const LONGEST_AMOUNT = 11;

/** The amount after one more key. What could never become an amount is refused, so that what is typed is what is charged. */
export function afterKey(amount: string, key: string, currency: Currency): string {
  if (key === ERASE) return amount.slice(0, -1);
  const decimals = CURRENCIES[currency];
  const [whole = '', fraction] = amount.split('.');
  if (key === '.')
    return fraction !== undefined || decimals === 0 ? amount : `${whole === '' ? '0' : whole}.`;
  if (fraction !== undefined && fraction.length >= decimals) return amount;
  return amount.length >= LONGEST_AMOUNT ? amount : amount + key;
}
