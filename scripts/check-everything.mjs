// `npm test`: installs, builds, checks and tests everything, and tells the seconds of each phase at its end. The checks run beside
// the tests, which leave the cores to others while they wait. With TEST_TOOLS=install it also installs what some tests need
// beside Node, during the build. It runs on the Node of the machine, which may be older than the one that is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { providePnpm } from './pnpm.mjs';
import { describeResult, runQuietly } from './run-quietly.mjs';
import { runStep } from './run-step.mjs';

const phases = [];

async function phase(name, work) {
  const startMs = performance.now();
  const result = await work();
  phases.push(`${name} ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  return result;
}

/** Runs a script of package.json, shows what it writes, and resolves with its exit code. */
async function runScript(name) {
  const child = spawn(`pnpm --silent run ${name}`, { shell: true, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code ?? 1;
}

/** Shows what the checks have found once all of them have ended. */
async function runChecks() {
  const { hasFailed, output } = await runQuietly('pnpm --silent run check:all');
  process.stdout.write(output);
  return hasFailed ? 'The checks have failed: see above.\n' : '';
}

const tools = process.env.TEST_TOOLS === 'install' ? runQuietly('sh scripts/install-test-tools.sh') : undefined;

await phase('install', () => {
  providePnpm();
  return runStep('install', 'pnpm install');
});
const buildCode = await phase('build', () => runScript('build'));
if (buildCode !== 0) process.exit(buildCode);
if (tools) {
  const result = await phase('rest of the tools', () => tools);
  process.stdout.write(describeResult('tools of the tests', result));
  if (result.hasFailed) process.exit(1);
}
const [failedChecks, testCode] = await Promise.all([
  phase('checks beside the tests', runChecks),
  phase('tests', () => runScript('test:all')),
]);
process.stdout.write(`Seconds by phase: ${phases.join(', ')}.\n${failedChecks}`);
process.exitCode = failedChecks === '' ? testCode : 1;
