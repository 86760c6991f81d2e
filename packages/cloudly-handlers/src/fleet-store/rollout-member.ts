import type { CommandRecord } from '../fleet/command-record.js';
import type { StoredHeartbeat } from '../fleet/node-report.js';
import type { MemberReason, MemberState } from '../fleet/rollout-states.js';
import type { FleetNode } from './fleet-node.js';

/** A node in a rollout. */
export interface RolloutMember {
  nodeId: string;
  /** From 0. */
  wave: number;
  /** The value of the label that its group is by; empty if it has none, or there are no groups. */
  group: string;
  /** Its place in its wave: the beginning of the SHA-256 of the rollout's ID and its own, so that no property of nodes decides. */
  rank: string;
  state: MemberState;
  reason?: MemberReason;
  /** When it came into this state. */
  sinceMs: number;
  /** A deferred member is not looked at before. */
  waitUntilMs?: number;
  /** How often it was offered the command. Each offer is a command of its own. */
  offerCount: number;
  /** How many attempts have failed. */
  failureCount: number;
  /** Of its last offer. */
  commandId?: string;
  /** From its first offer until it ends, no other rollout offers the node anything. */
  isHolding: boolean;
}

/** A member, and what a plan knows of its node. */
export interface SeenMember {
  member: RolloutMember;
  /** Of its last offer. */
  command?: CommandRecord;
  /** Absent once the node is forgotten. */
  node?: FleetNode;
  lastHeartbeat?: StoredHeartbeat;
  /** The other rollout that holds the node. */
  heldBy?: string;
}
