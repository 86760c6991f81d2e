import type { RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { Secret } from '../values/secret.js';
import { firstCredential } from './credentials.js';
import { type FailedOutcome, pendingApproval } from './runner-problem.js';
import { connected, enrolmentOf, slowDown, stayDormant } from './shared-rules.js';
import type { Step, Turn } from './step.js';

type Outcome<Kind extends RegisterOutcome['kind']> = Extract<RegisterOutcome, { kind: Kind }>;

/**
 * Cloudly accepted the node: its token is stored before it is used, and the first heartbeat proves that it is stored.
 */
export function enrol(turn: Turn, outcome: Outcome<'accepted' | 'accepted-legacy'>): Step {
  const { state } = turn;
  const { answer } = outcome;
  const before = enrolmentOf(turn);
  const isFirst = before.nodeToken === undefined && before.enrolledAt === undefined;
  return {
    state: {
      ...state,
      ...connected,
      node: 'registered',
      credential: 'current',
      problem: undefined,
      intervalMs: answer.heartbeatIntervalMs ?? state.intervalMs,
    },
    enrolment: {
      ...before,
      cloudlyId: outcome.kind === 'accepted' ? outcome.answer.cloudlyId : undefined,
      legacy: outcome.kind === 'accepted-legacy',
      nodeToken: new Secret(answer.nodeToken),
      enrolledAt: isFirst ? new Date(turn.now.wallMs).toISOString() : before.enrolledAt,
      // Until a 200 with the new token, the old one may be the one that Cloudly knows.
      previousNodeToken: before.nodeToken,
      dormancy: undefined,
    },
    mustStore: true,
    pace: { kind: 'now' },
  };
}

/** Cloudly knows the node and waits for its operator. */
export function awaitApproval(turn: Turn, outcome: Outcome<'pending'>): Step {
  const { answer, retryAfterMs } = outcome;
  return {
    state: {
      ...turn.state,
      ...connected,
      node: 'pending',
      credential: 'registration-key',
      canRegister: true,
      problem: pendingApproval,
    },
    enrolment: { ...enrolmentOf(turn), cloudlyId: answer.cloudlyId, legacy: false },
    pace: retryAfterMs === undefined ? { kind: 'slow-pace' } : { kind: 'retry-after', retryAfterMs },
  };
}

/** Cloudly no longer has a record of the node: it is not waiting for approval. */
export function beginAgain(turn: Turn, outcome: FailedOutcome): Step {
  const step = slowDown(turn, outcome);
  return { ...step, state: { ...step.state, node: 'unregistered' } };
}

/** Every token and the registration were rejected: the next turn tries the tokens again. */
export function returnToTokens(turn: Turn, outcome: FailedOutcome): Step {
  const step = slowDown(turn, outcome);
  const credential = firstCredential(turn.identity.enrolment);
  return { ...step, state: { ...step.state, credential } };
}

/** The same, an hour apart. */
export function probeByTokens(turn: Turn, outcome: FailedOutcome): Step {
  const step = stayDormant(turn, outcome);
  const credential = firstCredential(turn.identity.enrolment);
  return { ...step, state: { ...step.state, credential } };
}
