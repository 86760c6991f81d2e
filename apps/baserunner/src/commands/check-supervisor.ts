import type { ExitCode } from '@serve.zone/baseos-command-line';
import { configFromEnv } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { writeResult } from '../cli/write-result.js';
import { reportSupervisor } from '../supervisor/report-supervisor.js';

/** Tries each read once, side by side. Exit code 1 if any fails. */
export async function checkSupervisor({ env, stdout }: CommandContext): Promise<ExitCode> {
  const report = await reportSupervisor(configFromEnv(env));
  writeResult(stdout, report);
  return report.ok ? 0 : 1;
}
