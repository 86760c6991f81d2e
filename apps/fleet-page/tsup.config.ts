import { defineConfig } from 'tsup';
import { embedPage } from './src/build/embed-page.js';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'es2023',
  clean: true,
  removeNodeProtocol: false,
  silent: true,
  esbuildPlugins: [embedPage().plugin],
});
