import { defineConfig } from 'tsup';
import { embedPage } from '../fleet-page/src/build/embed-page.js';
import { programBundle, requireBanner } from '../../packages/command-line/program-bundle.js';

/** The program with everything in it; the servers stay programs of their own. */
export default defineConfig({
  ...programBundle(),
  entry: ['src/cli.ts'],
  banner: requireBanner,
  esbuildPlugins: [embedPage().plugin],
});
