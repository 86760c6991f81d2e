import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import {
  describeIdentity,
  type IdentityDescription,
  inSentences,
  planReset,
  resetIdentity,
  type ResetOutcome,
  type ResetStep,
} from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';

/**
 * Makes the device forget which node it is. Without `yes`, it only says what it would do, and ends with 2. Exit code 1 if an
 * agent runs, or if the disk refuses.
 */
export async function identityReset(
  { env, stdout, stderr }: CommandContext,
  { yes, erase }: { yes: boolean; erase: boolean },
): Promise<ExitCode> {
  const before = await describeIdentity(env);
  const outcome = yes ? await resetIdentity(env, { erase }) : await planReset(env, { erase });
  const tell = (stream: CommandContext['stdout'], lines: readonly string[]): void => {
    for (const line of lines) stream.write(`${escapeControls(line)}\n`);
  };
  if (outcome.kind !== 'reset') {
    tell(stderr, [`baserunner: ${inSentences(outcome)}`]);
    return 1;
  }
  if (outcome.steps.length === 0) {
    tell(stdout, ['No identity is stored: there is nothing to reset.', ...leftoverLines(outcome)]);
    return 0;
  }
  const node = nameOfNode(before);
  if (!yes) {
    tell(stdout, [`This device would forget ${node}:`, ...outcome.steps.map(describeStep)]);
    tell(stderr, ['baserunner: Nothing was changed. To reset the identity, stop the agent and add --yes.']);
    return 2;
  }
  tell(stdout, [
    `This device has forgotten ${node}:`,
    ...outcome.steps.map(describeStep),
    ...leftoverLines(outcome),
    ...consequences(before, env),
  ]);
  return 0;
}

function nameOfNode({ nodeId, files }: IdentityDescription): string {
  if (nodeId !== undefined) return `node ${nodeId}`;
  const isEmpty = files.every(({ kind, condition }) => kind === 'remnant' || condition === 'absent');
  return isEmpty ? 'the files kept from earlier nodes' : 'an identity that cannot be read';
}

function describeStep(step: ResetStep): string {
  return step.kind === 'move' ? `  ${step.path} is kept as ${step.to}` : `  ${step.path} is removed`;
}

/** An agent does not use them, but a thief of the disk could. */
function leftoverLines({ leftovers }: Extract<ResetOutcome, { kind: 'reset' }>): string[] {
  return leftovers.length === 0
    ? []
    : [
        `Secrets of a node remain in ${leftovers.join(', ')}. Before you copy this disk or give it away, run: baserunner identity reset --erase --yes`,
      ];
}

function consequences({ enrolment }: IdentityDescription, env: CommandContext['env']): string[] {
  const isSet = (name: string): boolean => [name, `${name}_FILE`].some((each) => (env[each] ?? '').trim() !== '');
  return [
    isSet('BASEOS_NODE_ID')
      ? 'The next start creates the node named by BASEOS_NODE_ID, with a new registration key.'
      : 'The next start creates a new node.',
    ...(isSet('BASEOS_JOIN_TOKEN') ? [] : ['To enrol it, set BASEOS_JOIN_TOKEN to a join token.']),
    ...(enrolment?.origin ? [`${enrolment.origin} still knows the old node. Revoke it there.`] : []),
  ];
}
