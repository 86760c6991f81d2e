import type { HeartbeatOutcome, NoVerdict, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { Identity } from '../identity/identity.js';

/**
 * The outcome, unless it is not for this node to follow: only a typed verdict of its own Cloudly that means this node
 * changes anything. All else counts as an answer of a stranger.
 */
export const ownVerdict = <Outcome extends RegisterOutcome | HeartbeatOutcome>(
  outcome: Outcome,
  identity: Identity,
): Outcome | Extract<NoVerdict, { kind: 'not-cloudly' }> => {
  const reason = strangeness(outcome, identity);
  return reason === undefined ? outcome : { kind: 'not-cloudly', status: statusOf(outcome), reason };
};

const strangeness = (
  outcome: RegisterOutcome | HeartbeatOutcome,
  { nodeId, enrolment }: Identity,
): string | undefined => {
  switch (outcome.kind) {
    case 'accepted':
      return 'nodeId' in outcome.answer && outcome.answer.nodeId !== nodeId
        ? 'it answered for another node'
        : undefined;
    case 'accepted-provisionally':
      return enrolment !== undefined && !enrolment.provisional
        ? 'it answered in the way of a provisional Cloudly, which this node has left behind'
        : undefined;
    case 'revoked':
      return outcome.problem.nodeId === nodeId
        ? anotherCloudly(outcome.problem.cloudlyId, enrolment?.cloudlyId)
        : 'it revoked another node';
    case 'join-token-rejected':
    case 'node-id-taken':
    case 'clone-suspected':
    case 'node-token-rejected':
    case 'refused':
      return anotherCloudly(outcome.problem.cloudlyId, enrolment?.cloudlyId);
    default:
      return undefined;
  }
};

const anotherCloudly = (speaking: string, own: string | undefined): string | undefined =>
  own === undefined || speaking === own
    ? undefined
    : `another Cloudly speaks (${speaking}), while this node belongs to ${own}`;

const statusOf = (outcome: RegisterOutcome | HeartbeatOutcome): number =>
  'problem' in outcome && outcome.problem?.status !== undefined ? outcome.problem.status : 200;
