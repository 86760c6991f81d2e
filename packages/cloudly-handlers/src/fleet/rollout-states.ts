/**
 * - `draft`: nothing has been done. It can be changed, previewed and approved.
 * - `starting`: its members are being frozen.
 * - `running`: it offers its command, wave by wave.
 * - `paused`: it offers nothing; what has been listed goes on.
 * - `finished`: every member has ended.
 * - `stopped`: it offers nothing ever again; members that were not touched stay so.
 */
export type RolloutState = (typeof rolloutStates)[number];

export const rolloutStates = ['draft', 'starting', 'running', 'paused', 'finished', 'stopped'] as const;

/**
 * Why a rollout is paused.
 *
 * - `operator`: somebody has paused it.
 * - `failures`: more of its members failed than its limits allow.
 * - `window`: its window is closed; it goes on by itself.
 * - `recovered`: the fleet was restored from a backup.
 */
export type PauseReason = 'operator' | 'failures' | 'window' | 'recovered';

/**
 * Where a member of a rollout stands.
 *
 * - `held`: it was not offered the command yet, or not again.
 * - `offered`: the command waits for the next heartbeat, and can be withdrawn.
 * - `running`: an answer has listed the command, so the node may have begun it.
 * - `deferred`: it cannot be offered the command now, for example because it is offline. It keeps no wave open.
 * - `succeeded`, `failed`, `unknown`: its last attempt has ended so.
 * - `skipped`: it gets no command.
 */
export type MemberState = (typeof memberStates)[number];

export const memberStates = [
  'held',
  'offered',
  'running',
  'deferred',
  'succeeded',
  'failed',
  'unknown',
  'skipped',
] as const;

/**
 * What a state of a member is due to.
 *
 * Of `deferred`: `offline`; `not-listed`: it is online, but no answer has listed the command; `other-rollout`: another rollout
 * holds the node; `clone-suspected`.
 *
 * Of `skipped`: `node-forgotten`; `out-of-scope`: its labels have left the scope of whoever created the rollout; `other-release`:
 * its target is another release; `already`: it runs the release; `unsupported`: it is a legacy node, which gets no commands;
 * `offline-too-long`: it was deferred, or did not take the command, until it was no longer due;
 * `left-out`: an operator has left it out after it failed; `cancelled`: somebody has cancelled its command; `taken-over`: another
 * rollout has taken the node over.
 *
 * Of `failed`: the outcome of its command (`failed`, `refused`, `unsupported`, `interrupted`, `expired`), or `other-commit`: it
 * says that it has succeeded, with another release. Of `unknown`: `no-result`.
 *
 * Of `held` again: `withdrawn`, `retry`. Of `running`: `withdrawn`, once its rollout has cancelled the command.
 */
export type MemberReason =
  | 'offline'
  | 'not-listed'
  | 'other-rollout'
  | 'clone-suspected'
  | 'node-forgotten'
  | 'out-of-scope'
  | 'other-release'
  | 'already'
  | 'offline-too-long'
  | 'left-out'
  | 'cancelled'
  | 'taken-over'
  | 'failed'
  | 'refused'
  | 'unsupported'
  | 'interrupted'
  | 'expired'
  | 'other-commit'
  | 'no-result'
  | 'withdrawn'
  | 'retry';
