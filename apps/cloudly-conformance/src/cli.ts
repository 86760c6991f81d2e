import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from './run-cli.js';

// Node gives each address of a name 250 ms, which a Cloudly behind a slow link or a dead address does not keep.
setDefaultAutoSelectFamilyAttemptTimeout(5000);

await runProgram('conformance', (argv) => runCli(argv, process.stdout, process.stderr));
