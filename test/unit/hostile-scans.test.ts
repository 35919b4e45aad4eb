import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPayment } from '../../main/payment-input.ts';
import { BURST_PAUSE_MS, BurstReader, withoutControlCharacters } from '../../renderer/input/scanner.ts';
import { COMMANDS, meaningOf } from '../../renderer/input/scan-meaning.ts';
import { wildText } from '../arbitraries/calls.ts';

/** Whatever is held under the scanner, or typed as one would type: a code is a code, and the next scan works. */

const CODE = '134712345678901234';
const RUNS = 2000;
const LONGEST_SCAN = 512;
const GAP_MS = 5;

/** One key with the time since the one before: mostly a scanner's, sometimes a clock's that was set. */
const stroke = fc.record({
  key: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }).map(String) },
    { weight: 2, arbitrary: fc.constant('Enter') },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\0', '\u0002', '\u001d', '\u202e', '１', '٣', '💳', 'é', '\ud800'),
  ),
  afterMs: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 30 }) },
    fc.integer({ min: -5000, max: 5000 }),
  ),
});
const doing = fc.oneof({ weight: 12, arbitrary: stroke }, fc.constantFrom('pause', 'drop', 'forget'));

/** Types a text as a scanner does, and gives what its end turned out to be. */
function scan(reader: BurstReader, text: string, fromMs: number) {
  let atMs = fromMs;
  for (const key of text) reader.press({ key, atMs: (atMs += GAP_MS) });
  return reader.press({ key: 'Enter', atMs: atMs + GAP_MS });
}

describe('keys of all kinds and at all times', () => {
  test('never come to more than one bounded scan, and the next code is read as it is', () => {
    const property = fc.property(fc.array(doing, { maxLength: 200 }), (doings) => {
      const reader = new BurstReader();
      let atMs = 1_000_000;
      let latestMs = atMs;
      for (const each of doings) {
        if (each === 'drop' || each === 'forget') reader[each]();
        else {
          if (each !== 'pause') atMs += each.afterMs;
          const reading = each === 'pause' ? reader.pause(atMs) : reader.press({ key: each.key, atMs });
          if (reading.type === 'scanned') expect(reading.text.length).toBeLessThanOrEqual(LONGEST_SCAN);
        }
        latestMs = Math.max(latestMs, atMs);
      }
      // Nobody touches anything for a while; longer than any memory of the code before.
      reader.pause(latestMs + BURST_PAUSE_MS);
      expect(scan(reader, CODE, latestMs + 10_000)).toEqual({ type: 'scanned', text: CODE });
    });
    fc.assert(property, { numRuns: RUNS });
  });

  test('that make ten thousand characters are cut, and no code is made of what is left', () => {
    for (const text of ['1'.repeat(10_000), '13'.repeat(5000), CODE.repeat(600), 'é'.repeat(10_000)]) {
      const reader = new BurstReader();
      const reading = scan(reader, text, 0);
      const read = reading.type === 'scanned' ? reading.text : '';
      expect(read.length).toBeLessThanOrEqual(LONGEST_SCAN);
      expect(meaningOf(read).type).toBe('number');
      expect(scan(reader, CODE, 1_000_000)).toEqual({ type: 'scanned', text: CODE });
    }
  });
});

describe('a text that was scanned', () => {
  test('is a wallet code only where it is one in ASCII digits, a command only where it is a known card', () => {
    const near = fc.tuple(
      wildText,
      fc.constantFrom(CODE, 'REDRESS:', 'REDRESS:SALE:', ...COMMANDS),
      wildText,
    );
    const texts = fc.oneof(
      wildText,
      near.map((parts) => parts.join('')),
    );
    const property = fc.property(texts, (text) => {
      const meaning = meaningOf(text);
      if (meaning.type === 'wallet_code') {
        expect(meaning.code).toBe(text);
        expect(text).toMatch(/^[0-9]{16,24}$/);
      }
      if (meaning.type === 'command') {
        expect(COMMANDS).toContain(meaning.name);
        expect(`REDRESS:${meaning.name}${meaning.argument === '' ? '' : `:${meaning.argument}`}`).toBe(text);
      }
      expect(withoutControlCharacters(text)).not.toMatch(/\p{Cc}/u);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  test.each([
    '１３４７１２３４５６７８９０１２３４',
    '١٣٤٧١٢٣٤٥٦٧٨٩٠١٢٣٤',
    `\u202e${CODE}`,
    `${CODE}\u200b`,
    `${CODE}\n`,
    `💳${CODE}`,
    `-${CODE}`,
  ])('and only looks like a wallet code is none: %j', (text) => expect(meaningOf(text).type).toBe('number'));
});

describe('what is given for a sale', () => {
  test('passes only as a code of the documented form, and is never repeated in a refusal', () => {
    const property = fc.property(
      fc.record({
        amount: fc.oneof(fc.constantFrom('12.34', '1'), wildText),
        code: fc.oneof(
          wildText,
          wildText.map((text) => `${text}${CODE}`),
        ),
        saleId: fc.option(wildText, { nil: undefined }),
        subject: fc.option(wildText, { nil: undefined }),
        operator: wildText,
      }),
      (input) => {
        const checked = checkPayment(input, 'CNY');
        if (!checked.ok) {
          const told = JSON.stringify(checked.error);
          if (input.code.length >= 12) expect(told).not.toContain(input.code);
          return;
        }
        const { code, amountMinor, saleId, subject, operator } = checked.value;
        expect(code).toMatch(/^[A-Za-z0-9]{1,32}$/);
        expect(input.code).toContain(code);
        expect(Number.isSafeInteger(amountMinor) && amountMinor > 0).toBe(true);
        for (const text of [saleId, subject, operator]) {
          expect(text ?? 'x').not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect((text ?? '').length).toBeLessThanOrEqual(64);
        }
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });
});
