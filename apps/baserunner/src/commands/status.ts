import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { reportStatus, type StatusReport } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../command-context.js';
import { createTransport } from '../create-transport.js';
import { version } from '../version.js';
import { writeResult } from '../write-result.js';

/** Prints how things stand, without changing any. What an operator should know is said on stderr as well. */
export async function status({ env, stdout, stderr }: CommandContext): Promise<ExitCode> {
  const transport = createTransport();
  try {
    const report = await reportStatus(env, { version, supervisorFetch: transport.fetch });
    const notices = [...report.notices, ...joinTokenNotices(report)];
    for (const notice of notices) stderr.write(`baserunner: ${escapeControls(notice)}\n`);
    writeResult(stdout, { ...report, notices });
    return 0;
  } finally {
    transport.close();
  }
}

/** A token that lets other devices in does no good on this one any more. */
function joinTokenNotices({ cloudly, configuration }: StatusReport): string[] {
  const source = configuration['BASEOS_JOIN_TOKEN']?.source ?? 'unset';
  if (cloudly.state !== 'registered' || source === 'unset') return [];
  return [
    'This node is enrolled: BASEOS_JOIN_TOKEN is needed no more. Remove it, so that nobody can take it from here.',
  ];
}
