import { defineConfig, type Options } from 'tsup';

/** The demo with everything in it, made from the sources of the workspace; only BaseRunner stays a program of its own. */
export const demoBundle: Options = {
  entry: { demo: 'src/demo.ts', 'end-with-parent': 'src/end-with-parent.ts' },
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
};

export default defineConfig(demoBundle);
