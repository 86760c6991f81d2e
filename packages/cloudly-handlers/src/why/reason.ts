import type { CommandKind, CommandPhase, OpenEnum, SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { Actor } from '../events/actor.js';
import type { MemberReason, MemberState, PauseReason } from '../fleet/rollout-states.js';
import type { TooManyFailures } from '../rollouts/failures.js';

/** One thing that explains where a node is, as data; `describeReason` makes a sentence of it. */
export type Reason = {
  /** Since when it is so, where that is known. */
  sinceMs?: number;
} & (ReasonOfRollout | ReasonOfCommand | ReasonOfNode);

export type ReasonCode = Reason['code'];

/** A rollout that the node is a member of. */
export interface NamedRollout {
  id: string;
  name: string;
}

/**
 * Waves count from 0.
 *
 * - `rollout-starting`: its members are being frozen.
 * - `rollout-paused`: it offers nothing. With the reason `window`, `opensAtMs` says when it goes on; with `failures`, how many of
 *   those that have ended have failed, of one wave if it is named.
 * - `wave-gate`: the open wave is over, and somebody must open the gate behind it.
 * - `wave-soaks`: the open wave is over, and all is quiet until then.
 * - `wave-goes-on`: the open wave is not over, or those of it that failed are to try again.
 * - `rollout-full`: as many members have the command as may at a time. So for `group-full` and the members of a group.
 * - `member-next`: nothing is in its way, and it gets the command as soon as those before it have it.
 * - `member-deferred`: it cannot get the command now, for this reason.
 * - `member-offered`: the command waits for its next heartbeat.
 * - `member-running`: an answer has listed the command to it.
 * - `member-over`: what has become of it.
 */
export type ReasonOfRollout = { rollout: NamedRollout } & (
  | { code: 'rollout-starting' }
  | { code: 'rollout-paused'; reason: PauseReason; by: Actor; opensAtMs?: number; failures?: TooManyFailures }
  | { code: 'wave-gate'; openWave: number; wave: number }
  | { code: 'wave-soaks'; openWave: number; wave: number; untilMs: number }
  | { code: 'wave-goes-on'; openWave: number; wave: number; heldCount: number; inFlightCount: number }
  | { code: 'rollout-full'; inFlightCount: number; max: number }
  | { code: 'group-full'; label: string; group: string; inFlightCount: number; max: number }
  | { code: 'member-next'; wave: number; heldCount: number; again?: MemberReason }
  | { code: 'member-deferred'; reason: MemberReason; heldBy?: NamedRollout; untilMs: number; waitUntilMs?: number }
  | { code: 'member-offered' | 'member-running'; wave: number; attempt: number }
  | { code: 'member-over'; state: MemberState; reason?: MemberReason }
);

/**
 * - `command-queued`: it waits for the node's next heartbeat.
 * - `command-listed`: it was sent to the node, which has not reported on it yet.
 * - `command-running`: the node carries it out, or waits to begin; `phaseReason` is the node's own, for example who holds the lock.
 */
export type ReasonOfCommand = { commandId: string; command: OpenEnum<CommandKind>; expiresAtMs: number } & (
  | { code: 'command-queued' | 'command-listed' }
  | {
      code: 'command-running';
      phase: OpenEnum<CommandPhase>;
      phaseReason?: string;
      progressPercent?: number;
    }
);

/**
 * - `node-pending`, `node-revoked`, `clone-suspected`, `legacy-node`: it gets no commands until that is over.
 * - `node-never-seen`, `node-late`, `node-offline`: it is not heard.
 * - `supervisor-unreadable`: its Supervisor does not answer, so it can do little.
 * - `release-held`: a release waits behind its gate.
 * - `release-waits`: a release is downloaded, and its Supervisor does not install it: another service may hold an update lock.
 * - `update-failed`: its Supervisor's last attempt at an update failed.
 * - `release-comes`: a release is being downloaded or installed.
 * - `gate-unavailable`: it is to hold releases back and cannot.
 */
export type ReasonOfNode =
  | { code: 'node-pending'; approvalCode?: string }
  | { code: 'node-revoked' | 'clone-suspected' | 'legacy-node' | 'node-never-seen' | 'node-late' | 'node-offline' }
  | { code: 'supervisor-unreadable'; state: SupervisorStatus['state']; supervisorReason?: string }
  | { code: 'release-held'; commit?: string }
  | { code: 'release-waits' | 'update-failed' }
  | { code: 'release-comes'; isInstalling: boolean }
  | { code: 'gate-unavailable'; gateReason?: string };
