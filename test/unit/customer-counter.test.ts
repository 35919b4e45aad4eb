import { describe, expect, test } from 'vitest';
import { CustomerCounter } from '../../main/counter.ts';
import type { Counter } from '../../shared/contract.ts';
import { paid } from '../fixtures/orders.ts';

function counter() {
  const pushed: Counter[] = [];
  const order = paid();
  const shown = new CustomerCounter({
    currency: 'CNY',
    find: (number) => ([order.clientSn, order.sn].includes(number) ? order : null),
    onChange: (change) => pushed.push(change),
  });
  return { shown, pushed, order };
}

describe('what the customer is shown', () => {
  test('is nothing at first', () => {
    expect(counter().shown.shown).toEqual({ kind: 'idle' });
  });

  test('follows an amount while it is typed, and shows nothing for half of one', () => {
    const { shown, pushed } = counter();
    for (const amount of ['1', '12', '12.', '12.3', '12.34', '']) shown.show({ kind: 'amount', amount });
    expect(pushed).toEqual([
      { kind: 'amount', amount: 100 },
      { kind: 'amount', amount: 1200 },
      { kind: 'idle' },
      { kind: 'amount', amount: 1230 },
      { kind: 'amount', amount: 1234 },
      { kind: 'idle' },
    ]);
  });

  test('is told only where it changes', () => {
    const { shown, pushed, order } = counter();
    shown.show({ kind: 'idle' });
    shown.show({ kind: 'amount', amount: '12' });
    shown.show({ kind: 'amount', amount: '12.00' });
    shown.follow(order);
    shown.show({ kind: 'order', clientSn: order.clientSn });
    expect(pushed).toEqual([
      { kind: 'amount', amount: 1200 },
      { kind: 'order', clientSn: order.clientSn },
    ]);
  });

  test('names an order by our number, whichever was given', () => {
    const { shown, order } = counter();
    expect(shown.show({ kind: 'order', clientSn: order.sn ?? '' })).toMatchObject({ ok: true });
    expect(shown.shown).toEqual({ kind: 'order', clientSn: order.clientSn });
  });

  test('stays as it was where no such order is known', () => {
    const { shown, pushed } = counter();
    expect(shown.show({ kind: 'order', clientSn: 'nobody' })).toEqual({
      ok: false,
      error: { code: 'order_unknown' },
    });
    expect(pushed).toEqual([]);
  });
});
