import type { Options } from 'tsup';
import { programBundle } from '../../packages/command-line/program-bundle.js';
import { buildDefine } from './build-define.js';
import { ownWordsDefine } from './own-words-define.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

/** How `cli.js` is made, which a device runs: one file with everything in it. */
export const cliBundle = {
  ...programBundle(),
  define: { ...buildDefine(), ...ownWordsDefine() },
  esbuildPlugins: [thirdPartyLicenses('cli.licenses.txt')],
} satisfies Options;
