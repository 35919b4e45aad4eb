import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../fixtures/scenarios.ts';

const FILES = ['gateway/scenarios.test.ts', 'screen/scenarios.test.ts'] as const;
const TEST = /^ *(test\S*)\(\s*(['"`])#(\d+) (.*?)\2,/gm;

/** Every numbered test there is, as it is written. */
const written = FILES.flatMap((file) => {
  const source = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  return [...source.matchAll(TEST)].map(([, runner, , number, title]) => ({
    runner,
    number: Number(number),
    title,
  }));
});

describe('the scenarios of real counters', () => {
  test('are numbered once each, upwards, with a title and an oracle of their own', () => {
    const numbers = SCENARIOS.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers).toHaveLength(53);
    for (const member of ['title', 'oracle'] as const)
      expect(new Set(SCENARIOS.map((scenario) => scenario[member])).size).toBe(SCENARIOS.length);
  });

  test.each(SCENARIOS)('#$number has exactly one test, under its title', ({ number, title }) => {
    expect(written.filter((found) => found.number === number)).toEqual([{ runner: 'test', number, title }]);
  });

  test('are all the numbered tests there are', () => {
    const listed = new Set(SCENARIOS.map(({ number }) => number));
    expect(written.filter(({ number }) => !listed.has(number))).toEqual([]);
    expect(written).toHaveLength(SCENARIOS.length);
  });
});
