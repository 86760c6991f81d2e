import { runProgram } from '@serve.zone/baseos-command-line';
import { programName } from './program-name.js';
import { runCli } from './run-cli.js';

/** How long what a command left open may keep the process once the command has ended. */
const LINGER_MS = 1000;

const ending = new AbortController();
const endings = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
const end = (): void => {
  // Who asks twice does not want to wait: the second signal does what Node does by itself.
  for (const signal of endings) process.off(signal, end);
  ending.abort();
};
for (const signal of endings) process.on(signal, end);

await runProgram('cloudly-standalone', (argv) =>
  runCli(argv, {
    program: programName(process.argv[1] ?? '', process.env),
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: ending.signal,
    onHangup: (listener) => process.off('SIGHUP', end).on('SIGHUP', listener),
    onWarning: (listener) => process.removeAllListeners('warning').on('warning', listener),
  }),
);
// A database that does not answer must not keep a server that was told to end.
if (ending.signal.aborted) setTimeout(() => process.exit(), LINGER_MS).unref();
