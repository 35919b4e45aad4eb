import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/**
 * What is bundled leaves its package behind, and with it the licence that has to travel with every copy. The
 * packages of main stay packages, with their licences in them.
 */

/** The part of a bundler's output that says where things came from. */
interface BundleOutput {
  readonly output: readonly (
    | { readonly type: 'chunk'; readonly moduleIds: readonly string[] }
    | { readonly type: 'asset'; readonly originalFileNames: readonly string[] }
  )[];
}

/** Folders of all packages of which anything went into these bundles. */
export function bundledPackages(bundles: readonly BundleOutput[]): readonly string[] {
  const sources = bundles
    .flatMap(({ output }) => output)
    .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : file.originalFileNames));
  return [...new Set(sources.map(packageOf).filter((folder) => folder !== null))];
}

/** `…/node_modules/@scope/name` of a file below it; null for our own files. */
function packageOf(file: string): string | null {
  if (file.startsWith('\0')) return null;
  // The files of a page are named from its own folder.
  const path = resolve('renderer', file).replaceAll(sep, '/');
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? null;
}

/** Writes the full texts of these packages' licences into one file. A package without a text is an error. */
export async function writeLicenses(file: string, packages: readonly string[]): Promise<void> {
  const texts = await Promise.all(packages.map(licenseOf));
  const head = `The program contains code and fonts of these ${packages.length} packages, under their own licences.\n`;
  await writeFile(file, [head, ...texts].join(`\n${'-'.repeat(80)}\n\n`));
}

async function licenseOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const { name, version, license = 'licence below' } = manifest;
  const text = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (text === undefined) throw new Error(`${name} is bundled but brings no text of its licence`);
  return `${name} ${version} (${license})\n\n${(await readFile(`${folder}/${text}`, 'utf8')).trim()}\n`;
}
