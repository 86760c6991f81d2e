// `npm test`: builds, checks and tests everything. It tells the seconds of each phase, and ends in vitest's summary. With
// BASEOS_TEST_TOOLS=install it also installs what some tests need beside Node, while the build and the checks run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describeResult, runQuietly } from './run-quietly.mjs';

const phases = [];

/** Runs scripts of package.json, with what they write. */
async function runScript(words) {
  const child = spawn(`pnpm run ${words}`, { shell: true, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) process.exit(code ?? 1);
}

async function phase(name, work) {
  const startMs = performance.now();
  await work();
  phases.push(`${name} ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}

const tools = process.env.BASEOS_TEST_TOOLS === 'install' ? runQuietly('sh scripts/install-test-tools.sh') : undefined;

await phase('build', () => runScript('build'));
await phase('checks', () => runScript('check:all'));
if (tools) {
  await phase('further wait for tools', async () => {
    const result = await tools;
    process.stdout.write(describeResult('test:tools', result));
    if (result.hasFailed) process.exit(1);
  });
}
process.stdout.write(`\nSeconds by phase: ${phases.join(', ')}. Now the tests.\n`);
await runScript('test:all');
