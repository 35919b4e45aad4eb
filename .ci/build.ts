import { rm } from 'node:fs/promises';
import { rolldown } from 'rolldown';
import { build as viteBuild } from 'vite';
import { writeFontSlices } from './font-slices.ts';
import { bundledPackages, writeLicenses } from './licenses.ts';

/** Everything that runs is built into `dist/`: one bundle per entry for main, one page for the renderer. */
const MAIN_ENTRIES = {
  redress: 'main/cli/redress.ts',
  start: 'main/start.ts',
  electron: 'main/electron/main.ts',
  'ledger-check': 'main/ledger/check-worker.ts',
};

const started = performance.now();
await rm('dist', { recursive: true, force: true });

const bundle = await rolldown({
  input: MAIN_ENTRIES,
  platform: 'node',
  // Packages stay packages: the native binary and the licence files travel with them.
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:\\/.test(id),
});
const mainOutput = await bundle.write({
  dir: 'dist/main',
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
});
await bundle.close();

// A sandboxed preload can only be one CommonJS file, and only `electron` is there for it to ask for.
const preload = await rolldown({
  input: 'main/electron/preload.ts',
  platform: 'browser',
  external: ['electron'],
});
const preloadOutput = await preload.write({ file: 'dist/main/preload.cjs', format: 'cjs', sourcemap: true });
await preload.close();

await writeFontSlices();
const vite = await import('../renderer/vite.config.ts');
const pages = [];
for (const config of [vite.default, vite.SERVICE_CONFIG]) {
  const page = await viteBuild({ configFile: false, root: 'renderer', logLevel: 'warn', ...config });
  if ('close' in page) throw new Error('a build of a page that watches never ends');
  pages.push(page);
}
const bundles = [mainOutput, preloadOutput, pages.flat()].flat();
await writeLicenses('dist/LICENSES.txt', bundledPackages(bundles));

process.stderr.write(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
