import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { reportNextRequest, reportStatus } from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import type { CommandContext } from '../cli/command-context.js';
import { createTransport } from '../transport/create-transport.js';
import { version } from '../about/version.js';
import { writeMistakes } from '../cli/write-mistakes.js';
import { writeResult } from '../cli/write-result.js';

/**
 * Prints how things stand, without changing any. What an operator should know is said on stderr as well. Exit code 2 where
 * the configuration lets no agent start.
 */
export async function status({ env, stdout, stderr }: CommandContext, { wire }: { wire: boolean }): Promise<ExitCode> {
  const transport = createTransport();
  const options = { version, supervisorFetch: transport.fetch, builtMs };
  try {
    const report = wire ? await reportNextRequest(env, options) : await reportStatus(env, options);
    const sentences = 'notes' in report ? report.notes : report.notices;
    const mistakes = 'mistakes' in report ? report.mistakes : [];
    if (mistakes.length > 0) writeMistakes({ mistakes }, { env, stderr });
    for (const sentence of sentences) stderr.write(`baserunner: ${escapeControls(sentence)}\n`);
    writeResult(stdout, report);
    return mistakes.length > 0 ? 2 : 0;
  } finally {
    transport.close();
  }
}
