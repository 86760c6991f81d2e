import type { HeartbeatOutcome, NoVerdict, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { cloudlyId, problem, unreachable } from './fake-cloudly.js';
import { nodeId } from './memory-identity-store.js';

type OfEachKind<Outcome extends { kind: string }> = {
  [Kind in Outcome['kind']]: Extract<Outcome, { kind: Kind }>;
};

const answer = { protocol: 1, cloudlyId, serverTime: '2026-11-23T12:00:00.000Z' } as const;

const noVerdicts: OfEachKind<NoVerdict> = {
  'rate-limited': { kind: 'rate-limited', status: 429, retryAfterMs: 120_000 },
  unavailable: { kind: 'unavailable', status: 503 },
  unreachable,
  timeout: { kind: 'timeout', timeoutMs: 30_000 },
  'not-cloudly': { kind: 'not-cloudly', status: 200, reason: 'the answer is HTML' },
  aborted: { kind: 'aborted' },
};

/** One outcome of each kind that a register call can have. */
export const registerOutcomes: OfEachKind<RegisterOutcome> = {
  ...noVerdicts,
  accepted: { kind: 'accepted', created: true, answer: { ...answer, accepted: true, nodeId, nodeToken: 'fresh' } },
  'accepted-legacy': { kind: 'accepted-legacy', answer: { nodeToken: 'fresh' } },
  pending: {
    kind: 'pending',
    answer: { ...answer, accepted: false, reason: 'pending-approval' },
    retryAfterMs: 30_000,
  },
  'join-token-rejected': {
    kind: 'join-token-rejected',
    code: 'join-token-expired',
    problem: problem('join-token-expired'),
  },
  'node-id-taken': { kind: 'node-id-taken', problem: problem('node-id-taken') },
  'clone-suspected': { kind: 'clone-suspected', problem: problem('clone-suspected') },
  revoked: { kind: 'revoked', problem: problem('node-revoked', { nodeId }) },
  refused: { kind: 'refused', problem: problem('malformed-request') },
};

/** One outcome of each kind that a heartbeat can have. */
export const heartbeatOutcomes: OfEachKind<HeartbeatOutcome> = {
  ...noVerdicts,
  accepted: { kind: 'accepted', answer: { ...answer, accepted: true } },
  'accepted-legacy': { kind: 'accepted-legacy', answer: {} },
  'node-token-rejected': { kind: 'node-token-rejected', problem: problem('node-token-unknown') },
  revoked: { kind: 'revoked', problem: problem('node-revoked', { nodeId }) },
  refused: { kind: 'refused', problem: problem('payload-too-large') },
};

/** The same outcome, as another Cloudly says it. */
export function byStranger<Outcome extends object>(outcome: Outcome): Outcome {
  const saidBy = (document: object) => ({ ...document, cloudlyId: 'cloudly-2' });
  const { answer: said, problem: document } = outcome as { answer?: object; problem?: object };
  return { ...outcome, ...(said && { answer: saidBy(said) }), ...(document && { problem: saidBy(document) }) };
}
