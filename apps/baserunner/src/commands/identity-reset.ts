import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import {
  configFromEnv,
  describeIdentity,
  type IdentityDescription,
  inSentences,
  planReset,
  resetIdentity,
  type ResetStep,
} from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { writeResult } from '../cli/write-result.js';
import { type ResetReport, resetReport } from '../identity/reset-report.js';

/**
 * Makes the device forget which node it is. Without `yes`, it only says what it would do, and ends with 2. Exit code 1 if an
 * agent runs, or if the disk refuses.
 */
export async function identityReset(
  { env, stdout, stderr }: CommandContext,
  { yes, erase, json }: { yes: boolean; erase: boolean; json: boolean },
): Promise<ExitCode> {
  const config = configFromEnv(env);
  const before = await describeIdentity(env);
  const outcome = yes ? await resetIdentity(env, { erase }) : await planReset(env, { erase });
  const report = resetReport({ before, outcome, isConfirmed: yes, config });
  if (json) writeResult(stdout, report);
  else for (const line of linesOf(report, before)) stdout.write(`${escapeControls(line)}\n`);
  const { problem } = report;
  if (problem === undefined) return 0;
  stderr.write(`baserunner: ${escapeControls(inSentences(problem))}\n`);
  return problem.code === 'not-confirmed' ? 2 : 1;
}

function linesOf({ reset, steps, notices }: ResetReport, before: IdentityDescription): string[] {
  const done = reset ? 'has forgotten' : 'would forget';
  return [
    ...(steps.length === 0 ? [] : [`This device ${done} ${nameOfNode(before)}:`, ...steps.map(describeStep)]),
    ...notices.map(inSentences),
  ];
}

function nameOfNode({ nodeId, files }: IdentityDescription): string {
  if (nodeId !== undefined) return `node ${nodeId}`;
  const isEmpty = files.every(({ kind, condition }) => kind === 'remnant' || condition === 'absent');
  return isEmpty ? 'the files kept from earlier nodes' : 'an identity that cannot be read';
}

function describeStep(step: ResetStep): string {
  return step.kind === 'move' ? `  ${step.path} is kept as ${step.to}` : `  ${step.path} is removed`;
}
