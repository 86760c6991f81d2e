import { defineConfig, type Options } from 'tsup';

const shared = { format: 'esm', target: 'es2023' } as const satisfies Options;

/** The command, with everything in it. */
export const cliBundle: Options = { ...shared, entry: ['src/command/cli.ts'], splitting: false, silent: true };

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', msw: 'src/msw.ts', cli: 'src/command/cli.ts' },
    clean: true,
  },
]);
