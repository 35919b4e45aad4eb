import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from '../../main/shell/log.ts';
import { redactLine, redactSecrets, redactValues, SECRET_MEMBERS } from '../../main/shell/redact.ts';

const KEY = '0123456789abcdef0123456789ABCDEF';
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----';

const BASE64 =
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3S';
const PERCENT = 'KEhXF4Vn6ll%2Bo3qXjpJc9a2%2FZ0dLwq8rT1yUe7VbN5m%2BQ%2FxWcE4aGhJkPiRsO6u3tYzAo%3D%3D';

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
    ['a key after an escaped line feed', String.raw`bad key:\n${KEY}`, String.raw`bad key:\n[secret]`],
    ['a key after an escaped tab in JSON inside JSON', String.raw`\\t${KEY}`, String.raw`\\t[secret]`],
    [
      'a key by its name after an escaped line feed',
      String.raw`\nterminalKey: abc`,
      String.raw`\nterminalKey: [secret]`,
    ],
    ['a key glued to a word', `key${KEY}z`, 'key[secret]z'],
    [
      'a key with a quote in it',
      String.raw`x {"terminalKey":"a\"bc","b":1}`,
      'x {"terminalKey":"[secret]","b":1}',
    ],
    [
      'a key with a quote in it, in JSON inside JSON',
      String.raw`x \"terminalKey\":\"a\\\"bc\"`,
      String.raw`x \"terminalKey\":\"[secret]\"`,
    ],
    ['keys in a list that was cut', '{"terminalKey":["abc","def', '{"terminalKey":[secret]'],
    [
      'a header whose name is written in capitals',
      'AUTHORIZATION: Digest a=b, c=d',
      'AUTHORIZATION: [secret]',
    ],
    ['a key whose name has a hyphen', 'Terminal-Key: abc', 'Terminal-Key: [secret]'],
    ['who signs in, in an address', 'https://till:p%40ss@host/x', 'https://[secret]@host/x'],
    ['who signs in, without a scheme', '//till:p@ss@host/x', '//[secret]@host/x'],
    ['the query of an address', '<https://host:1/a/b?c=d&e=f> g', '<https://host:1/a/b?[secret]> g'],
    [
      'the query of an address with escaped slashes',
      String.raw`https:\/\/host\/b?c=d`,
      String.raw`https:\/\/host\/b?[secret]`,
    ],
    ['a code that was made a number', 'code 1.2345678901234568e+23', 'code [secret]'],
    ['a key in bare base64', `key file ${BASE64}==, read`, 'key file [secret]==, read'],
    ['a line of a key', `${BASE64.slice(0, 64)}\n`, '[secret]\n'],
    ['a key in base64url', BASE64.replaceAll('/', '_'), '[secret]'],
    ['a key with its slashes escaped', `"${BASE64.replaceAll('/', String.raw`\/`)}"`, '"[secret]"'],
    [
      'a key whose line feeds are escaped',
      String.raw`-${BASE64.slice(0, 64)}\n${BASE64.slice(0, 64)}\n-`,
      String.raw`[secret]\[secret]\n-`,
    ],
    [
      'the value of a Signature header',
      `Signature: algorithm=RSA256, keyVersion=1, signature=${PERCENT}`,
      'Signature: algorithm=RSA256, keyVersion=1, signature=[secret]%3D%3D',
    ],
    [
      'the value of a Signature header that was escaped again',
      `signature=${encodeURIComponent(PERCENT)}`,
      'signature=[secret]%253D%253D',
    ],
    ['a code by the name Alipay+ gives it', '{"paymentMethodId":"W-12"}', '{"paymentMethodId":"[secret]"}'],
    ['a code by the name a mini-program gives it', 'paymentAuthCode=W-12', 'paymentAuthCode=[secret]'],
    ['a private key by its name', `privateKey: "x y", next`, 'privateKey: "[secret]", next'],
    ['a private key by its name in snake case', 'private_key=xy', 'private_key=[secret]'],
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
    ['a path with a package of a scope', 'file:///opt/app/node_modules/@scope/x.js:1:2'],
    ['an address without a query', 'https://acquirer.example/upay/v2/pay, asked again?'],
    ['the rest of a Signature header', 'Signature: algorithm=RSA256, keyVersion=1, signature='],
    ['a refused signature', 'F/INVALID_SIGNATURE: the signature is wrong'],
    ['a client id', 'client SANDBOX_5X00000000000001'],
    ['a path of many folders', '/home/till/applications/redress/resources/application/dist/main/redress'],
    ['a long name in words', 'a_wallet_that_names_its_codes_in_very_many_words_indeed'],
    ['what is masked already', '{"key":"[secret]","authorization":"[secret]"}'],
  ])('is not: %s', (_name, text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  test('is found in time that grows no faster than the text', () => {
    const hostile = [
      `authorization:${' "\\'.repeat(50_000)}${'1'.repeat(50_000)}${'-----BEGIN '.repeat(5000)}`,
      ...[
        '://',
        '//',
        '://a?',
        '\\',
        'terminalKey:[',
        'key":\\\\"',
        '0.',
        '1.1e+',
        '"key"',
        'authorization: ',
        'aB3/',
        '%2B',
        String.raw`a\/`,
      ].map((part) => part.repeat(30_000)),
    ];
    for (const text of hostile) {
      const started = performance.now();
      redactSecrets(text);
      expect(performance.now() - started, text.slice(0, 20)).toBeLessThan(2000);
    }
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

  test.each([
    [
      'a header with a capital',
      { headers: { Authorization: 'Basic dGlsbDpw' } },
      { headers: { Authorization: '[secret]' } },
    ],
    ['a key with a capital', { TerminalKey: 'Kx9!' }, { TerminalKey: '[secret]' }],
    ['a key in a list', { terminalKey: ['Kx9!'] }, { terminalKey: '[secret]' }],
    ['a key in an object', { key: { value: 'Kx9!' } }, { key: '[secret]' }],
    ['a name written with hyphens', { 'terminal-key': 'Kx9!' }, { 'terminal-key': '[secret]' }],
    [
      'a key in a text that is JSON',
      { body: '{"vendorKey":["Kx9!"]}' },
      { body: '{"vendorKey":"[secret]"}' },
    ],
    [
      'a code of 24 digits that became a number',
      { code: Number('123456789012345678901234') },
      { code: '[secret]' },
    ],
  ])('is masked: %s', (_name, value, masked) => {
    expect(redactValues(value)).toEqual(masked);
  });

  test('leaves the names of orders, terminals and vendors alone, whatever digits they have', () => {
    const names = { sn: '1234567890123456', terminalSn: '100114020002045976', deviceId: KEY };
    expect(redactValues(names)).toEqual(names);
    expect(redactValues({ deviceId: PEM })).toEqual({ deviceId: '[secret]' });
    const client = {
      clientId: '2188000000000000001',
      acquirerId: '1022188000000000001',
      pspId: '1022172000000000001',
    };
    expect(redactValues({ client })).toEqual({ client });
  });

  test('ends at a bounded depth', () => {
    let nested: unknown = KEY;
    for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
    expect(JSON.stringify(redactValues(nested))).toContain('[too deep]');
  });
});

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog('trace', { write: (line) => void (text += line) }));
  return text;
}

describe('a line of the log', () => {
  test('carries no key after a line feed or a tab of its message', () => {
    for (const blank of ['\n', '\t', '\r\n', '\f', '\u2028']) {
      const text = logged((log) =>
        log.error({ error: new Error(`bad${blank}${KEY}`) }, `bad key:${blank}${KEY}`),
      );
      expect(text, JSON.stringify(blank)).not.toContain(KEY);
      expect(redactLine(`${JSON.stringify({ msg: `bad key:${blank}${KEY}` })}\n`)).not.toContain(KEY);
    }
  });

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

/** A secret, what holds it, and what of it may be found nowhere. */
interface Planted {
  readonly value: unknown;
  readonly traces: readonly string[];
}

const between = fc.string({
  unit: fc.constantFrom(...'\n\t\r\b\f"\'\\/:,;{}[]()&=?# aAnNéx汉'.split('')),
  maxLength: 6,
});
const within = (secret: fc.Arbitrary<string>): fc.Arbitrary<Planted> =>
  fc
    .tuple(between, secret, between)
    .map(([before, text, after]) => ({ value: before + text + after, traces: [text] }));
const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength, maxLength });
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdefABCDEF'.split('')),
    minLength: length,
    maxLength: length,
  });

const walletCode = digits(16, 24).filter((code) => !/^7\d{15}$/.test(code));
const pem = fc
  .tuple(
    fc.constantFrom('PRIVATE KEY', 'RSA PRIVATE KEY', 'CERTIFICATE'),
    fc.array(fc.uint8Array({ minLength: 48, maxLength: 48 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([kind, rows]): Planted => {
    const traces = rows.map((row) => Buffer.from(row).toString('base64'));
    return { value: `-----BEGIN ${kind}-----\n${traces.join('\n')}\n-----END ${kind}-----`, traces };
  });
/** Only its name tells that it is a key, so all of it has to go: three marks tell what was left. */
const namedKey = fc
  .record({
    name: fc.constantFrom(...SECRET_MEMBERS),
    spelling: fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toUpperCase(),
      (name: string) => name.charAt(0).toUpperCase() + name.slice(1),
      (name: string) => name.replaceAll(/(?=[A-Z])/g, '-'),
    ),
    parts: fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })),
    shape: fc.constantFrom(
      (key: string): unknown => key,
      (key: string): unknown => [key],
      (key: string): unknown => ({ value: key }),
      (key: string): unknown => [[1], [{ deep: key }]],
    ),
  })
  .map(({ name, spelling, parts: [left, right], shape }): Planted => {
    const traces = ['Kx9!', 'Mm4?', 'Zq7~'];
    return {
      value: {
        before: 1,
        [spelling(name)]: shape(traces[0] + left + traces[1] + right + traces[2]),
        after: 2,
      },
      traces,
    };
  });
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('');
/** Long enough that no separators stand in it as often as in a path; drawn evenly, as keys and signatures are. */
const base64 = fc
  .array(fc.noShrink(fc.constantFrom(...ALPHABET)), { minLength: 344, maxLength: 400 })
  .chain((letters) => fc.constantFrom(letters.join(''), encodeURIComponent(letters.join(''))))
  .map((text) => ({ text, traces: [text.slice(0, 60), text.slice(100, 160), text.slice(-60)] }));
const bareKey = fc
  .tuple(between, base64, between)
  .map(([before, { text, traces }, after]): Planted => ({ value: before + text + after, traces }));
const secret = fc.oneof(within(walletCode), within(hex(32)), within(hex(64)), pem, bareKey, namedKey);

/** One more layer around what is there. */
const layer = fc.constantFrom(
  (value: unknown): unknown => ({ other: 1, detail: value }),
  (value: unknown): unknown => [null, value, 'x'],
  (value: unknown): unknown => JSON.stringify(value),
  (value: unknown): unknown => `answered:\n${JSON.stringify(value)} in 3 ms`,
  (value: unknown): unknown => ({ raw: JSON.stringify(value, null, 1) }),
);
const buried = fc
  .tuple(secret, fc.array(layer, { maxLength: 4 }))
  .map(([{ value, traces }, layers]): Planted => ({
    value: layers.reduce((inner, wrap) => wrap(inner), value),
    traces,
  }));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function expectNone(text: string, { traces }: Planted): void {
  for (const trace of traces) expect(text).not.toContain(trace);
}

describe('a secret, whatever it is and wherever it stands', () => {
  test('is not legible in a line of the log', () => {
    fc.assert(
      fc.property(buried, (planted) => {
        const text = textOf(planted.value);
        const cause = new Error(text);
        const stack = new Error('plain');
        stack.stack = `Error: plain\n    at ${text}\n`;
        expectNone(
          logged((log) => log.info({ data: planted.value }, text)),
          planted,
        );
        expectNone(
          logged((log) => log.warn({ error: new Error(text, { cause }) }, 'x')),
          planted,
        );
        expectNone(
          logged((log) => log.error({ error: Object.assign(stack, { data: planted.value }) }, 'x')),
          planted,
        );
      }),
      { numRuns: 1500 },
    );
  });

  test('is not legible in a line that somebody else wrote, nor in what is left of one that was cut', () => {
    fc.assert(
      fc.property(buried, fc.nat({ max: 3 }), (planted, missing) => {
        const line = JSON.stringify({ level: 30, data: planted.value });
        expectNone(redactLine(line), planted);
        expectNone(redactLine(line.slice(0, line.length - missing)), planted);
        expectNone(redactLine(`half a line ${line}`), planted);
      }),
      { numRuns: 3000 },
    );
  });

  test('takes nothing with it that support needs', () => {
    const needed = fc.record({
      clientSn: fc.tuple(digits(8, 8), digits(6, 6), digits(11, 11)).map((parts) => parts.join('-')),
      sn: digits(1, 20),
      terminalSn: digits(11, 18),
      amountMinor: fc.integer({ min: 0, max: 1_000_000_000_000 }),
      atMs: fc.integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 }),
    });
    fc.assert(
      fc.property(needed, buried, fc.nat({ max: 3 }), (names, planted, depth) => {
        let around: object = { ...names, planted: planted.value };
        for (let level = 0; level < depth; level += 1) around = { around };
        let line: unknown = JSON.parse(
          logged((log) => log.info(around, `at ${names.atMs} for ${names.amountMinor}`)),
        );
        expect(line).toMatchObject({ msg: `at ${names.atMs} for ${names.amountMinor}` });
        for (let level = 0; level < depth; level += 1) line = (line as { readonly around: unknown }).around;
        expect(line).toMatchObject(names);
      }),
      { numRuns: 500 },
    );
  });
});
