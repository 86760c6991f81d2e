import type { FleetEventBody } from '../events/fleet-event.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { MemberState, RolloutState } from '../fleet/rollout-states.js';
import type { Selector } from '../selector/selector.js';
import type { RolloutMember, SeenMember } from './rollout-member.js';
import type { Rollout } from './rollout.js';

/**
 * What a store keeps of rollouts. With a scope there are only rollouts of the same actor, and only members whose nodes are in
 * scope: others are not found, and a change that is about one of them is refused. Only `added` members are not looked at.
 */
export interface RolloutStore {
  findRollout(rolloutId: string): Promise<Rollout | undefined>;
  /** The newest first. */
  listRollouts(query: RolloutQuery): Promise<Rollout[]>;
  /** What a plan looks at. Members are of the moment, not of one instant: `changeRollout` finds out. */
  readMembers(rolloutId: string, query: SeenMemberQuery): Promise<SeenMember[]>;
  /** In the order of node IDs, those after `afterNodeId`. */
  listMembers(rolloutId: string, query: MemberListQuery): Promise<RolloutMember[]>;
  /** The node's membership in each rollout that is not over, the oldest rollout first. */
  findMemberships(nodeId: string): Promise<Membership[]>;
  /** IDs of nodes that the selector matches and that are no members, in their order. */
  findNewMembers(rolloutId: string, selector: Selector, limit: number): Promise<string[]>;
  /**
   * Keeps a change as a whole, or nothing of it, and resolves with `false`, if it is of an old reading: the rollout has
   * another revision, a command that would be withdrawn was listed or has ended, another rollout holds a node that would be held,
   * or a node that would get a command is no longer there, or has one with its ID.
   *
   * Tells the events, and then of each command that it is queued or cancelled; all of it at the caller's `nowMs`.
   */
  changeRollout(change: RolloutChange): Promise<boolean>;
}

export interface RolloutQuery {
  states?: readonly RolloutState[] | undefined;
  /** Only those that somebody must look after: they run, or a member has a command. */
  isUnsettled?: true | undefined;
  limit: number;
}

export type SeenMemberQuery =
  /** All that are offered or running. */
  | { which: 'in-flight' }
  /** Held members of waves up to this one, in the order of wave and rank. */
  | { which: 'held'; wavesTo: number; withoutGroups: readonly string[]; limit: number }
  /**
   * Deferred members that may be offered the command again, in the order of node IDs: no longer to be waited for, online,
   * no copy suspected, held by no other rollout. Also those whose node is gone: there is nothing to wait for.
   */
  | { which: 'back'; nowMs: number; withoutGroups: readonly string[]; limit: number }
  /** Deferred since before then, the longest first. */
  | { which: 'overdue'; sinceBeforeMs: number; limit: number }
  /** Those that are unknown for want of a result (`no-result`), and whose command has one by now, in the order of node IDs. */
  | { which: 'late'; limit: number }
  /** These. */
  | { which: 'named'; nodeIds: readonly string[] }
  /** Failed and unknown ones, in the order of node IDs. */
  | { which: 'ended-badly'; limit: number };

export interface MemberListQuery {
  states?: readonly MemberState[] | undefined;
  wave?: number | undefined;
  group?: string | undefined;
  afterNodeId?: string | undefined;
  limit: number;
}

export interface Membership {
  rollout: Rollout;
  member: RolloutMember;
}

export interface RolloutChange {
  /** With the revision that was read, 0 for a new one; it is kept with the next one. */
  rollout: Rollout;
  /** Whether somebody must look after it. */
  isUnsettled: boolean;
  /** Members as they are from now on, each once. */
  members: readonly RolloutMember[];
  /** New members. One that is there already stays as it is, and the change is kept. */
  added?: readonly RolloutMember[] | undefined;
  /** All members are removed first. */
  isCleared?: boolean | undefined;
  /** The holds of members that are neither offered nor running end. */
  isReleased?: boolean | undefined;
  /** Commands to add. */
  offered: readonly OfferedCommand[];
  /** Commands to cancel that no answer has listed. */
  withdrawn: readonly CommandOfNode[];
  /** Commands to cancel, unless they have a result or are cancelled already. */
  cancelled: readonly CommandOfNode[];
  /** By the actor who calls. */
  events: readonly FleetEventBody[];
}

export interface OfferedCommand {
  nodeId: string;
  command: CommandRecord;
}

export interface CommandOfNode {
  nodeId: string;
  commandId: string;
}
