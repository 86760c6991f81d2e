#!/usr/bin/env node
import { ignoreUserSignals } from './ignore-user-signals.js';
import { runCommand } from './run-command.js';

ignoreUserSignals();

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.once(signal, () => ending.abort());

// The reader of the two lines may stop early (`… | head -2`); the emulator keeps running.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

process.exitCode = await runCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
});
