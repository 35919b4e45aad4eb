import { defineConfig } from 'vitest/config';

/** What only a real Electron can show. Not part of `npm test`: `npm run test:electron` looks first whether it can run. */
export default defineConfig({
  test: {
    name: 'electron',
    env: { TZ: 'Asia/Shanghai' },
    setupFiles: ['test/support/setup.ts'],
    include: ['test/electron/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // One kiosk at a time has the keyboard.
    fileParallelism: false,
  },
});
