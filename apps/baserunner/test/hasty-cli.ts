// The CLI with a watchdog that runs sixty times as fast: it considers the agent hung after about five seconds.
import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from '../src/run-cli.js';
import { ThreadWatchdog } from '../src/watchdog/thread-watchdog.js';

await runProgram('baserunner', async (argv) =>
  runCli(argv, { watchdog: (config, logger) => new ThreadWatchdog({ config, logger, speed: 60 }) }),
);
