import { runProgram } from '@serve.zone/baseos-command-line';
import { endingSignals } from './command/ending-signals.js';
import { programName } from './program-name.js';
import { processTerminal } from './terminal/process-terminal.js';
import { runCli } from './run-cli.js';

/** How long open handles may keep the process alive once the command has ended. */
const LINGER_MS = 1000;

const signals = endingSignals();
await runProgram('cloudly-standalone', (argv) =>
  runCli(argv, {
    program: programName(process.argv[1] ?? '', process.env),
    startWords: [process.execPath, process.argv[1] ?? ''],
    stdout: process.stdout,
    stderr: process.stderr,
    terminal: processTerminal(),
    env: process.env,
    ...signals,
    onWarning: (listener) => process.removeAllListeners('warning').on('warning', listener),
  }),
);
// A database that does not answer, or the remains of a failed start, must not keep the process alive once its output is
// written.
process.stdout.write('', () => setTimeout(() => process.exit(), LINGER_MS).unref());
