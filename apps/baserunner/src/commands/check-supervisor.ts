import type { ExitCode } from '@serve.zone/baseos-command-line';
import { configFromEnv } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { writeResult } from '../cli/write-result.js';
import { reportSupervisor } from '../supervisor/report-supervisor.js';
import { agentEndpoints, supervisorFacts } from '../supervisor/supervisor-facts.js';
import { lookAtSupervisor } from '../supervisor/supervisor-look.js';

/** Makes each read that the agent makes once, in parallel. Exit code 1 if any fails. */
export async function checkSupervisor({ env, stdout }: CommandContext): Promise<ExitCode> {
  const look = lookAtSupervisor(configFromEnv(env));
  try {
    const report = reportSupervisor(await supervisorFacts(look, agentEndpoints));
    writeResult(stdout, report);
    return report.ok ? 0 : 1;
  } finally {
    look?.close();
  }
}
