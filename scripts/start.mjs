// `npm start`: installs and builds what has changed, and runs the demo. It runs on the Node of the machine, which may be older
// than the one that is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pnpm } from './pnpm.mjs';
import { runStep } from './run-step.mjs';

function pathOf(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

await runStep('install', `${pnpm} install`);
await runStep('build', `${pnpm} exec node scripts/build.mjs @serve.zone/baseos @serve.zone/baseos-demo`);

const installedNode = pathOf('node_modules/.bin/node');
const node = existsSync(installedNode) ? installedNode : process.execPath;
const demo = spawn(node, [pathOf('apps/demo/dist/demo.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(name, () => demo.kill(name));
const [code] = await once(demo, 'exit');
process.exitCode = code ?? 1;
