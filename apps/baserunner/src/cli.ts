#!/usr/bin/env node
import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from './run-cli.js';
import { ThreadWatchdog } from './watchdog/thread-watchdog.js';

process.on('uncaughtException', (error) => void endAfter(error));

await runProgram('baserunner', async (argv) =>
  runCli(argv, { watchdog: (config, logger) => new ThreadWatchdog({ config, logger }) }),
);

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
