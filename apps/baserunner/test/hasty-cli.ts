// The CLI, but for a watchdog whose time runs sixty times as fast: it takes the agent for hung after some five seconds.
import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from '../src/run-cli.js';
import { ThreadWatchdog } from '../src/watchdog/thread-watchdog.js';

await runProgram('baserunner', async (argv) =>
  runCli(argv, { watchdog: (config, logger) => new ThreadWatchdog({ config, logger, speed: 60 }) }),
);
