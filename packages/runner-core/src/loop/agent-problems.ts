import type { Explanation, Problem } from '../values/problem.js';

/** The values in the message of a problem between the agent and Cloudly. */
export interface CloudlyFailure {
  /** What happened, in a clause. */
  reason: string;
  /** The HTTP status of the answer. */
  status: string;
  /** The Cloudly that answered, and the one that the node belongs to. */
  cloudlyId: string;
  ownCloudlyId: string;
  /** How long Cloudly had for its answer. */
  time: string;
}

interface Words extends Pick<Explanation, 'remedy'> {
  message: (failure: Readonly<CloudlyFailure>) => string;
}

/** The problems with Cloudly that the agent itself detects, in addition to those of the contract. */
export const agentProblems = {
  unreachable: {
    message: ({ reason }) => `Cloudly cannot be reached: ${reason}.`,
    remedy: "If the problem persists, check BASEOS_CLOUDLY_URL and the device's network.",
  },
  timeout: {
    message: ({ time }) => `Cloudly did not answer within ${time}.`,
    remedy: "If the problem persists, check the device's network and the Cloudly server.",
  },
  'not-cloudly': {
    message: ({ status, reason }) => `The answer did not come from this node's Cloudly (HTTP ${status}): ${reason}.`,
    remedy: 'Check BASEOS_CLOUDLY_URL, including its path, and look for a proxy or a captive portal on the way.',
  },
  'another-cloudly': {
    message: ({ cloudlyId, ownCloudlyId }) =>
      `A different Cloudly answers (${cloudlyId}); this node belongs to ${ownCloudlyId}.`,
    remedy:
      'If Cloudly was reinstalled, reset the identity of this device to enrol it there. Otherwise check BASEOS_CLOUDLY_URL.',
  },
  aborted: {
    message: () => 'The call ended before Cloudly answered.',
    remedy: 'No action is needed.',
  },
  'unknown-problem': {
    message: ({ reason }) => `Cloudly reports a problem that this version of BaseRunner does not know: ${reason}.`,
    remedy: 'Update BaseRunner. If the problem persists, check the Cloudly server.',
  },
  'not-configured': {
    message: () => 'No Cloudly is configured.',
    remedy: 'Set BASEOS_CLOUDLY_URL to enrol this device. Until then its status stays on the device.',
  },
  'pending-approval': {
    message: () => 'An operator has to approve this node before it is enrolled.',
    remedy: 'Compare the approval code with the one that Cloudly shows for the node, and approve the node there.',
  },
} as const satisfies Readonly<Record<string, Words>>;

export type AgentProblemCode = keyof typeof agentProblems;

export function agentProblem(code: AgentProblemCode, failure: Readonly<Partial<CloudlyFailure>> = {}): Problem {
  const { message, remedy } = agentProblems[code];
  return { code, message: message({ ...unknownFailure, ...failure }), remedy };
}

const unknownFailure: CloudlyFailure = {
  reason: 'unknown reason',
  status: 'unknown',
  cloudlyId: 'unknown',
  ownCloudlyId: 'unknown',
  time: 'its time',
};
