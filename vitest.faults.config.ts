import { defineConfig, mergeConfig } from 'vitest/config';
import baseConfig from './vitest.config.js';

/** The faults that take their time: `pnpm test:faults`. Those that are over at once are among the other tests. */
export default mergeConfig(
  { ...baseConfig, test: { ...baseConfig.test, include: [] } },
  defineConfig({
    test: {
      include: ['apps/*/test/**/*.faults.ts', 'test/**/*.faults.ts'],
      testTimeout: 120_000,
      hookTimeout: 60_000,
      maxConcurrency: 8,
    },
  }),
);
