import { defineConfig, type Options } from 'tsup';

/**
 * The demo with everything in it, made from the sources of the workspace; only BaseRunner stays a program of its own.
 * The check of Node is a file of its own, because all imports of a file are loaded before any of its code runs.
 */
export const demoBundle: Options = {
  entry: { demo: 'src/demo.ts', program: 'src/program.ts', 'end-with-parent': 'src/ending/end-with-parent.ts' },
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  silent: true,
  // What a stand-alone Cloudly counts by is CommonJS, and loads Node's own modules with `require`.
  banner: {
    js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
  },
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
    options.external = ['./program.js'];
  },
};

export default defineConfig(demoBundle);
