import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { inSentences, reportCommands } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { paintFor } from '../cli/terminal.js';
import { writeResult } from '../cli/write-result.js';
import { humanCommands } from '../status/human-commands.js';

/** Prints what Cloudly has commanded and what became of it. It changes nothing. */
export async function listCommands(
  { env, stdout, stderr }: CommandContext,
  { json }: { json: boolean },
): Promise<ExitCode> {
  const report = await reportCommands(env);
  for (const notice of report.notices) stderr.write(`baserunner: ${escapeControls(inSentences(notice))}\n`);
  if (json) writeResult(stdout, report);
  else stdout.write(humanCommands(report, paintFor(stdout, env)));
  return 0;
}
