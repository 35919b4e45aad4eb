import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test('scripts run on the Node that the project pins, whatever Node the machine has', () => {
  expect(`v${manifest.devDependencies['node'] ?? ''}`).toBe(process.version);
});

test('the scripts a newcomer is promised are there', () => {
  const promised = ['start', 'build', 'test', 'check', 'lint', 'format', 'typecheck', 'redress'];
  const suites = ['test:unit', 'test:gateway', 'test:crash', 'test:screen'];
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining([...promised, ...suites]));
});

test('the README starts and tests with one command each', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect([...readme.matchAll(/```sh\n(.*)\n```/g)].map(([, command]) => command)).toEqual([
    'npm ci && npm start',
    'npm ci && npm test',
  ]);
});

test('an old Node is told in words instead of crashing in the SQLite binary', () => {
  const script = `
    Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
    await import('./main/cli/redress.ts');
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(run.status).toBe(69);
  expect(run.stderr).toContain('runtime_too_old');
  expect(run.stdout).toBe('');
});

test('a clean install works on every platform: the lockfile names all optional binaries', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<
      Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
    >;
  };
  const named = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((name) => !named.has(name))).toEqual([]);
});
