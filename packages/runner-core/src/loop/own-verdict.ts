import type { HeartbeatOutcome, NoVerdict, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { problems } from '@serve.zone/baseos-contracts';
import type { Identity } from '../identity/identity.js';
import { speaksLegacy } from '../legacy/legacy-protocol.js';

/** An answer of the contract, but not by the Cloudly that this node belongs to. */
export interface AnotherCloudly {
  kind: 'another-cloudly';
  cloudlyId: string;
  ownCloudlyId: string;
}

/** The part of an outcome that counts. */
export type OwnVerdict<Outcome> = Outcome | AnotherCloudly | NotCloudly;

type NotCloudly = Extract<NoVerdict, { kind: 'not-cloudly' }>;

/**
 * The outcome, if this node may follow it: only an answer of its own Cloudly, about this node, changes anything. Any
 * other answer counts as foreign.
 */
export function ownVerdict<Outcome extends RegisterOutcome | HeartbeatOutcome>(
  outcome: Outcome,
  identity: Identity,
): OwnVerdict<Outcome> {
  return anotherCloudly(outcome, identity) ?? mistaken(outcome, identity) ?? outcome;
}

function anotherCloudly(
  outcome: RegisterOutcome | HeartbeatOutcome,
  { enrolment }: Identity,
): AnotherCloudly | undefined {
  const cloudlyId = issuerOf(outcome);
  const ownCloudlyId = enrolment?.cloudlyId;
  return cloudlyId === undefined || ownCloudlyId === undefined || cloudlyId === ownCloudlyId
    ? undefined
    : { kind: 'another-cloudly', cloudlyId, ownCloudlyId };
}

/** The Cloudly whose answers a node follows; `undefined` if there is none, or if it gives no ID. */
function issuerOf(outcome: RegisterOutcome | HeartbeatOutcome): string | undefined {
  switch (outcome.kind) {
    case 'accepted':
    case 'pending':
      return outcome.answer.cloudlyId;
    case 'join-token-rejected':
    case 'node-id-taken':
    case 'clone-suspected':
    case 'node-token-rejected':
    case 'refused':
    case 'revoked':
      return outcome.problem.cloudlyId;
    case 'rate-limited':
    case 'unavailable':
      return outcome.problem?.cloudlyId;
    default:
      return undefined;
  }
}

/** An answer that is about another node, or is in a protocol that this node no longer speaks. */
function mistaken(
  outcome: RegisterOutcome | HeartbeatOutcome,
  { nodeId, enrolment }: Identity,
): NotCloudly | undefined {
  switch (outcome.kind) {
    case 'accepted':
      return 'nodeId' in outcome.answer && outcome.answer.nodeId !== nodeId
        ? notCloudly(200, 'it answered for another node')
        : undefined;
    case 'revoked':
      return outcome.problem.nodeId === nodeId
        ? undefined
        : notCloudly(problems['node-revoked'].status, 'it revoked another node');
    case 'accepted-legacy':
      return speaksLegacy(enrolment)
        ? undefined
        : notCloudly(200, 'it answered in the legacy protocol, which this node no longer accepts');
    default:
      return undefined;
  }
}

function notCloudly(status: number, reason: string): NotCloudly {
  return { kind: 'not-cloudly', status, reason };
}

/** Whether Cloudly accepted the call, in protocol 1 or the legacy protocol. */
export function isAccepted<Outcome extends { kind: string }>(
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: 'accepted' | 'accepted-legacy' }> {
  return outcome.kind === 'accepted' || outcome.kind === 'accepted-legacy';
}
