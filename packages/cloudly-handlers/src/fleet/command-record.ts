import type { Command, CommandResult, RunningCommand } from '@serve.zone/baseos-contracts';

/** A request of an operator to a node, and what became of it. `commandState` derives its state. */
export interface CommandRecord extends Omit<Command, 'expiresInMs'> {
  queuedAtMs: number;
  /** The rollout that has offered it. */
  rolloutId?: string;
  /** It is due until then. */
  expiresAtMs: number;
  /** When Cloudly itself ends it if it has no result by then; `commandEndsAtMs` derives it if it is absent. */
  endsAtMs?: number;
  /** When an answer to the node first listed it. */
  listedAtMs?: number;
  /** What the node was doing with it, as of the last heartbeat that named it. */
  running?: CommandProgress;
  cancelledAtMs?: number;
  /** When Cloudly found that its time was up and it had no result. */
  endedAtMs?: number;
  /** The first result that arrived for it, even after it was cancelled or had ended. */
  result?: TakenResult;
}

export interface CommandProgress extends Omit<RunningCommand, 'id' | 'sinceMs'> {
  /** When the phase began, by Cloudly's clock. */
  phaseBeganAtMs: number;
  /** When the heartbeat arrived. */
  reportedAtMs: number;
}

export interface TakenResult extends Omit<CommandResult, 'id'> {
  receivedAtMs: number;
}
