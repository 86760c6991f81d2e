import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from 'tsup';
import { programBundle } from '../../packages/command-line/program-bundle.js';
import { buildDefine } from './build-define.js';
import { builtinModules } from './builtin-modules.js';
import { ownWordsDefine } from './own-words-define.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
const bundle = programBundle();

/**
 * How `cli.js` is made, which a device runs. What only other commands need is in files of its own, `cli.*.js`: a running agent
 * keeps the text of every file in memory that it has loaded. For the same reason the text is short, and of one byte for each
 * character. Names are kept, for the stack of an error.
 */
export const cliBundle = {
  ...bundle,
  splitting: true,
  minifyWhitespace: true,
  minifySyntax: true,
  define: { ...buildDefine(), ...ownWordsDefine() },
  esbuildPlugins: [removeLastBuild(), builtinModules(), thirdPartyLicenses('cli.licenses.txt')],
  esbuildOptions: (options) => {
    bundle.esbuildOptions(options);
    options.charset = 'ascii';
    options.legalComments = 'none';
    options.chunkNames = 'cli.[name]-[hash]';
  },
} satisfies Options;

/** The names of the parts change with what is in them. */
function removeLastBuild(): Plugin {
  return {
    name: 'remove-last-build',
    setup: (build) => {
      const { outdir = '.' } = build.initialOptions;
      build.onStart(async () => {
        const names = await readdir(outdir).catch(() => []);
        const parts = names.filter((name) => /^cli\..+\.js$/.test(name));
        await Promise.all(parts.map(async (name) => rm(join(outdir, name), { force: true })));
      });
    },
  };
}
