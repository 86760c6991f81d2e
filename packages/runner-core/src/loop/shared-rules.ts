import type { NoVerdict } from '@serve.zone/baseos-cloudly-connector';
import type { ReceivedProblem } from '@serve.zone/baseos-contracts';
import { newEnrolment, type Enrolment } from '../identity/identity.js';
import { boundStrangersRetryAfter } from './backoff.js';
import type { Call } from './node-state.js';
import type { AnotherCloudly } from './own-verdict.js';
import { type FailedOutcome, nodeRevoked, problemOf } from './runner-problem.js';
import type { Step, Turn } from './step.js';

/** An outcome without a meaning in this state: nothing changes. */
export function ignore({ state }: Turn): Step {
  return { state, pace: { kind: 'interval' } };
}

/** There was no verdict: the identity is unchanged, and the call is repeated, later each time. */
export function backOff({ state, now }: Turn, outcome: NoVerdict | AnotherCloudly): Step {
  const failuresInARow = state.failuresInARow + 1;
  return {
    state: {
      ...state,
      connectivity: 'unreachable',
      problem: problemOf(outcome),
      failuresInARow,
      outageSinceMs: state.outageSinceMs ?? now.monotonicMs,
      outages: state.outages + (state.outageSinceMs === undefined ? 1 : 0),
    },
    pace: {
      kind: 'backoff',
      failures: failuresInARow,
      retryAfterMs: retryAfterOf(outcome),
    },
  };
}

/** Only a problem of the contract comes from Cloudly itself: a bare 429 or 503 may come from something on the way. */
function retryAfterOf(outcome: NoVerdict | AnotherCloudly): number | undefined {
  if (!('retryAfterMs' in outcome) || outcome.retryAfterMs === undefined) return undefined;
  const isCloudlys = 'problem' in outcome && outcome.problem !== undefined;
  return isCloudlys ? outcome.retryAfterMs : boundStrangersRetryAfter(outcome.retryAfterMs);
}

/** Only a person can help: nothing of the identity changes, and the node asks now and then. */
export function slowDown({ state }: Turn, outcome: FailedOutcome): Step {
  return {
    state: { ...state, ...rejected, problem: problemOf(outcome) },
    pace: { kind: 'slow-pace' },
  };
}

/** Any result of a probe other than an acceptance: the node stays silent for another hour. */
export function stayDormant({ state }: Turn, outcome: { kind: string }): Step {
  return {
    state: { ...state, connectivity: noVerdicts.has(outcome.kind) ? 'unreachable' : 'rejected' },
    pace: { kind: 'dormant-probe' },
  };
}

const noVerdicts: ReadonlySet<string> = new Set<(NoVerdict | AnotherCloudly)['kind']>([
  'rate-limited',
  'unavailable',
  'unreachable',
  'timeout',
  'not-cloudly',
  'another-cloudly',
  'aborted',
]);

/** This node's own Cloudly revoked it. A node that does not know its own Cloudly does not go dormant because of it. */
export function fallSilent(verdictOn: Call) {
  return (turn: Turn, outcome: { kind: 'revoked'; problem: ReceivedProblem }): Step => {
    const { state, settings, now } = turn;
    const enrolment = turn.identity.enrolment;
    if (enrolment?.cloudlyId === undefined) return slowDown(turn, outcome);
    const dormancy = {
      since: new Date(now.wallMs).toISOString(),
      verdictOn,
      joinTokenDigest: settings.joinTokenDigest,
      cloudlyUrl: settings.cloudlyUrl.href,
    };
    return {
      state: { ...state, ...rejected, node: 'dormant', probe: verdictOn, problem: nodeRevoked },
      enrolment: { ...enrolment, dormancy },
      pace: { kind: 'dormant-probe' },
    };
  };
}

/** Cloudly gave a verdict: an outage is over. */
const rejected = { connectivity: 'rejected', failuresInARow: 0, outageSinceMs: undefined } as const;
export const connected = { connectivity: 'connected', failuresInARow: 0, outageSinceMs: undefined } as const;

/** The enrolment with this Cloudly, or the beginning of one. */
export function enrolmentOf({ identity, settings }: Turn): Enrolment {
  return identity.enrolment ?? newEnrolment(settings.cloudlyUrl.origin);
}
