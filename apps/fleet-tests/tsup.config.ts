import { defineConfig } from 'tsup';

/** The program with everything in it, made from the sources of the workspace; the servers stay programs of their own. */
export default defineConfig({
  entry: ['src/cli.ts'],
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
});
