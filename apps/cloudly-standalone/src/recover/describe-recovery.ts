import type { Recovery } from './recover-fleet.js';

/** What an operator is told of a recovery: what was done, what to do, and what mends itself. */
export function describeRecovery({ takenAtMs, isDryRun, frozenJoinTokens, nodes }: Recovery): string[] {
  const { length: count } = frozenJoinTokens;
  const [tokens, are, they] =
    count === 1 ? ['1 join token', 'is', 'it was'] : [`${count} join tokens`, 'are', 'they were'];
  return [
    `The fleet is as it was at ${new Date(takenAtMs).toISOString()}. What happened since then is forgotten.`,
    '',
    count === 0
      ? 'There are no join tokens that could be used once more.'
      : `${tokens} ${isDryRun ? 'would be' : are} frozen: nobody knows what ${they} used for since.`,
    ...frozenJoinTokens.map(({ id, usedCount, maxUses }) => `  ${id} (used ${usedCount} of ${maxUses} times by then)`),
    '',
    'See to what you know of:',
    '- Nodes that registered since are unknown: each needs a new join token (`join-token create`).',
    `- Nodes that were revoked since are active again (active: ${nodes.active}): \`node revoke\`.`,
    `- Nodes that were approved since wait again (waiting: ${nodes.pending}): \`node approve\`.`,
    `- Nodes whose revocation was lifted since are revoked again (revoked: ${nodes.revoked}): \`node unrevoke\`.`,
    '- Nodes that were forgotten since are there again: `node forget`.',
    '- Nodes that became another device since are the device before again: `node rebind`.',
    '- Node tokens that were killed since are good again until their nodes come back: `node rotate --leaked`.',
    '- Commands that were queued since are gone; those that ended since may be given out once more.',
    '',
    'Nodes whose tokens were replaced since come back by themselves, by their registration keys.',
    ...(isDryRun ? ['', 'Nothing was changed.'] : []),
  ];
}
