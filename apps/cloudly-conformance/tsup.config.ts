import { defineConfig, type Options } from 'tsup';
import { programBundle } from '../../packages/command-line/program-bundle.js';

export const conformanceBundle: Options = { ...programBundle(), entry: ['src/cli.ts'] };

export default defineConfig(conformanceBundle);
