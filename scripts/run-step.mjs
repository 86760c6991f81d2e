import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describeResult, runQuietly } from './run-quietly.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command, and tells its time in a line. If it fails, that ends this program, after all that the command wrote. */
export async function runStep(name, command) {
  const result = await runQuietly(command, root);
  process.stdout.write(describeResult(name, result));
  if (result.hasFailed) process.exit(1);
}
