import type { ExitCode } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../cli/command-context.js';
import { examine } from '../doctor/examine.js';
import { renderReport } from '../doctor/render-report.js';
import { writeResult } from '../cli/write-result.js';

/** Checks everything the agent depends on, and changes nothing. Exit code 1 if a check fails. */
export async function doctor({ env, stdout }: CommandContext, { json }: { json: boolean }): Promise<ExitCode> {
  const report = await examine(env);
  if (json) writeResult(stdout, report);
  else stdout.write(renderReport(report));
  return report.ok ? 0 : 1;
}
