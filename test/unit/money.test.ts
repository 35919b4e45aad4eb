import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURRENCIES, MAX_AMOUNT_MINOR, parseAmount, printAmount, type Currency } from '../../shared/money.ts';

const currency = fc.constantFrom<Currency>('CNY', 'USD', 'EUR', 'HKD', 'SGD', 'MYR', 'THB', 'JPY', 'KRW');

describe('parseAmount', () => {
  test.each<[text: string, currency: Currency, minor: number]>([
    ['12.34', 'CNY', 1234],
    [' 12.34 ', 'CNY', 1234],
    ['12', 'CNY', 1200],
    ['12.3', 'CNY', 1230],
    ['0.01', 'CNY', 1],
    ['0.1', 'CNY', 10],
    ['00012.00', 'CNY', 1200],
    ['99999999.99', 'CNY', MAX_AMOUNT_MINOR],
    ['1', 'JPY', 1],
    ['1234', 'JPY', 1234],
    ['9999999999', 'JPY', MAX_AMOUNT_MINOR],
    ['4.35', 'EUR', 435],
    ['1.15', 'USD', 115],
    ['8.2', 'HKD', 820],
  ])('reads %o in %s as %d minor units', (text, unit, minor) => {
    expect(parseAmount(text, unit)).toEqual({ ok: true, value: minor });
  });

  test.each<[text: string, currency: Currency, error: string]>([
    ['', 'CNY', 'amount_missing'],
    ['   ', 'CNY', 'amount_missing'],
    ['0', 'CNY', 'amount_not_positive'],
    ['0.00', 'CNY', 'amount_not_positive'],
    ['000', 'JPY', 'amount_not_positive'],
    ['-1', 'CNY', 'amount_not_positive'],
    ['-0', 'CNY', 'amount_not_positive'],
    ['-0.01', 'CNY', 'amount_not_positive'],
    ['1.234', 'CNY', 'amount_malformed'],
    ['1.230', 'CNY', 'amount_malformed'],
    ['1.5', 'JPY', 'amount_malformed'],
    ['1.0', 'JPY', 'amount_malformed'],
    ['1.', 'JPY', 'amount_malformed'],
    ['1e3', 'CNY', 'amount_malformed'],
    ['12.', 'CNY', 'amount_malformed'],
    ['.5', 'CNY', 'amount_malformed'],
    ['.', 'CNY', 'amount_malformed'],
    ['+1', 'CNY', 'amount_malformed'],
    ['--1', 'CNY', 'amount_malformed'],
    ['1-', 'CNY', 'amount_malformed'],
    ['1,000', 'CNY', 'amount_malformed'],
    ['1,50', 'EUR', 'amount_malformed'],
    ['1 000', 'CNY', 'amount_malformed'],
    ['1_000', 'CNY', 'amount_malformed'],
    ['1.2.3', 'CNY', 'amount_malformed'],
    ['0x10', 'CNY', 'amount_malformed'],
    ['NaN', 'CNY', 'amount_malformed'],
    ['Infinity', 'CNY', 'amount_malformed'],
    ['¥12', 'CNY', 'amount_malformed'],
    ['１２', 'CNY', 'amount_malformed'],
    ['١٢', 'CNY', 'amount_malformed'],
    ['12\n34', 'CNY', 'amount_malformed'],
    ['12.34\u0000', 'CNY', 'amount_malformed'],
    ['10000000000', 'CNY', 'amount_too_large'],
    ['100000000.00', 'CNY', 'amount_too_large'],
    ['100000000', 'CNY', 'amount_too_large'],
    ['10000000000', 'JPY', 'amount_too_large'],
    ['9'.repeat(400), 'CNY', 'amount_too_large'],
  ])('refuses %o in %s as %s', (text, unit, error) => {
    expect(parseAmount(text, unit)).toEqual({ ok: false, error });
  });

  test('reads back every amount it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_AMOUNT_MINOR }), currency, (minor, unit) => {
        expect(parseAmount(printAmount(minor, unit), unit)).toEqual({ ok: true, value: minor });
      }),
      { numRuns: 2000 },
    );
  });

  test('answers any text with a safe amount or a known refusal', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'0123456789.,-+eE xX¥'.split('')) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), typed), currency, (text, unit) => {
        const read = parseAmount(text, unit);
        if (!read.ok) return /^amount_(missing|malformed|not_positive|too_large)$/.test(read.error);
        return Number.isSafeInteger(read.value) && read.value > 0 && read.value <= MAX_AMOUNT_MINOR;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('printAmount', () => {
  test.each<[minor: number, currency: Currency, text: string]>([
    [1234, 'CNY', '12.34'],
    [1, 'CNY', '0.01'],
    [10, 'CNY', '0.10'],
    [0, 'CNY', '0.00'],
    [-5, 'CNY', '-0.05'],
    [-1234, 'CNY', '-12.34'],
    [MAX_AMOUNT_MINOR, 'CNY', '99999999.99'],
    [1234, 'JPY', '1234'],
    [0, 'KRW', '0'],
  ])('prints %d in %s as %s', (minor, unit, text) => {
    expect(printAmount(minor, unit)).toBe(text);
  });

  test('knows the decimals that ISO 4217 gives each currency', () => {
    expect(CURRENCIES).toEqual({
      CNY: 2,
      USD: 2,
      EUR: 2,
      HKD: 2,
      SGD: 2,
      MYR: 2,
      THB: 2,
      JPY: 0,
      KRW: 0,
    });
  });
});
