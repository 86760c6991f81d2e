import { defineConfig, type Options } from 'tsup';
import { thirdPartyLicenses } from '../baserunner/third-party-licenses.js';

const shared = {
  format: 'esm',
  target: 'es2023',
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  silent: true,
  splitting: false,
} as const satisfies Options;

/**
 * The program with everything in it, made from the sources of the workspace: it runs wherever Node does. The check of
 * Node is a file of its own, because all imports of a file are loaded before any of its code runs.
 */
export const cliBundle: Options = {
  ...shared,
  entry: ['src/cli.ts', 'src/program.ts'],
  noExternal: [/.*/],
  esbuildPlugins: [thirdPartyLicenses('cli.licenses.txt')],
  // The driver of PostgreSQL is CommonJS, and loads Node's own modules with `require`.
  banner: {
    js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
  },
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
    options.external = ['./program.js'];
  },
};

export default defineConfig([
  { ...shared, entry: ['src/index.ts'], dts: true, noExternal: ['@serve.zone/baseos-command-line'] },
  cliBundle,
]);
