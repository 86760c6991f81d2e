import { defineConfig } from 'vitest/config';
import { globalSetup, sources } from './vitest.config.js';

/** The faults that take their time: `pnpm test:faults`. Those that are over at once are among the other tests. */
export default defineConfig({
  ...sources,
  test: {
    globalSetup,
    include: ['apps/*/test/**/*.faults.ts', 'test/**/*.faults.ts'],
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxConcurrency: 8,
  },
});
