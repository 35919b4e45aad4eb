import { describe, expect, test } from 'vitest';
import { ERRORS, EXIT, failure, messageOf, type ErrorCode } from '../../shared/errors.ts';
import { REFUSALS } from '../../shared/order/effect.ts';

const entries = Object.entries(ERRORS);

describe('the table of errors', () => {
  test('has the exit codes that the design promises to scripts', () => {
    expect(EXIT).toEqual({
      done: 0,
      notCharged: 10,
      stillOwed: 20,
      attention: 30,
      usage: 64,
      refused: 69,
      bug: 70,
      inUse: 75,
    });
  });

  test.each(entries)(
    '%s says something in a sentence and exits with a failure of the closed set',
    (_code, error) => {
      expect(error.message).toMatch(/^[A-Z].{10,}[.]$/);
      expect([20, 64, 69, 70, 75]).toContain(error.exit);
    },
  );

  test('says something different for every code', () => {
    expect(new Set(entries.map(([, { message }]) => message)).size).toBe(entries.length);
  });

  test.each(['amount_missing', 'amount_malformed', 'amount_not_positive', 'amount_too_large', ...REFUSALS])(
    'has a text for %s',
    (code) => {
      expect(Object.hasOwn(ERRORS, code)).toBe(true);
    },
  );

  test.each<[code: ErrorCode, exit: number]>([
    ['terminal_in_use', 75],
    ['bug', 70],
    ['not_configured', 69],
    ['usage', 64],
    ['settings_invalid', 64],
  ])('ends %s with %d', (code, exit) => {
    expect(ERRORS[code].exit).toBe(exit);
  });

  test('adds the detail behind the message', () => {
    expect(messageOf(failure('usage'))).toBe('The command was not understood. See --help.');
    expect(messageOf(failure('usage', '--port'))).toBe(
      'The command was not understood. See --help. (--port)',
    );
    expect(failure('usage')).toEqual({ code: 'usage' });
    expect(failure('usage', '')).toEqual({ code: 'usage', detail: '' });
  });
});
