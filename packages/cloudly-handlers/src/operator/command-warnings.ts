import type { CommandRequest, RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { NodeRecord } from '../fleet/node-record.js';

/**
 * Why a node might never carry a command out:
 *
 * - `not-accepted`: its last status does not name the kind among those that it accepts.
 * - `force-not-accepted`: its last status names the kind, but not that a command may override update locks.
 * - `node-pending`, `node-revoked`, `clone-suspected`: the node gets no commands until an operator has decided.
 * - `legacy-node`: the node speaks the protocol of before, which has no commands.
 */
export type CommandWarning =
  | 'not-accepted'
  | 'force-not-accepted'
  | 'node-pending'
  | 'node-revoked'
  | 'clone-suspected'
  | 'legacy-node';

/** What speaks against a command, by what is known about its node. */
export function commandWarnings(
  { kind, force }: CommandRequest,
  node: NodeRecord,
  status: RuntimeStatus | undefined,
): CommandWarning[] {
  const warnings: CommandWarning[] = [];
  if (node.revokedAtMs !== undefined) warnings.push('node-revoked');
  else if (node.approvedAtMs === undefined) warnings.push('node-pending');
  if (node.cloneSuspectedAtMs !== undefined) warnings.push('clone-suspected');
  if (node.registrationKeyHash === undefined) warnings.push('legacy-node');
  else if (status && !status.acceptedCommands.includes(kind)) warnings.push('not-accepted');
  else if (status && force && !status.acceptedCommands.includes('force')) warnings.push('force-not-accepted');
  return warnings;
}
