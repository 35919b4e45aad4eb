/** Digits of minor units, greater than zero, at most ten of them (upay.md 2.3). */
export function readMinor(text: string): number | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) return undefined;
  const amountMinor = Number(text);
  return amountMinor > 0 ? amountMinor : undefined;
}
