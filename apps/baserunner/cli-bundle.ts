import type { Options } from 'tsup';
import { buildDefine } from './build-define.js';
import { ownWordsDefine } from './own-words-define.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

/**
 * How `cli.js` is made, which a device runs: one file with everything in it, made from the sources of this repository. Without
 * splitting, a part that is imported lazily stays in the file and is evaluated when it is asked for.
 */
export const cliBundle = {
  format: 'esm',
  target: 'es2023',
  noExternal: [/^/],
  splitting: false,
  removeNodeProtocol: false,
  define: { ...buildDefine(), ...ownWordsDefine() },
  esbuildPlugins: [thirdPartyLicenses('cli.licenses.txt')],
  esbuildOptions: (options: { conditions?: string[] }) => {
    options.conditions = ['@serve.zone/source'];
  },
} satisfies Options;
