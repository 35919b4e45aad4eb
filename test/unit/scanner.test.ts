import { describe, expect, it } from 'vitest';
import {
  BURST_PAUSE_MS,
  BurstReader,
  type Reading,
  withoutControlCharacters,
} from '../../renderer/input/scanner.ts';
import { meaningOf } from '../../renderer/input/scan-meaning.ts';

const CODE = '134712345678901234';
const SCANNER_GAP_MS = 5;
const FINGER_GAP_MS = 120;

/** Presses each character and returns what the last one turned out to be, with the clock after it. */
function type(reader: BurstReader, text: string, fromMs: number, gapMs = SCANNER_GAP_MS) {
  let atMs = fromMs;
  let reading: Reading = { type: 'typing' };
  for (const key of text) {
    reading = reader.press({ key, atMs });
    atMs += gapMs;
  }
  return { reading, atMs };
}

describe('a burst of keys', () => {
  it('ended by Enter is a scan', () => {
    const reader = new BurstReader();
    const { reading, atMs } = type(reader, CODE, 0);
    expect(reading).toEqual({ type: 'scanning' });
    expect(reader.press({ key: 'Enter', atMs })).toEqual({ type: 'scanned', text: CODE });
  });

  it('ended by a pause is a scan', () => {
    const reader = new BurstReader();
    const { atMs } = type(reader, CODE, 0);
    expect(reader.pause(atMs + BURST_PAUSE_MS)).toEqual({ type: 'scanned', text: CODE });
    expect(reader.pause(atMs + 2 * BURST_PAUSE_MS)).toEqual({ type: 'typing' });
  });

  it('with CR and LF is one scan, and the LF presses nothing', () => {
    const reader = new BurstReader();
    const { atMs } = type(reader, CODE, 0);
    reader.press({ key: 'Enter', atMs });
    expect(reader.press({ key: 'Enter', atMs: atMs + 3 })).toEqual({ type: 'repeated' });
    expect(reader.press({ key: 'Enter', atMs: atMs + 400 })).toEqual({ type: 'typing' });
  });

  it('that repeats the last code within two seconds is no second scan', () => {
    const reader = new BurstReader();
    const first = type(reader, CODE, 0);
    reader.press({ key: 'Enter', atMs: first.atMs });
    const second = type(reader, CODE, 1000);
    expect(reader.press({ key: 'Enter', atMs: second.atMs })).toEqual({ type: 'repeated' });
    const third = type(reader, CODE, 5000);
    expect(reader.press({ key: 'Enter', atMs: third.atMs })).toEqual({ type: 'scanned', text: CODE });
  });

  it('may be repeated at once after it came to nothing', () => {
    const reader = new BurstReader();
    const first = type(reader, CODE, 0);
    reader.press({ key: 'Enter', atMs: first.atMs });
    reader.forget();
    const second = type(reader, CODE, 500);
    expect(reader.press({ key: 'Enter', atMs: second.atMs })).toEqual({ type: 'scanned', text: CODE });
  });

  it('with the code in it twice holds it once', () => {
    const reader = new BurstReader();
    const { atMs } = type(reader, CODE + CODE, 0);
    expect(reader.press({ key: 'Enter', atMs })).toEqual({ type: 'scanned', text: CODE });
  });

  it('begins anew after fingers', () => {
    const reader = new BurstReader();
    type(reader, '12.3', 0, FINGER_GAP_MS);
    const { atMs } = type(reader, CODE, 2000);
    expect(reader.press({ key: 'Enter', atMs })).toEqual({ type: 'scanned', text: CODE });
  });

  it('that something else interrupts is no scan', () => {
    const reader = new BurstReader();
    const { atMs } = type(reader, CODE, 0);
    reader.drop();
    expect(reader.pause(atMs + BURST_PAUSE_MS)).toEqual({ type: 'typing' });
  });

  it('of any length is bounded', () => {
    const reader = new BurstReader();
    const { atMs } = type(reader, 'x1'.repeat(5000), 0);
    const reading = reader.press({ key: 'Enter', atMs });
    expect(reading.type === 'scanned' && reading.text.length).toBeLessThanOrEqual(512);
  });
});

it('fingers and short bursts are typing', () => {
  const reader = new BurstReader();
  expect(type(reader, CODE, 0, FINGER_GAP_MS).reading).toEqual({ type: 'typing' });
  expect(reader.press({ key: 'Enter', atMs: 60_000 })).toEqual({ type: 'typing' });
  const { atMs } = type(reader, '99999999.99', 70_000);
  expect(reader.press({ key: 'Enter', atMs })).toEqual({ type: 'typing' });
});

it('control characters around a code are taken off', () => {
  expect(withoutControlCharacters('\u0002\u001d134\u0003\r\n')).toBe('134');
});

describe('what was scanned', () => {
  it.each([
    '134712345678901234',
    '281234567890123456',
    '6212345678901234567',
    '2512345678901234',
    '301234567890123456789012',
  ])('%s is a wallet code', (code) => expect(meaningOf(code)).toEqual({ type: 'wallet_code', code }));

  it.each([
    '7895037800000001',
    '20261120-112301-ABCDEFGHJKM',
    '162345678901234567',
    'REDRESS:FLY',
    'redress:revoke',
  ])('%s is a number on paper', (text) => expect(meaningOf(text)).toEqual({ type: 'number', text }));

  it('is a command when our own cards say so', () => {
    expect(meaningOf('REDRESS:REVOKE')).toEqual({ type: 'command', name: 'REVOKE', argument: '' });
    expect(meaningOf('REDRESS:SALE:12.34:T-77')).toEqual({
      type: 'command',
      name: 'SALE',
      argument: '12.34:T-77',
    });
  });
});
