import { deepEqual, equal, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { extractFile, getRawHeader, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { Packed } from './packed.ts';
import { PLANTED_KEY, type Stage } from './stage.ts';

/** What must hold of every packed program. Each check says in one line what it found, or throws what is wrong. */

const PREBUILDS = 'node_modules/better-sqlite3/prebuilds';
/** Headers for compiling the binary, and nothing that runs. */
const NOT_NEEDED_TO_RUN = 'node_modules/node-addon-api';

const REQUIRED = [
  'package.json',
  'dist/LICENSES.txt',
  'dist/main/electron.js',
  'dist/main/preload.cjs',
  'dist/main/redress.js',
  'dist/main/ledger-check.js',
  'dist/renderer/index.html',
];
/** By what a path must never look like. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'a source map': /\.map$/,
  TypeScript: /\.[mc]?tsx?$/,
  'a document': /(^|\/)(?!licen[cs]e)[^/]*\.(md|markdown)$/i,
  tests: /(^|\/)(tests?|__tests__|examples?|docs)\//,
  "the project's own sources": /^(?!dist\/|node_modules\/|package\.json$)/,
  'the starter of a checkout': /^dist\/main\/start\.js$/,
  'a hidden file': /(^|\/)\./,
  'sources of a binary': /^node_modules\/(better-sqlite3\/(build|deps|src)|node-addon-api)\/|\.gyp$/,
  'a key': /\.(pem|p12|pfx|key)$/,
};

const FUSES: Readonly<Record<keyof typeof FuseV1Options, boolean | null>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // electron-builder 26 cannot set it, and as shipped it is right.
  WasmTrapHandlers: null,
};

export async function checkFuses({ executable }: Packed): Promise<string> {
  const wire = await getCurrentFuseWire(executable);
  const wanted = Object.entries(FUSES).filter(([, isOn]) => isOn !== null);
  const named = wanted.map(([name]) => {
    const state = wire[FuseV1Options[name as keyof typeof FuseV1Options]];
    return [name, state === FuseState.ENABLE ? true : state === FuseState.DISABLE ? false : state];
  });
  deepEqual(Object.fromEntries(named), Object.fromEntries(wanted), 'the fuses of the packed program');
  return `${wanted.length} fuses as they must be`;
}

/** Paths of all files in the archive, without the leading slash. */
export function filesOf(packed: Packed): readonly string[] {
  const archive = archiveOf(packed);
  return listPackage(archive, { isPack: false })
    .map((path) => path.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((path) => !('files' in statFile(archive, path)));
}

export function checkContents(packed: Packed, stage: Stage): string {
  const files = filesOf(packed);
  const names = new Set(files);
  const missing = [
    ...REQUIRED,
    ...assetsOfPage(packed),
    ...stage.dependencies.map((name) => `node_modules/${name}/package.json`),
  ].filter((path) => !names.has(path));
  deepEqual(missing, [], 'files missing in the archive');
  ok(
    files.some((path) => path.endsWith('.woff2')),
    'the archive has no font',
  );
  for (const [what, pattern] of Object.entries(FORBIDDEN)) {
    deepEqual(
      files.filter((path) => pattern.test(path)),
      [],
      `${what} in the archive`,
    );
  }
  const bytes = statSync(archiveOf(packed)).size;
  return `${files.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What the page asks for by name: a link that leads nowhere is a blank screen at a counter. */
function assetsOfPage(packed: Packed): readonly string[] {
  const page = extractFile(archiveOf(packed), posix.join('dist/renderer/index.html')).toString('utf8');
  const links = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"#?]+)"/g)].map(([, path]) => path ?? '');
  ok(links.length >= 2, 'the page links neither script nor style');
  return links.map((path) => `dist/renderer/${path}`);
}

/** Only packages that the lockfile needs at run time, each with the licence it came with. */
export function checkPackages(packed: Packed, stage: Stage): string {
  const files = filesOf(packed);
  const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');
  const wanted = new Set(stage.packages.filter((path) => path !== NOT_NEEDED_TO_RUN).map(nameOf));
  const folders = files.flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
  );
  const found = new Set(folders.map(nameOf));
  deepEqual(
    [...found].filter((name) => !wanted.has(name)),
    [],
    'packages that are only for development',
  );
  deepEqual(
    [...wanted].filter((name) => !found.has(name)),
    [],
    'packages that are missing',
  );
  const isLicense = /^licen[cs]e/i;
  const unlicensed = stage.packages
    .filter((path) => path !== NOT_NEEDED_TO_RUN)
    .filter((path) => readdirSync(join(stage.project, path)).some((entry) => isLicense.test(entry)))
    .map(nameOf)
    .filter((name) => !files.some((path) => licenseOf(path, name)));
  deepEqual([...new Set(unlicensed)], [], 'packages whose licence stayed behind');
  return `${found.size} packages, licences with them`;
}

function licenseOf(path: string, name: string): boolean {
  const at = path.lastIndexOf(`node_modules/${name}/`);
  return at !== -1 && /^licen[cs]e[^/]*$/i.test(path.slice(at + `node_modules/${name}/`.length));
}

/** One native binary, outside the archive because a loader needs a file, and the very one that was published. */
export function checkBinary(packed: Packed, stage: Stage): string {
  const wanted = `${PREBUILDS}/${packed.binary}`;
  const natives = filesOf(packed).filter((path) => path.endsWith('.node'));
  deepEqual(natives, [wanted], 'native binaries');
  const unpacked = join(packed.resources, 'app.asar.unpacked');
  const outside = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  deepEqual(outside, [join(unpacked, wanted)], 'files outside the archive');
  const isSame = readFileSync(join(unpacked, wanted)).equals(readFileSync(join(stage.project, wanted)));
  ok(isSame, `${wanted} is not the binary that better-sqlite3 publishes`);
  return `${packed.binary} alone is unpacked, byte for byte as published`;
}

/** Where the system checks the archive it must have been told of this one. */
export function checkIntegrity(packed: Packed): string {
  if (packed.integrity === null) return 'this system has no check of the archive';
  const header = getRawHeader(archiveOf(packed)).headerString;
  const digest = createHash('sha256').update(header).digest('hex');
  ok(
    readFileSync(packed.integrity).includes(digest),
    `the digest of the archive is not in ${packed.integrity}`,
  );
  return `sha256 ${digest.slice(0, 12)}… is the archive's`;
}

/** Nothing that was planted is anywhere in what would be installed. */
export function checkPlants(packed: Packed): string {
  const files = readdirSync(packed.resources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const carriers = files.filter((file) => readFileSync(file).includes(PLANTED_KEY));
  deepEqual(carriers, [], 'files that carry a planted key');
  return `none of ${files.length} files carries a planted key`;
}

/** Only a build that was given an address looks for updates; the reserved name leads nowhere. */
export function checkUpdates(packed: Packed): string {
  const file = join(packed.resources, 'app-update.yml');
  if (!existsSync(file)) return 'written with the installer';
  const text = readFileSync(file, 'utf8');
  equal(/^provider: (.*)$/m.exec(text)?.[1], 'generic', 'the provider of updates');
  equal(/^url: (.*)$/m.exec(text)?.[1], 'https://updates.redress.invalid/', 'the address of updates');
  return 'looks for updates nowhere until a release is given an address';
}

export function archiveOf({ resources }: Packed): string {
  return join(resources, 'app.asar');
}
