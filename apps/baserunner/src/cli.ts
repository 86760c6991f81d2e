#!/usr/bin/env node
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonLines, runProgram } from '@serve.zone/baseos-command-line';
import { logFormatOf } from './log/log-format-of.js';
import { BoundedLog } from './process/bounded-log.js';
import { dropEndlessAuthorities } from './process/drop-endless-authorities.js';
import { endProcess } from './process/end-process.js';
import { exitUnheld } from './process/exit-unheld.js';
import { ProcessSignals } from './process/process-signals.js';
import { runCli } from './run-cli.js';
import { ThreadWatchdog } from './watchdog/thread-watchdog.js';

/** How long the last output waits for a reader before the process ends. */
const LAST_WORDS_MAX_MS = 200;

const isJson = logFormatOf(process.env) === 'json';
dropEndlessAuthorities((message) => {
  const stream = isJson ? jsonLines(process.stderr, { program: 'baserunner', level: 'warn' }) : process.stderr;
  stream.write(`baserunner: ${message}\n`);
});

const signals = new ProcessSignals();
const log = new BoundedLog();
process.on('uncaughtException', (error) => void endAfter(error));

const ownErrors = isJson ? jsonLines(process.stderr, { program: 'baserunner', level: 'error' }) : process.stderr;
if (isJson) {
  // Node itself would write its warnings as text.
  const warnings = jsonLines(log, { program: 'baserunner', level: 'warn' });
  process.removeAllListeners('warning').on('warning', ({ name, message }) => warnings.write(`${name}: ${message}\n`));
}

await runProgram(
  'baserunner',
  async (argv) => runCli(argv, { signals, log, watchdog: (config, logger) => new ThreadWatchdog({ config, logger }) }),
  ownErrors,
);

signals.settle();
// It contains the command's result, so it is written even to a slow reader.
await written(process.stdout);
await Promise.race([written(process.stderr), sleep(LAST_WORDS_MAX_MS)]);
await log.flushed(LAST_WORDS_MAX_MS);
// Nothing is left to do. If Node ended on its own, it would stop listening to signals first.
exitUnheld();

async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0) await new Promise<void>((resolve) => void stream.write('', () => resolve()));
  // An error is emitted after the write that failed.
  await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** An uncaught error is a defect that leaves the agent in an unknown state. The container restarts it. */
async function endAfter(error: unknown): Promise<void> {
  try {
    const { reportError } = await import('./cli/report-error.js');
    reportError(error, { env: process.env, stderr: log });
    await log.flushed(LAST_WORDS_MAX_MS);
  } finally {
    endProcess(1);
  }
}
