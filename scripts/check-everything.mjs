// `npm test`: installs, builds, checks and tests everything. It tells the seconds of each phase, and ends in vitest's summary.
// With BASEOS_TEST_TOOLS=install it also installs what some tests need beside Node, while the build and the checks run. It runs
// on the Node of the machine, which may be older than the one that is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { pnpm } from './pnpm.mjs';
import { describeResult, runQuietly } from './run-quietly.mjs';
import { runStep } from './run-step.mjs';

const phases = [];

async function phase(name, work) {
  const startMs = performance.now();
  await work();
  phases.push(`${name} ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}

/** Runs a script of package.json, and shows what it writes. */
async function runScript(name) {
  const child = spawn(`${pnpm} --silent run ${name}`, { shell: true, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) process.exit(code ?? 1);
}

const tools = process.env.BASEOS_TEST_TOOLS === 'install' ? runQuietly('sh scripts/install-test-tools.sh') : undefined;

await phase('install', () => runStep('install', `${pnpm} install`));
await phase('build', () => runScript('build'));
await phase('checks', () => runScript('check:all'));
if (tools) {
  await phase('rest of the tools', async () => {
    const result = await tools;
    process.stdout.write(describeResult('tools of the tests', result));
    if (result.hasFailed) process.exit(1);
  });
}
process.stdout.write(`\nSeconds by phase: ${phases.join(', ')}. The tests are the last phase.\n`);
await runScript('test:all');
