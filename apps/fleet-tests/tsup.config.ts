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
  // The driver of PostgreSQL is CommonJS, and asks for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
  },
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
});
