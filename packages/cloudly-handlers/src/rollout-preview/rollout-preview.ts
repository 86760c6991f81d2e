import type { Wave } from '../fleet-store/rollout.js';
import type { CommandWarning } from '../operator/command-warnings.js';

/** What would become of a rollout that is started now. */
export interface RolloutPreview {
  memberCount: number;
  /** How many are not online now. */
  offlineCount: number;
  waves: PreviewedWave[];
  /** What speaks against its success with some members; one may be counted in several. */
  obstacles: Obstacle[];
  /** Present if there is a limit for each group. */
  groups?: PreviewedGroups;
  prediction: Prediction;
}

export interface PreviewedWave extends Pick<Wave, 'gate' | 'soakMs'> {
  memberCount: number;
  onlineCount: number;
  /** When it would begin, and when each of its members would have ended or be deferred; absent if that cannot be predicted. */
  beginsAtMs?: number;
  overAtMs?: number;
}

/**
 * - `already`: the node runs the release, and is skipped.
 * - `not-staged`: its gate is closed and holds no release yet, so it may refuse the release as one that it does not know.
 * - `other-release`: another release waits behind its gate, so its target is another one.
 * - `other-rollout`: another rollout holds it, and it is deferred until that one has ended with it.
 */
export type ObstacleCode = CommandWarning | 'already' | 'not-staged' | 'other-release' | 'other-rollout';

export interface Obstacle {
  code: ObstacleCode;
  /** Of so many members. */
  count: number;
  /** The first ones of them, at most ten. */
  nodeIds: string[];
  /** Not every member was looked at, but so many. */
  lookedAt?: number;
}

export interface PreviewedGroups {
  label: string;
  max: number;
  /** How many groups there are, and how many of them have more members than may be in flight at a time. */
  groupCount: number;
  largerCount: number;
  /** The largest ones of these, at most ten. */
  largest: { group: string; memberCount: number }[];
}

/**
 * When the rollout would end if every command succeeds, every gate is opened at once, and the nodes are online when they were in
 * the last week.
 */
export interface Prediction {
  /**
   * - `ends`: `endsAtMs` says when.
   * - `pauses`: some nodes would not carry the command out, and it would pause for that at `pausesAtMs`.
   * - `no-members`: there is nothing to do.
   * - `no-durations`: no node has finished such a command, so nobody knows how long it takes.
   * - `too-long`: it has not ended after as much time as `followedUntilMs` says.
   */
  outcome: 'ends' | 'pauses' | 'no-members' | 'no-durations' | 'too-long';
  endsAtMs?: number;
  pausesAtMs?: number;
  followedUntilMs?: number;
  /** How many percent of the members would have ended so by then. */
  endedPercent?: { succeeded: number; failed: number; skipped: number };
  /** What it is predicted from. */
  basis: PredictionBasis;
}

export interface PredictionBasis {
  /**
   * The commands of the same kind that have succeeded in the last week, at most 200 of them: how long they took from being sent to
   * their result.
   */
  durations: { commandCount: number; medianMs?: number; ninetiethMs?: number };
  /** Of those that ended in the last week, how many did not succeed. The model has no such failures. */
  endings: { endedCount: number; failedCount: number };
  /**
   * The members whose history says who was online when, at most 100 of them, and how many hours of the last week it has; without
   * it, nodes stay as they are.
   */
  presence: { nodeCount: number; hourCount: number };
  /** How many members the model has; fewer than there are if those are many. */
  modelCount: number;
}
