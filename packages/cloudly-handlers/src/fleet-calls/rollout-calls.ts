import type { MemberState, RolloutState } from '../fleet/rollout-states.js';
import type { RolloutMember } from '../fleet-store/rollout-member.js';
import type { Rollout, RolloutCommand, RolloutLimits, RolloutWindow, Wave } from '../fleet-store/rollout.js';
import type { RolloutPreview } from '../rollout-preview/rollout-preview.js';
import type { NodeReasons } from '../why/node-reasons.js';
import type { Caller } from './caller.js';

/**
 * Commands for many nodes, wave by wave. A caller with a scope sees their own rollouts alone; what others made is for admins to
 * decide about. `createRolloutRunner` carries out what is decided here.
 */
export interface RolloutCalls {
  /** Makes a draft, which does nothing yet. The same rollout with the same ID again is the same rollout. */
  createRollout(caller: Caller, rollout: NewRollout): Promise<Rollout>;
  /** Of a draft, everything can be changed, and its approval is void then; of one that is paused, the limits and the window. */
  changeRollout(caller: Caller, rolloutId: string, changes: RolloutChanges, options?: RevisionOption): Promise<Rollout>;
  /** What would become of a draft that is started now. It changes nothing. */
  previewRollout(caller: Caller, rolloutId: string): Promise<RolloutPreview>;
  /** Freezes which nodes are the members of a draft, and begins it. */
  startRollout(caller: Caller, rolloutId: string): Promise<Rollout>;
  /**
   * Approves a draft that needs it, which takes another person than its creator; opens the manual gate of a rollout whose wave
   * is over.
   */
  approveRollout(caller: Caller, rolloutId: string): Promise<Rollout>;
  /** Nothing more is offered, and commands that no node has got are withdrawn. */
  pauseRollout(caller: Caller, rolloutId: string): Promise<Rollout>;
  resumeRollout(caller: Caller, rolloutId: string, options?: ResumeOptions): Promise<Rollout>;
  /** Ends a rollout for ever: what no node has got is withdrawn, and what one has is cancelled. */
  stopRollout(caller: Caller, rolloutId: string): Promise<Rollout>;
  /** Pauses every rollout that runs and that the caller may decide about. Resolves with these. */
  pauseAllRollouts(caller: Caller): Promise<Rollout[]>;
  /**
   * Lets a rollout have a member that another rollout holds, unless its node may have begun the command of that one. Resolves
   * with the member of the other one, which skips it.
   */
  takeOverMember(caller: Caller, rolloutId: string, nodeId: string): Promise<RolloutMember>;
  getRollout(caller: Caller, rolloutId: string): Promise<Rollout>;
  /** The newest first, 100 by default. */
  listRollouts(caller: Caller, query?: RolloutListQuery): Promise<Rollout[]>;
  /** In the order of node IDs, 100 by default. */
  listRolloutMembers(caller: Caller, rolloutId: string, query?: RolloutMemberQuery): Promise<RolloutMember[]>;
  /** Why a node is where it is: in each of its rollouts, with its command, and as itself. */
  why(caller: Caller, nodeId: string): Promise<NodeReasons>;
}

/** What is left out gets a default: {@link Rollout} says what each member means. */
export interface NewRollout {
  /** A UUID of your choice. */
  id: string;
  name: string;
  /** An update must name its commit. */
  command: RolloutCommand;
  selector: string;
  /** @default one node, then 10 percent, then all others */
  waves?: readonly NewWave[] | undefined;
  limits?: NewLimits | undefined;
  window?: RolloutWindow | undefined;
  /** @default false */
  isDynamic?: boolean | undefined;
  /** @default false */
  needsApproval?: boolean | undefined;
}

export interface NewWave extends Omit<Wave, 'gate' | 'soakMs'> {
  /** @default 'auto' */
  gate?: Wave['gate'] | undefined;
  /** @default 0 */
  soakMs?: number | undefined;
}

export type NewLimits = { [Name in keyof RolloutLimits]?: RolloutLimits[Name] | undefined };

/** What is absent stays as it is. */
export interface RolloutChanges {
  name?: string | undefined;
  command?: RolloutCommand | undefined;
  selector?: string | undefined;
  waves?: readonly NewWave[] | undefined;
  limits?: LimitChanges | undefined;
  /** `null` removes it. */
  window?: RolloutWindow | null | undefined;
  isDynamic?: boolean | undefined;
  needsApproval?: boolean | undefined;
}

export interface LimitChanges extends Omit<NewLimits, 'perGroup'> {
  /** `null` removes it. */
  perGroup?: RolloutLimits['perGroup'] | null | undefined;
}

export interface RevisionOption {
  /** Reject the change unless the rollout still has this revision. */
  revision?: number | undefined;
}

export interface ResumeOptions {
  /** What becomes of members that have failed: they try again, or are skipped. */
  failed?: 'retry' | 'leave-out' | undefined;
  /** New limits, which may allow for what has failed. */
  limits?: LimitChanges | undefined;
}

export interface RolloutListQuery {
  states?: readonly RolloutState[] | undefined;
  limit?: number | undefined;
}

export interface RolloutMemberQuery {
  states?: readonly MemberState[] | undefined;
  wave?: number | undefined;
  group?: string | undefined;
  afterNodeId?: string | undefined;
  limit?: number | undefined;
}
