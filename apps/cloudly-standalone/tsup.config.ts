import { defineConfig, type Options } from 'tsup';

const shared = {
  format: 'esm',
  target: 'es2023',
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  silent: true,
  splitting: false,
} as const satisfies Options;

/** One file with everything in it, made from the sources of the workspace: it runs wherever Node does. */
export const cliBundle: Options = {
  ...shared,
  entry: ['src/cli.ts'],
  noExternal: [/.*/],
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
};

export default defineConfig([
  { ...shared, entry: ['src/index.ts'], dts: true, noExternal: ['@serve.zone/baseos-command-line'] },
  cliBundle,
]);
