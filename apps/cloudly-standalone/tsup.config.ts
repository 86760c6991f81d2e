import { defineConfig, type Options } from 'tsup';
import { programBundle, requireBanner } from '../../packages/command-line/program-bundle.js';
import { embedPage } from '../fleet-page/src/build/embed-page.js';
import { thirdPartyLicenses } from '../baserunner/third-party-licenses.js';

const page = embedPage();

/**
 * The program with everything in it: it runs wherever Node does. The check of Node is a file of its own, because all imports
 * of a file are loaded before any of its code runs.
 */
export const cliBundle: Options = {
  ...programBundle(['./program.js']),
  entry: ['src/cli.ts', 'src/program.ts'],
  esbuildPlugins: [page.plugin, thirdPartyLicenses('cli.licenses.txt', page.inputs)],
  banner: requireBanner,
};

const library: Options = {
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'es2023',
  splitting: false,
  removeNodeProtocol: false,
  noExternal: ['@serve.zone/baseos-command-line', '@serve.zone/baseos-fleet-page'],
  silent: true,
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
  esbuildPlugins: [page.plugin],
};

export default defineConfig([library, cliBundle]);
