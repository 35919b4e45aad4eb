import { beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../../main/ledger/ledger.ts';
import { searchOrders, type OrderSearch } from '../../main/order-search.ts';
import type { Currency } from '../../shared/money.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { APPROVED, must, stampAt } from '../support/fake-ledger.ts';

const TODAY = '2026-11-20';
const YESTERDAY = '2026-11-19';
/** `HH:MM` in Shanghai on the day of the orders. */
const at = (time: string, day = TODAY): number => Date.parse(`${day}T${time}:00+08:00`);

interface Kept {
  readonly clientSn: string;
  readonly time: string;
  readonly amountMinor: number;
  readonly saleId?: string;
  readonly day?: string;
}

/** One counter's orders of two days; the newest is the last. */
const ORDERS: readonly Kept[] = [
  { clientSn: '20261119-120000-OLD', time: '12:00', amountMinor: 1200, day: YESTERDAY, saleId: 'basket-7' },
  { clientSn: '20261120-090000-AAA', time: '09:00', amountMinor: 1200 },
  { clientSn: '20261120-090030-BBB', time: '09:00', amountMinor: 99 },
  { clientSn: '20261120-140500-CCC', time: '14:05', amountMinor: 123_456, saleId: 'basket-7' },
  { clientSn: '20261120-150000-DDD', time: '15:00', amountMinor: 1, saleId: '100%_Tea\\Cup' },
  { clientSn: '20261120-160000-EEE', time: '16:00', amountMinor: 2, saleId: '12' },
];
const SN_OF_AAA = '7892259488292938';

let ledger: Ledger;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-search-'));
  ledger = must(Ledger.open(join(folder, 'ledger.db'), DEFAULT_POLICY));
  for (const kept of ORDERS) keep(ledger, kept);
  must(ledger.apply('20261120-090000-AAA', { ...stampAt(at('09:00') + 1000), ...APPROVED }));
  return () => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
});

function keep(into: Ledger, { clientSn, time, amountMinor, saleId = clientSn, day = TODAY }: Kept): void {
  const intent = {
    type: 'collect_requested' as const,
    clientSn,
    saleId,
    terminalSn: '10298371039',
    amountMinor,
    currency: 'CNY' as const,
    subject: 'Tea',
    operator: 'Ada',
    businessDay: day,
    cancelUntilMs: null,
    ...stampAt(at(time, day)),
  };
  must(into.collect(intent, `28${clientSn.slice(-3)}${day.slice(-2)}`, true));
}

function found(text: string, more: Partial<OrderSearch> = {}, currency: Currency = 'CNY'): readonly string[] {
  const search = { text, businessDay: TODAY, limit: 100, ...more };
  const { orders } = searchOrders(ledger, search, { currency, timeZone: 'Asia/Shanghai' });
  return orders.map(({ clientSn }) => clientSn.slice(-3));
}

describe('a search without words', () => {
  test.each(['', '   ', '\u0000\t'])('%j lists the day, newest first', (text) => {
    expect(found(text)).toEqual(['EEE', 'DDD', 'CCC', 'BBB', 'AAA']);
  });

  test('lists another day', () => {
    expect(found('', { businessDay: YESTERDAY })).toEqual(['OLD']);
    expect(found('', { businessDay: '2026-13-99' })).toEqual([]);
  });

  test('is read page by page until it is complete', () => {
    const page = (beforeMs?: number) =>
      searchOrders(
        ledger,
        { text: '', businessDay: TODAY, limit: 2, beforeMs },
        { currency: 'CNY', timeZone: 'Asia/Shanghai' },
      );
    expect(page()).toMatchObject({ isComplete: false, orders: [{ amountMinor: 2 }, { amountMinor: 1 }] });
    expect(page(at('15:00'))).toMatchObject({
      isComplete: false,
      orders: [{ amountMinor: 1 }, { amountMinor: 123_456 }],
    });
    expect(page(at('09:00'))).toMatchObject({ isComplete: true });
  });
});

describe('a search for a whole number', () => {
  test.each([
    ['our number', '20261120-140500-CCC', ['CCC']],
    ['the acquirer’s number', SN_OF_AAA, ['AAA']],
    ['a number of another day', '20261119-120000-OLD', ['OLD']],
    ['a number with what a scanner adds', ` 20261120-140500-CCC\r\n`, ['CCC']],
    ['a sale, on every day', 'basket-7', ['CCC', 'OLD']],
    ['a sale that reads like an amount', '12', ['EEE']],
    ['a sale of characters that mean something to a database', '100%_Tea\\Cup', ['DDD']],
  ])('finds %s', (_name, text, orders) => {
    expect(found(text)).toEqual(orders);
  });

  test('pages through a sale as well', () => {
    expect(found('basket-7', { limit: 1 })).toEqual(['CCC']);
    expect(found('basket-7', { beforeMs: at('13:00') })).toEqual(['OLD']);
  });
});

describe('a search for an amount', () => {
  test.each([
    ['0.99', ['BBB']],
    ['12.00', ['AAA']],
    ['12.0', ['AAA']],
    ['1234.56', ['CCC']],
    ['1,234.56', ['CCC']],
    ['¥1,234.56', ['CCC']],
    ['￥ 0.99', ['BBB']],
    ['CNY 0.99', ['BBB']],
    ['0.99 cny', ['BBB']],
    ['０．９９', ['BBB']],
    ['12,34.56', []],
    ['1234,56', []],
    ['€0.99', []],
    ['-0.99', []],
    ['0.995', []],
  ])('%s finds %j', (text, orders) => {
    expect(found(text)).toEqual(orders);
  });

  test('is one of the day', () => {
    expect(found('12.00', { businessDay: YESTERDAY })).toEqual(['OLD']);
  });

  test('finds numbers that contain the same digits as well, newest first', () => {
    expect(found('1200', { businessDay: YESTERDAY })).toEqual(['OLD']);
    expect(found('0.01')).toEqual(['DDD']);
    expect(found('2')).toEqual(['EEE', 'DDD', 'CCC', 'BBB', 'AAA']);
  });

  test('takes the symbol of the terminal’s currency, also where another one ends in it', () => {
    expect(found('HK$0.99', {}, 'HKD')).toEqual(['BBB']);
    expect(found('$0.99', {}, 'HKD')).toEqual(['BBB']);
    expect(found('99', {}, 'JPY')).toEqual(['BBB']);
  });
});

describe('a search for a time', () => {
  test.each([
    ['14:05', ['CCC']],
    ['9:00', ['BBB', 'AAA']],
    ['09:00', ['BBB', 'AAA']],
    ['14：05', ['CCC']],
    ['14:06', []],
    ['24:00', []],
    ['9:60', []],
    ['9:0', []],
  ])('%s finds %j', (text, orders) => {
    expect(found(text)).toEqual(orders);
  });

  test('means the day that is looked at', () => {
    expect(found('12:00')).toEqual([]);
    expect(found('12:00', { businessDay: YESTERDAY })).toEqual(['OLD']);
  });
});

describe('a search for part of a number', () => {
  test.each([
    ['of ours', '140500', ['CCC']],
    ['of ours, in small letters', '-ccc', ['CCC']],
    ['of the acquirer’s', '948829', ['AAA']],
    ['of a sale, of this day only', 'BASKET', ['CCC']],
    ['a percent sign is itself', '0%', ['DDD']],
    ['an underscore is itself', '_tea', ['DDD']],
    ['a backslash is itself', 'a\\c', ['DDD']],
    ['nothing', 'nowhere', []],
    ['something long', 'x'.repeat(128), []],
    ['a quotation mark', `' OR 1=1 --`, []],
  ])('finds it: %s', (_name, text, orders) => {
    expect(found(text)).toEqual(orders);
  });

  test('is cut at the limit and says so', () => {
    const search = { text: '2026', businessDay: TODAY, limit: 3 };
    const result = searchOrders(ledger, search, { currency: 'CNY', timeZone: 'Asia/Shanghai' });
    expect(result.orders).toHaveLength(3);
    expect(result.isComplete).toBe(false);
    expect(found('2026', { beforeMs: at('14:05') })).toEqual(['CCC', 'BBB', 'AAA']);
  });
});
