import type { CommandRequest, RuntimeStatus } from '@serve.zone/baseos-contracts';
import { approvalOf } from '../facts/approval.js';
import type { NodeApproval } from '../facts/node-facts.js';
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
  command: CommandRequest,
  node: NodeRecord,
  status: RuntimeStatus | undefined,
): CommandWarning[] {
  return warningsOf(command, {
    approval: approvalOf(node),
    isCloneSuspected: node.cloneSuspectedAtMs !== undefined,
    isLegacy: node.registrationKeyHash === undefined,
    acceptedCommands: status?.acceptedCommands,
  });
}

/** What decides whether a node gets a command and accepts it. */
export interface Commanded {
  approval: NodeApproval;
  isCloneSuspected: boolean;
  isLegacy?: boolean | undefined;
  /** Absent as long as it has not said so. */
  acceptedCommands?: readonly string[] | undefined;
}

/** The same, by facts alone. */
export function warningsOf({ kind, force }: CommandRequest, node: Commanded): CommandWarning[] {
  const { approval, isCloneSuspected, isLegacy, acceptedCommands } = node;
  const warnings: CommandWarning[] = [];
  if (approval !== 'approved') warnings.push(`node-${approval}`);
  if (isCloneSuspected) warnings.push('clone-suspected');
  if (isLegacy) warnings.push('legacy-node');
  else if (acceptedCommands && !acceptedCommands.includes(kind)) warnings.push('not-accepted');
  else if (acceptedCommands && force && !acceptedCommands.includes('force')) warnings.push('force-not-accepted');
  return warnings;
}
