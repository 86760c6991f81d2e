import type { ExitCode } from '@serve.zone/baseos-command-line';
import { program, versionLine } from '../about/program.js';
import type { CommandContext } from '../cli/command-context.js';
import { writeResult } from '../cli/write-result.js';

/** Prints which program this is. */
export function printVersion({ stdout }: CommandContext, { json }: { json: boolean }): ExitCode {
  if (json) writeResult(stdout, program);
  else stdout.write(`${versionLine}\n`);
  return 0;
}
