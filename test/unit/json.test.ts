import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../shared/json.ts';

/** What a peer can send at most. */
const LARGEST = 256 * 1024;

describe('JSON', () => {
  test.each(['null', '0', '"a"', '[]', '{}', ' {"a":1,"b":{"a":1}} ', '[{"a":1},{"a":1}]'])(
    'is read as it is: %s',
    (text) => {
      expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    },
  );

  test.each(['', ' ', '<html>', '{', '{"a":1', '{"a":1}}', "{'a':1}", '{"a":1,}', 'undefined', '\ufeff{}'])(
    'is not made of %j',
    (text) => {
      expect(parseJson(text)).toEqual({ ok: false, error: 'not_json' });
    },
  );

  test('of any kind is read exactly as the platform reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
      { numRuns: 500 },
    );
  });

  test('keeps a member called __proto__ as a member', () => {
    const parsed = parseJson('{"__proto__":{"paid":true},"constructor":1}');
    expect(parsed.ok && JSON.stringify(parsed.value)).toBe('{"__proto__":{"paid":true},"constructor":1}');
  });
});

describe('a member that is named twice', () => {
  test.each([
    ['at the top', '{"result":{"s":"F"},"result":{"s":"S"}}'],
    ['with the same value', '{"a":1,"a":1}'],
    ['with blanks between', '{ "a" : 1 ,\r\n\t"a" : 2 }'],
    ['far apart', '{"a":[{"b":1},[2,"a"]],"c":{"a":1},"a":2}'],
    ['in an object of a list', '[0,[{"b":1,"a":1,"b":2}]]'],
    ['behind a text with quotes and braces', String.raw`{"a":"}\"{,","b":"\\","a":2}`],
    ['once in escapes', String.raw`{"result":1,"\u0072esult":2}`],
    ['in two ways of escaping', String.raw`{"a\/b":1,"a\u002fb":2}`],
    ['as an escaped quote', String.raw`{"\"":1,"\u0022":2}`],
    ['as __proto__', '{"__proto__":1,"__proto__":2}'],
    ['as constructor', '{"constructor":1,"constructor":2}'],
    ['as nothing', '{"":1,"":2}'],
    ['at the bottom of a deep text', `${'['.repeat(5000)}{"a":1,"a":2}${']'.repeat(5000)}`],
  ])('is refused %s', (_name, text) => {
    expect(parseJson(text)).toEqual({ ok: false, error: 'duplicate_member' });
  });

  test.each([
    ['names in different objects', '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}'],
    ['texts in a list', '["a","a","a"]'],
    ['a value like a name', '{"a":"b","b":"a","c":["a","b"]}'],
    ['names that only look alike', '{"a":1,"A":2,"a ":3,"á":4,"a\u0301":5}'],
    ['names that look like what Object has', '{"toString":1,"hasOwnProperty":2,"__proto__":3}'],
  ])('is not seen in %s', (_name, text) => {
    expect(parseJson(text).ok).toBe(true);
  });

  test('is found wherever one is put into any object', () => {
    const members = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), {
      minLength: 1,
      maxLength: 8,
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(members, fc.nat(), fc.nat(), fc.jsonValue(), (all, from, to, value) => {
        const written = all.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`);
        expect(parseJson(`{${written.join(',')}}`).ok).toBe(true);
        const name = JSON.stringify(all[from % all.length]?.[0]);
        written.splice(to % (all.length + 1), 0, `${name}:${JSON.stringify(value)}`);
        expect(parseJson(`{"outer":{${written.join(',')}}}`)).toEqual({
          ok: false,
          error: 'duplicate_member',
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a text that is as large and as deep as a peer can make it', () => {
  test.each([
    ['open lists', '['.repeat(LARGEST), 'not_json'],
    ['open objects', '{"a":'.repeat(LARGEST / 5), 'not_json'],
    ['quotes', '"'.repeat(LARGEST), 'not_json'],
    ['backslashes', `"${'\\'.repeat(LARGEST)}`, 'not_json'],
  ])('of %s is refused without a crash', (_name, text, error) => {
    expect(parseJson(text)).toEqual({ ok: false, error });
  });

  test('of closed lists is read, or refused, and never a crash', () => {
    const parsed = parseJson('['.repeat(LARGEST / 2) + ']'.repeat(LARGEST / 2));
    expect(parsed.ok || parsed.error).toBeTruthy();
  });

  test('of members is read in no time that grows with the square of it', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `"n${index}":0`);
    expect(parseJson(`{${names.join(',')}}`).ok).toBe(true);
    expect(parseJson(`{${names.join(',')},"n0":0}`)).toEqual({ ok: false, error: 'duplicate_member' });
  });
});
