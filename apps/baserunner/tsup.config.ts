import { defineConfig } from 'tsup';
import { cliBundle } from './cli-bundle.js';

export default defineConfig([
  { ...cliBundle, entry: ['src/cli.ts'] },
  {
    // What a package manager installs: its dependencies come beside it.
    entry: ['src/index.ts'],
    format: 'esm',
    target: 'es2023',
    dts: true,
    removeNodeProtocol: false,
    clean: ['!cli.*'],
  },
]);
