import { join } from 'node:path';
import type { Options } from 'tsup';
import { thirdPartyLicenses } from './third-party-licenses.js';

/**
 * `dist/cli.js`, which a device runs: one file with everything in it, made from the sources of this repository. Without
 * splitting, a part that is imported lazily stays in the file and is evaluated when it is asked for.
 */
export const cliBundle: Options = {
  entry: { cli: join(import.meta.dirname, 'src/cli.ts') },
  outDir: join(import.meta.dirname, 'dist'),
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  removeNodeProtocol: false,
  esbuildPlugins: [thirdPartyLicenses('cli.licenses.txt')],
  esbuildOptions: (options) => {
    options.conditions = ['@serve.zone/source'];
  },
};
