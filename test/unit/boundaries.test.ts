import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

/**
 * The laws of docs/ARCHITECTURE.md are held by tools. Here each law is broken on purpose in a copy of
 * the layout, with the real configuration and the real binaries, and the tool must say so.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIGURATION = [
  '.oxlintrc.json',
  'tsconfig.json',
  'shared/tsconfig.json',
  'main/tsconfig.json',
  'renderer/tsconfig.json',
  'test/tsconfig.json',
];

interface Plant {
  readonly law: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';
const PROPERTIES = 'eslint(no-restricted-properties)';

const imports = (law: string, file: string, from: string): Plant => ({
  law,
  file,
  code: `export * from '${from}';\n`,
  rule: IMPORTS,
});

/** Folders in which nothing may be taken from the machine. */
const BELOW_THE_ROOT = [
  'shared',
  'shared/order',
  'main/ledger',
  'main/resolver',
  'main/acquirer',
  'main/settings',
  'main/training',
  'main/browser',
  'main/database',
  'main/diagnostics',
  'main/a-folder-made-tomorrow',
];

const FORBIDDEN_EXPRESSIONS: Readonly<Record<string, readonly [code: string, rule: string]>> = {
  'new-date': ['new Date()', GLOBALS],
  'date-now': ['Date.now()', GLOBALS],
  'performance-now': ['performance.now()', GLOBALS],
  'set-timeout': ['setTimeout(() => undefined, 1)', GLOBALS],
  'set-interval': ['setInterval(() => undefined, 1)', GLOBALS],
  'set-immediate': ['setImmediate(() => undefined)', GLOBALS],
  fetch: ["fetch('https://example.test')", GLOBALS],
  process: ['process.env', GLOBALS],
  'global-this': ['globalThis.Date', GLOBALS],
  'math-random': ['Math.random()', PROPERTIES],
  'random-uuid': ['crypto.randomUUID()', PROPERTIES],
  'abort-timeout': ['AbortSignal.timeout(1)', PROPERTIES],
};

const SWITCH = `type Side = 'left' | 'right';
export function first(side: Side): number | undefined {
  switch (side) {
    case 'left':
      return 1;
  }
  return undefined;
}
`;

const PLANTS: readonly Plant[] = [
  imports('1: electron', 'main/resolver/electron.ts', 'electron'),
  imports('1: electron', 'main/browser/electron-main.ts', 'electron/main'),
  imports('1: electron', 'main/shell/electron.ts', 'electron'),
  imports('1: electron', 'main/start.ts', 'electron'),
  imports('1: electron', 'test/unit/electron.ts', 'electron'),
  imports('1: electron', 'test/electron/electron.test.ts', 'electron'),
  imports('1: Electron’s objects are passed in', 'main/electron/windows.ts', 'electron'),
  imports('1: Electron’s objects are passed in', 'main/electron/subfolder/electron-main.ts', 'electron/main'),
  {
    law: '1: Electron’s objects are passed in, not even one beside a type',
    file: 'main/electron/mixed.ts',
    code: "import { type Session, app } from 'electron';\nexport const mixed = (session: Session): unknown[] => [session, app];\n",
    rule: IMPORTS,
  },
  {
    law: '1: Electron’s objects are passed in, loaded late as well',
    file: 'main/electron/electron-late.ts',
    code: "export const late = (): Promise<unknown> => import('electron');\n",
    rule: IMPORTS,
  },
  imports('1: the updater is passed in', 'main/electron/updates.ts', 'electron-updater'),
  imports('1: the updater is passed in', 'main/electron/preload.ts', 'electron-updater'),
  imports('1: the updater is passed in', 'main/updates.ts', 'electron-updater'),
  imports('1: the updater is passed in', 'main/shell/updates.ts', 'electron-updater'),
  imports('1: the updater is passed in', 'test/unit/updates.ts', 'electron-updater'),
  {
    law: '1: electron, loaded late',
    file: 'main/cli/electron-late.ts',
    code: "export const late = (): Promise<unknown> => import('electron');\n",
    rule: IMPORTS,
  },
  imports('1: shared without Node', 'shared/node.ts', 'node:fs'),
  imports('1: shared without Node', 'shared/node-bare.ts', 'fs/promises'),
  imports('1: shared without packages', 'shared/package.ts', 'undici'),
  imports('1: shared without packages', 'shared/order/package.ts', 'fastify'),
  imports('1: shared without main', 'shared/signing/main.ts', '../../main/shell/clean.ts'),
  imports('1: shared without renderer', 'shared/renderer.ts', '../renderer/clean.ts'),
  imports('1: main without renderer', 'main/browser/renderer.ts', '../../renderer/clean.ts'),
  imports('1: main without renderer', 'main/electron/renderer.ts', '../../renderer/clean.ts'),
  imports('1: main without tests', 'main/training/test.ts', '../../test/support/setup.ts'),
  imports('1: renderer without Node', 'renderer/node.ts', 'node:fs'),
  imports('1: renderer without Node', 'renderer/screens/node-bare.ts', 'path'),
  imports('1: renderer without main', 'renderer/main.ts', '../main/shell/clean.ts'),
  imports('1: renderer without packages', 'renderer/package.ts', 'undici'),
  {
    law: '1: renderer without Electron, not even its types',
    file: 'renderer/electron-types.ts',
    code: "import type { IpcRenderer } from 'electron';\nexport type Bridge = IpcRenderer;\n",
    rule: IMPORTS,
  },
  ...['moves', 'collection', 'reversal', 'revocation'].flatMap((module) => [
    imports('2: rule modules', `main/ledger/${module}.ts`, `../../shared/order/${module}.ts`),
    imports('2: rule modules', `shared/${module}.ts`, `./order/${module}.ts`),
    imports('2: rule modules', `renderer/${module}.ts`, `../shared/order/${module}.ts`),
    imports('2: rule modules', `test/unit/${module}.ts`, `../../shared/order/${module}.ts`),
  ]),
  ...['main/resolver', 'main/acquirer', 'main/browser', 'main/shell', 'main/cli', 'main/electron'].map(
    (folder) => imports('2: transition', `${folder}/transition.ts`, '../../shared/order/transition.ts'),
  ),
  imports('2: transition', 'main/terminal.ts', '../shared/order/transition.ts'),
  imports('2: transition', 'shared/transition.ts', './order/transition.ts'),
  imports('2: transition', 'shared/order/transition-user.ts', './transition.ts'),
  imports('2: transition', 'renderer/transition.ts', '../shared/order/transition.ts'),
  ...['main/ledger', 'main/training', 'main/shell', 'main/cli', 'test/unit'].map((folder) =>
    imports('3: SQLite', `${folder}/sqlite.ts`, 'better-sqlite3'),
  ),
  imports('3: SQLite', 'main/ledger/sqlite-of-node.ts', 'node:sqlite'),
  ...['../../shared/order/order.ts', '../../main/ledger/journal.ts', '../support/must.ts', 'zod'].map(
    (from, index) => imports('9: the checker shares nothing', `test/checker/shared-${index}.ts`, from),
  ),
  ...BELOW_THE_ROOT.flatMap((folder) =>
    Object.entries(FORBIDDEN_EXPRESSIONS).map(([name, [code, rule]]) => ({
      law: `5: ${name}`,
      file: `${folder}/plant-${name}.ts`,
      code: `export const planted = (): unknown => ${code};\n`,
      rule,
    })),
  ),
  {
    law: '5: the composition root reads no clock itself',
    file: 'main/terminal-clock.ts',
    code: 'export const planted = (): number => Date.now();\n',
    rule: GLOBALS,
  },
  ...['node:timers', 'node:timers/promises', 'timers/promises', 'node:process', 'node:perf_hooks'].map(
    (from, index) => imports('5: clock and timers', `main/resolver/builtin-${index}.ts`, from),
  ),
  {
    law: '5: randomness',
    file: 'main/ledger/random.ts',
    code: "export { randomUUID } from 'node:crypto';\n",
    rule: IMPORTS,
  },
  ...['main/resolver', 'main/training', 'main/cli', 'main/electron', 'main/ledger'].map((folder) =>
    imports('5: dispatcher', `${folder}/undici.ts`, 'undici'),
  ),
  ...['main/shell', 'main/cli', 'main/electron', 'shared', 'renderer', 'test/unit'].map((folder) => ({
    law: '5: console',
    file: `${folder}/console.ts`,
    code: "console.log('printed');\n",
    rule: 'eslint(no-console)',
  })),
  ...['shared/order', 'main/ledger', 'renderer'].map((folder) => ({
    law: '6: closed switch',
    file: `${folder}/switch.ts`,
    code: SWITCH,
    rule: 'typescript(switch-exhaustiveness-check)',
  })),
  {
    law: '6: no promise is dropped',
    file: 'main/resolver/floating.ts',
    code: 'export function drop(work: () => Promise<number>): void {\n  work();\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    law: 'no any',
    file: 'main/acquirer/any.ts',
    code: 'export type Loose = Record<string, any>;\n',
    rule: 'typescript(no-explicit-any)',
  },
  {
    law: 'named exports',
    file: 'main/settings/default.ts',
    code: 'export default function settings(): number {\n  return 1;\n}\n',
    rule: 'import(no-default-export)',
  },
  {
    law: 'no cycles',
    file: 'shared/cycle-a.ts',
    code: "import { b } from './cycle-b.ts';\nexport const a = (): number => b() + 1;\n",
    rule: 'import(no-cycle)',
  },
  {
    law: 'strict equality',
    file: 'shared/loose.ts',
    code: 'export const same = (left: unknown, right: unknown): boolean => left == right;\n',
    rule: 'eslint(eqeqeq)',
  },
  {
    law: 'no test is left alone or out',
    file: 'test/unit/only.test.ts',
    code: "import { expect, test } from 'vitest';\ntest.only('alone', () => {\n  expect(1).toBe(1);\n});\n",
    rule: 'vitest(no-focused-tests)',
  },
];

/** What each folder may do; a law that forbids these as well would be worked around. */
const CLEAN: Readonly<Record<string, string>> = {
  'shared/clean.ts':
    "import { z } from 'zod';\nexport const clean = z.string();\nexport { md5 } from '@noble/hashes/legacy.js';\n",
  'shared/cycle-b.ts': "import { a } from './cycle-a.ts';\nexport const b = (): number => a() + 1;\n",
  'shared/order/clean.ts': "export * from './moves.ts';\nexport * from '../clean.ts';\n",
  'shared/order/moves.ts': 'export const moves = 1;\n',
  'shared/order/transition.ts': "export * from './moves.ts';\n",
  'main/clean.ts': "export * from '../shared/clean.ts';\n",
  'main/database/clean.ts':
    "import Database from 'better-sqlite3';\nexport const open = (): unknown => new Database(':memory:');\n",
  'main/ledger/clean.ts':
    "import { createHash } from 'node:crypto';\nexport * from '../../shared/order/transition.ts';\nexport const hash = (text: string): string => createHash('sha256').update(text).digest('hex');\nqueueMicrotask(() => undefined);\n",
  'main/acquirer/clean.ts': "export { request } from 'undici';\n",
  'main/shell/clean.ts':
    "import { Agent } from 'undici';\nimport { randomUUID } from 'node:crypto';\nexport const clock = (): number => Date.now();\nexport const random = (): number => Math.random();\nexport const wait = (): unknown => setTimeout(() => undefined, 1);\nexport const agent = (): unknown => [new Agent(), randomUUID()];\n",
  'main/cli/clean.ts': 'export const print = (text: string): boolean => process.stdout.write(text);\n',
  'main/electron/main.ts':
    "import { app } from 'electron';\nimport electronUpdater from 'electron-updater';\nexport const all = (): unknown[] => [app, electronUpdater];\n",
  'main/electron/clean.ts':
    "import type { WebPreferences } from 'electron';\nimport type { AppUpdater } from 'electron-updater';\nexport type Known = readonly [WebPreferences, AppUpdater];\nexport const now = (): number => Date.now();\n",
  'renderer/clean.ts':
    "import { render } from 'preact';\nimport { useState } from 'preact/hooks';\nimport type { Fixed } from 'fastify';\nexport * from '../shared/clean.ts';\nexport type Known = Fixed;\nexport const draw = [render, useState];\nexport const now = (): number => Date.now();\n",
  'renderer/clean.config.ts': 'export default { root: 1 };\n',
  'test/unit/clean.test.ts':
    "import { expect, test } from 'vitest';\nimport { moves } from '../../shared/order/transition.ts';\ntest('runs', () => {\n  expect(moves).toBe(1);\n});\n",
  'test/support/setup.ts': 'export const setup = 1;\n',
};
/** What only the compiler can see: globals and modules that a folder's `lib` and `types` do not have. */
const TYPE_PLANTS: readonly { readonly project: string; readonly file: string; readonly code: string }[] = [
  { project: 'shared', file: 'shared/types-dom.ts', code: 'export const planted = document.title;\n' },
  { project: 'shared', file: 'shared/types-process.ts', code: 'export const planted = process.cwd();\n' },
  { project: 'shared', file: 'shared/types-buffer.ts', code: "export const planted = Buffer.from('x');\n" },
  { project: 'shared', file: 'shared/types-node.ts', code: "export * from 'node:fs';\n" },
  { project: 'shared', file: 'shared/types-timer.ts', code: 'setTimeout(() => undefined, 1);\n' },
  { project: 'renderer', file: 'renderer/types-process.ts', code: 'export const planted = process.cwd();\n' },
  {
    project: 'renderer',
    file: 'renderer/types-buffer.ts',
    code: "export const planted = Buffer.from('x');\n",
  },
  { project: 'renderer', file: 'renderer/types-node.ts', code: "export * from 'node:fs';\n" },
  { project: 'main', file: 'main/types-dom.ts', code: 'export const planted = document.title;\n' },
  {
    project: 'shared',
    file: 'shared/types-enum.ts',
    code: 'export enum Erased {\n  never,\n}\n',
  },
];

const TYPE_PROJECTS = ['shared', 'renderer', 'main'];

/** The second half of the planted cycle is reported as well. */
const ALSO_REPORTED = ['shared/cycle-b.ts'];

const diagnosticsSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string().default(''), filename: z.string() })),
});

/** A throw-away project with the real configuration, the real tools and the given files. */
function plantProject(files: Iterable<readonly [file: string, code: string]>): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'redress-boundaries-')));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  for (const file of CONFIGURATION) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  for (const [file, code] of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), code);
  }
  return copy;
}

function run(
  copy: string,
  script: string,
  args: readonly string[],
): { readonly status: number | null; readonly output: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: stdout };
}

describe('the laws that lint holds', () => {
  let copy = '';
  let reported: ReadonlyMap<string, readonly string[]> = new Map();

  beforeAll(() => {
    copy = plantProject([...PLANTS.map(({ file, code }) => [file, code] as const), ...Object.entries(CLEAN)]);
    const folders = ['main', 'renderer', 'shared', 'test'];
    const { output } = run(copy, 'oxlint/bin/oxlint', ['--type-aware', '--format=json', ...folders]);
    const { diagnostics } = diagnosticsSchema.parse(JSON.parse(output));
    const grouped = Map.groupBy(diagnostics, ({ filename }) => filename);
    reported = new Map([...grouped].map(([file, found]) => [file, found.map(({ code }) => code)]));
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  test('plants no two violations in one file', () => {
    const files = [...PLANTS.map(({ file }) => file), ...Object.keys(CLEAN)];
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  test.each(PLANTS)('lint reports law $law in $file', ({ file, rule }) => {
    expect(reported.get(file) ?? []).toContain(rule);
  });

  test.each(Object.keys(CLEAN).filter((file) => !ALSO_REPORTED.includes(file)))(
    'lint says nothing about %s',
    (file) => {
      expect(reported.get(file)).toBeUndefined();
    },
  );

  test('lint fails the build with a non-zero exit', () => {
    const { status } = run(copy, 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', 'shared/loose.ts']);
    expect(status).not.toBe(0);
  });
});

describe('the laws that the compiler holds', () => {
  let copy = '';

  beforeAll(() => {
    copy = plantProject([
      ...TYPE_PLANTS.map(({ file, code }) => [file, code] as const),
      ...TYPE_PROJECTS.map((project) => [`${project}/clean.ts`, 'export const now = Date.now();\n'] as const),
    ]);
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  test.each(TYPE_PROJECTS)('foreign globals and modules do not exist in %s', (project) => {
    const { status, output } = run(copy, 'typescript/bin/tsc', ['-p', project, '--pretty', 'false']);
    const faulted = [...output.matchAll(/^([^(\s]+)\(\d+,\d+\): error/gm)].map((match) => match[1]);
    const planted = TYPE_PLANTS.filter((plant) => plant.project === project).map(({ file }) => file);
    expect(new Set(faulted)).toEqual(new Set(planted));
    expect(status).not.toBe(0);
  });
});

describe('package-lock.json', () => {
  const lockSchema = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));

  test('names no address to fetch a package from, so that any registry can serve it', () => {
    const addressed = Object.entries(packages).filter(([, entry]) => 'resolved' in entry);
    expect(addressed).toEqual([]);
  });

  test('pins every package by its integrity, so that no registry can replace it', () => {
    const installed = Object.entries(packages).filter(([path]) => path !== '');
    expect(installed.length).toBeGreaterThan(100);
    expect(
      installed.filter(([, entry]) => typeof entry['integrity'] !== 'string').map(([path]) => path),
    ).toEqual([]);
  });
});
