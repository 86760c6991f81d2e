import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config';
import { replacesModules } from './test/replaces-modules.js';
import { SlowestFirst } from './test/slowest-first.js';

// Packages are tested from their sources: the export condition `@serve.zone/source` leads to src instead of dist.
const conditions = ['@serve.zone/source'];

/** A fleet behind its API in place of the fleet itself. */
const remoteFleet = fileURLToPath(new URL('packages/fleet-api/test/fixtures/create-fleet.ts', import.meta.url));

export const sources = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
} satisfies UserWorkspaceConfig;

/** One PostgreSQL and one bundle of each program for all tests of a run. */
export const globalSetup = ['test/shared-resources/serve-shared-resources.ts'];

/** What every test of the repository goes by. */
const shared = {
  // Many tests wait for processes that they started, and leave the cores to others meanwhile.
  maxWorkers: availableParallelism() * 3,
  // Files share processes, and what they import is loaded once for many of them.
  isolate: false,
  setupFiles: ['test/run-properties.ts'],
  testTimeout: 180_000,
  // A hook may wait for what all tests share to be made.
  hookTimeout: 180_000,
  // A second, by default, is too short where others use the cores.
  expect: { poll: { timeout: 60_000 } },
} satisfies UserWorkspaceConfig['test'];

export default defineConfig({
  ...sources,
  test: {
    globalSetup,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        ...sources,
        test: {
          ...shared,
          // Programs, containers and whole systems.
          name: 'process',
          include: ['apps/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: replacesModules,
        },
      },
      {
        // The tests of what operators call, through the API: nothing is lost on the way.
        ...sources,
        resolve: {
          ...sources.resolve,
          alias: [{ find: '../create-fleet.js', replacement: remoteFleet }],
        },
        test: {
          ...shared,
          name: 'remote',
          include: ['packages/cloudly-handlers/src/fleet-calls/*.test.ts'],
          // Here, the test carries jobs out, and there, the server does.
          exclude: ['**/bulk.test.ts'],
        },
      },
      {
        ...sources,
        test: { ...shared, name: 'alone', isolate: true, include: replacesModules },
      },
      {
        ...sources,
        test: {
          ...shared,
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
      reporter: ['text-summary'],
      // A little below what the unit tests cover; what runs as a program of its own is not counted.
      thresholds: { statements: 84, branches: 86, functions: 84, lines: 84 },
    },
  },
});
