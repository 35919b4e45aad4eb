import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MANUAL, withErrorTables } from '../../.ci/error-table.ts';
import { ERRORS, EXIT } from '../../shared/errors.ts';

/**
 * `docs/OPERATIONS.md` is read by people who have nothing else to go by. What it quotes of the program, it quotes
 * as the program has it, in both languages alike.
 */

const DOCUMENT = readFileSync(MANUAL, 'utf8');
const SCRIPTS = (
  JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }
).scripts;

interface Section {
  /** Such as `2.5`; empty above the first. */
  readonly number: string;
  readonly text: string;
}

interface Half {
  readonly language: 'en' | 'zh';
  readonly text: string;
  readonly sections: readonly Section[];
}

function halfOf(language: Half['language'], text: string): Half {
  const parts = text.split(/^(?=#{2,3} )/m);
  const sections = parts.map((part) => ({
    number: /^#{2,3} (\d+(?:\.\d+)?)/.exec(part)?.[1] ?? '',
    text: part,
  }));
  return { language, text, sections };
}

const CHINESE_TITLE = '# 运维手册';
const [englishText = '', chineseText = ''] = DOCUMENT.split(new RegExp(`^(?=${CHINESE_TITLE}$)`, 'm'));
const ENGLISH = halfOf('en', englishText);
const CHINESE = halfOf('zh', chineseText);
const HALVES = [ENGLISH, CHINESE];

const withoutBlocks = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, '');
const blocksOf = (text: string): readonly string[] => text.match(/^```[^]*?^```$/gm) ?? [];
const quotedIn = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted ?? '');

/** Whatever is written as code: quoted in a line, or a line of a block for a shell. */
function commandsIn(text: string): readonly string[] {
  const lines = blocksOf(text)
    .filter((block) => block.startsWith('```sh'))
    .flatMap((block) => block.split('\n').slice(1, -1));
  return [...quotedIn(text), ...lines];
}

const sectionOf = ({ sections }: Half, number: string): string =>
  sections.find((section) => section.number === number)?.text ?? '';

describe('the two languages', () => {
  test('have the same sections in the same order', () => {
    const numbersOf = ({ sections }: Half) => sections.map(({ number }) => number);
    expect(numbersOf(CHINESE)).toEqual(numbersOf(ENGLISH));
    expect(numbersOf(ENGLISH).filter((number) => /^\d+$/.test(number))).toEqual(
      Array.from({ length: 15 }, (_, index) => String(index + 1)),
    );
  });

  test.each(ENGLISH.sections.filter(({ number }) => number !== '15'))(
    'section $number names the same commands, files and codes in both',
    ({ number, text }) => {
      const chinese = sectionOf(CHINESE, number);
      expect(blocksOf(chinese)).toEqual(blocksOf(text));
      expect([...new Set(quotedIn(chinese))].toSorted()).toEqual([...new Set(quotedIn(text))].toSorted());
    },
  );

  test('are found from the top of either', () => {
    for (const { text } of HALVES) expect(text).toContain('[English](#operations) · [中文](#运维手册)');
    expect(ENGLISH.text).toMatch(/^# Operations$/m);
    expect(CHINESE.text.startsWith(`${CHINESE_TITLE}\n`)).toBe(true);
  });

  test.each(HALVES)('$language refers to sections that it has', ({ text, sections }) => {
    const referred = [...text.matchAll(/sections? (\d+(?:\.\d+)?)|第 (\d+) 节|(\d+\.\d+) 节/g)].map(
      ([, english, whole, part]) => english ?? whole ?? part ?? '',
    );
    expect(referred.length).toBeGreaterThan(10);
    const known = sections.map(({ number }) => number);
    expect(referred.filter((number) => !known.includes(number))).toEqual([]);
  });
});

describe('the tables of errors', () => {
  test('are what `npm run error-table` makes of the program', async () => {
    expect(await withErrorTables(DOCUMENT)).toBe(DOCUMENT);
    expect(SCRIPTS['error-table']).toBe('node .ci/error-table.ts');
  });

  test('cannot be written into a manual that lost its place for them', async () => {
    const lost = DOCUMENT.replace('<!-- end of errors zh -->', '');
    await expect(withErrorTables(lost)).rejects.toThrow('end of errors zh');
  });

  test.each(HALVES)('$language has every code once, with what it means and what to do', (half) => {
    const rows = sectionOf(half, '15')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map(([, code]) => code)).toEqual(
      ['no_reply', 'screen_stopped', ...Object.keys(ERRORS)].map((code) => `\`${code}\``),
    );
    for (const [, code, exit, seen, meaning, next, ...rest] of rows) {
      expect(rest, code).toEqual(['']);
      expect(exit, code).toMatch(/^(?:–|\d\d)$/);
      expect(
        [seen, next].every((cell) => cell !== ''),
        code,
      ).toBe(true);
      expect(meaning, code).toMatch(half.language === 'en' ? /\.$/ : /。$/);
    }
  });

  test('says the sentence that the screen says', () => {
    expect(sectionOf(ENGLISH, '15')).toContain(ERRORS.data_full.message);
    expect(sectionOf(CHINESE, '15')).toContain('磁盘已满，没有开始付款。请先清理空间。');
  });
});

/** One command as the manual writes it, without what stands for a value. */
interface Named {
  readonly written: string;
  readonly path: readonly string[];
  readonly flags: readonly string[];
}

const GLOBAL = /^--(?:json|data \S+)\s+/;

function namedIn(written: string): Named | null {
  const [, given] = /^(?:redress|.*redress-kiosk(?:\.exe)?"? --cli) (.+)$/.exec(written) ?? [];
  if (given === undefined) return null;
  const rest = given.replace(GLOBAL, '');
  const path = (/^[a-z]+(?: [a-z]+)*/.exec(rest)?.[0] ?? '').split(' ').filter((word) => word !== '');
  const flags = [...rest.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
  return { written, path, flags };
}

/** What `--help` says of each, from one process. */
function helpOf(paths: readonly (readonly string[])[]): readonly string[] {
  const script = `
    const { nodeHost, run } = await import('./main/cli/program.ts');
    for (const path of ${JSON.stringify(paths)}) {
      await run([...path, '--help'], nodeHost('dist'));
      process.stdout.write('\\0');
    }
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

test('every command and option that it names is one of the program', () => {
  const named = commandsIn(DOCUMENT)
    .map(namedIn)
    .filter((found) => found !== null && found.path.length > 0) as readonly Named[];
  expect(new Set(named.map(({ path }) => path.join(' '))).size).toBeGreaterThan(9);
  const help = helpOf(named.map(({ path }) => path));
  expect(help).toHaveLength(named.length);
  for (const [index, { written, path, flags }] of named.entries()) {
    expect(help[index], written).toMatch(new RegExp(`^Usage: redress ${path.join(' ')} `));
    const known = ['--help', ...(help[index]?.match(/--[a-z-]+/g) ?? [])];
    expect(known, written).toEqual(expect.arrayContaining([...flags]));
  }
}, 60_000);

test('every script that it names is one of the package', () => {
  const named = commandsIn(DOCUMENT)
    .map((written) => /^npm run ([\w:-]+)/.exec(written)?.[1])
    .filter((name) => name !== undefined);
  expect(named).toEqual(expect.arrayContaining(['pack', 'pack:check']));
  expect(named.filter((name) => !(name in SCRIPTS))).toEqual([]);
});

test('every file of the repository that it names or links is there', () => {
  const linked = [...DOCUMENT.matchAll(/\]\(([^)#][^)]*)\)/g)].map(([, path]) =>
    join(dirname(MANUAL), path ?? ''),
  );
  const named = quotedIn(DOCUMENT).filter((text) =>
    /^(?:\.ci|docs|main|renderer|shared|test)\/\S/.test(text),
  );
  expect(linked.length).toBeGreaterThan(10);
  expect([...linked, ...named].filter((path) => !existsSync(path))).toEqual([]);
});

test.each(HALVES)('$language quotes the words of the screen letter by letter', ({ text }) => {
  const folder = 'renderer/strings';
  const sources = [...readdirSync(folder).map((name) => join(folder, name)), 'renderer/stopped.html'];
  const words = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  const quoted = [...new Set([...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, bold]) => bold ?? ''))];
  expect(quoted.length).toBeGreaterThan(25);
  const isSaid = (bold: string): boolean =>
    [`'${bold}'`, `"${bold}"`, `>${bold}<`].some((literal) => words.includes(literal));
  // Above everything it says what bold means, in bold.
  const meaningBold = ['bold', '粗体'];
  expect(quoted.filter((bold) => !isSaid(bold) && !meaningBold.includes(bold))).toEqual([]);
});

test.each(HALVES)('$language has every exit code', (half) => {
  const codes = quotedIn(sectionOf(half, '13'));
  expect(Object.values(EXIT).filter((code) => !codes.includes(String(code)))).toEqual([]);
});

test('it has every file of a data directory that the architecture has', () => {
  const files = (text: string): readonly string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => quotedIn(line)[0] ?? '');
  const [, architecture = ''] = readFileSync('docs/ARCHITECTURE.md', 'utf8').split('## Data directory');
  expect(files(architecture).length).toBeGreaterThan(10);
  for (const half of HALVES)
    expect(files(sectionOf(half, '11')).toSorted()).toEqual(files(architecture).toSorted());
});
