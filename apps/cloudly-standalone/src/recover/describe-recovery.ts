import type { Recovery } from './recover-fleet.js';

/** What an operator reads about a recovery: what was done, what to do, and what recovers on its own. */
export function describeRecovery(recovery: Recovery): string[] {
  const { takenAtMs, isDryRun, frozenJoinTokens, stoppedJobs, pausedRollouts, disabledWebhooks, nodes } = recovery;
  const { length: count } = frozenJoinTokens;
  const [tokens, are, they] =
    count === 1 ? ['1 join token', 'is', 'it was'] : [`${count} join tokens`, 'are', 'they were'];
  return [
    `The fleet is in the state of ${new Date(takenAtMs).toISOString()}. It does not know what happened after that.`,
    '',
    count === 0
      ? 'There is no usable join token.'
      : `${tokens} ${isDryRun ? 'would be' : are} frozen: it is not known what ${they} used for after the backup.`,
    ...frozenJoinTokens.map(
      ({ id, usedCount, maxUses }) => `  ${id} (used ${usedCount} of ${maxUses} times at that time)`,
    ),
    ...stoppedJobs.map(
      ({ job, waiting }) =>
        `The job ${job.id} (${job.action.kind} on ${job.nodeCount} nodes) ${isDryRun ? 'would be' : 'is'} stopped. At the time of the ` +
        `backup, ${waiting} nodes were not begun.`,
    ),
    ...pausedRollouts.map(
      ({ name }) =>
        `The rollout ${name} ${isDryRun ? 'would be' : 'is'} paused. Look at what its nodes run by now before you resume it ` +
        '(`rollout members`, `rollout resume`).',
    ),
    ...disabledWebhooks.map(
      ({ name }) =>
        `The webhook ${name} ${isDryRun ? 'would be' : 'is'} disabled: it is not known what it has sent after the backup. ` +
        '`webhook enable` begins with what happens from then on.',
    ),
    ...describeAccounts(recovery),
    isDryRun
      ? 'Programs that follow the events would start over.'
      : 'Programs that follow the events start over: events after the backup are lost.',
    '',
    'Check the following:',
    '- Nodes that registered after the backup are unknown. Each needs a new join token (`join-token create`).',
    `- Nodes that were revoked after the backup are active again (active: ${nodes.active}). Revoke them with \`node revoke\`.`,
    `- Nodes that were approved after the backup wait again (waiting: ${nodes.pending}). Approve them with \`node approve\`.`,
    `- Nodes whose revocation was lifted after the backup are revoked again (revoked: ${nodes.revoked}). Use \`node unrevoke\`.`,
    '- Nodes that were forgotten after the backup exist again. Remove them with `node forget`.',
    '- Nodes that moved to another device after the backup are on the previous device again. Use `node rebind`.',
    '- Node tokens that were revoked after the backup are valid again until their nodes reconnect. Use `node rotate --leaked`.',
    '- Operators who were removed or changed after the backup are as before, with their passwords of then. Use `operator list`.',
    '- Commands that were queued after the backup are lost. Commands that finished after it may be sent again.',
    '',
    'Nodes whose tokens were renewed after the backup re-enrol on their own with their registration keys.',
    ...(isDryRun ? ['', 'Nothing was changed.'] : []),
  ];
}

function describeAccounts({ isDryRun, accounts: { apiTokens, sessionCount, invitationCount } }: Recovery): string[] {
  const would = isDryRun ? 'would be' : 'are';
  return [
    ...(apiTokens.length > 0
      ? [`API tokens that ${would} revoked: ${apiTokens.join(', ')}. Create new ones with \`operator token create\`.`]
      : []),
    ...(sessionCount > 0 ? [`Sessions of operators that ${would} ended: ${sessionCount}. They sign in again.`] : []),
    ...(invitationCount > 0
      ? [`Invitations that ${would} void: ${invitationCount}. Make new ones with \`operator invite\`.`]
      : []),
  ];
}
