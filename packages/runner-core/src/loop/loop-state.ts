import type { RunnerConfig } from '../config/runner-config.js';
import { digestOf } from '../identity/environment-token.js';
import type { Identity } from '../identity/identity.js';
import type { IdentityStore } from '../identity/identity-store.js';
import type { Connectivity, NodeState } from './node-state.js';
import type { Pace } from './backoff.js';
import { type Credential, firstCredential } from './credentials.js';
import { approvalUnknown, joinTokenMissing, nodeRevoked, notReadable, type RunnerProblem } from './runner-problem.js';

export type Call = 'register' | 'heartbeat';

/** All that the next decision depends on, apart from the stored identity. A value: a step makes a new one. */
export interface LoopState {
  node: NodeState;
  connectivity: Connectivity;
  /** What stands in the way at present. */
  problem?: RunnerProblem | undefined;
  /** What the next call proves itself by. */
  credential: Credential;
  /** The call that a dormant node repeats: the one that brought the verdict. Where no token is known, it registers. */
  probe: Call;
  /** False where nothing that this node has can make Cloudly accept it: then it does not call. */
  canRegister: boolean;
  /** Cloudly's pace, or the node's own until Cloudly gives one. */
  intervalMs: number;
  /** Calls without a verdict in a row. */
  failuresInARow: number;
  /** Since when there was no verdict, by the monotonic clock. */
  outageSinceMs?: number | undefined;
  /** How often, since this start, verdicts ceased to come. */
  outages: number;
  /** Heartbeats without a 200 since the last one that got it. */
  failedHeartbeats: number;
  heartbeatsAcknowledged: number;
  /** Cloudly has the status of this digest since this boot. */
  acknowledgedStatusHash?: string | undefined;
  /**
   * Cloudly refused a heartbeat, and why. Heartbeats are minimal until one of them is taken, and from then on until that
   * time, or until the status is another.
   */
  minimalUntil?: { atMs: number; statusHash: string; problem: RunnerProblem; isTaken: boolean } | undefined;
  cloneSuspected: boolean;
}

/** What the configuration tells the loop. */
export interface LoopSettings {
  cloudlyUrl: URL;
  joinTokenDigest: string | undefined;
  environmentToken: RunnerConfig['nodeToken'];
}

export function loopSettings(config: RunnerConfig): LoopSettings | undefined {
  return (
    config.cloudlyUrl && {
      cloudlyUrl: config.cloudlyUrl,
      joinTokenDigest: config.joinToken && digestOf(config.joinToken),
      environmentToken: config.nodeToken,
    }
  );
}

/** Where the loop begins, and the wait before its first call. */
export function initialLoopState(
  config: RunnerConfig,
  { current: identity, source, unreadable }: Pick<IdentityStore, 'current' | 'source' | 'unreadable'>,
): { state: LoopState; pace: Pace } {
  const isFresh = source === 'generated' || source === 'environment';
  const base: LoopState = {
    node: 'not-configured',
    connectivity: 'unknown',
    credential: 'registration-key',
    probe: 'heartbeat',
    // Without a join token Cloudly accepts only a node it knows, and it cannot know one that was made just now.
    canRegister: config.joinToken !== undefined || !isFresh,
    intervalMs: config.heartbeatIntervalMs,
    failuresInARow: 0,
    outages: 0,
    failedHeartbeats: 0,
    heartbeatsAcknowledged: 0,
    cloneSuspected: false,
  };
  const settings = loopSettings(config);
  if (!settings) return { state: base, pace: { kind: 'interval' } };

  const credential = firstCredential(identity.enrolment);
  if (unreadable && credential === 'registration-key') {
    const problem = notReadable(unreadable.reason);
    return { state: { ...base, node: 'unregistered', canRegister: false, problem }, pace: { kind: 'interval' } };
  }
  const dormancy = isDormancyInForce(identity, settings) ? identity.enrolment?.dormancy : undefined;
  if (dormancy) {
    return {
      state: { ...base, node: 'dormant', credential, probe: dormancy.verdictOn, problem: nodeRevoked },
      pace: { kind: 'start-spread' },
    };
  }
  if (credential !== 'registration-key') {
    return { state: { ...base, node: 'registered', credential }, pace: { kind: 'start-spread' } };
  }
  return {
    state: { ...base, node: 'unregistered', problem: config.joinToken ? undefined : withoutJoinToken(identity) },
    // Of a device that is set up, somebody waits to see it; those that start again may have lost power together.
    pace: isFresh ? { kind: 'now' } : { kind: 'start-spread' },
  };
}

/** A node of which its Cloudly has spoken waits for an operator: a join token is not what it lacks. */
function withoutJoinToken({ enrolment }: Identity): RunnerProblem {
  return enrolment?.cloudlyId === undefined ? joinTokenMissing : approvalUnknown;
}

/** A changed URL or join token ends a dormancy, as a changed node ID does: that one comes with a new identity. */
function isDormancyInForce({ enrolment }: Identity, { cloudlyUrl, joinTokenDigest }: LoopSettings): boolean {
  return (
    enrolment?.dormancy !== undefined &&
    enrolment.dormancy.cloudlyUrl === cloudlyUrl.href &&
    enrolment.dormancy.joinTokenDigest === joinTokenDigest
  );
}

/** The call that comes next; `undefined` where there is none to make. */
export function callOf(state: LoopState): Call | undefined {
  const byCredential: Call = state.credential === 'registration-key' ? 'register' : 'heartbeat';
  return {
    'not-configured': undefined,
    unregistered: state.canRegister ? ('register' as const) : undefined,
    pending: 'register' as const,
    registered: byCredential,
    dormant: state.probe === 'heartbeat' ? byCredential : state.probe,
  }[state.node];
}
