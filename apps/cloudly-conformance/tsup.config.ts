import { defineConfig, type Options } from 'tsup';

/** The kit with everything in it, made from the sources of the workspace: nothing else has to be built before. */
export const conformanceBundle: Options = {
  entry: ['src/cli.ts'],
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
};

export default defineConfig(conformanceBundle);
