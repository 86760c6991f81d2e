// `npm run setup`: installs, and builds what has changed: `node scripts/set-up.mjs [package...]`, where no name stands for all
// packages. It runs on the Node of the machine, which may be older than the one that is installed.
import process from 'node:process';
import { pnpm } from './pnpm.mjs';
import { runStep } from './run-step.mjs';

await runStep('install', `${pnpm} install`);
await runStep('build', [pnpm, 'exec node scripts/build.mjs', ...process.argv.slice(2)].join(' '));
