import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from './run-cli.js';

await runProgram('conformance', (argv) => runCli(argv, process.stdout, process.stderr));
