import type { CommandRecord } from '../fleet/command-record.js';
import type { Reason } from './reason.js';
import { reasonsOfCommand } from './reasons-of-command.js';
import { type KnownMembership, reasonsOfMember } from './reasons-of-member.js';
import { type KnownNode, reasonsOfNode } from './reasons-of-node.js';

/** Why a node is where it is. */
export interface NodeReasons {
  nodeId: string;
  /** Those of its rollouts come first, then those of its commands and its own. None: nothing is in its way. */
  reasons: Reason[];
}

/** All that is known of a node and of what is wanted of it. */
export interface KnownCase extends KnownNode {
  /** Its place in each rollout that is not over. */
  memberships: readonly KnownMembership[];
  /** Those that may not be over, the oldest first. */
  commands: readonly CommandRecord[];
}

/** The chain of reasons, by what is stored and the time alone. */
export function nodeReasons(known: KnownCase, nowMs: number): NodeReasons {
  const { listed, memberships, commands } = known;
  return {
    nodeId: listed.facts.nodeId,
    reasons: [
      ...memberships.flatMap((membership) => reasonsOfMember(membership, nowMs)),
      ...commands.flatMap((command) => reasonsOfCommand(command, nowMs)),
      ...reasonsOfNode(known),
    ],
  };
}
