#!/usr/bin/env node
import { basename, relative } from 'node:path';
import { runProgram } from '@serve.zone/baseos-command-line';
import { runCli } from './run-cli.js';

const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort());

await runProgram((argv) =>
  runCli(argv, {
    program: programName(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: ending.signal,
  }),
);

/** `cloudly-standalone` where it was called by that name, as after an installation, otherwise `node` with the file. */
function programName(): string {
  const path = process.argv[1] ?? '';
  return basename(path) === 'cloudly-standalone' ? 'cloudly-standalone' : `node ${relative('', path)}`;
}
