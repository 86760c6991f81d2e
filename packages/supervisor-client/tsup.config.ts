import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', logs: 'src/logs/index.ts' },
  format: 'esm',
  target: 'es2023',
  dts: true,
  clean: true,
});
