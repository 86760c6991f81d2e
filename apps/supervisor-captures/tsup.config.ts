import { defineConfig } from 'tsup';

/** One file with everything in it, made from the sources of the workspace, so that nothing else need be built first. */
export default defineConfig({
  entry: ['src/cli.ts'],
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  clean: true,
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
});
