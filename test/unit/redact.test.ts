import { describe, expect, test } from 'vitest';
import { createLog } from '../../main/shell/log.ts';
import { redactLine, redactSecrets, redactValues } from '../../main/shell/redact.ts';

const KEY = '0123456789abcdef0123456789ABCDEF';
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----';

describe('what looks like a secret in a text', () => {
  test.each([
    ['an Alipay code of 18 digits', 'paid with 288877776666555501.', 'paid with [secret].'],
    ['a wallet code of 16 digits', 'code=2877666655554444', 'code=[secret]'],
    ['a WeChat code', 'auth 134500000000000001 refused', 'auth [secret] refused'],
    ['a UnionPay code of 19 digits', '6212345678901234567', '[secret]'],
    ['a code of 24 digits', '300000000000000000000001', '[secret]'],
    ['a code that begins with an order number', '78922594882929381', '[secret]'],
    ['a code between letters', 'x2877666655554444y', 'x[secret]y'],
    ['a code in an address', '/pay?dynamic_id=2877666655554444&x=1', '/pay?dynamic_id=[secret]&x=1'],
    ['a key in hex', `signed with ${KEY}!`, 'signed with [secret]!'],
    ['a session secret', `${KEY}${KEY}`, '[secret]'],
    ['a PEM block', `before ${PEM} after`, 'before [secret] after'],
    ['a PEM block inside JSON', JSON.stringify({ text: PEM }), '{"text":"[secret]"}'],
    ['a PEM block that was cut', `x ${PEM.slice(0, 50)}`, 'x [secret]'],
    ['a header', 'Authorization: 10298371039 c0ffee', 'Authorization: [secret]'],
    ['a header in JSON', '{"authorization":"1029 c0ffee"}', '{"authorization":"[secret]"}'],
    [
      'a header in a list of raw headers',
      "['authorization', '1029 c0ffee']",
      "['authorization', '[secret]']",
    ],
    ['a key by its name', 'terminalKey: short-key, next', 'terminalKey: [secret], next'],
    ['a key by its name in JSON', '{"vendorKey":"a, b}"}', '{"vendorKey":"[secret]"}'],
    [
      'a key in JSON inside JSON',
      String.raw`{\"terminalKey\":\"abc\"}`,
      String.raw`{\"terminalKey\":\"[secret]\"}`,
    ],
    ['a key in JSON that was cut', '{"terminalKey":"abc', '{"terminalKey":"[secret]"'],
    ['a member called key', '{"key":"abc"}', '{"key":"[secret]"}'],
  ])('is masked: %s', (_name, text, masked) => {
    expect(redactSecrets(text)).toBe(masked);
  });

  test.each([
    ['our order number', 'order 20261120-123456-ABCDEFGHJKM'],
    ['our order number that is all digits', '20261120-123456-12345678901'],
    ["the acquirer's order number", 'sn 7892259488292938'],
    ['an instant in milliseconds', 'at 1763611200000'],
    ['an amount', 'amount 1234567890'],
    ['a fraction of the ledger', '{"random":0.7234567890123456}'],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ['plain words about keys', 'the new key could not be stored; it is used from memory'],
    ['a terminal number of the documented form', 'terminal 10298371039'],
    ['what is masked already', '{"key":"[secret]","authorization":"[secret]"}'],
  ])('is not: %s', (_name, text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  test('is found in time that grows no faster than the text', () => {
    const hostile = `authorization:${' "\\'.repeat(50_000)}${'1'.repeat(50_000)}${'-----BEGIN '.repeat(5000)}`;
    const started = performance.now();
    redactSecrets(hostile);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('what looks like a secret in plain data', () => {
  test('is masked by its name at any depth, and by its looks in names and numbers', () => {
    expect(
      redactValues({
        a: [{ terminalKey: 'short', previousKey: null, key: { checkedInDay: '2026-11-20' } }],
        '2877666655554444': 1,
        code: 2_877_666_655_554_444,
      }),
    ).toEqual({
      a: [{ terminalKey: '[secret]', previousKey: null, key: { checkedInDay: '2026-11-20' } }],
      '[secret]': 1,
      code: '[secret]',
    });
  });

  test('leaves the names of orders, terminals and vendors alone, whatever digits they have', () => {
    const names = { sn: '1234567890123456', terminalSn: '100114020002045976', deviceId: KEY };
    expect(redactValues(names)).toEqual(names);
    expect(redactValues({ deviceId: PEM })).toEqual({ deviceId: '[secret]' });
  });

  test('ends at a bounded depth', () => {
    let nested: unknown = KEY;
    for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
    expect(JSON.stringify(redactValues(nested))).toContain('[too deep]');
  });
});

describe('a line of the log', () => {
  function logged(write: (log: ReturnType<typeof createLog>) => void): string {
    let text = '';
    write(createLog('trace', { write: (line) => void (text += line) }));
    return text;
  }

  test('carries no secret in a message, a member, an error or its cause, and stays JSON', () => {
    const code = '2877666655554444';
    const cause = new Error(`cause ${code}`);
    const error = Object.assign(new Error(`met ${code} and ${PEM}`, { cause }), {
      headers: { key: 'abcdef' },
    });
    const text = logged((log) =>
      log.error({ error, nested: { deep: { code: Number(code) } } }, `on ${code}`),
    );
    expect(text.endsWith('}\n')).toBe(true);
    const line = JSON.parse(text) as { readonly msg: string; readonly error: { readonly stack: string } };
    expect(line.msg).toBe('on [secret]');
    expect(line.error.stack).toContain('redact.test.ts');
    for (const secret of [code, 'MIIEvQ', 'abcdef']) expect(text).not.toContain(secret);
  });

  test('that carries none is not touched', () => {
    const line =
      '{"level":30,"time":1763611200000,"clientSn":"20261120-123456-ABCDEFGHJKM","msg":"answer"}\n';
    expect(redactLine(line)).toBe(line);
  });

  test('that is no JSON is masked as the text it is', () => {
    expect(redactLine('code 2877666655554444\n')).toBe('code [secret]\n');
  });
});
