#!/usr/bin/env node
import { runCli } from './run-cli.js';

// Who reads the result may stop early (`baserunner status | head -1`): that is no failure, unlike a full disk. A log
// that nobody takes any more must not end the agent.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = 1;
});
process.stderr.on('error', () => undefined);

process.on('uncaughtException', (error) => void endAfter(error));

const exitCode = await runCli(process.argv.slice(2));
process.exitCode ??= exitCode;

// Nothing is left to do; should a handle be open all the same, it does not hold the process.
setTimeout(() => process.exit(), 1000).unref();

/** Nobody caught it: a defect, after which nothing is known of the agent's state. The container starts it anew. */
async function endAfter(error: unknown): Promise<void> {
  try {
    const { reportError } = await import('./report-error.js');
    reportError(error, { env: process.env, stderr: process.stderr });
  } finally {
    process.exit(1);
  }
}
