import { defineConfig } from 'tsup';
import { programBundle } from '../../packages/command-line/program-bundle.js';

export default defineConfig({ ...programBundle(), entry: ['src/cli.ts'], clean: true });
