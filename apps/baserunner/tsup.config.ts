import { defineConfig } from 'tsup';
import { buildDefine } from './build-define.js';
import { cliBundle } from './cli-bundle.js';
import { ownWordsDefine } from './own-words-define.js';

export default defineConfig([
  { ...cliBundle, entry: ['src/cli.ts'] },
  {
    // What a package manager installs: its dependencies are installed beside it, except for the one that is not
    // published.
    entry: ['src/index.ts'],
    noExternal: ['@serve.zone/baseos-command-line'],
    format: 'esm',
    target: 'es2023',
    removeNodeProtocol: false,
    define: { ...buildDefine(), ...ownWordsDefine() },
    clean: ['!cli.*'],
  },
]);
