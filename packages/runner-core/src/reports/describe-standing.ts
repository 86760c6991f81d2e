import type { RunnerConfig } from '../config/runner-config.js';
import { registrationAt } from '../identity/registration.js';
import type { Call, NodeState } from '../loop/node-state.js';
import type { RunnerProblem } from '../loop/runner-problem.js';
import { callOf, isAwaitingApproval, standingOf } from '../loop/standing.js';
import type { FoundIdentity } from '../store/find-identity.js';
import { previewOf } from '../store/preview-identity.js';

/** The state of a node towards its Cloudly. Nothing in it is secret. */
export interface DescribedStanding {
  state: NodeState;
  /** The call to Cloudly that comes next; absent where there is none to make. */
  call?: Call | undefined;
  /** Absent where the agent has yet to make one, or where it cannot be read. */
  nodeId?: string | undefined;
  previousNodeId?: string | undefined;
  /** The Cloudly that the node belongs to, by its own ID. */
  cloudlyId?: string | undefined;
  /** Whether that Cloudly spoke the legacy protocol when it enrolled the node. */
  isLegacy: boolean;
  /** What an operator compares before approving the node; present while it waits for approval. */
  approvalCode?: string | undefined;
  /** What prevents the node from working with its Cloudly, and what to do about it. */
  problem?: RunnerProblem | undefined;
}

/**
 * The state in which an agent would start now: what every report shows for a node whose agent does not run.
 *
 * @param isDenied whether this user may not read what is stored: then the agent's problem is not this user's
 */
export async function describeStanding(
  config: RunnerConfig,
  found: FoundIdentity,
  isDenied = false,
): Promise<DescribedStanding> {
  const { identity, source } = found.resolved;
  const standing = standingOf(config, previewOf(found));
  const isKnown = source !== 'generated' && source !== 'unreadable';
  const { enrolment } = identity;
  const isStopped = found.mistakes.length > 0;
  const cloudlyUrl = standing.node === 'unregistered' && isAwaitingApproval(identity) ? config.cloudlyUrl : undefined;
  return {
    state: standing.node,
    call: isStopped ? undefined : callOf(standing),
    nodeId: isKnown ? identity.nodeId : undefined,
    previousNodeId: source === 'unreadable' ? undefined : identity.previousNodeId,
    cloudlyId: enrolment?.cloudlyId,
    isLegacy: enrolment?.nodeToken !== undefined && enrolment.legacy,
    approvalCode: cloudlyUrl && (await registrationAt(identity, cloudlyUrl)).approvalCode,
    problem: isStopped ? notStarting : isDenied ? undefined : standing.problem,
  };
}

const notStarting: RunnerProblem = {
  code: 'invalid-configuration',
  message: 'The agent does not start because its configuration has mistakes.',
  remedy: 'Correct each setting that is listed as a mistake.',
};
