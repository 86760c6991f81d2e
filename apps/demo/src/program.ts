import { type ExitCode, runOneCommand } from '@serve.zone/baseos-command-line';
import { DemoFailure } from './ending/demo-failure.js';
import { type DemoOptions, parseCommandLine, usage } from './order/parse-command-line.js';
import { runDemo } from './run-demo.js';
import { watchLaunchers } from './ending/watch-launchers.js';

process.exitCode = await main(process.argv.slice(2));

function main(argv: readonly string[]): Promise<ExitCode> {
  const { stdout, stderr } = process;
  return runOneCommand(parseCommandLine(argv), { usage, stdout, stderr }, async ({ options }) => run(options));
}

async function run(options: DemoOptions): Promise<ExitCode> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => ending.abort());
  watchLaunchers(() => ending.abort());
  // A closed terminal must not prevent the demo from cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => ending.abort());
  try {
    await runDemo({ ...options, stream: process.stdout, signal: ending.signal });
    return 0;
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error;
    process.stderr.write(`The demo failed: ${error.message}\n`);
    return 1;
  }
}
