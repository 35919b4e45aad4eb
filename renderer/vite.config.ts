import type { Plugin, UserConfig } from 'vite';

/**
 * Vite wraps every `import()` in a helper that looks for style sheets and further scripts to fetch beside it.
 * Ours have none: one sheet holds all styles, and a script of ours imports nothing but the first one.
 */
const PLAIN_IMPORTS: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) =>
    id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : null,
};

/**
 * Vite takes its configuration from a default export; `.ci/build.ts` spreads the same object.
 * Everything leaves as files from our own origin, because the policy of the page allows nothing else.
 */
const config: UserConfig = configOf(
  // The till, and pages without script: the sheets of command cards, and what is shown when the till is not.
  ['index.html', 'command-cards-zh.html', 'command-cards-en.html', 'stopped.html'],
);

/** The pages of merchant IT, apart, so that not one byte of them is shared with the till's first screen. */
export const SERVICE_CONFIG: UserConfig = configOf(['service.html'], 'service/');

function configOf(input: string[], scriptsUnder = ''): UserConfig {
  return {
    base: './',
    plugins: [PLAIN_IMPORTS],
    // Everything is linked from a page, so that its name carries a hash.
    publicDir: false,
    // One call with its children as arguments is smaller than a property bag for each element.
    oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
    build: {
      outDir: '../dist/renderer',
      // The build begins with an empty folder; a second one must leave the first one's files.
      emptyOutDir: false,
      sourcemap: false,
      // The policy of the page allows no data: fonts, so even the smallest file stays a file.
      assetsInlineLimit: 0,
      target: 'es2022',
      // The polyfill is an inline script that every browser we support can do without.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        output: { entryFileNames: `assets/${scriptsUnder}[name]-[hash].js` },
        transform: { inject: { h: ['preact', 'h'], Fragment: ['preact', 'Fragment'] } },
      },
    },
  };
}

export default config;
