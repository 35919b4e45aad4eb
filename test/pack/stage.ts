import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * A copy of the whole project in a temporary folder, as it is after `npm ci` and a build, with things planted in it
 * that must never be packed. What is packed is packed from there, so nothing of the check is left in the repository.
 */

const ROOT = resolve(import.meta.dirname, '../..');
/** Not part of a checkout, or brought along package by package. */
const NOT_COPIED = new Set(['node_modules', '.git', 'release', 'test-results']);
/** Packages that only development needs: the wrong ones to find in an archive. */
const DEVELOPMENT_BAIT = ['preact', 'qr'];

/** A key as a careless person leaves it lying about. It is random enough never to stand in a package by itself. */
export const PLANTED_KEY = 'planted-key-5f0c1f9e0b7d4a61';
const PLANTS = [
  '.env',
  'secrets.json',
  'dist/main/electron.js.map',
  'dist/main/left-over.ts',
  'dist/main/.env',
  'dist/renderer/README.md',
  'main/electron/install/signing.p12',
  'test/fixtures/terminal-key.json',
  'node_modules/pino/test/fixture.js',
  'node_modules/better-sqlite3/build/Release/better_sqlite3.node',
  'node_modules/better-sqlite3/src/planted.cpp',
];

export interface Stage {
  /** Everything temporary lies below it. */
  readonly directory: string;
  readonly project: string;
  readonly electronVersion: string;
  /** The names of `dependencies`. */
  readonly dependencies: readonly string[];
  /** Paths of all packages that are needed at run time, by the lockfile. */
  readonly packages: readonly string[];
  remove(): void;
}

export function createStage(): Stage {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'redress-pack-')));
  const project = join(directory, 'project');
  for (const name of readdirSync(ROOT).filter((entry) => !NOT_COPIED.has(entry))) {
    cpSync(join(ROOT, name), join(project, name), { recursive: true });
  }
  const packages = productionPackages();
  for (const path of packages) copyPackage(path, project);
  for (const name of DEVELOPMENT_BAIT) copyPackage(`node_modules/${name}`, project);
  plant(project);
  const electron = readJson('node_modules/electron/package.json') as { readonly version: string };
  const manifest = readJson('package.json') as { readonly dependencies: Readonly<Record<string, string>> };
  return {
    directory,
    project,
    electronVersion: electron.version,
    dependencies: Object.keys(manifest.dependencies),
    packages,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function productionPackages(): readonly string[] {
  const { packages } = readJson('package-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(([path, { dev = false }]) => path !== '' && !dev && existsSync(join(ROOT, path)))
    .map(([path]) => path);
}

/** A package without the packages inside it, which are copied by their own paths. */
function copyPackage(path: string, project: string): void {
  const from = join(ROOT, path);
  cpSync(from, join(project, path), {
    recursive: true,
    dereference: true,
    filter: (source) => source !== join(from, 'node_modules'),
  });
}

function plant(project: string): void {
  for (const path of PLANTS) {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${PLANTED_KEY}\n`);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as unknown;
}
