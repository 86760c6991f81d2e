import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', logs: 'src/logs/index.ts', 'update-lock': 'src/update-lock/index.ts' },
  format: 'esm',
  target: 'es2023',
  dts: true,
  clean: true,
  // Deno knows Node's modules only by their names with the prefix.
  removeNodeProtocol: false,
});
