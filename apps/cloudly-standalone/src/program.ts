import { runProgram } from '@serve.zone/baseos-command-line';
import { programName } from './program-name.js';
import { runCli } from './run-cli.js';

const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort());

await runProgram('cloudly-standalone', (argv) =>
  runCli(argv, {
    program: programName(process.argv[1] ?? '', process.env),
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: ending.signal,
  }),
);
