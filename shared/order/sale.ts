import type { Order } from './order.ts';

/**
 * The orders of one sale that must give their money back because an earlier one holds it. An order
 * that is being revoked is on its way out and holds nothing against the others.
 */
export function laterDuplicates(
  ordersOfSale: readonly Order[],
): readonly { readonly duplicate: Order; readonly first: Order }[] {
  const [first, ...later] = ordersOfSale
    .filter((order) => order.state === 'paid' || (order.state === 'resolved' && order.charged === 'yes'))
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.clientSn < b.clientSn ? -1 : 1));
  if (first === undefined) return [];
  return later.filter((order) => order.state === 'paid').map((duplicate) => ({ duplicate, first }));
}
