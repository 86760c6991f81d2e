import type { Actor } from '../events/actor.js';
import type { BulkAction } from '../fleet/bulk-action.js';
import type { Scope } from '../selector/selector.js';

/** An action on many nodes. The preview freezes which; nothing is done until it is confirmed. */
export interface BulkJob {
  /** A UUID that the caller chooses: the same job again is the same job. */
  id: string;
  createdAtMs: number;
  /** Who asked for it: each node's change is by them, within the scope that they had when they asked. */
  actor: Actor;
  role: 'operate' | 'admin';
  scope?: Scope;
  action: BulkAction;
  /** As it was typed. */
  selector: string;
  /** How many nodes the preview has frozen. */
  nodeCount: number;
  /** Unless it is confirmed by then, it is dropped. */
  confirmUntilMs: number;
  confirmedAtMs?: number;
  stoppedAtMs?: number;
  /** When the last node had its result, or the job that was stopped began no further one. */
  endedAtMs?: number;
}

/** - `skipped`: it no longer exists, is out of scope, or there was nothing to change. */
export type BulkOutcome = 'done' | 'failed' | 'skipped';

export interface BulkResult {
  nodeId: string;
  outcome: BulkOutcome;
  /** Why it failed or was skipped, or what speaks against a command that was sent; for a person. */
  reason?: string;
}

export interface BulkProgress {
  job: BulkJob;
  done: number;
  failed: number;
  skipped: number;
  /** Neither has a result nor is being worked on. */
  waiting: number;
}
