import { defineConfig } from 'tsup';
import { programBundle, requireBanner } from '../../packages/command-line/program-bundle.js';

/** The program with everything in it; the servers stay programs of their own. */
export default defineConfig({ ...programBundle(), entry: ['src/cli.ts'], banner: requireBanner });
