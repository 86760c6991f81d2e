import type { RunnerConfig } from '../config/runner-config.js';
import type { Pace } from './backoff.js';
import type { Connectivity } from './node-state.js';
import type { RunnerProblem } from './runner-problem.js';
import { isFresh, type Standing, type StandingIdentity, standingOf } from './standing.js';

/** All that the next decision depends on, apart from the stored identity. A value: a step makes a new one. */
export interface LoopState extends Standing {
  connectivity: Connectivity;
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
   * Cloudly rejected a heartbeat, and why. Heartbeats are minimal until one of them is accepted, and from then on until
   * that time, or until the status is another.
   */
  minimalUntil?: { atMs: number; statusHash: string; problem: RunnerProblem; isAccepted: boolean } | undefined;
  cloneSuspected: boolean;
}

/** Where the loop begins, and the wait before its first call. */
export function initialLoopState(config: RunnerConfig, identity: StandingIdentity): { state: LoopState; pace: Pace } {
  const standing = standingOf(config, identity);
  const state: LoopState = {
    ...standing,
    connectivity: 'unknown',
    intervalMs: config.heartbeatIntervalMs,
    failuresInARow: 0,
    outages: 0,
    failedHeartbeats: 0,
    heartbeatsAcknowledged: 0,
    cloneSuspected: false,
  };
  return { state, pace: firstPace(standing, identity) };
}

function firstPace({ node }: Standing, identity: StandingIdentity): Pace {
  if (node === 'not-configured' || node === 'unknown') return { kind: 'interval' };
  // A person who sets up a device waits for it; devices that restart may have lost power together.
  return { kind: node === 'unregistered' && isFresh(identity) ? 'now' : 'start-spread' };
}
