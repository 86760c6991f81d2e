import { defineConfig, type Options } from 'tsup';
import { embedPage } from '../fleet-page/src/build/embed-page.js';
import { programBundle, requireBanner } from '../../packages/command-line/program-bundle.js';

/**
 * The demo with everything in it; only BaseRunner stays a program of its own. The check of Node is a file of its own, because
 * all imports of a file are loaded before any of its code runs.
 */
export const demoBundle: Options = {
  ...programBundle(['./program.js']),
  entry: { demo: 'src/demo.ts', program: 'src/program.ts', 'end-with-parent': 'src/ending/end-with-parent.ts' },
  banner: requireBanner,
  esbuildPlugins: [embedPage().plugin],
};

export default defineConfig(demoBundle);
