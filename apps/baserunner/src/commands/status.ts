import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { reportStatus } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../command-context.js';
import { createTransport } from '../create-transport.js';
import { version } from '../version.js';
import { writeResult } from '../write-result.js';

/** Prints how things stand, without changing any. What an operator should know is said on stderr as well. */
export async function status({ env, stdout, stderr }: CommandContext): Promise<ExitCode> {
  const transport = createTransport();
  try {
    const report = await reportStatus(env, { version, supervisorFetch: transport.fetch });
    for (const notice of report.notices) stderr.write(`baserunner: ${escapeControls(notice)}\n`);
    writeResult(stdout, report);
    return 0;
  } finally {
    transport.close();
  }
}
