import { join } from 'node:path';
import { defineConfig, type Options } from 'tsup';

/** The demo with everything in it, made from the sources of the workspace; only BaseRunner stays a program of its own. */
export const demoBundle: Options = {
  entry: [join(import.meta.dirname, 'src/demo.ts'), join(import.meta.dirname, 'src/end-with-parent.ts')],
  outDir: join(import.meta.dirname, 'dist'),
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
