import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFECTS, type BySimulator, type BySuite, type Defect } from './defects.ts';
import { pathOf, PLANTED, planted } from './planting.ts';
import type { Played } from './play.ts';

/** Every planted defect is caught by what claims to catch it, and the same seeds and tests hold without one. */

const HOOK = resolve('test/defects/plant.ts');
const PLAY = resolve('test/defects/play.ts');
const VITEST = resolve('node_modules/vitest/vitest.mjs');
const CONFIG = resolve('test/defects/vitest.config.ts');
/** Several times what the longest takes on a quiet machine. */
const CHILD_TIMEOUT_MS = 100_000;

const folder = mkdtempSync(join(tmpdir(), 'redress-defects-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  /** Null where it did not end by itself. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with a defect, or with none, and never for longer than its time. */
function run(defect: Defect | null, programArguments: readonly string[]): Promise<Ended> {
  // In continuous integration a suite writes its counts to a file, which are not these.
  const { [PLANTED]: _outer, CI: _integration, ...environment } = process.env;
  const env = defect === null ? environment : { ...environment, [PLANTED]: defect.name };
  const options = { env, timeout: CHILD_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const;
  return new Promise((fulfil) => {
    const child = execFile(process.execPath, [...programArguments], options, (_error, stdout, stderr) =>
      fulfil({ code: child.exitCode, stdout, stderr }),
    );
  });
}

async function play(
  defect: Defect | null,
  seeds: readonly number[],
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly played: Played }> {
  const { code, stdout, stderr } = await run(defect, ['--import', HOOK, PLAY, seeds.join(), ...words]);
  if (stdout === '') throw new Error(`The simulator did not come to its end: ${stderr}`);
  return { code, played: JSON.parse(stdout) as Played };
}

/** Of the JSON reporter's file, what is read here. */
interface Tested {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    /** Empty where the file could be loaded. */
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs tests of the unit suite. What failed is named only where every file could be loaded. */
async function suite(name: string, defect: Defect | null, files: readonly string[], tests: string) {
  const outputFile = join(folder, `${name}.json`);
  const { code, stderr } = await run(
    defect,
    [VITEST, 'run', '--config', CONFIG, '--project', 'unit', '-t', tests].concat(
      ['--reporter', 'json', '--outputFile', outputFile],
      files,
    ),
  );
  const { numPassedTests, testResults } = readTested(outputFile, stderr);
  const unloaded = testResults.map(({ message }) => message).filter((message) => message !== '');
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  return { code, passed: numPassedTests, unloaded, failed };
}

function readTested(file: string, stderr: string): Tested {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tested;
  } catch (error) {
    throw new Error(`The suite did not come to its end: ${stderr}`, { cause: error });
  }
}

function seedsOf({ from, seeds }: BySimulator): readonly number[] {
  return Array.from({ length: seeds }, (_, index) => from + index);
}

const bySimulator = DEFECTS.flatMap((defect) =>
  defect.caughtBy.by === 'simulator' ? [{ defect, catcher: defect.caughtBy }] : [],
);
const bySuite = DEFECTS.flatMap((defect) =>
  defect.caughtBy.by === 'suite' ? [{ defect, catcher: defect.caughtBy }] : [],
);

describe('The table', () => {
  test('names each defect once', () => {
    const names = DEFECTS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(DEFECTS)('can still be planted: $name', ({ edits }) => {
    for (const path of new Set(edits.map(pathOf))) {
      const source = readFileSync(path, 'utf8');
      expect(planted(edits, path, source)).not.toBe(source);
    }
  });
});

describe.concurrent('Without a defect', () => {
  test('the first seed of every defect holds', async () => {
    const seeds = [...new Set(bySimulator.map(({ catcher }) => catcher.from))].toSorted((a, b) => a - b);
    const { code, played } = await play(null, seeds);
    expect(played).toEqual({ runs: seeds.length, found: [] });
    expect(code).toBe(0);
  });

  test('the tests that are to fail pass', async () => {
    const catchers: readonly BySuite[] = bySuite.map(({ catcher }) => catcher);
    const files = [...new Set(catchers.map(({ file }) => file))];
    const tests = catchers.map(({ tests: pattern }) => `(?:${pattern})`).join('|');
    const { code, passed, unloaded, failed } = await suite('none', null, files, tests);
    expect({ unloaded, failed }).toEqual({ unloaded: [], failed: [] });
    expect(passed).toBeGreaterThanOrEqual(files.length);
    expect(code).toBe(0);
  });
});

describe.concurrent('The simulator catches', () => {
  test.each(bySimulator)('$defect.name', async ({ defect, catcher }) => {
    const { code, played } = await play(defect, seedsOf(catcher), catcher.violation);
    const violations = played.found.flatMap((found) => found.violations);
    expect(violations).toContainEqual(expect.stringContaining(catcher.violation));
    expect(code).toBe(1);
  });
});

describe.concurrent('The unit suite catches', () => {
  test.each(bySuite)('$defect.name', async ({ defect, catcher }) => {
    const { code, unloaded, failed } = await suite(defect.name, defect, [catcher.file], catcher.tests);
    expect(unloaded).toEqual([]);
    expect(failed).toContainEqual(expect.stringMatching(catcher.tests));
    expect(code).toBe(1);
  });
});
