import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

/** `docs/SECURITY.md` claims; the code carries the numbers of the claims. Here both are held against each other. */

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/SECURITY.md'), 'utf8');
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

interface Item {
  readonly number: number;
  readonly status: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const quoted = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');

const items: readonly Item[] = DOCUMENT.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, number = '', , status = '', files = '', tests = ''] = line.split('|').map((cell) => cell.trim());
    return { number: Number(number), status, files: quoted(files), tests: quoted(tests) };
  });

interface Tag {
  readonly file: string;
  readonly line: string;
  readonly numbers: readonly number[];
}

/** One tag may name several items; what follows says in words what the line holds. */
const TAG = /(?:\/\/|#) SECURITY: ((?:#\d+ )+)\S/;

function tagsIn(file: string): readonly Tag[] {
  return readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => line.includes('SECURITY:'))
    .map((line) => {
      const numbers = [...(TAG.exec(line)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
      return { file, line: line.trim(), numbers };
    });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|css|html)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

const sources = ['main', 'renderer', 'shared'].flatMap(filesBelow);
const packaging = ['electron-builder.yml'].filter((file) => existsSync(join(ROOT, file)));
const tags = [...sources, ...packaging].flatMap(tagsIn);

describe('the checklist', () => {
  test('has every item once, in order', () => {
    expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test.each(items)('item $number names files and tests that exist', ({ files, tests }) => {
    expect(files.length * tests.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const missing = tests.filter((name) => {
      const script = /^npm run (.+)$/.exec(name)?.[1];
      return script === undefined ? !existsSync(join(ROOT, name)) : !(script in manifest.scripts);
    });
    expect(missing).toEqual([]);
  });

  test.each(items.filter(({ status }) => status.startsWith('held')))(
    'item $number is held by a file that says so',
    ({ number, files }) => {
      const carrying = tags.filter(({ numbers }) => numbers.includes(number)).map(({ file }) => file);
      expect(files.filter((file) => carrying.includes(file))).not.toEqual([]);
    },
  );

  test('has no status but held and by procedure', () => {
    expect(items.filter(({ status }) => !/^(?:held|by procedure)\b/.test(status))).toEqual([]);
  });
});

describe('a line that holds an item', () => {
  test('says which and in words why', () => {
    expect(tags.filter(({ numbers }) => numbers.length === 0)).toEqual([]);
    expect(tags.length).toBeGreaterThan(20);
  });

  test('is in a file that the row of the item names', () => {
    const unnamed = tags.flatMap(({ file, line, numbers }) =>
      numbers
        .filter((number) => !items.some((item) => item.number === number && item.files.includes(file)))
        .map((number) => `#${number} ${file}: ${line}`),
    );
    expect(unnamed).toEqual([]);
  });
});

describe('the rest of the document', () => {
  test('names files and folders that exist', () => {
    const paths = quoted(DOCUMENT).filter((text) => /^(?:docs|main|renderer|shared|test)\//.test(text));
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('what no single line can hold', () => {
  test('#15: nothing hands an address to another program', () => {
    const calling = sources.filter((file) =>
      /\bopen(?:External|Path)\b|import \{[^}]*\bshell\b[^}]*\} from 'electron'/.test(
        readFileSync(join(ROOT, file), 'utf8'),
      ),
    );
    expect(calling).toEqual([]);
  });

  test('#16: one exact version of Electron is pinned', () => {
    expect(manifest.devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('#3 #4 #6 #8: no window has preferences of its own', () => {
    const preferring = sources.filter(
      (file) =>
        file !== 'main/electron/web-preferences.ts' &&
        /\b(?:contextIsolation|nodeIntegration\w*|webSecurity|sandbox): /.test(
          readFileSync(join(ROOT, file), 'utf8'),
        ),
    );
    expect(preferring).toEqual([]);
  });
});
