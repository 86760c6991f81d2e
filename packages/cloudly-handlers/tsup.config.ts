import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/sqlite.ts',
    'src/postgres.ts',
    'src/node.ts',
    'src/mounting.ts',
    'src/webhooks.ts',
    'src/store-parts.ts',
    'src/store-suite.ts',
  ],
  format: 'esm',
  target: 'es2023',
  clean: true,
  // node:sqlite has no name without its prefix.
  removeNodeProtocol: false,
});
