import type { RunnerConfig } from '../config/runner-config.js';
import type { LoopSnapshot } from '../loop/heartbeat-loop.js';
import { describeReason } from '../loop/backoff.js';
import { callOf, isAwaitingApproval } from '../loop/standing.js';
import { notConfigured } from '../loop/runner-problem.js';
import { explainWait } from './explain-wait.js';
import type { RunnerStatus } from './runner-status.js';

/** The state of the node towards Cloudly, as the running loop knows it. */
export function cloudlyStatus(
  { state, plan, identity, source, calls }: LoopSnapshot,
  nowMonotonicMs: number,
): Omit<RunnerStatus['cloudly'], 'url'> {
  const call = callOf(state);
  const isWaiting = state.node === 'pending' || (state.node === 'unregistered' && isAwaitingApproval(identity));
  const lastSuccessMs = calls?.lastSuccessWallMs;
  // The placeholder for an identity that cannot be read has an ID that belongs to no node.
  const isStandIn = source === 'unreadable';
  return {
    state: state.node,
    connectivity: state.connectivity,
    cloudlyId: identity.enrolment?.cloudlyId,
    nodeId: isStandIn ? undefined : identity.nodeId,
    previousNodeId: isStandIn ? undefined : identity.previousNodeId,
    approvalCode: isWaiting ? calls?.approvalCode : undefined,
    heartbeatIntervalMs: state.intervalMs,
    cloneSuspected: state.cloneSuspected,
    lastSuccessAt: lastSuccessMs === undefined ? undefined : new Date(lastSuccessMs).toISOString(),
    failuresInARow: state.failuresInARow,
    failedHeartbeats: state.failedHeartbeats,
    heartbeatsSent: calls?.heartbeatsSent ?? 0,
    heartbeatsAcknowledged: state.heartbeatsAcknowledged,
    outages: state.outages,
    problem: state.problem,
    next: call && {
      call,
      because: describeReason(plan.reason),
      explanation: explainWait(plan.reason, state.intervalMs),
      at: new Date(plan.atWallMs).toISOString(),
      underWay: plan.atMonotonicMs <= nowMonotonicMs || undefined,
    },
  };
}

/** While the identity is not open: another agent may hold it. */
export function unopenedCloudlyStatus(config: RunnerConfig): Omit<RunnerStatus['cloudly'], 'url'> {
  return {
    state: config.cloudlyUrl ? 'unregistered' : 'not-configured',
    connectivity: 'unknown',
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    cloneSuspected: false,
    ...noCounts,
    problem: config.cloudlyUrl ? undefined : notConfigured,
  };
}

/** For an agent that has made no call, or that cannot be asked. */
export const noCounts = {
  failuresInARow: 0,
  failedHeartbeats: 0,
  heartbeatsSent: 0,
  heartbeatsAcknowledged: 0,
  outages: 0,
} as const;
