import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const env = {
  TZ: 'Asia/Shanghai',
  // Suites start hundreds of processes, which need not compile the same program every time.
  NODE_COMPILE_CACHE: resolve(import.meta.dirname, '../node_modules/.cache/compiled'),
};
const pinned = { env, setupFiles: ['test/support/setup.ts'] };

/**
 * Suites by what they need: `unit` nothing, `simulation` processes of its own, `gateway` the built command
 * line and the practice gateway's process, `crash` processes that are killed, `screen` a real Chromium.
 * `defects` runs the simulator and unit tests again, each time with a mistake that they must catch. These two
 * take both processors for themselves, so they wait for the others, some of which must answer in time.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // The counts of the closing line of `.ci/run` come from the file.
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'test-results/results.json' }]]
      : ['default'],
    projects: [
      { test: { ...pinned, name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          ...pinned,
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...pinned,
          name: 'gateway',
          include: ['test/gateway/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...pinned,
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...pinned,
          name: 'screen',
          include: ['test/screen/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Scans come in real milliseconds: a browser that shares its processors takes a burst of keys for typing.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...pinned,
          name: 'defects',
          sequence: { groupOrder: 2 },
          include: ['test/defects/**/*.test.ts'],
          testTimeout: 120_000,
          // Each test waits for a process of its own.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
