import type {
  IdentityDescription,
  Notice,
  Problem,
  ResetOutcome,
  ResetStep,
  RunnerConfig,
} from '@serve.zone/baseos-runner-core';
import { notConfirmed, resetNotice } from './reset-notices.js';

/** What `baserunner identity reset --json` prints. */
export interface ResetReport {
  /** Whether the device has forgotten its node. */
  reset: boolean;
  /** The node that it forgets; absent where none is stored, or none can be read. */
  nodeId?: string | undefined;
  /** What was done to each file; with `not-confirmed`, what would be done. */
  steps: readonly ResetStep[];
  /** Files with secrets of a node that no agent uses. */
  leftovers: readonly string[];
  /** Why the identity was not reset, and what to do. */
  problem?: Problem | undefined;
  /** What follows from the reset. */
  notices: readonly Notice[];
}

export interface ResetReportInput {
  /** The identity before the reset. */
  before: Pick<IdentityDescription, 'nodeId' | 'enrolment'>;
  outcome: ResetOutcome;
  /** Whether it was carried out, and not only planned. */
  isConfirmed: boolean;
  config: Pick<RunnerConfig, 'nodeId' | 'joinToken'>;
}

/** Pure: what came of a reset, or would come of it. */
export function resetReport({ before, outcome, isConfirmed, config }: ResetReportInput): ResetReport {
  const { nodeId } = before;
  if (outcome.kind !== 'reset') {
    const { code, message, remedy } = outcome;
    return { reset: false, nodeId, steps: [], leftovers: [], problem: { code, message, remedy }, notices: [] };
  }
  const { steps, leftovers } = outcome;
  if (steps.length === 0) {
    const notices = [resetNotice('nothing-to-reset'), ...leftoverNotices(leftovers)];
    return { reset: false, nodeId, steps, leftovers, notices };
  }
  return isConfirmed
    ? {
        reset: true,
        nodeId,
        steps,
        leftovers,
        notices: [...leftoverNotices(leftovers), ...whatFollows(before, config)],
      }
    : { reset: false, nodeId, steps, leftovers, problem: notConfirmed, notices: [] };
}

function leftoverNotices(leftovers: readonly string[]): Notice[] {
  return leftovers.length === 0 ? [] : [resetNotice('secrets-remain', { leftovers: leftovers.join(', ') })];
}

function whatFollows({ enrolment }: ResetReportInput['before'], config: ResetReportInput['config']): Notice[] {
  return [
    resetNotice(config.nodeId === undefined ? 'new-node' : 'new-node-with-id'),
    ...(config.joinToken === undefined ? [resetNotice('join-token-needed')] : []),
    ...(enrolment?.origin ? [resetNotice('old-node-known', { origin: enrolment.origin })] : []),
  ];
}
